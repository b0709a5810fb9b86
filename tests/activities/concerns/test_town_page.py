"""What anybody reads of a town's concerns: promises that are over, reasons, what was done, chosen photos."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from activities.attachments.services import add_concern_photo, add_reporters_photo
from activities.concerns import services
from activities.models import Concern, ConcernPhoto
from kiv_portal.uploads.photo import read_photo
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
TOWN_PAGE = "/orte/leonberg/"
TITLE = "Der Sandtisch ist nicht anfahrbar"
DONE = "Ein fester Weg führt jetzt zum Tisch."


def page() -> str:
    return Client().get(TOWN_PAGE).content.decode().replace("\xa0", " ")


def jpeg() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "#0b5563").save(written, "JPEG")
    return written.getvalue()


def asked(address: str) -> tuple[int, str]:
    """Status and kind of what anybody gets."""
    answer = Client().get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code, answer["Content-Type"]


@pytest.fixture
def concern(people: People) -> Concern:
    found = factories.make_concern(people.town, title=TITLE, is_public=True)
    factories.make_step(found, "checking", dt.date(2022, 3, 5), "Wir messen nach.")
    return found


def photo(concern: Concern, people: People, moment: str) -> ConcernPhoto:
    described = {"alt_text": f"Der Tisch {moment}.", "is_decorative": False}
    return add_concern_photo(concern, jpeg(), moment=moment, by=people.mediator, **described)


def step(people: People, concern: Concern, state: str, sentence: str, **more: str) -> None:
    sent = {"state": state, "sentence": sentence, "seen": Concern.objects.get(pk=concern.pk).state} | more
    answer = people.client("contact").post(reverse("concern_step", args=[concern.pk]), sent)
    assert answer.status_code == 302, answer.context["form"].errors


def publish(people: People, concern: Concern, **sent: object) -> None:
    address = reverse("concern_publish", args=[concern.pk])
    client = people.client("mediator")
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields if name != "photos"}
    answer = client.post(address, shown | sent)
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_promise_that_is_over_is_said(people: People, concern: Concern) -> None:
    until = timezone.localdate() + dt.timedelta(days=3)
    step(people, concern, "promised", "Der Bauhof legt ihn an.", promised_until=f"{until:%d.%m.%Y}")
    assert ("Zugesagt bis" in page(), "Der Tag ist vorbei." in page()) == (True, False)
    Concern.objects.update(promised_until=dt.date(2026, 3, 1))
    assert "Zugesagt bis 1. März 2026. <strong>Der Tag ist vorbei.</strong>" in page()


@pytest.mark.parametrize(("state", "lead"), [("refused", "Der Grund"), ("done", "Was getan ist")])
def test_the_sentence_of_a_step_is_for_all_if_so_chosen(
    people: People, concern: Concern, state: str, lead: str
) -> None:
    form = people.client("contact").get(reverse("concern_step", args=[concern.pk])).context["form"]
    assert form["for_all"].value() is True
    step(people, concern, state, DONE, for_all="on")
    assert f"<strong>{lead}:</strong> {DONE}" in page()


def test_a_sentence_that_is_not_for_all_stays_inside(people: People, concern: Concern) -> None:
    step(people, concern, "refused", "Nur für die Person, die es gemeldet hat.")
    text = page()
    assert ("abgelehnt" in text, "Nur für die Person" in text, "Wir messen" in text) == (True, False, False)
    inside = people.client("contact").get(reverse("concern_detail", args=[concern.pk])).content.decode()
    assert "Satz für alle schreiben" in inside


def test_what_was_said_of_another_state_is_gone(people: People, concern: Concern) -> None:
    step(people, concern, "done", DONE, for_all="on")
    step(people, concern, "checking", "Der Weg ist weggespült.")
    step(people, concern, "done", "Wieder da.")
    assert DONE not in page()
    step(people, concern, "done", "Nur eine Antwort.")  # the state stays, and so does what is said of it
    concern.refresh_from_db()
    assert concern.public_sentence == ""


def test_of_a_concern_that_is_not_public_nothing_is_asked(people: People) -> None:
    concern = factories.make_concern(people.town)
    form = people.client("contact").get(reverse("concern_step", args=[concern.pk])).context["form"]
    assert "for_all" not in form.fields


def test_a_step_with_a_name_in_it_is_asked_about(people: People, concern: Concern) -> None:
    sent = {"state": "done", "sentence": "Frau Müller (blind) ist zufrieden.", "seen": "checking"}
    answer = people.client("contact").post(reverse("concern_step", args=[concern.pk]), sent)
    assert "Bitte kurz prüfen" in answer.content.decode()
    assert Concern.objects.get(pk=concern.pk).state == "checking"


def test_publishing_proposes_the_last_sentence(people: People) -> None:
    concern = factories.make_concern(people.town)
    services.take_over(concern, by=people.kiv)
    form = people.client("mediator").get(reverse("concern_publish", args=[concern.pk])).context["form"]
    assert form["public_sentence"].value() == ""  # that somebody cares says nothing of the matter
    step(people, concern, "refused", "Das Haus steht unter Schutz.")
    publish(people, concern)
    assert "Das Haus steht unter Schutz." in page()
    publish(people, concern, public_sentence="Denkmalschutz.")
    assert ("Denkmalschutz." in page(), "unter Schutz" in page()) == (True, False)


def test_a_state_that_moves_meanwhile_is_told(people: People, concern: Concern) -> None:
    address, client = reverse("concern_publish", args=[concern.pk]), people.client("mediator")
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"public_sentence": "Wir messen."}
    step(people, concern, "refused", "Es geht nicht.")
    answer = client.post(address, sent)
    assert "Stand: „abgelehnt“" in answer.content.decode()
    concern.refresh_from_db()
    assert concern.public_sentence == ""
    with pytest.raises(services.ConcernRefused):
        services.publish(Concern(pk=concern.pk, state="checking"), title="x", place="", description="x")


# --- photos


def test_a_photo_of_after_says_what_was_done(people: People, concern: Concern) -> None:
    before, after = photo(concern, people, "before"), photo(concern, people, "after")
    step(people, concern, "done", DONE, for_all="on")
    assert "<img" not in page()  # nobody has chosen them
    publish(people, concern, photos=[before.pk, after.pk])
    text = page()
    assert f"Vorher: {TITLE}</figcaption>" in text
    assert f"Nachher: {DONE}</figcaption>" in text
    assert text.count(DONE) == 1
    address = reverse("public_concern_photo", args=["leonberg", after.pk])
    assert asked(address) == (200, "image/jpeg")
    publish(people, concern, photos=[])
    assert "<img" not in page()
    assert asked(address)[0] == 404


def test_what_is_not_public_any_more_shows_no_photo(people: People, concern: Concern) -> None:
    shown = photo(concern, people, "after")
    publish(people, concern, photos=[shown.pk])
    address = reverse("public_concern_photo", args=["leonberg", shown.pk])
    assert asked(address)[0] == 200
    assert asked(address.replace("leonberg", "herrenberg"))[0] == 404
    services.unpublish(concern)
    assert asked(address)[0] == 404


def test_a_photo_of_a_reporter_never_gets_public(people: People, concern: Concern) -> None:
    add_reporters_photo(concern, read_photo(jpeg()), alt_text="Der Tisch")
    theirs = ConcernPhoto.objects.get()
    form = people.client("mediator").get(reverse("concern_publish", args=[concern.pk])).context["form"]
    assert "photos" not in form.fields
    own = photo(concern, people, "after")
    address = reverse("concern_publish", args=[concern.pk])
    sent = {"title": TITLE, "description": "Kies.", "photos": [theirs.pk, own.pk]}
    assert "photos" in people.client("mediator").post(address, sent).context["form"].errors
    with pytest.raises(IntegrityError, match="stays_inside"), transaction.atomic():
        ConcernPhoto.objects.filter(pk=theirs.pk).update(is_public=True)
