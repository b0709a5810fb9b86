import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import TestCase, override_settings

from activities.models import Activity, ActivityResult
from kiv_portal.accounts.models import User
from kiv_portal.home.demo import year
from kiv_portal.home.demo.load import (
    REPORTS,
    counts_by_town,
    demo_reports,
    load_demo,
    submit_reports,
    towns_to_submit,
)
from mediators.models import Appointment, EngagementForm
from municipalities.models import CooperationAgreement, Municipality
from reports.models import InterimReport, ReportEdition, ReportSection, SectionKey
from reports.queries import report_figures
from tests.conftest import ROOT

PASSWORD = "demo-kennwort-123"
PROMISED = [
    "koordination@demo.kiv.example",
    "ansprechperson.leonberg@demo.kiv.example",
    "kiv.leonberg@demo.kiv.example",
    "gemeinderat.leonberg@demo.kiv.example",
    "kiv.herrenberg@demo.kiv.example",
]
# Changes with every word of the data. It must be the same on every machine, in every run.
CHECKSUM = "ea63d2b4e6caddab189e2ad17517f5febcda264dc43c5323c11071190836ebe0"


def all_texts() -> list[str]:
    entries = [entry for town in year.towns() for entry in year.entries_of(town)]
    return [text for e in entries for text in (e.title, e.description, e.result_note)]


def report_texts() -> list[str]:
    rows = tomllib.loads(REPORTS.read_text(encoding="utf-8"))["report"]
    return [text for row in rows for text in row.get("texts", {}).values()]


# --- the year, without a database


def test_the_year_is_the_same_everywhere():
    assert year.checksum() == CHECKSUM


def test_the_year_does_not_depend_on_the_process():
    code = "from kiv_portal.home.demo import year; print(year.checksum())"
    command = [sys.executable, "-c", code]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "7"}, capture_output=True, text=True
    )
    assert run.stdout.strip() == CHECKSUM, run.stderr


def test_every_town_has_its_own_year():
    amounts = {town.slug: len(year.entries_of(town)) for town in year.towns()}
    assert len(amounts) == 10
    assert amounts["herrenberg"] == max(amounts.values()) == 120
    assert min(amounts.values()) == 40
    assert 90 <= amounts["leonberg"] <= 110
    profiles = {
        tuple(Counter(e.field for e in year.entries_of(town)).most_common(3)) for town in year.towns()
    }
    assert len(profiles) == 10
    for town in year.towns():
        assert {entry.field for entry in year.entries_of(town)} == {
            "bildung",
            "arbeit",
            "wohnen",
            "verkehr",
            "gesundheit",
            "",
        }


def test_days_are_plausible():
    days = [entry.day for town in year.towns() for entry in year.entries_of(town)]
    assert all(year.START <= day <= year.END for day in days)
    assert not [day for day in days if day in year.HOLIDAYS]
    assert sum(day.weekday() == 6 for day in days) < len(days) / 50
    months = Counter(day.month for day in days)
    assert months[8] < months[7] / 2  # the summer rests


def test_durations_and_people_are_plausible():
    entries = [entry for town in year.towns() for entry in year.entries_of(town)]
    assert all(30 <= entry.minutes <= 480 and entry.minutes % 15 == 0 for entry in entries)
    assert all(entry.people_reached is None or 1 <= entry.people_reached <= 150 for entry in entries)
    assert {entry.result for entry in entries} >= {*ActivityResult.values, ""}
    assert any(entry.further_fields for entry in entries)
    assert all(entry.result_note for entry in entries if entry.result == "refused")


def test_no_list_looks_generated():
    for town in year.towns():
        titles = Counter(entry.title for entry in year.entries_of(town))
        assert max(titles.values()) == 1, titles.most_common(2)
    assert len({entry.title for town in year.towns() for entry in year.entries_of(town)}) > 250


# Signs of a person, an address or a telephone number.
PERSONAL = re.compile(
    r"@|\bFrau\b|\bHerrn?\b|\bFam(ilie|\.)\s[A-ZÄÖÜ]|\bDr\.|\d{4,}[ /-]?\d{3,}|\b0\d{2,}[ /-]\d+"
)


def test_nobody_is_named():
    texts = [*all_texts(), *report_texts()]
    assert not [text for text in texts if PERSONAL.search(text)]
    names = [name for town in year.towns() for m in town.data["mediators"] for name in m["name"].split()]
    assert not [(name, text) for text in texts for name in names if re.search(rf"\b{name}\b", text)]


def test_texts_are_finished():
    for text in filter(None, all_texts()):
        assert not re.search(r"[{}\[\]|]|  |\.\.|,,|\bTODO\b", text), text
    for town in year.towns():
        for entry in year.entries_of(town):
            assert not entry.description or entry.description[-1] in ".?!", entry.description


# --- the database


def test_refused_without_demo(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="KIV_DEMO=true"):
        call_command("load_demo")
    settings.DEMO, settings.DEMO_PASSWORD = True, ""
    with pytest.raises(CommandError, match="KIV_DEMO_PASSWORD"):
        call_command("load_demo")
    assert not User.objects.exists()


def _everything() -> list[list[tuple]]:
    models = (User, CooperationAgreement, Appointment, Activity, InterimReport, ReportSection)
    return [sorted(model.objects.values_list()) for model in models]


@override_settings(DEMO=True, DEMO_PASSWORD=PASSWORD)
class TestLoadedDemo(TestCase):
    """One load for all of them; every test undoes what it did."""

    @classmethod
    def setUpTestData(cls):
        assert load_demo()

    def test_promised_accounts(self):
        assert set(PROMISED) <= set(User.objects.values_list("email", flat=True))
        assert all(User.objects.get(email=email).check_password(PASSWORD) for email in PROMISED)
        assert len(set(User.objects.values_list("password", flat=True))) == 1  # hashed once
        for role in ("ansprechperson", "kiv", "gemeinderat"):
            for slug in Municipality.objects.values_list("slug", flat=True):
                assert User.objects.get(email=f"{role}.{slug}@demo.kiv.example").is_active
        assert not User.objects.exclude(email__endswith=".example").exists()

    def test_roles_hold_today(self):
        people = {email.split("@")[0]: User.objects.get(email=email) for email in PROMISED}
        assert Municipality.objects.of_staff(people["koordination"]).count() == 10
        assert [t.slug for t in Municipality.objects.of_contact(people["ansprechperson.leonberg"])] == [
            "leonberg"
        ]
        assert [t.slug for t in Municipality.objects.of_councillor(people["gemeinderat.leonberg"])] == [
            "leonberg"
        ]
        seen = Activity.objects.visible_to(people["kiv.herrenberg"]).values_list(
            "municipality__slug", flat=True
        )
        assert set(seen) == {"herrenberg"}

    def test_second_run_changes_nothing(self):
        before = _everything()
        out = StringIO()
        call_command("load_demo", stdout=out)
        assert "already there" in out.getvalue()
        assert _everything() == before

    def test_second_run_knows_the_new_password(self):
        with override_settings(DEMO_PASSWORD="ein-neues-kennwort"):
            load_demo()
        assert User.objects.get(email=PROMISED[0]).check_password("ein-neues-kennwort")
        assert len(set(User.objects.values_list("password", flat=True))) == 1

    def test_counts(self):
        counts = counts_by_town()
        assert counts == {
            Municipality.objects.get(slug=town.slug).name: town.activities for town in year.towns()
        }
        assert 600 <= sum(counts.values()) == Activity.objects.count()
        assert all(40 <= count <= 120 for count in counts.values())

    def test_one_town_is_vacant_and_one_has_two(self):
        figures = {report.municipality.slug: report_figures(report) for report in demo_reports()}
        vacant = {slug: figure.vacant_days for slug, figure in figures.items() if figure.vacant_days}
        assert vacant == {"nufringen": 89}
        assert [len(figures[slug].appointments) for slug in ("nufringen", "herrenberg", "leonberg")] == [
            2,
            2,
            1,
        ]
        assert Appointment.objects.in_force_on(year.END).filter(municipality__slug="herrenberg").count() == 2
        authors = Activity.objects.filter(municipality__slug="herrenberg").values_list("mediator", flat=True)
        assert len(set(authors)) == 2
        assert set(Appointment.objects.values_list("form", flat=True)) == set(EngagementForm.values)

    def test_agreements_run_since_the_start(self):
        agreements = list(CooperationAgreement.objects.all())
        assert len(agreements) == 10
        assert all(a.starts_on == year.START and a.ends_on is None for a in agreements)
        assert all(a.reference and a.signed_on < a.starts_on for a in agreements)

    def test_reports_show_every_state_of_work(self):
        written = dict(
            ReportSection.objects.exclude(text="")
            .order_by()
            .values_list("report__municipality__slug")
            .annotate(n=Count("*"))
        )
        assert InterimReport.objects.filter(state="draft").count() == 10
        assert written["leonberg"] == written["herrenberg"] == written["aidlingen"] == len(SectionKey.values)
        assert "nufringen" not in written
        assert len(set(written.values())) >= 5
        proposal = ReportSection.objects.get(report__municipality__slug="leonberg", key="proposal")
        assert proposal.text.startswith("1. Der Gemeinderat nimmt")
        assert proposal.version == 1
        assert proposal.updated_by.email == "kiv.leonberg@demo.kiv.example"

    def test_reports_are_handed_in_once(self):
        with self.captureOnCommitCallbacks() as wake_ups:
            states = submit_reports()
            assert submit_reports() == states == {"herrenberg": "submitted", "aidlingen": "submitted"}
        assert len(wake_ups) == ReportEdition.objects.count() == len(towns_to_submit()) == 2
        assert InterimReport.objects.get(municipality__slug="leonberg").is_draft
