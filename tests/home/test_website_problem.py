"""The form for problems of the website knows the page one comes from, and never a private link."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from home.models import PortalBarrier
from home.website_problem import nameable_path, problem_url, without_private_links
from tests import factories
from tests.people import People

KEY = "7b0d9c52-8f3e-4a55-9d0c-6d1c6f7f2b31"
STATUS = f"/anliegen/stand/{KEY}/"
FORM = "/barriere-melden/"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/hilfe/",
        "/orte/leonberg/",
        "/landkreise/08115/",
        "/mein-jahr/2022/",
        "/anliegen/12/",
        "/sprechstunden/3/termine/2026-12-01/",
    ],
)
def test_pages_are_named(path: str) -> None:
    assert nameable_path(f"{path}?q=Geheimes") == path


@pytest.mark.parametrize(
    "path",
    [
        STATUS,
        f"{STATUS}danke/",
        "/kalender/abc:def/kiv-portal.ics",
        "/konto/passwort/zuruecksetzen/1-abc-def/",
        reverse("council_page", args=["abc"]),
        reverse("check_code", args=["abcdefghjk"]),
        "/gibt-es-nicht/",
        "https://anderswo.example/hilfe/",
        "//anderswo.example/",
        "hilfe",
        "",
    ],
)
def test_private_links_and_other_places_are_not(path: str) -> None:
    assert nameable_path(path) == ""
    assert problem_url(path) == FORM


def test_the_form_does_not_name_itself() -> None:
    assert problem_url(FORM) == FORM


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Auf https://portal.example{STATUS}.", "Auf (eine private Seite)."),
        (f"Unter {STATUS[:-1]}, oben", "Unter (eine private Seite), oben"),
        ("Auf /orte/leonberg/ und /hilfe/", "Auf /orte/leonberg/ und /hilfe/"),
        ("und/oder, 1/2, https://[kaputt/x", "und/oder, 1/2, https://[kaputt/x"),
    ],
)
def test_what_is_typed_loses_private_links_only(text: str, kept: str) -> None:
    assert without_private_links(text) == kept


@pytest.mark.django_db
def test_the_footer_says_where_one_is(people: People) -> None:
    page = Client().get("/orte/leonberg/").content.decode()
    assert f'href="{FORM}?seite=%2Forte%2Fleonberg%2F"' in page
    assert "Problem mit dieser Website melden" in page
    form = Client().get(f"{FORM}?seite=%2Forte%2Fleonberg%2F").context["form"]
    assert form["page"].value() == "/orte/leonberg/"
    concern = factories.make_concern(people.town)
    for name in ("concern_status", "concern_thanks", "concern_say_more", "concern_withdraw"):
        private = Client().get(reverse(name, args=[concern.status_key])).content.decode()
        assert (f'href="{FORM}"' in private, f"{FORM}?" in private) == (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize("page", [STATUS, "https://boese.example/", "<script>", "x" * 5000])
def test_what_others_put_into_the_address_is_left_out(page: str) -> None:
    assert Client().get(FORM, {"seite": page}).context["form"]["page"].value() == ""


@pytest.mark.django_db
def test_a_private_link_is_not_kept(mailoutbox) -> None:
    key = uuid.uuid4()
    typed = {"description": f"Auf /anliegen/stand/{key}/ fehlt etwas.", "page": f"/anliegen/stand/{key}/"}
    Client().post(FORM, typed)
    kept = PortalBarrier.objects.get()
    assert (kept.page, kept.description) == ("(eine private Seite)", "Auf (eine private Seite) fehlt etwas.")
    assert str(key) not in mailoutbox[0].body


@pytest.mark.django_db
def test_a_place_is_chosen_first(people: People) -> None:
    form = Client().get(FORM).content.decode()
    assert form.index("Geht es um einen Ort?") < form.index("Was klappt nicht?")
    assert f'href="{reverse("town_choice")}">Ort wählen' in form
    choice = Client().get(reverse("town_choice")).content.decode()
    for part in ("Landkreis Böblingen", "/orte/leonberg/", "/orte/leonberg/barriere-melden/", "Calw"):
        assert part in choice
    report = Client().get("/orte/leonberg/barriere-melden/").content.decode()
    assert (
        f'{FORM}?seite=%2Forte%2Fleonberg%2Fbarriere-melden%2F">Problem mit dieser Website melden' in report
    )
