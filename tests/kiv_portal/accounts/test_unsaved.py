"""A person types for an hour, the session ends, the form is sent: nothing is lost, nobody else sees it."""

import datetime as dt
import time
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kiv_portal.accounts.models import User
from kiv_portal.accounts.tasks import clear_expired_task
from kiv_portal.accounts.unsaved import MAX_CHARACTERS
from kiv_portal.celery import app
from tests.kiv_portal.accounts.pages import hidden_value, text_of

pytestmark = pytest.mark.urls("tests.kiv_portal.accounts.urls")

TYPED = {
    "title": "Begehung",
    "text": "Drei Stufen am Rathaus.\r\nKein Handlauf & <b>kein</b> Lift.",
    "password": "geheim",
}
SHOWN = "Drei Stufen am Rathaus.\nKein Handlauf &amp; &lt;b&gt;kein&lt;/b&gt; Lift."
TEXT_IS_BACK = "Ihr Text ist noch da. Bitte speichern Sie ihn jetzt."


def typed_by(client: Client, user: User, address: str = "/notiz/?feld=wohnen") -> dict[str, str]:
    client.force_login(user)
    return TYPED | {"_typed_by": hidden_value(client.get(address), "_typed_by")}


def session_ends(client: Client) -> None:
    client.session.flush()
    del client.cookies["sessionid"]


def test_the_text_survives_signing_in_again(
    client: Client, anna: User, sign_in_by_code: Callable[[User], None]
) -> None:
    form = typed_by(client, anna)
    session_ends(client)
    response = client.post("/notiz/", form)
    assert response.url == "/anmelden/?next=/notiz/%3Ffeld%3Dwohnen"
    assert "Ihr Text ist nicht verloren" in text_of(client.get(response.url))
    sign_in_by_code(anna)
    page = client.get("/notiz/?feld=wohnen")
    assert TEXT_IS_BACK in page.content.decode()
    assert SHOWN in page.content.decode().replace("\r\n", "\n")
    assert "geheim" not in page.content.decode()
    assert SHOWN in client.get("/notiz/?feld=wohnen").content.decode().replace("\r\n", "\n"), (
        "reloading keeps it"
    )

    form = TYPED | {"_typed_by": hidden_value(page, "_typed_by")}
    assert client.post("/notiz/?feld=wohnen", form).url == "/start/"
    assert client.session["saved"] == TYPED["text"]
    assert TEXT_IS_BACK not in client.get("/notiz/?feld=wohnen").content.decode()


def test_it_also_survives_the_detour_over_the_sign_in_page(
    client: Client, anna: User, code_from_mail: Callable[[], str]
) -> None:
    form = typed_by(client, anna, "/notiz/")
    session_ends(client)
    client.post("/notiz/", form)
    client.post("/anmelden/code-anfordern/", {"email": "anna@tippfehler.example"})
    client.post("/abmelden/", {"next": "/anmelden/"})
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    client.post("/anmelden/code/", {"code": code_from_mail()})
    assert SHOWN in client.get("/notiz/").content.decode().replace("\r\n", "\n")


def test_another_person_in_the_same_browser_sees_nothing(
    client: Client, anna: User, bernd: User, sign_in_by_code: Callable[[User], None]
) -> None:
    form = typed_by(client, anna, "/notiz/")
    session_ends(client)
    client.post("/notiz/", form)
    assert client.session["unsaved_input"]["/notiz/"]["fields"]["text"] == [TYPED["text"]]
    sign_in_by_code(bernd)
    assert "Drei Stufen" not in client.get("/notiz/").content.decode()
    assert "Drei Stufen" not in str(dict(client.session.items()))


def test_nobody_without_the_signed_field_can_leave_text_behind(client: Client, anna: User) -> None:
    for forged in ({}, {"_typed_by": "forged"}, {"_typed_by": typed_by(client, anna)["_typed_by"] + "x"}):
        session_ends(client) if "sessionid" in client.cookies else None
        response = client.post(
            "/notiz/", TYPED | forged, headers={"Referer": "http://testserver/notiz/?feld=arbeit"}
        )
        assert response.url == "/anmelden/?next=/notiz/%3Ffeld%3Darbeit"
        assert "unsaved_input" not in client.session


def test_a_foreign_referer_leads_nowhere(client: Client) -> None:
    response = client.post("/notiz/", TYPED, headers={"Referer": "https://boese.example/notiz/"})
    assert response.url == "/anmelden/?next=/"


def test_an_outdated_form_of_a_signed_in_person_comes_back(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    form = typed_by(client, anna, "/notiz/")
    response = client.post("/notiz/", form | {"csrfmiddlewaretoken": "x" * 64}, follow=True)
    assert response.redirect_chain == [("/notiz/", 302)]
    assert SHOWN in response.content.decode().replace("\r\n", "\n")
    assert TEXT_IS_BACK in response.content.decode()


def test_an_outdated_form_after_the_session_ended_comes_back_after_sign_in(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    form = typed_by(client, anna, "/notiz/")
    session_ends(client)
    response = client.post("/notiz/", form)
    assert response.url == "/anmelden/?next=%2Fnotiz%2F"
    client.force_login(anna)
    assert SHOWN in client.get("/notiz/").content.decode().replace("\r\n", "\n")


def test_a_form_of_somebody_else_is_refused(anna: User, bernd: User) -> None:
    client = Client(enforce_csrf_checks=True)
    form = typed_by(client, anna, "/notiz/")
    client.force_login(bernd)
    response = client.post("/notiz/", form)
    assert response.status_code == 403
    assert "Drei Stufen" not in str(dict(client.session.items()))


def test_files_are_named_as_missing(client: Client, anna: User) -> None:
    form = typed_by(client, anna, "/notiz/")
    session_ends(client)
    client.post("/notiz/", form | {"scan": SimpleUploadedFile("scan.pdf", b"%PDF")})
    client.force_login(anna)
    assert "Dateien wählen Sie bitte noch einmal aus." in client.get("/notiz/").content.decode()


def test_a_text_beyond_all_measure_gets_instructions(client: Client, anna: User) -> None:
    form = typed_by(client, anna, "/notiz/") | {"text": "x" * (MAX_CHARACTERS + 1)}
    session_ends(client)
    response = client.post("/notiz/", form)
    assert response.status_code == 401
    assert "gehen Sie im Browser eine Seite zurück" in text_of(response)


def test_the_text_waits_one_day(client: Client, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    form = typed_by(client, anna, "/notiz/")
    session_ends(client)
    client.post("/notiz/", form)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 25 * 3600)
    client.force_login(anna)
    assert "Drei Stufen" not in client.get("/notiz/").content.decode()


def test_an_old_text_is_not_only_hidden_but_gone(
    client: Client, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways: looking at a page with a form, and leaving the next text behind."""
    outdated = Client(enforce_csrf_checks=True)
    for browser, address in ((client, "/notiz/"), (outdated, "/notiz/?feld=arbeit")):
        form = typed_by(browser, anna, address)
        session_ends(browser)
        browser.post("/notiz/", form)
        browser.force_login(anna)
        assert list(browser.session["unsaved_input"]) == [address]
    form = TYPED | {"_typed_by": hidden_value(outdated.get("/notiz/?feld=wohnen"), "_typed_by")}
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 25 * 3600)
    client.get("/notiz/?feld=verkehr")
    assert client.session["unsaved_input"] == {}
    outdated.post("/notiz/", form)
    assert list(outdated.session["unsaved_input"]) == ["/notiz/?feld=wohnen"]


def test_who_never_comes_back_leaves_nothing_behind(client: Client, anna: User) -> None:
    form = typed_by(client, anna, "/notiz/")
    session_ends(client)
    client.post("/notiz/", form)
    assert client.session.get_expiry_age() <= 24 * 3600
    now = timezone.now()
    assert "Drei Stufen" in str([row.get_decoded() for row in Session.objects.all()])
    clear_expired_task()
    assert "Drei Stufen" in str([row.get_decoded() for row in Session.objects.all()])
    Session.objects.update(expire_date=F("expire_date") - dt.timedelta(hours=25))
    clear_expired_task()
    assert not Session.objects.filter(expire_date__lt=now).exists()
    assert "Drei Stufen" not in str([row.get_decoded() for row in Session.objects.all()])


def test_who_comes_back_stays_signed_in_as_long_as_ever(
    client: Client, anna: User, sign_in_by_code: Callable[[User], None], settings: Settings
) -> None:
    form = typed_by(client, anna, "/notiz/")
    session_ends(client)
    client.post("/notiz/", form)
    sign_in_by_code(anna)
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_the_night_clears_limits_that_are_over(db: None) -> None:
    cache.set("over", 1, 0.01)
    cache.set("counts", 1, 3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET expires = now() - interval '1 minute' WHERE cache_key LIKE '%over'"
        )
        clear_expired_task()
        cursor.execute("SELECT cache_key FROM portal_cache")
        assert [key.rpartition(":")[2] for (key,) in cursor.fetchall()] == ["counts"]


def test_the_timetable_names_only_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"accounts.clear_expired", "reports.sweep_report_files"} <= named <= set(app.tasks)


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/notiz/?feld=arbeit"}
    response = client.get("/notiz/", headers=headers)
    assert response.headers["HX-Redirect"] == "/anmelden/?next=/notiz/%3Ffeld%3Darbeit"
    assert response.content == b""


# --- how much is kept


def leave(client: Client, user: User, *fields: str) -> None:
    """Type on these pages in turn, and lose the session before each is sent."""
    forms = {field: typed_by(client, user, f"/notiz/?feld={field}") | {"text": field} for field in fields}
    session_ends(client)
    for form in forms.values():
        client.post("/notiz/", form)


def test_the_five_newest_pages_are_kept(client: Client, anna: User) -> None:
    leave(client, anna, "a", "b", "c", "d", "e", "f", "g")
    kept = client.session["unsaved_input"]
    assert list(kept) == [f"/notiz/?feld={field}" for field in "cdefg"]
    assert [entry["fields"]["text"] for entry in kept.values()] == [["c"], ["d"], ["e"], ["f"], ["g"]]


def test_a_page_sent_again_is_the_newest_and_takes_no_second_place(client: Client, anna: User) -> None:
    leave(client, anna, "a", "b", "c", "d", "e")
    again = typed_by(Client(), anna, "/notiz/?feld=a") | {"text": "neu"}
    client.post("/notiz/", again)
    kept = client.session["unsaved_input"]
    assert list(kept) == [f"/notiz/?feld={field}" for field in "bcdea"]
    assert kept["/notiz/?feld=a"]["fields"]["text"] == ["neu"]


def test_as_long_a_text_as_promised_is_kept(client: Client, anna: User) -> None:
    form = {"_typed_by": typed_by(client, anna)["_typed_by"], "text": "x" * MAX_CHARACTERS}
    session_ends(client)
    client.post("/notiz/", form)
    assert client.session["unsaved_input"]["/notiz/?feld=wohnen"]["fields"]["text"] == ["x" * MAX_CHARACTERS]


def test_saving_one_page_forgets_no_other(client: Client, anna: User) -> None:
    leave(client, anna, "a", "b")
    client.force_login(anna)
    page = client.get("/notiz/?feld=a")
    client.post("/notiz/?feld=a", TYPED | {"_typed_by": hidden_value(page, "_typed_by")})
    assert list(client.session["unsaved_input"]) == ["/notiz/?feld=b"]


def test_no_secret_is_kept_whatever_its_field_is_called(client: Client, anna: User) -> None:
    form = typed_by(client, anna) | {"Neues_Passwort": "geheim", "CREDENTIAL-id": "geheim"}
    session_ends(client)
    client.post("/notiz/", form)
    kept = client.session["unsaved_input"]["/notiz/?feld=wohnen"]
    assert sorted(kept["fields"]) == ["text", "title"]
    assert (kept["had_files"], kept["user_pk"]) == (False, anna.pk)
