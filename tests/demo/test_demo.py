import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from activities.concerns.queries import concern_totals
from activities.models import (
    STEPS,
    Activity,
    ActivityResult,
    ClosedPeriod,
    Concern,
    ConcernPhoto,
    ConcernState,
    ConcernStep,
    Organisation,
    ReporterMessage,
    Said,
)
from demo import concerns, days, pictures, reports, terms, year
from demo.files import request_demo_files
from demo.load import counts_by_town, load_demo
from kiv_portal.accounts.models import User
from kiv_portal.embedded import clock
from kiv_portal.mails.models import Mail
from mediators.models import Appointment, Assistance, EngagementForm
from mediators.reach.queries import Reach, reach_of
from municipalities.models import CooperationAgreement, Councillor, Municipality, MunicipalityContact
from reports.editions.services import current_files
from reports.models import (
    STEPS as REPORT_STEPS,
)
from reports.models import (
    CouncilDecision,
    CouncilLink,
    CountyReport,
    DecisionKind,
    FileKind,
    InterimReport,
    ReportFile,
    ReportSection,
    ReportSnapshot,
    ReportStep,
    SectionKey,
)
from reports.steps.freezing import paper_changes, paper_of
from tests.conftest import ROOT

PASSWORD = "demo-kennwort-123"
PROMISED = [
    "koordination@demo.kiv.example",
    "ansprechperson.leonberg@demo.kiv.example",
    "kiv.leonberg@demo.kiv.example",
    "gemeinderat.leonberg@demo.kiv.example",
    "kiv.herrenberg@demo.kiv.example",
]
TODAY = dt.date(2026, 3, 10)
# A leap day, the first day of a term, a day between the years, the last of a month, one in the summer holidays
DAYS = [
    TODAY,
    year.EARLIEST,
    *(dt.date(2026, 1, 1), dt.date(2026, 11, 30), dt.date(2027, 2, 28)),
    *(dt.date(2027, 8, 15), dt.date(2027, 10, 1), dt.date(2028, 2, 29)),
]
DAY = dt.timedelta(days=1)


def content(today: dt.date) -> str:
    """SHA-256 over all that is told as of a day."""
    rows = [
        [
            asdict(row)
            for row in (*year.entries_of(town), *concerns.concerns_of(town), *terms.courses_of(town))
        ]
        + [reports.texts_of(town, course) for course in terms.courses_of(town)]
        for town in year.towns(today)
    ]
    return hashlib.sha256(json.dumps(rows, default=str, ensure_ascii=False).encode()).hexdigest()


def all_entries(today: dt.date = TODAY) -> list[year.Entry]:
    return [entry for town in year.towns(today) for entry in year.entries_of(town)]


def all_concerns(today: dt.date = TODAY) -> list[concerns.Invented]:
    return [concern for town in year.towns(today) for concern in concerns.concerns_of(town)]


def all_courses(today: dt.date) -> list[terms.Course]:
    return [course for town in year.towns(today) for course in terms.courses_of(town)]


def report_texts() -> list[str]:
    return [
        text
        for town in year.towns(TODAY)
        for course in terms.courses_of(town)
        for text in reports.texts_of(town, course).values()
    ]


def all_texts() -> list[str]:
    entries, told = all_entries(), all_concerns()
    return [
        *(
            text
            for e in entries
            for text in (e.title, e.description, e.result_note, e.place, e.internal_note)
        ),
        *(text for c in told for text in (c.title, c.description, c.place)),
        *(step.sentence for c in told for step in c.steps),
        *(name for e in entries for name in e.organisations),
        *report_texts(),
    ]


# --- the same everywhere


def test_a_seed_and_a_day_say_it_all():
    told = content(TODAY)
    for cached in (year.entries_of, year.towns, terms.courses_of, days.holidays):
        cached.cache_clear()
    assert content(TODAY) == told != content(TODAY + DAY)


def test_it_does_not_depend_on_the_process():
    code = "import django; django.setup()\nfrom tests.demo.test_demo import TODAY, content\nprint(content(TODAY))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "kiv_portal.settings"},
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == content(TODAY), run.stderr


def test_the_past_stays_as_it_was():
    """Another day cuts elsewhere; seasons that were over then are told the same a year later."""
    end = dt.date(2024, 9, 30)
    for now, later in zip(year.towns(TODAY), year.towns(dt.date(2027, 2, 28)), strict=True):
        assert [(e.day, e.title) for e in year.entries_of(now) if e.day <= end] == [
            (e.day, e.title) for e in year.entries_of(later) if e.day <= end
        ]


def test_days_off():
    assert [days.easter(y) for y in (2022, 2026, 2027, 2028)] == [
        dt.date(2022, 4, 17),
        dt.date(2026, 4, 5),
        dt.date(2027, 3, 28),
        dt.date(2028, 4, 16),
    ]
    assert days.working_day(dt.date(2026, 4, 3)) == dt.date(2026, 4, 7)
    assert days.working_day_before(dt.date(2027, 1, 1)) == dt.date(2026, 12, 22)
    assert days.is_school_holiday(dt.date(2026, 8, 15))


# --- years of activities


@pytest.mark.parametrize("today", DAYS)
def test_it_goes_up_to_yesterday(today):
    for town in year.towns(today):
        entries = year.entries_of(town)
        assert all(year.START <= entry.day < today for entry in entries)
        assert all(any(t.account == e.account and t.holds_on(e.day) for t in town.terms) for e in entries)
    newest = max(entry.day for entry in all_entries(today))
    assert (today - newest).days <= (4 if (today.month, today.day) != (1, 1) else 12)


def test_every_town_has_years_of_its_own():
    for town in year.towns(TODAY):
        entries = year.entries_of(town)
        by_season = Counter(year.season_of(entry.day) for entry in entries)
        full = [n for season, n in by_season.items() if season < year.season_of(TODAY)]
        assert all(town.activities * 0.75 < n < town.activities * 1.1 for n in full), (town.slug, by_season)
        assert {entry.field for entry in entries} == {
            *("bildung", "arbeit", "wohnen", "verkehr", "gesundheit"),
            "",
        }
    assert len(year.towns(TODAY)) == 11


def test_days_are_plausible():
    found = [entry.day for entry in all_entries()]
    assert not [day for day in found if days.is_holiday(day)]
    assert sum(day.weekday() == 6 for day in found) < len(found) / 50
    months = Counter(day.month for day in found)
    assert months[8] < months[7] / 2  # the summer rests


def test_durations_and_people_are_plausible():
    entries = all_entries()
    assert all(30 <= entry.minutes <= 480 and entry.minutes % 15 == 0 for entry in entries)
    assert all(entry.people_reached is None or 1 <= entry.people_reached <= 150 for entry in entries)
    assert {entry.result for entry in entries} == {*ActivityResult.values, ""}
    assert any(entry.further_fields for entry in entries)
    assert all(entry.result_note for entry in entries if entry.result == "refused")


def test_entries_tell_more_than_their_story():
    for town in year.towns(TODAY):
        entries = year.entries_of(town)
        assert sum(bool(e.place) for e in entries) > len(entries) / 4
        assert 0 < sum(e.travel_minutes for e in entries) < sum(e.minutes for e in entries) / 3
        assert sum(bool(e.expenses_cents) for e in entries) < len(entries) / 4
        assert any(e.organisations for e in entries)
    entries = all_entries()
    assert any(e.people_reached_to for e in entries)
    assert any(e.is_estimated for e in entries)
    assert any(e.internal_note for e in entries)


@pytest.mark.parametrize("today", DAYS)
def test_what_waits_is_late_by_days_at_most(today):
    waiting = [e for e in all_entries(today) if e.follow_up_on and not e.followed_up_on]
    assert waiting
    assert all(e.follow_up_on >= today - 2 * DAY for e in waiting)
    assert all(e.followed_up_on < today for e in all_entries(today) if e.followed_up_on)
    promised = [c for c in all_concerns(today) if c.state == "promised"]
    late = [c for c in promised if c.promised_until < today]
    assert 1 <= len(late) <= 2
    assert all((today - c.promised_until).days <= 6 for c in late)
    assert len(promised) > 8


def test_no_list_looks_generated():
    """A page shows 25 rows; within so many, and within a season, nothing stands twice."""
    for town in year.towns(TODAY):
        entries = year.entries_of(town)
        for season in year.seasons(TODAY):
            titles = Counter(e.title for e in entries if year.season_of(e.day) == season)
            assert not titles or max(titles.values()) == 1, titles.most_common(2)
        on_one_page = [
            entry.title
            for position, entry in enumerate(entries)
            if entry.title in {other.title for other in entries[max(position - 24, 0) : position]}
        ]
        assert len(on_one_page) <= 1, on_one_page
    assert len({entry.title for entry in all_entries()}) > 600


# --- concerns


@pytest.mark.parametrize("today", DAYS)
def test_concerns_have_ended_or_are_of_late(today):
    for town in year.towns(today):
        told = concerns.concerns_of(town)
        open_ones = [c for c in told if c.state in ConcernState.open]
        if town.last_day:
            assert not open_ones
            continue
        assert {c.state for c in open_ones} >= {"checking", "promised"}
        assert all((today - c.reported_on).days < 120 for c in open_ones)
        assert {concern.is_by_public for concern in told} == {True, False}
        assert {concern.is_public for concern in told} == {True, False}
    withdrawn = {"withdrawn"}  # of a later word: demo/later_words.py
    assert {c.state for c in all_concerns(today)} == set(ConcernState.values) - withdrawn


@pytest.mark.parametrize("today", DAYS)
def test_steps_of_concerns_are_plausible(today):
    for concern in all_concerns(today):
        taken = [concern.reported_on, *(step.day for step in concern.steps)]
        assert taken == sorted(taken)
        assert taken[0] >= year.START
        assert taken[-1] < today
        assert not any(days.is_holiday(step.day) or step.day.weekday() > 4 for step in concern.steps)
        states = ["reported", *(step.state for step in concern.steps)]
        assert all(after in STEPS[before] for before, after in pairwise(states))
        assert (concern.promised_until is not None) == ("promised" in states)
        assert not concern.steps or concern.account


# --- terms and reports


@pytest.mark.parametrize("today", DAYS)
def test_reports_go_their_way_in_order(today):
    for course in all_courses(today):
        steps = [
            day
            for day in (
                course.end,
                course.submitted_on,
                course.returned_on,
                course.approved_on,
                course.delivered_on,
            )
            if day
        ]
        assert steps == sorted(steps)
        assert steps[-1] < today or steps == [course.end]
        assert course.submitted_on is None or course.end < course.submitted_on
        assert not course.approved_on or course.submitted_on
        assert not course.delivered_on or course.approved_on
        assert not course.public_on or (
            course.delivered_on and course.delivered_on <= course.public_on < today
        )
        assert all(course.delivered_on < decision.day < today for decision in course.decisions)
    over = [course for course in all_courses(today) if course.end < today - 150 * DAY]
    assert all(course.decisions for course in over)


@pytest.mark.parametrize("today", DAYS)
def test_there_is_a_report_in_each_state_of_work(today):
    newest = [course for course in all_courses(today) if course.is_newest]
    in_work = [course for course in newest if course.submitted_on is None or course.returned_on]
    late = [course for course in in_work if course.due_on < today]
    assert [(today - course.due_on).days for course in late] == [3]
    assert [
        course for course in in_work if today <= course.due_on <= today + 10 * DAY and not course.returned_on
    ]
    assert [course for course in newest if course.returned_on]
    assert [c for c in newest if c.submitted_on and not c.approved_on and not c.returned_on]
    assert [c for c in newest if c.approved_on and not c.delivered_on]
    assert [c for c in newest if c.delivered_on and not c.decisions]
    assert [c for c in newest if c.decisions and c.decisions[-1].kind == "adjourned"]
    assert sum(course.end >= today for course in all_courses(today)) == 10  # the present terms


def test_councils_decide_in_different_ways():
    kinds = {decision.kind for course in all_courses(TODAY) for decision in course.decisions}
    assert kinds == {"continued", "changed", "permanent", "noted", "adjourned", "ended"}
    later = [
        c
        for c in all_courses(TODAY)
        if [d.kind for d in c.decisions][:1] == ["adjourned"] and c.decisions[1:]
    ]
    assert later
    ended = [c for c in all_courses(TODAY) if c.decisions and c.decisions[-1].kind == "ended"]
    assert [(c.slug, c.end) for c in ended] == [("nufringen", dt.date(2024, 9, 30))]


def test_reports_of_a_town_do_not_say_the_same_twice_running():
    for town in year.towns(TODAY):
        written = [reports.texts_of(town, course) for course in terms.courses_of(town)]
        for before, after in pairwise([texts for texts in written if len(texts) == 9]):
            same = [key for key in before if before[key] == after[key]]
            assert set(same) <= {"proposal"}, (town.slug, same)
        assert written[-1] == {} or town.last_day


# --- drawings and words


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


# Signs of a person, an address or a telephone number.
PERSONAL = re.compile(
    r"@|\bFrau\b|\bHerrn?\b|\bFam(ilie|\.)\s[A-ZÄÖÜ]|\bDr\.|\d{4,}[ /-]?\d{3,}|\b0\d{2,}[ /-]\d+"
)


def test_nobody_is_named():
    texts = all_texts()
    assert not [text for text in texts if PERSONAL.search(text)]
    names = [name for town in year.towns(TODAY) for m in town.data["mediators"] for name in m["name"].split()]
    found = re.compile(rf"\b({'|'.join({*names} - {'Ott'})})\b")
    assert not [text for text in texts if found.search(text)]


def test_texts_are_finished():
    for text in filter(None, all_texts()):
        assert not re.search(r"[\[\]|]|  |\.\.|,,|\bTODO\b", text), text
        assert not set(re.findall(r"\{(.*?)\}", text)) - {"Stunden", "Auslagen"}, text
    for entry in all_entries():
        assert not entry.description or entry.description[-1] in ".?!", entry.description
        assert len(entry.title) <= 500
        assert len(entry.result_note) <= 300


# --- the database


def test_refused_without_demo(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="KIV_DEMO=true"):
        call_command("load_demo")
    settings.DEMO, settings.DEMO_PASSWORD = True, ""
    with pytest.raises(CommandError, match="KIV_DEMO_PASSWORD"):
        call_command("load_demo")
    settings.DEMO_PASSWORD = PASSWORD
    with pytest.raises(CommandError, match=r"ab dem 01\.10\.2025"):
        call_command("load_demo", today=dt.date(2025, 9, 30))
    assert not User.objects.exists()


def _everything() -> list[list[tuple]]:
    models = (
        *(User, CooperationAgreement, Appointment, Assistance, Activity, Concern, ConcernStep, Organisation),
        *(InterimReport, ReportSection, ReportStep, ReportSnapshot, CouncilDecision),
    )
    return [sorted(model.objects.values_list(), key=str) for model in models]


@override_settings(DEMO=True, DEMO_PASSWORD=PASSWORD)
class TestLoadedDemo(TestCase):
    """One load for all of them, as of the day of the test; every test undoes what it did."""

    @classmethod
    def setUpTestData(cls):
        cls.today = timezone.localdate()
        assert load_demo()

    def report(self, stage: str) -> InterimReport:
        """The newest finished term's report of the town with this stage."""
        slug = next(t.slug for t in year.towns(self.today) if t.data.get("stage") == stage)
        return InterimReport.objects.filter(municipality__slug=slug, period_end__lt=self.today).first()

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
        assert Municipality.objects.of_staff(people["koordination"]).count() == 11
        for name, towns in (("ansprechperson", "of_contact"), ("gemeinderat", "of_councillor")):
            found = getattr(Municipality.objects, towns)(people[f"{name}.leonberg"])
            assert [town.slug for town in found] == ["leonberg"]
        seen = Activity.objects.visible_to(people["kiv.herrenberg"])
        assert set(seen.values_list("municipality__slug", flat=True)) == {"herrenberg"}

    def test_second_run_changes_nothing(self):
        before = _everything()
        out = StringIO()
        call_command("load_demo", stdout=out)
        assert "already there" in out.getvalue()
        assert "as of" not in out.getvalue()
        assert _everything() == before
        call_command("load_demo", today=self.today + 3 * DAY, stdout=out)
        assert f"as of {self.today}; after `make reset` it shows {self.today + 3 * DAY}" in out.getvalue()
        assert _everything() == before

    def test_second_run_knows_the_new_password(self):
        with override_settings(DEMO_PASSWORD="ein-neues-kennwort"):
            load_demo()
        assert User.objects.get(email=PROMISED[0]).check_password("ein-neues-kennwort")
        assert len(set(User.objects.values_list("password", flat=True))) == 1

    def test_counts(self):
        counts = counts_by_town()
        assert counts == {
            Municipality.objects.get(slug=town.slug).name: len(year.entries_of(town))
            for town in year.towns(self.today)
        }
        assert 3_000 <= sum(counts.values()) == Activity.objects.filter(is_late=False).count()
        for activity in Activity.objects.order_by("?")[:50]:
            activity.clean_fields()

    def test_towns_come_and_go(self):
        there = Municipality.objects.taking_part_on(self.today).values_list("slug", flat=True)
        assert len(there) == 10
        assert "sindelfingen" in there
        assert "nufringen" not in there
        in_force = Appointment.objects.in_force_on(self.today)
        assert in_force.filter(municipality__slug="herrenberg").count() == 2
        assert not in_force.filter(municipality__slug="jettingen").exists()
        assert set(Appointment.objects.values_list("form", flat=True)) == set(EngagementForm.values)

    def test_towns_are_reached_in_every_way(self):
        def reach(slug: str) -> Reach:
            return reach_of(Municipality.objects.get(slug=slug), timezone.now())

        weekly, monthly, team, vacant = map(
            reach, ("holzgerlingen", "gaertringen", "herrenberg", "jettingen")
        )
        assert [rule.words for rule in weekly.rules] == ["Jeden Donnerstag, 15 bis 17 Uhr"]
        assert {(date.falls_out, date.is_moved) for date in weekly.dates} >= {(True, False), (False, True)}
        assert [rule.words for rule in monthly.rules] == ["Jeden ersten Dienstag im Monat, 15 bis 17 Uhr"]
        assert len(set(team.rules)) == len(team.mediators) == 2
        assert (vacant.is_vacant, vacant.shows_hall, vacant.rules) == (True, True, [])
        assert not monthly.ways_in[0].known  # nobody has described it yet

    def test_town_pages_show_what_became_of_concerns(self):
        public = Concern.objects.published()
        assert public.overdue_on(self.today).exists()
        assert not public.filter(state__in=("done", "refused"), public_sentence="").exists()
        assert public.filter(state="refused").exists()
        assert ConcernPhoto.objects.published().filter(moment="after", concern__state="done").exists()

    def test_roles_that_ended(self):
        for model in (Appointment, MunicipalityContact, Councillor, Assistance):
            assert model.objects.filter(ends_on__lt=self.today).exists(), model
        helper = User.objects.get(email="assistenz.leonberg@demo.kiv.example")
        helped = Assistance.objects.given_by(helper).in_force_on(self.today)
        assert [row.mediator.user.email for row in helped] == ["kiv.leonberg@demo.kiv.example"]
        entered = Activity.objects.filter(entered_by=helper)
        assert set(entered.values_list("municipality__slug", flat=True)) == {"leonberg"}
        former = User.objects.get(email="assistenz.herrenberg@demo.kiv.example")
        assert not Activity.objects.visible_to(former).exists()
        assert User.objects.get(last_login=None).invited_at is not None

    def test_concerns_stand_where_their_steps_end(self):
        assert Concern.objects.count() == len(all_concerns(self.today)) + 2  # and demo/later_words.py
        for concern in Concern.objects.prefetch_related("steps"):
            concern.clean_fields()
            states = [step.state for step in concern.steps.all()]
            assert concern.state == (states[-1] if states else "reported")
            assert concern.is_closed == (concern.closed_at is not None)
        assert Concern.objects.filter(activities__isnull=False).distinct().count() >= 10
        assert Concern.objects.published().filter(photos__moment="after").exists()
        assert not Concern.objects.exclude(contact_email="").exists()

    def test_later_words_show_what_else_would_never_be_seen(self):
        leonberg = Concern.objects.filter(municipality__slug="leonberg")
        assert leonberg.filter(state="withdrawn", messages__kind="withdrawal").count() == 1
        assert leonberg.filter(state="checking", messages__kind="no").count() == 1
        late = leonberg.waiting_for_reply_on(self.today).get(reminders__failed_at=None)
        assert late.messages.get().kind == "more"
        kinds = ReporterMessage.objects.values_list("kind", flat=True)
        assert set(kinds) == set(Said.values)
        assert not ReporterMessage.objects.filter(said_at__gt=timezone.now()).exists()
        totals = concern_totals(Concern.objects.all(), year.START, self.today)
        assert totals.confirmed >= 20

    def test_every_report_stands_where_its_course_does(self):
        assert InterimReport.objects.count() == len(all_courses(self.today))
        for report in InterimReport.objects.prefetch_related("steps", "snapshots"):
            states = [step.state for step in report.steps.all()]
            start = "planned" if report.period_end >= self.today else "draft"
            assert report.state == (states[-1] if states else start)
            assert all(after in REPORT_STEPS[before] for before, after in pairwise([start, *states]))
            assert all(step.taken_at < timezone.now() for step in report.steps.all())
            assert bool(report.snapshots.all()) == bool(states)
        states = set(InterimReport.objects.values_list("state", flat=True))
        assert states == set(REPORT_STEPS)
        for stage, state in {
            "due_soon": "draft",
            "overdue": "draft",
            "submitted": "submitted",
            "returned": "returned",
            "approved": "approved",
            "question": "delivered",
            "adjourned": "delivered",
        }.items():
            assert self.report(stage).state == state

    def test_handed_in_terms_are_closed(self):
        frozen = InterimReport.objects.filter(submitted_at__isnull=False)
        closed = ClosedPeriod.objects.values_list("municipality", "starts_on", "ends_on")
        assert set(closed) == set(frozen.values_list("municipality", "period_start", "period_end"))

    def test_decisions_and_what_follows(self):
        kinds = set(CouncilDecision.objects.values_list("kind", flat=True))
        assert kinds >= {"continued", "changed", "permanent", "noted", "adjourned", "ended"}
        old = CouncilDecision.objects.final().filter(decided_on__lt=self.today - 60 * DAY)
        assert not old.filter(followed_up_at=None).exists()
        assert not CouncilDecision.objects.filter(recorded_at__gt=timezone.now()).exists()
        changed = CouncilDecision.objects.filter(kind=DecisionKind.CHANGED)
        assert not changed.filter(conditions="").exists()

    def test_the_council_reads_and_asks(self):
        report = self.report("question")
        assert report.questions.waiting().count() == 1
        assert report.questions.answered().count() == 2
        links = CouncilLink.objects.filter(report=report)
        assert links.count() == 3
        assert [link.label for link in links.valid_at(timezone.now())] == ["Gemeinderat"]
        assert self.report("returned").steps.last().note
        failed = ReportFile.objects.get()
        assert (failed.snapshot.report, failed.state) == (self.report("submitted"), "failed")

    def test_mails_of_the_past_are_sent(self):
        assert Mail.objects.filter(once__startswith="report/").count() > 80
        assert not Mail.objects.exclude(state="sent").exists()

    def test_towns_compare_with_the_year_before(self):
        newest = InterimReport.objects.filter(municipality__slug="leonberg", state="decided").first()
        assert newest.snapshots.get().data["totals"]["activities_before"] > 50
        assert newest.photos.exists()
        assert {section.key for section in newest.sections.all()} >= set(SectionKey.values)

    def test_public_pages_and_open_data_have_reports(self):
        page = self.client.get(reverse("public_report_list", args=["leonberg"]))
        assert page.content.decode().count("<article") >= 4
        public = InterimReport.objects.public_at(timezone.now())
        report = public.filter(municipality__slug="leonberg").first()
        page = self.client.get(reverse("public_report", args=["leonberg", report.pk])).content.decode()
        assert "Zu diesem Bericht gibt es noch keine Datei" in page
        assert "Beschlussvorschlag" in page.replace("&shy;", "").replace("\u00ad", "")
        papers = self.client.get(reverse("oparl_system")).json()
        assert papers["type"].endswith("System")
        assert [row.is_draft for row in CountyReport.objects.order_by("number")] == [False, True]

    def test_it_shows_what_was_put_right(self):
        replaced = self.report("question")
        edition = replaced.new_editions.get()
        assert (edition.old_number, edition.number, replaced.delivered_number) == (1, 2, 2)
        code = replaced.snapshots.get(number=1).code
        page = self.client.get(reverse("check_code", args=[code])).content.decode()
        assert "Diese Ausgabe gilt nicht mehr." in page
        assert self.report("adjourned").withdrawals.open().count() == 1
        approved = self.report("approved")
        assert paper_changes(approved.snapshots.get().frozen.paper, paper_of(approved))
        assert replaced.questions.exclude(refused_at=None).count() == 1
        assert replaced.questions.exclude(shortened_at=None).count() == 1
        decision = CouncilDecision.objects.exclude(corrected_at=None).get()
        assert decision.corrections.get().before["votes_yes"] == decision.votes_yes + 2
        assert not CouncilDecision.objects.filter(kind__in=DecisionKind.open).exclude(text="").exists()

    def test_files_are_asked_for_once_and_in_order(self):
        with self.captureOnCommitCallbacks():
            asked = request_demo_files()
            assert request_demo_files() == 0
        rows = list(ReportFile.objects.order_by("pk"))
        assert len(rows) == asked + 1  # and the one that failed stays failed
        at_council = {self.report("question").pk, self.report("adjourned").pk}
        assert {row.snapshot.report_id for row in rows[1:17]} == at_council
        old = InterimReport.objects.filter(municipality__slug="leonberg", state="decided").last()
        assert [file.kind for file in current_files(old)] == [FileKind.PDF]
        page = self.client.get(reverse("public_report", args=["leonberg", old.pk])).content.decode()
        assert "werden gerade erstellt" in page


@override_settings(DEMO=True, DEMO_PASSWORD=PASSWORD)
class TestMovedClock(TestCase):
    """A day to come: the database would refuse its activities, so its clock goes there, too."""

    @pytest.mark.heavy(each_run=0)
    def test_the_county_of_a_day_to_come(self):
        day = timezone.localdate() + 400 * DAY
        original = timezone.now
        with connection.cursor() as cursor:
            cursor.execute(clock.ahead(400))
            cursor.execute("SET LOCAL search_path = public, pg_catalog")
        try:
            clock.move_portal(400)
            assert timezone.localdate() == day
            load_demo()
        finally:
            timezone.now = original
        newest = Activity.objects.order_by("day").last()
        assert 0 < (day - newest.day).days < 16  # nobody works over Christmas
        assert InterimReport.objects.filter(state="delivered").exists()
