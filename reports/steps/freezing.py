"""Taking a snapshot: everything a reader of the report will see, and what has changed under it since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.utils import timezone

from activities.concerns.queries import CONCERN_OUTCOMES, concern_totals, outcome_of
from activities.figures.totals import CROSS_CUTTING
from activities.models import Activity, ActivityQuerySet, ActivityResult, Concern, ConcernStep
from mediators.models import Appointment
from municipalities.models import CooperationAgreement
from reports.council.models import Consultation, ConsultationRole
from reports.figures.figures import activities_of, concerns_of, late_activities_of, report_figures
from reports.figures.models import ReportSnapshot
from reports.figures.snapshot import (
    SNAPSHOT_SCHEMA,
    Agreement,
    AppointedPerson,
    CouncilStep,
    EasyText,
    Example,
    FrozenPeriod,
    GroupCheck,
    ListedActivity,
    MonthSums,
    NamedSums,
    Outcome,
    Paper,
    PhotoGroup,
    PublicConcern,
    Snapshot,
    Texts,
    Totals,
    Town,
    TownConcerns,
    TownFieldSums,
)
from reports.steps.models import InterimReport
from reports.writing.photo_queries import named_concerns_of
from reports.writing.placeholders import fill_in_all
from reports.writing.queries import easy_check_of, easy_text_of, texts_of

EXAMPLES_PER_FIELD = 2


def snapshot_of(
    report: InterimReport,
    *,
    dated: dt.date,
    check_url: str = "",
    photos: Sequence[PhotoGroup] = (),
) -> Snapshot:
    """Everything a reader of the report will see.

    Frozen at submission and never computed again; every file is built from it alone, and from the photos that
    `photos` (reports.writing.photo_services.frozen_photos) names by their checksum.
    """
    figures = report_figures(report)
    rows = _listed(activities_of(report))
    return Snapshot(
        schema=SNAPSHOT_SCHEMA,
        municipality=_municipality(report),
        period=FrozenPeriod(start=report.period_start.isoformat(), end=report.period_end.isoformat()),
        agreement=_agreement(report),
        paper=paper_of(report),
        dated=dated.isoformat(),
        check_url=check_url,
        appointments=tuple(_appointment(appointment) for appointment in figures.appointments),
        vacant_days=figures.vacant_days,
        vacancies=tuple(
            FrozenPeriod(start=gap.start.isoformat(), end=gap.end.isoformat()) for gap in figures.vacancies
        ),
        totals=Totals(**asdict(figures.totals), activities_before=figures.activities_before),
        fields=tuple(
            TownFieldSums(**asdict(field), examples=_examples(rows, field.code)) for field in figures.fields
        ),
        months=tuple(
            MonthSums(**asdict(month) | {"month": f"{month.month:%Y-%m}"}) for month in figures.months
        ),
        kinds=tuple(NamedSums(**asdict(kind)) for kind in figures.kinds),
        results=tuple(NamedSums(**asdict(result)) for result in figures.results),
        concerns=_concerns(report),
        photos=tuple(photos),
        texts=Texts(**fill_in_all(texts_of(report), figures)),
        easy=_easy(report),
        activity_list=report.activity_list,
        activities=tuple(_activity(row) for row in rows),
        late=tuple(_activity(row) for row in _listed(late_activities_of(report))),
    )


def _listed(activities: ActivityQuerySet) -> list[Activity]:
    return list(activities.select_related("kind", "field").order_by("day", "pk"))


def paper_of(report: InterimReport) -> Paper:
    return paper_from(list(report.consultations.filter(deleted_at=None)), report)


def paper_from(consultations: Sequence[Consultation], report: InterimReport) -> Paper:
    """With the committee that decides in its head: the last one whose task it is."""
    deciding = [row for row in consultations if row.role == ConsultationRole.DECIDE] or consultations
    last = deciding[-1] if deciding else None
    return Paper(
        number=report.paper_number,
        subject="Kommunale Inklusionsvermittlung: Zwischenbericht",
        author=report.author,
        committee=last.committee if last else "",
        session_on=_iso(last.session_on) if last else None,
        is_public=last.is_public if last else True,
        consultations=tuple(_council_step(row) for row in consultations),
    )


def _council_step(row: Consultation) -> CouncilStep:
    return CouncilStep(
        committee=row.committee,
        session_on=_iso(row.session_on),
        item_number=row.item_number,
        role=row.get_role_display(),
        is_public=row.is_public,
    )


def _easy(report: InterimReport) -> EasyText | None:
    """None where nobody has written it."""
    section = easy_text_of(report)
    if section is None:
        return None
    check = easy_check_of(section)
    return EasyText(
        text=section.text,
        check=GroupCheck(date=check.checked_on.isoformat(), group=check.group, persons=check.persons)
        if check
        else None,
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _municipality(report: InterimReport) -> Town:
    town = report.municipality
    return Town(
        ags=town.ags,
        name=town.name,
        slug=town.slug,
        kind=town.get_kind_display(),
        population=town.population,
        population_on=_iso(town.population_on),
        county=town.county.name,
        administration=town.county.administration,
    )


def _agreement(report: InterimReport) -> Agreement | None:
    agreement = (
        CooperationAgreement.objects.filter(municipality=report.municipality_id)
        .overlapping(report.period_start, report.period_end)
        .order_by("starts_on")
        .last()
    )
    if agreement is None:
        return None
    return Agreement(
        signed_on=_iso(agreement.signed_on),
        starts_on=agreement.starts_on.isoformat(),
        ends_on=_iso(agreement.ends_on),
        reference=agreement.reference,
    )


def _appointment(appointment: Appointment) -> AppointedPerson:
    return AppointedPerson(
        name=appointment.mediator.user.full_name,
        starts_on=appointment.starts_on.isoformat(),
        ends_on=_iso(appointment.ends_on),
        form=appointment.get_form_display(),
        qualified_on=_iso(appointment.mediator.qualified_on),
        in_working_group=appointment.mediator.is_in_working_group,
    )


def _examples(rows: list[Activity], code: str) -> tuple[Example, ...]:
    """The most telling activities of a field: what was achieved first, then what has most to tell."""
    described = [row for row in rows if (row.field_code or CROSS_CUTTING) == code and row.description]
    achieved = (ActivityResult.DONE, ActivityResult.PROMISED)
    described.sort(key=lambda row: (row.result not in achieved, -len(row.description), row.pk))
    return tuple(
        Example(
            day=row.day.isoformat(),
            title=row.title,
            text=row.description,
            result=row.get_result_display(),
        )
        for row in described[:EXAMPLES_PER_FIELD]
    )


def _concerns(report: InterimReport) -> TownConcerns:
    """All are counted; only public ones that somebody has taken up are named. No contact address, no private link."""
    start, end = report.period_start, report.period_end
    numbers = concern_totals(concerns_of(report), start, end)
    return TownConcerns(
        total=numbers.total,
        reported=numbers.reported,
        outcomes=tuple(
            Outcome(code=code, name=CONCERN_OUTCOMES[code], concerns=number)
            for code, number in numbers.outcomes().items()
        ),
        fields=numbers.by_field(),
        confirmed=numbers.confirmed,
        public=tuple(_public_concerns(report)),
    )


def _public_concerns(report: InterimReport) -> Iterable[PublicConcern]:
    """By place, each with the sentence of the step it had come to at the period's end."""
    named = named_concerns_of(report).select_related("office", "field")
    rows = list(named.order_by("place", "reported_on", "pk"))
    last_steps = _last_steps(rows, report.period_end)
    return [_concern(row, last_steps[row.pk]) for row in rows]


def _last_steps(rows: list[Concern], end: dt.date) -> dict[int, ConcernStep]:
    steps = ConcernStep.objects.filter(concern__in=rows, taken_at__date__lte=end)
    return {step.concern_id: step for step in steps.order_by("taken_at", "pk")}


def _concern(row: Concern, step: ConcernStep) -> PublicConcern:
    outcome = outcome_of(step.state)
    return PublicConcern(
        title=row.title,
        place=row.place,
        field=row.field_code or CROSS_CUTTING,
        reported_on=row.reported_on.isoformat(),
        outcome=outcome,
        state=step.get_state_display(),
        since=timezone.localdate(step.taken_at).isoformat(),
        sentence=step.sentence,
        promised_until=_iso(row.promised_until) if outcome == "promised" else None,
        office=row.office.name if row.office else "",
    )


def _activity(row: Activity) -> ListedActivity:
    return ListedActivity(
        day=row.day.isoformat(),
        field=row.field_code or CROSS_CUTTING,
        also=tuple(row.further_fields),
        kind=row.kind.name,
        title=row.title,
        minutes=row.minutes,
        travel_minutes=row.travel_minutes,
        people_reached=row.people_reached,
        result=row.get_result_display(),
    )


@dataclass(frozen=True)
class Change:
    """A number of the frozen report that would be another one today."""

    name: str
    frozen: int
    today: int

    @property
    def difference(self) -> int:
        return self.today - self.frozen


def changed_since(snapshot: ReportSnapshot) -> list[Change]:
    """What changed under a frozen report: only what came by another way than the log, which is closed meanwhile."""
    frozen = snapshot.frozen
    today = snapshot_of(snapshot.report, dated=dt.date.fromisoformat(frozen.dated))
    then, now = frozen.totals, today.totals
    changes = [
        Change("Aktivitäten", then.activities, now.activities),
        Change("Minuten im Einsatz", then.minutes, now.minutes),
        Change("erreichte Personen", then.people_reached, now.people_reached),
        Change("Minuten Fahrzeit", then.travel_minutes or 0, now.travel_minutes or 0),
        Change("Auslagen in Cent", then.expenses_cents or 0, now.expenses_cents or 0),
    ]
    was = {row.code: row.concerns for row in frozen.concerns.outcomes}
    changes += [
        Change(f"Anliegen: {row.name}", was.get(row.code, 0), row.concerns) for row in today.concerns.outcomes
    ]
    changes.append(Change("Tage ohne KIV", frozen.vacant_days, today.vacant_days))
    return [change for change in changes if change.difference]


def paper_changes(frozen: Paper, today: Paper) -> list[str]:
    """What of the sessions is another one today than in the frozen report, as sentences; [] for none."""
    was, now = _by_name(frozen.consultations), _by_name(today.consultations)
    if not was and frozen.session_on != today.session_on:  # frozen before the way was part of it
        return [f"{today.committee}: {_day(today.session_on)}, im Bericht {_day(frozen.session_on)}."]
    sentences = [f"{name}: steht noch nicht im Bericht." for name in now if name not in was]
    sentences += [f"{name}: steht im Bericht, ist aber entfernt." for name in was if name not in now]
    for name in now.keys() & was.keys():
        sentences += _differences(name, was[name], now[name])
    return sorted(sentences)


def _by_name(steps: Sequence[CouncilStep]) -> dict[str, CouncilStep]:
    """A committee that meets twice is named twice."""
    found: dict[str, CouncilStep] = {}
    for step in steps:
        name = f"{step.committee} ({step.role})"
        times = sum(known.startswith(name) for known in found)
        found[f"{name}, {times + 1}. Sitzung" if times else name] = step
    return found


def _differences(name: str, was: CouncilStep, now: CouncilStep) -> Iterable[str]:
    if was.session_on != now.session_on:
        yield f"{name}: Sitzung {_day(now.session_on)}, im Bericht {_day(was.session_on)}."
    if was.item_number != now.item_number:
        yield f"{name}: Punkt {now.item_number or 'offen'}, im Bericht {was.item_number or 'noch ohne Punkt'}."
    if was.is_public != now.is_public:
        yield f"{name}: jetzt {'öffentlich' if now.is_public else 'nicht öffentlich'}."


def _day(day: str | None) -> str:
    return f"am {dt.date.fromisoformat(day):%d.%m.%Y}" if day else "ohne Termin"
