"""Entries that waited in a browser arrive once, whole, and under the account that typed them."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml.html import document_fromstring
from PIL import Image

from activities.models import Activity, ActivityPhoto, ClosedPeriod
from activities.offline.forms import OfflineEntryForm
from tests import factories
from tests.people import People, signed_in

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def photo(name: str = "rampe.jpg") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "#0b5563").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def entry(people: People, **values: Any) -> dict[str, Any]:
    return {
        "account": people.mediator.pk,
        "entry_key": str(uuid.uuid4()),
        "title": "Rampe an der Bushaltestelle",
        "day": "1.3.2022",
        "minutes": "1h30",
        "field": factories.make_field().code,
        "kind": factories.make_kind().code,
    } | values


def sent(people: People, data: dict[str, Any], person: str = "mediator") -> tuple[int, dict[str, Any]]:
    answer = people.client(person).post(reverse("activity_send"), data, headers=JSON)
    return answer.status_code, answer.json()


def test_an_entry_with_its_photo_is_stored_once(people: People) -> None:
    data = entry(people, photo_alt="Eine Rampe", photo_key=str(uuid.uuid4()))
    answers = [sent(people, data | {"photo": photo()}) for _ in range(3)]
    activity = Activity.objects.get()
    assert answers == [(200, {"activity": activity.pk})] * 3
    assert str(activity.entry_key) == data["entry_key"]
    assert (activity.day, activity.minutes, activity.mediator) == (dt.date(2022, 3, 1), 90, people.kiv)
    stored = ActivityPhoto.objects.get()
    assert (stored.alt_text, str(stored.entry_key)) == ("Eine Rampe", data["photo_key"])
    assert stored.added_by == people.mediator


def test_what_was_changed_on_the_website_meanwhile_stays(people: People) -> None:
    data = entry(people)
    sent(people, data)
    Activity.objects.update(title="Im Portal verbessert")
    assert sent(people, data)[0] == 200
    assert Activity.objects.get().title == "Im Portal verbessert"


def test_what_was_changed_in_the_queue_after_a_try_that_arrived_is_no_second_entry(people: People) -> None:
    data = entry(people)
    sent(people, data)
    changed = data | {"title": "In der Schlange verbessert", "is_changed_since_sending": "1"}
    assert sent(people, changed)[0] == 200
    assert Activity.objects.get().title == "In der Schlange verbessert"


def test_another_account_does_not_send_it(people: People) -> None:
    assert sent(people, entry(people), "stranger") == (409, {"error": "other_account"})
    assert not Activity.objects.exists()


def test_the_key_of_somebody_elses_entry_opens_nothing(people: People) -> None:
    theirs = factories.make_activity(people.stranger.mediator, people.other_town, title="Fremd")
    changed = entry(people, entry_key=str(theirs.entry_key), is_changed_since_sending="1")
    status, answer = sent(people, changed)
    assert (status, answer["activity"] == theirs.pk) == (200, False)
    theirs.refresh_from_db()
    assert theirs.title == "Fremd"
    assert Activity.objects.filter(mediator=people.kiv).count() == 1


def test_without_a_sign_in_it_says_so_in_data(people: People) -> None:
    for address in ("activity_send", "offline_data"):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(reverse(address), headers=JSON)
            assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


def test_staff_without_their_second_factor_are_not_signed_in_enough(people: People) -> None:
    factories.make_staff(people.mediator, people.town.county)
    client = Client()
    client.force_login(people.mediator)
    answer = client.post(reverse("activity_send"), entry(people), headers=JSON)
    assert answer.status_code == 401
    assert not Activity.objects.exists()


def test_without_a_token_nothing_is_stored(people: People) -> None:
    client = signed_in(people.mediator)
    client.handler.enforce_csrf_checks = True
    assert client.post(reverse("activity_send"), entry(people), headers=JSON).status_code == 403
    token = client.get(reverse("offline_data"), headers=JSON).json()["csrf_token"]
    headers = JSON | {"X-CSRFToken": token}
    assert client.post(reverse("activity_send"), entry(people), headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"title": ""}, "title", "Bitte geben Sie der Aktivität einen Titel."),
        ({"title": "Rampe\0"}, "title", "unsichtbare Zeichen"),
        ({"day": "irgendwann"}, "day", "Dieses Datum verstehen wir nicht"),
        ({"day": "1.3.2019"}, "day", "nicht bestellt"),
        ({"minutes": "9" * 40}, "minutes", "Diese Dauer verstehen wir nicht"),
        ({"minutes": "9999"}, "minutes", "24 Stunden"),
        ({"kind": "quatsch"}, "kind", "aus der Liste"),
        ({"entry_key": "kein Schlüssel"}, "entry_key", "UUID"),
        ({"photo_alt": "x" * 301}, "photo_alt", "300"),
        ({"photo": SimpleUploadedFile("rampe.jpg", b"kein Foto")}, "photo", "kein Foto"),
        ({"photo": SimpleUploadedFile("rampe.jpg", b"")}, "photo", "leer"),
    ],
)
def test_a_refusal_is_a_sentence_and_stores_nothing(
    people: People, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    data = entry(people, photo=photo(), photo_alt="Eine Rampe", photo_key=str(uuid.uuid4()))
    status, answer = sent(people, data | wrong)
    assert status == 422
    assert sentence in " ".join(answer["errors"].get(field, answer["errors"].get("__all__", []))), answer
    assert not Activity.objects.exists()
    assert not ActivityPhoto.objects.exists()


def test_the_privacy_guard_asks_once(people: People) -> None:
    data = entry(people, description="Frau Muster & Herr Beispiel waren dabei.")
    status, answer = sent(people, data)
    assert status == 422
    assert set(answer["errors"]) == {"privacy_checked"}
    muster = {"field": "description", "label": "Was ist passiert?", "before": "", "excerpt": "Frau Muster"}
    muster |= {"after": " & Herr Beispiel waren dabei.", "why": "Das sieht aus wie ein Name."}
    muster |= {"answer": "Darf so bleiben", "is_public_text": True}
    assert answer["questions"][0] == muster
    assert [question["excerpt"] for question in answer["questions"]] == ["Frau Muster", "Herr Beispiel"]
    assert not Activity.objects.exists()
    assert sent(people, data | {"privacy_checked": answer["seen"]})[0] == 200


def test_the_queue_asks_what_the_page_asks(people: People) -> None:
    assert sent(people, entry(people, minutes="90"))[0] == 200
    for again, asked in ((entry(people, minutes="90"), "Titel"), (entry(people, minutes="9 h"), "Dauer")):
        status, answer = sent(people, again)
        assert (status, [question["label"] for question in answer["questions"]]) == (422, [asked])
        assert answer["errors"] == {
            "privacy_checked": [
                "Bitte kurz prüfen: Ändern Sie den Eintrag, oder sagen Sie, dass er so stimmt."
            ]
        }
        assert answer["questions"][0]["answer"] == "So speichern"
        assert sent(people, again | {"privacy_checked": answer["seen"]})[0] == 200


def test_what_comes_late_for_a_closed_period_is_asked_about(people: People) -> None:
    close(people)
    status, answer = sent(people, entry(people))
    (question,) = answer["questions"]
    assert (status, question["label"], question["answer"]) == (422, "Datum", "Als Nachtrag speichern")
    assert "Der Zwischenbericht ist eingereicht" in question["why"]
    assert sent(people, entry(people, privacy_checked=answer["seen"]))[0] == 200
    assert Activity.objects.get().is_late


def close(people: People) -> None:
    ClosedPeriod.objects.create(
        municipality=people.town,
        starts_on=factories.START,
        ends_on=factories.END,
        reason="Der Zwischenbericht ist eingereicht",
    )


def test_a_late_second_try_finds_its_entry_though_the_period_is_closed(people: People) -> None:
    data = entry(people, photo=photo(), photo_alt="Eine Rampe", photo_key=str(uuid.uuid4()))
    first = sent(people, data)
    close(people)
    for late in ({}, {"is_changed_since_sending": "1"}):  # opened in the queue and left as it was
        assert sent(people, data | late | {"photo": photo()}) == first
    status, answer = sent(people, data | {"is_changed_since_sending": "1", "title": "Anders"})
    assert (status, "Der Zwischenbericht ist eingereicht" in " ".join(answer["errors"]["day"])) == (422, True)
    assert (Activity.objects.count(), ActivityPhoto.objects.count()) == (1, 1)


def test_what_the_browser_keeps_is_the_accounts_own(people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Eigene Begehung")
    factories.make_activity(people.stranger.mediator, people.other_town, title="Fremde Begehung")
    data = people.client("mediator").get(reverse("offline_data"), headers=JSON).json()
    assert data.pop("csrf_token")
    assert data == {
        "account": people.mediator.pk,
        "name": "Vera Vermittlung",
        "towns": [{"id": people.town.pk, "name": "Leonberg", "county": "08115"}],
        "fields": [{"county": "08115", "code": "bildung", "name": "Bildung und Schule"}],
        "kinds": [{"county": "08115", "code": "begehung", "name": "Begehung"}],
        "titles": ["Eigene Begehung"],
        "last": {"field": "bildung", "kind": "begehung"},
        "recent": [{"title": "Eigene Begehung", "day": "01.03.2022", "minutes": 90}],
    }


def test_the_kept_page_is_the_same_for_everybody(people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Eigene Begehung")
    pages = {people.client(name).get(reverse("offline")).content for name in People.NAMES}
    assert len(pages) == 1
    text = pages.pop().decode()
    private_words = (
        "Vera",
        "Leonberg",
        "Eigene",
        "csrfmiddlewaretoken",
        "data-account",
        "Bildung",
        "Begehung",
    )
    for private in private_words:
        assert private not in text
    assert '<meta name="kiv-offline" content=""' in text


def test_the_kept_page_has_the_menu_of_a_mediator(people: People) -> None:
    def menu(path: str) -> list[tuple[str, str]]:
        page = document_fromstring(people.client("mediator").get(path).content)
        return [
            (link.text_content(), link.get("href")) for link in page.iterfind(".//nav[@class='main-nav']//a")
        ]

    assert menu(reverse("offline")) == menu(reverse("start")) != []


def kept_by_worker() -> dict[str, Any]:
    answer = Client().get(reverse("service_worker"))
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    return json.loads(
        re.search(r"self.PORTAL = (.*?);\nimportScripts", answer.content.decode(), re.DOTALL)[1]
    )


def test_the_worker_keeps_one_page_and_notices_when_it_changes(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = kept_by_worker()
    menu = ["/start/", "/aktivitaeten/", "/anliegen/", "/berichte/", "/assistenz/"]
    assert kept["pages"] == ["/unterwegs/", *menu, "/aktivitaeten/neu/", "/"]
    pages = [file for file in kept["kept"] if not file["url"].startswith("/static/")]
    assert [page["url"] for page in pages] == ["/unterwegs/"]
    shell = Client().get(reverse("offline")).content.decode()
    needed = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', shell))
    touch_icon = {address for address in needed if "app-touch" in address}
    assert needed - touch_icon <= {file["url"] for file in kept["kept"]}
    factories.make_kind("neu", "Neue Art", 99)
    assert kept_by_worker() == kept
    monkeypatch.setattr(OfflineEntryForm.base_fields["title"], "help_text", "Ein Satz.")
    assert kept_by_worker()["kept"][0]["revision"] != pages[0]["revision"]


def test_only_mediators_get_the_app(people: People) -> None:
    got = set()
    for name in People.NAMES:
        page = people.client(name).get("/" if name == "anonymous" else reverse("start")).content.decode()
        if reverse("service_worker") in page or reverse("manifest") in page:
            got.add(name)
    assert got == {"mediator", "stranger"}


def test_the_app_can_be_installed() -> None:
    answer = Client().get(reverse("manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    content = answer.json()
    assert (content["lang"], content["start_url"], content["display"]) == ("de", "/start/", "standalone")
    assert {icon["purpose"] for icon in content["icons"]} == {"any", "maskable"}
