import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import TestCase, override_settings
from django.utils import timezone
from PIL import Image

from activities.models import (
    STEPS,
    Activity,
    ActivityResult,
    Concern,
    ConcernState,
    ConcernStep,
    Organisation,
)
from demo import concerns, pictures, year
from demo.load import REPORTS, counts_by_town, demo_reports, load_demo, submit_reports, towns_to_submit
from kiv_portal.accounts.models import User
from mediators.models import Appointment, Assistance, EngagementForm
from municipalities.models import CooperationAgreement, Municipality
from reports.figures.figures import report_figures
from reports.models import EASY, InterimReport, ReportEdition, ReportSection, SectionKey
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
CHECKSUM = "3e235ab60142f7f1b0e4a1c7337d0e6e363dd8aa569f80c1d164052ddc577343"
CONCERNS_CHECKSUM = "2d98769771e10f1dc17378771525a9c040cbd3fe8ea119cf0539514da31fc787"


def all_texts() -> list[str]:
    entries = [entry for town in year.towns() for entry in year.entries_of(town)]
    return [
        *(
            text
            for e in entries
            for text in (e.title, e.description, e.result_note, e.place, e.internal_note)
        ),
        *(text for c in all_concerns() for text in (c.title, c.description, c.place)),
        *(step.sentence for c in all_concerns() for step in c.steps),
        *(name for e in entries for name in e.organisations),
    ]


def all_concerns() -> list[concerns.Invented]:
    return [concern for town in year.towns() for concern in concerns.concerns_of(town)]


def report_texts() -> list[str]:
    rows = tomllib.loads(REPORTS.read_text(encoding="utf-8"))["report"]
    return [text for row in rows for text in row.get("texts", {}).values()]


# --- the year, without a database


def test_the_year_is_the_same_everywhere():
    assert year.checksum() == CHECKSUM
    assert concerns.checksum() == CONCERNS_CHECKSUM


def test_the_year_does_not_depend_on_the_process():
    code = "from demo import year; print(year.checksum())"
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


def test_every_town_has_concerns_in_every_state():
    for town in year.towns():
        told = concerns.concerns_of(town)
        states = Counter(concern.state for concern in told)
        assert set(states) == set(ConcernState.values)
        assert 6 <= len(told) <= 14
        assert max(states, key=lambda state: states[state]) in ("done", "promised")
        assert len({concern.title for concern in told}) == len(told)
        assert {concern.is_by_public for concern in told} == {True, False}
        assert {concern.is_public for concern in told} == {True, False}
    assert len(concerns.concerns_of(year.towns()[0])) == 12


def test_steps_of_concerns_are_plausible():
    for concern in all_concerns():
        days = [concern.reported_on, *(step.day for step in concern.steps)]
        assert days == sorted(days)
        assert days[0] >= year.START
        assert days[-1] <= year.END
        assert not {step.day for step in concern.steps} & year.HOLIDAYS
        assert all(step.day.weekday() < 5 for step in concern.steps)
        states = ["reported", *(step.state for step in concern.steps)]
        assert all(after in STEPS[before] for before, after in pairwise(states))
        assert (concern.promised_until is not None) == ("promised" in states)
        assert not concern.steps or concern.account
    ends = [c.promised_until for c in all_concerns() if c.state == "promised"]
    assert any(day <= year.END for day in ends)  # a promise that is overdue is to be seen, too


def test_entries_tell_more_than_their_story():
    for town in year.towns():
        entries = year.entries_of(town)
        assert sum(bool(e.place) for e in entries) > len(entries) / 4
        assert 0 < sum(e.travel_minutes for e in entries) < sum(e.minutes for e in entries) / 3
        assert sum(bool(e.expenses_cents) for e in entries) < len(entries) / 4
        assert any(e.organisations for e in entries)
    entries = [entry for town in year.towns() for entry in year.entries_of(town)]
    assert any(e.people_reached_to for e in entries)
    assert any(e.is_estimated for e in entries)
    assert any(e.internal_note for e in entries)
    waiting = [e for e in entries if e.follow_up_on and not e.followed_up_on]
    assert 5 < len(waiting) < sum(bool(e.follow_up_on) for e in entries) / 2
    assert all(e.result in ("open", "promised") and e.follow_up_on > e.day for e in waiting)


def test_drawings_are_the_same_everywhere():
    motifs = {
        p.motif: p
        for p in [*pictures.MOTIFS.values(), *(p for pair in pictures.PAIRS.values() for p in pair)]
    }
    for motif, picture in motifs.items():
        with Image.open(BytesIO(pictures.drawn(motif))) as image:
            assert image.size == pictures.SIZE
        assert len(pictures.drawn(motif)) < 10_000
        assert picture.alt_text.startswith("Zeichnung: ")
        assert picture.alt_text.endswith(".")
    assert pictures.picture_for("Wohnung ohne Stufen") is None


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
    models = (
        *(User, CooperationAgreement, Appointment, Assistance, Activity, Concern, ConcernStep, Organisation),
        *(InterimReport, ReportSection),
    )
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

    def test_concerns_stand_where_their_steps_end(self):
        assert Concern.objects.count() == len(all_concerns())
        for concern in Concern.objects.prefetch_related("steps"):
            states = [step.state for step in concern.steps.all()]
            assert concern.state == (states[-1] if states else "reported")
            assert concern.is_closed == (concern.closed_at is not None)
        assert Concern.objects.filter(activities__isnull=False).distinct().count() >= 10
        assert not Concern.objects.exclude(contact_email="").exists()

    def test_an_assistant_helps_in_leonberg(self):
        helper = User.objects.get(email="assistenz.leonberg@demo.kiv.example")
        helped = Assistance.objects.given_by(helper).in_force_on(timezone.localdate())
        assert [row.mediator.user.email for row in helped] == ["kiv.leonberg@demo.kiv.example"]
        entered = Activity.objects.filter(entered_by=helper)
        assert entered.count() > 5
        assert set(entered.values_list("municipality__slug", flat=True)) == {"leonberg"}

    def test_agreements_run_since_the_start(self):
        agreements = list(CooperationAgreement.objects.all())
        assert len(agreements) == 10
        assert all(a.starts_on == year.START and a.ends_on is None for a in agreements)
        assert all(a.reference and a.signed_on < a.starts_on for a in agreements)

    def test_reports_show_every_state_of_work(self):
        written = dict(
            ReportSection.objects.exclude(text="")
            .exclude(key=EASY)
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
        assert ReportEdition.objects.filter(kind="pdf").count() == len(towns_to_submit()) == 2
        # for each town all its editions at once, and the e-mails to those who check them
        assert len(wake_ups) == 2 * len(towns_to_submit())
        assert InterimReport.objects.get(municipality__slug="leonberg").is_editable
