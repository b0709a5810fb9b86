"""What waits for whom: every state of a report, a town, a person and a concern, and who sees it on their list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.attachments.services import add_activity_photo
from activities.models import Concern, OfficeReminder
from activities.series.queries import waiting_days
from home.work_list.kinds import KINDS, Duty
from home.work_list.queries import work_of
from kiv_portal.accounts.models import User
from kiv_portal.mails import writing
from municipalities.models import CountyStaff, MunicipalityContact
from reports.figures.snapshot import to_json
from reports.models import CouncilDecision, CouncilQuestion, InterimReport, ReportComment, ReportFile
from reports.renewals.services import ask_to_withdraw, begin_new_edition
from reports.steps.freezing import snapshot_of
from reports.steps.record import take_step
from tests import factories
from tests.activities.attachments.test_attachments import jpeg
from tests.people import People
from tests.post import outbox, refusing

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Seen = dict[str, list[str]]

WRITERS = ("contact", "mediator")
OFFICES = ("contact", "coordinator")
AT_WORK = ("contact", "coordinator", "mediator")


def today() -> dt.date:
    return timezone.localdate()


def seen(people: People) -> Seen:
    """Whose list has what, of all people; empty lists left out."""
    found = {name: work(fresh(people, name)) for name in named(people)}
    assert all(
        duty.day and duty.what and duty.why and duty.url for duties in found.values() for duty in duties
    )
    return {name: sorted(duty.kind for duty in duties) for name, duties in found.items() if duties}


def work(user: User) -> list[Duty]:
    return work_of(user, today(), waiting_days(user, today()))


def named(people: People) -> list[str]:
    """All but the county of Calw, whose only town is vacant from the beginning."""
    return [name for name in people.NAMES if name not in ("anonymous", "other_county")]


def fresh(people: People, name: str) -> User:
    """Roles are kept with the object of a user."""
    return User.objects.get(pk=getattr(people, name).pk)


def by(names: tuple[str, ...], *kinds: str) -> Seen:
    return {name: list(kinds) for name in names}


# --- a report, from its plan to what follows from the decision


def planned(people: People, days: int) -> InterimReport:
    return factories.make_report(people.town, state="planned", due_on=today() + days * DAY)


def draft(people: People, days: int = 200) -> InterimReport:
    return factories.make_report(people.town, due_on=today() + days * DAY)


def at(people: People, state: str) -> InterimReport:
    """Brought there sixty days ago."""
    report = draft(people)
    for step in ("submitted", "approved", "delivered"):
        take_step(report, step, by=people.coordinator, now=timezone.now() - 60 * DAY)
        if step == state:
            break
    return report


def session(report: InterimReport, days: int, role: str = "decide") -> None:
    report.consultations.create(session_on=today() + days * DAY, role=role)


def delivered(people: People, *sessions: int, role: str = "decide") -> InterimReport:
    """With sessions so many days from today."""
    report = at(people, "delivered")
    for days in sessions:
        session(report, days, role)
    return report


def decision(report: InterimReport, people: People, kind: str, days: int) -> CouncilDecision:
    return CouncilDecision.objects.create(
        report=report, kind=kind, decided_on=today() + days * DAY, recorded_by=people.contact
    )


def returned(people: People) -> None:
    take_step(at(people, "submitted"), "returned", by=people.coordinator, note="Kosten fehlen")


def adjourned(people: People, *later: int) -> None:
    report = delivered(people, -10, *later)
    decision(report, people, "adjourned", -10)


def decided(people: People, *, confirmed: bool = False) -> None:
    report = delivered(people, -10)
    made = decision(report, people, "continued", -10)
    take_step(report, "decided", by=people.contact)
    if confirmed:
        CouncilDecision.objects.filter(pk=made.pk).update(
            followed_up_at=timezone.now(), followed_up_by=people.coordinator
        )


def asked(people: People, answer: str = "") -> None:
    said = {"answer": answer, "answered_at": timezone.now(), "answered_by": people.contact} if answer else {}
    CouncilQuestion.objects.create(report=delivered(people, 5), text="Was kostet die Rampe?", **said)


def refused(people: People) -> None:
    CouncilQuestion.objects.create(
        report=delivered(people, 5),
        text="Wann wird die Kreisstraße saniert?",
        refusal="Das gehört nicht hierher.",
        refused_at=timezone.now(),
        refused_by=people.contact,
    )


def renewed(people: People, days: int) -> None:
    """A new edition is in work."""
    begin_new_edition(delivered(people, days), reason="Falsche Zahl.", by=people.coordinator)


def commented(people: People, *, settled: bool = False) -> None:
    said = {"settled_at": timezone.now(), "settled_by": people.contact} if settled else {}
    ReportComment.objects.create(report=draft(people), text="Bitte kürzer", author=people.contact, **said)


def file_failed(people: People, *, then: str = "") -> None:
    """`then`: it was asked for again, or the report came back and was submitted anew."""
    report = at(people, "submitted")
    data = to_json(snapshot_of(report, dated=today()))
    first = report.snapshots.create(number=1, data=data, taken_by=people.contact)
    failed = {"state": "failed", "reason": "Kaputt", "finished_at": timezone.now()}
    ReportFile.objects.create(snapshot=first, requested_by=people.contact, **failed)
    if then == "again":
        ReportFile.objects.create(snapshot=first, requested_by=people.contact)
    if then == "anew":
        report.snapshots.create(number=2, data=data, taken_by=people.contact)


def photo(people: People) -> None:
    entry = factories.make_activity(people.kiv, people.town)
    add_activity_photo(entry, jpeg(), alt_text="", is_decorative=False, by=people.mediator)


NOTHING: Seen = {}
REPORT: dict[str, tuple[Callable[[People], object], Seen]] = {
    "planned for later": (lambda p: planned(p, 91), NOTHING),
    "planned, near": (lambda p: planned(p, 90), by(WRITERS, "report_begin")),
    "planned, late": (
        lambda p: planned(p, -1),
        by(WRITERS, "report_begin") | by(("coordinator",), "report_late"),
    ),
    "draft for later": (lambda p: draft(p, 91), NOTHING),
    "draft, near": (lambda p: draft(p, 90), by(WRITERS, "report_write")),
    "draft, due today": (lambda p: draft(p, 0), by(WRITERS, "report_write")),
    "draft, late": (
        lambda p: draft(p, -1),
        by(WRITERS, "report_write") | by(("coordinator",), "report_late"),
    ),
    "submitted": (lambda p: at(p, "submitted"), by(("coordinator",), "report_check")),
    "returned": (returned, by(WRITERS, "report_mend")),
    "approved": (lambda p: at(p, "approved"), by(("contact",), "report_deliver")),
    "delivered, no session": (delivered, by(("contact",), "session_enter")),
    "delivered, only prepared": (
        lambda p: delivered(p, 5, role="prepare"),
        by(("contact",), "session_enter"),
    ),
    "delivered, session to come": (lambda p: delivered(p, 5), by(("councillor",), "report_read")),
    "delivered, session today": (lambda p: delivered(p, 0), by(("councillor",), "report_read")),
    "delivered, session over": (lambda p: delivered(p, -1), by(OFFICES, "decision_record")),
    "delivered, to be noted": (lambda p: delivered(p, -1, role="note"), by(OFFICES, "decision_record")),
    "adjourned": (adjourned, by(("contact",), "session_enter")),
    "adjourned, next session": (lambda p: adjourned(p, 20), by(("councillor",), "report_read")),
    "adjourned, next session over": (lambda p: adjourned(p, -2), by(OFFICES, "decision_record")),
    "decided": (decided, by(("coordinator",), "decision_confirm")),
    "decided and confirmed": (lambda p: decided(p, confirmed=True), NOTHING),
    "question": (asked, by(OFFICES, "question_answer") | by(("councillor",), "report_read")),
    "question refused": (refused, by(("councillor",), "report_read")),
    "new edition, session to come": (
        lambda p: renewed(p, 5),
        by(WRITERS, "report_mend") | by(("councillor",), "report_read"),
    ),
    "new edition, session over": (
        lambda p: renewed(p, -5),
        by(("mediator",), "report_mend")
        | by(("contact",), "decision_record", "report_mend")
        | by(("coordinator",), "decision_record"),
    ),
    "delivery to be withdrawn": (
        lambda p: ask_to_withdraw(delivered(p, 5), reason="Falsch.", by=p.contact),
        by(OFFICES, "withdrawal_decide") | by(("councillor",), "report_read"),
    ),
    "question answered": (lambda p: asked(p, "Wenig."), by(("councillor",), "report_read")),
    "file failed": (
        file_failed,
        by(WRITERS, "file_failed") | by(("coordinator",), "file_failed", "report_check"),
    ),
    "file asked for again": (lambda p: file_failed(p, then="again"), by(("coordinator",), "report_check")),
    "file of an edition before": (
        lambda p: file_failed(p, then="anew"),
        by(("coordinator",), "report_check"),
    ),
    "comment": (commented, by(WRITERS, "comment_settle")),
    "comment settled": (lambda p: commented(p, settled=True), NOTHING),
}


@pytest.mark.parametrize("state", REPORT)
def test_a_report_waits_for_who_can_act(people: People, state: str) -> None:
    make, expected = REPORT[state]
    make(people)
    assert seen(people) == expected


def test_without_a_contact_the_county_does_it(people: People) -> None:
    people.town.contacts.update(ends_on=today() - DAY)
    factories.take_to(draft(people), "approved", by=people.coordinator)
    assert seen(people) == by(("coordinator",), "report_deliver")


# --- towns and people


def agreement_until(people: People, days: int, *, followed: bool = False) -> None:
    ends_on = today() + days * DAY
    people.town.agreements.update(ends_on=ends_on)
    if followed:
        factories.make_agreement(people.town, starts_on=ends_on + DAY)


def post_vacant(people: People, *, next_in: int | None = None) -> None:
    people.kiv.appointments.update(ends_on=today() - 3 * DAY)
    if next_in is not None:
        factories.make_mediator(people.newcomer, people.town, starts_on=today() + next_in * DAY)


def invited(people: People, days: int, *, role: str = "councillor", was_here: bool = False) -> None:
    User.objects.filter(pk=people.newcomer.pk).update(
        invited_at=timezone.now() - days * DAY, last_login=timezone.now() if was_here else None
    )
    if role == "staff":
        factories.make_staff(people.newcomer, people.town.county)
    else:
        factories.make_councillor(people.newcomer, people.town)


def mail_failed(people: People, *, later: bool = False) -> None:
    to = people.councillor.email
    writing.post(writing.mail("x", "Neues", "Text", to=to, person=people.councillor))
    with refusing(to):
        assert outbox == []
    if later:
        writing.post(writing.mail("x", "Neues", "Text", to=to, person=people.councillor))


TOWN: dict[str, tuple[Callable[[People], object], Seen]] = {
    "agreement ends later": (lambda p: agreement_until(p, 91), NOTHING),
    "agreement ends": (lambda p: agreement_until(p, 90), by(OFFICES, "agreement_ends")),
    "agreement followed by another": (lambda p: agreement_until(p, 90, followed=True), NOTHING),
    "agreement over": (lambda p: agreement_until(p, -1), NOTHING),
    "vacant": (post_vacant, by(OFFICES, "vacancy")),
    "somebody begins tomorrow": (lambda p: post_vacant(p, next_in=1), NOTHING),
    "invited lately": (lambda p: invited(p, 7), NOTHING),
    "invited and never here": (lambda p: invited(p, 8), by(("coordinator",), "not_signed_in")),
    "invited and here": (lambda p: invited(p, 8, was_here=True), NOTHING),
    "a colleague never here": (
        lambda p: invited(p, 8, role="staff"),
        by(("coordinator", "newcomer"), "colleague_not_signed_in"),
    ),
    "e-mail failed": (mail_failed, by(("coordinator",), "mail_failed")),
    "e-mail failed, another one is on its way": (lambda p: mail_failed(p, later=True), NOTHING),
}


@pytest.mark.parametrize("state", TOWN)
def test_a_town_and_its_people_wait_for_who_looks_after_them(people: People, state: str) -> None:
    make, expected = TOWN[state]
    make(people)
    assert seen(people) == expected


def test_several_people_of_a_town_are_one_line(people: People) -> None:
    for user in (people.councillor, people.contact, people.mediator):
        User.objects.filter(pk=user.pk).update(invited_at=timezone.now() - 20 * DAY)
    (duty,) = work_of(people.coordinator, today())
    assert (duty.what, duty.why) == (
        "3 Personen in Leonberg noch einmal einladen",
        f"seit der Einladung am {today() - 20 * DAY:%d.%m.%Y} nicht angemeldet",
    )


# --- concerns and the own log


def concern(people: People, **values: object) -> Concern:
    return factories.make_concern(people.town, **values)


def late_reply(people: People) -> None:
    office = factories.make_organisation()
    type(office).objects.update(reply_days=14)
    concern(people, state="checking", office=office, office_asked_on=today() - 15 * DAY)


def late_promise(people: People) -> None:
    concern(people, state="promised", promised_until=today() - DAY)


def office_not_reached(people: People, *, again: bool = False, closed: bool = False) -> None:
    state = {"state": "done", "closed_at": timezone.now()} if closed else {"state": "checking"}
    office = factories.make_organisation()
    values = {"concern": concern(people, office=office, **state), "office": office, "sent_by": people.contact}
    OfficeReminder.objects.create(
        **values, email="x@stadt.example", text="?", reminded_on=today() - 9 * DAY, failed_at=timezone.now()
    )
    if again:
        OfficeReminder.objects.create(**values, email="y@stadt.example", text="?")


def follow_up(people: People, days: int) -> None:
    factories.make_activity(people.kiv, people.town, follow_up_on=today() + days * DAY)


def imported(people: People, *, stored: bool = False) -> None:
    made = factories.make_import(people.kiv)
    if stored:
        made.runs.create(kind="store", state="done", requested_by=people.mediator)


LOG: dict[str, tuple[Callable[[People], object], Seen]] = {
    "concern reported": (concern, by(AT_WORK, "concerns")),
    "concern in check": (lambda p: concern(p, state="checking"), NOTHING),
    "promise late": (late_promise, by(AT_WORK, "concerns")),
    "reply late": (late_reply, by(AT_WORK, "concerns")),
    "office not reached": (office_not_reached, by(AT_WORK, "office_not_reached")),
    "office reminded again": (lambda p: office_not_reached(p, again=True), NOTHING),
    "office not reached, but closed": (lambda p: office_not_reached(p, closed=True), NOTHING),
    "follow-up tomorrow": (lambda p: follow_up(p, 1), NOTHING),
    "follow-up today": (lambda p: follow_up(p, 0), by(("mediator",), "follow_ups")),
    "photo without a sentence": (photo, by(("mediator",), "photos")),
    "table not stored": (imported, by(("mediator",), "import_open")),
    "table stored": (lambda p: imported(p, stored=True), NOTHING),
    "a day of a series": (
        lambda p: factories.make_series(
            p.kiv, p.town, starts_on=today() - 7 * DAY, weekday=today().isoweekday()
        ),
        by(("mediator",), "series"),
    ),
}


@pytest.mark.parametrize("state", LOG)
def test_concerns_and_the_log_wait_for_their_people(people: People, state: str) -> None:
    make, expected = LOG[state]
    make(people)
    assert seen(people) == expected


def test_concerns_are_one_line(people: People) -> None:
    concern(people)
    concern(people, reported_on=dt.date(2022, 1, 2))
    late_promise(people)
    late_reply(people)
    (duty,) = work_of(people.contact, today())
    assert (duty.what, duty.why) == (
        "Anliegen ansehen",
        "2 neue Meldungen, 1 überfällige Zusage, 1 überfällige Antwort",
    )
    assert (duty.url, duty.day) == ("/anliegen/?state=due", dt.date(2022, 1, 2))


def test_who_has_left_has_no_work(people: People) -> None:
    """Every role ended yesterday; the own log of a mediator stays."""
    draft(people, -1)
    concern(people)
    for model in (MunicipalityContact, CountyStaff):
        model.objects.update(ends_on=today() - DAY)
    people.kiv.appointments.update(ends_on=today() - DAY)
    assert seen(people) == NOTHING


# --- the list


def test_what_waits_longest_comes_first(people: People) -> None:
    draft(people, 3)
    concern(people, reported_on=today() - 5 * DAY)
    factories.make_report(
        people.town, state="planned", due_on=today() - DAY,
        period_start=dt.date(2023, 1, 1), period_end=dt.date(2023, 12, 31),
    )  # fmt: skip
    assert [(duty.kind, duty.is_late) for duty in work(people.contact)] == [
        ("concerns", False),
        ("report_begin", True),
        ("report_write", False),
    ]


def test_one_question_to_the_database_however_much_waits(people: People) -> None:
    def queries(name: str) -> int:
        user = fresh(people, name)
        work_of(user, today())  # roles are read
        with CaptureQueriesContext(connection) as found:
            work_of(user, today())
        return len(found)

    before = {name: queries(name) for name in named(people)}
    assert before == dict.fromkeys(named(people), 0) | {
        "coordinator": 1, "contact": 1, "mediator": 1, "councillor": 1, "stranger": 1
    }  # fmt: skip
    for number in range(3):
        concern(people)
        factories.make_report(
            people.town, due_on=today(), period_start=dt.date(2000 + number, 1, 1),
            period_end=dt.date(2000 + number, 12, 31),
        )  # fmt: skip
    assert {name: queries(name) for name in named(people)} == before


def test_every_kind_is_met_here() -> None:
    tables = (REPORT, TOWN, LOG)
    met = {kind for table in tables for _, who in table.values() for kinds in who.values() for kind in kinds}
    assert met == set(KINDS)


@pytest.mark.parametrize("name", [*("coordinator", "contact", "mediator", "councillor", "other_county")])
def test_every_line_leads_to_a_page_that_its_reader_may_open(people: People, name: str) -> None:
    for make in (
        file_failed,
        asked_too,
        photo,
        follow_up_today,
        imported,
        mail_failed,
        late_promise,
        post_of_calw,
    ):
        make(people)
    work = work_of(fresh(people, name), today())
    assert work
    client = people.client(name)
    assert [(duty.kind, client.get(duty.url).status_code) for duty in work] == [
        (duty.kind, 200) for duty in work
    ]


def asked_too(people: People) -> None:
    report = factories.make_report(
        people.town, period_start=dt.date(2023, 1, 1), period_end=dt.date(2023, 12, 31), due_on=today()
    )
    report.snapshots.create(
        number=1, data=to_json(snapshot_of(report, dated=today())), taken_by=people.contact
    )
    factories.take_to(report, "delivered", by=people.coordinator)
    session(report, 5)
    CouncilQuestion.objects.create(report=report, text="Was kostet die Rampe?")


def follow_up_today(people: People) -> None:
    follow_up(people, 0)


def post_of_calw(people: People) -> None:
    """It is vacant from the beginning."""


# --- pages


def test_the_start_page_shows_the_beginning_and_leads_to_the_rest(people: People) -> None:
    for number in range(11):
        factories.make_report(
            people.town, due_on=today() - DAY,
            period_start=dt.date(2000 + number, 1, 1), period_end=dt.date(2000 + number, 12, 31),
        )  # fmt: skip
    client = people.client("contact")
    start = client.get("/start/").content.decode()
    assert start.count("Zwischenbericht Leonberg schreiben") == 10
    assert "Alles, was ansteht (11)" in start
    assert client.get("/aufgaben/").content.decode().count("Zwischenbericht Leonberg schreiben") == 11


def test_the_navigation_says_how_much_waits(people: People) -> None:
    draft(people, 0)
    concern(people)
    page = people.client("contact").get("/anliegen/").content.decode()
    assert '2<span class="sr-only"> Sachen stehen an</span>' in page
    assert "main-nav__number" not in people.client("newcomer").get("/start/").content.decode()


def test_the_county_looks_at_one_town(people: People) -> None:
    draft(people, -1)
    factories.make_report(people.other_town, due_on=today() - DAY)
    client = people.client("coordinator")
    page = client.get("/aufgaben/", {"ort": "leonberg"}).content.decode()
    assert ("Zwischenbericht Leonberg" in page, "Zwischenbericht Herrenberg" in page) == (True, False)
    for nonsense in ("", "nirgendwo"):
        assert "Zwischenbericht Herrenberg" in client.get("/aufgaben/", {"ort": nonsense}).content.decode()


def test_an_empty_list_says_so(people: People) -> None:
    assert "Gerade steht nichts an" in people.client("councillor").get("/aufgaben/").content.decode()
