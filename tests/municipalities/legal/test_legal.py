"""What the law wants said: written with a preview, public at once, and no live county without it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from municipalities.models import AccessibilityStatement, CooperationAgreement, County, LegalText
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
PAGES = "/landkreise/08115/rechtstexte/"


@pytest.fixture
def client(people: People) -> Client:
    return people.client("coordinator")


def statement(**changes: Any) -> dict[str, Any]:
    return {
        "prepared_on": "1.3.2022",
        "checked_on": "1.3.2023",
        "method": "self",
        "method_note": "Mit Tastatur und Screenreader",
        "conformity": "partial",
        "gaps": "- Ein Video fehlt.",
        "arbitration": "Schlichtungsstelle, Stuttgart",
    } | changes


def write_all(county: County) -> None:
    for kind in ("imprint", "privacy"):
        LegalText.objects.create(county=county, kind=kind, text="Text", dated_on=timezone.localdate())
    AccessibilityStatement.objects.create(
        county=county,
        prepared_on=dt.date(2022, 3, 1),
        checked_on=dt.date(2023, 3, 1),
        method="self",
        conformity="full",
        arbitration="Schlichtungsstelle",
    )


def test_a_text_is_seen_before_it_is_public(client: Client) -> None:
    page, sent = f"{PAGES}impressum/", {"text": "Landratsamt\n\nMusterstraße 1", "dated_on": "1.3.2022"}
    assert "So sieht es aus" in client.post(page, sent | {"preview": "1"}).content.decode()
    assert not LegalText.objects.exists()
    assert client.post(page, sent).status_code == 302
    text = Client().get("/impressum/").content.decode()
    assert ("Musterstraße 1" in text, "Stand: 1. März 2022" in text.replace("\xa0", " ")) == (True, True)


def test_a_gap_in_the_skeleton_is_not_published(client: Client) -> None:
    page = f"{PAGES}impressum/"
    skeleton = client.get(page).context["form"]["text"].value()
    assert "Landratsamt Böblingen" in skeleton
    answer = client.post(page, {"text": skeleton, "dated_on": "1.3.2022"})
    assert answer.context["form"].errors["text"] == ["Hier fehlt noch etwas: [Straße und Hausnummer]."]
    assert client.get(f"{PAGES}haftung/").status_code == 404


def test_the_statement_says_what_the_law_wants(client: Client) -> None:
    page = f"{PAGES}barrierefreiheit/"
    assert "So sieht es aus" in client.post(page, statement(preview="1")).content.decode()
    assert client.post(page, statement()).status_code == 302
    text = Client().get("/barrierefreiheit/").content.decode()
    for part in (
        "teilweise vereinbar",
        "Selbstbewertung der Verwaltung",
        "Ein Video fehlt.",
        "1. März 2023",
        "Schlichtungsstelle, Stuttgart",
    ):
        assert part in text.replace("\xa0", " "), part
    assert "über ein Jahr alt" in client.get(PAGES).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"gaps": ""}, "gaps"),
        ({"checked_on": "1.2.2022"}, "checked_on"),
        ({"checked_on": "1.2.2099"}, "checked_on"),
        ({"arbitration": ""}, "arbitration"),
        ({"method": ""}, "method"),
        ({"arbitration_url": "javascript:alert(1)"}, "arbitration_url"),
    ],
)
def test_a_statement_that_says_too_little(client: Client, changes: dict[str, str], field: str) -> None:
    answer = client.post(f"{PAGES}barrierefreiheit/", statement(**changes))
    assert set(answer.context["form"].errors) == {field}
    assert not AccessibilityStatement.objects.exists()


def test_the_database_keeps_silent_statements_out(people: People) -> None:
    write_all(people.town.county)
    for change in ({"conformity": "none"}, {"arbitration": ""}, {"checked_on": dt.date(2000, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessibilityStatement.objects.update(**change)


def live_problems() -> list[str]:
    found = run_checks(include_deployment_checks=True, databases=["default"])
    return [message.msg for message in found if message.id == "municipalities.E001"]


def test_no_live_county_without_its_texts(people: People) -> None:
    county, far_away = people.town.county, people.other_county.county_roles.get().county
    assert len(live_problems()) == 2
    write_all(county)
    (problem,) = live_problems()
    assert problem.startswith(f"{far_away} takes part, and its portal lacks: Impressum, Datenschutz")
    CooperationAgreement.objects.filter(municipality__county=far_away).update(ends_on=factories.END)
    assert live_problems() == []
    assert not [m for m in run_checks(include_deployment_checks=True) if m.id == "municipalities.E001"]


def test_the_first_town_waits_for_the_texts(people: People) -> None:
    CooperationAgreement.objects.all().delete()
    sent = {"starts_on": "1.10.2022", "report_interval_months": "12"}
    client, page = people.client("coordinator"), "/kommunen/leonberg/vereinbarung/neu/"
    assert "Bevor die erste Kommune teilnimmt" in client.post(page, sent).content.decode()
    write_all(people.town.county)
    assert client.post(page, sent).status_code == 302


def test_each_county_has_its_own(people: People) -> None:
    far_away = people.other_county.county_roles.get().county
    write_all(people.town.county)
    LegalText.objects.create(
        county=far_away, kind="imprint", text="Landratsamt Calw", dated_on=factories.START
    )
    page = Client().get("/impressum/08235/").content.decode()
    assert ("Landratsamt Calw" in page, 'href="/impressum/08115/"' in page) == (True, True)
    assert Client().get("/impressum/99999/").status_code == 404
