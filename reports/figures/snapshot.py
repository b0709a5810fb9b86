"""Everything a reader of the report will see, frozen as JSON; and what has changed under it since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from activities.concerns.queries import CONCERN_OUTCOMES, concern_totals, outcome_of
from activities.figures.totals import CROSS_CUTTING
from activities.models import Activity, ActivityResult, Concern, ConcernStep
from mediators.models import Appointment
from municipalities.models import CooperationAgreement
from reports.council.models import Consultation, ConsultationRole
from reports.figures.figures import activities_of, concerns_of, report_figures
from reports.figures.models import ReportSnapshot
from reports.steps.models import InterimReport
from reports.writing.photo_queries import named_concerns_of
from reports.writing.placeholders import fill_in_all
from reports.writing.queries import easy_check_of, easy_text_of, texts_of

# 2: travel, expenses, ranges and concerns. 3: consultations, easy language, the address where a file is checked.
# 4: photos. What an older one froze is still read.
SNAPSHOT_SCHEMA = 4
EXAMPLES_PER_FIELD = 2


def snapshot_of(
    report: InterimReport,
    *,
    dated: dt.date,
    check_url: str = "",
    photos: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Everything a reader of the report will see, as JSON: numbers are integers, days ISO strings.

    Frozen at submission and never computed again; every edition is built from it alone, and from the files that
    `photos` (reports.writing.photo_services.frozen_photos) names by their checksum.
    """
    figures = report_figures(report)
    rows = list(activities_of(report).select_related("kind", "field").order_by("day", "pk"))
    consultations = list(report.consultations.filter(deleted_at=None))
    return {
        "schema": SNAPSHOT_SCHEMA,
        "municipality": _municipality(report),
        "period": {"start": report.period_start.isoformat(), "end": report.period_end.isoformat()},
        "agreement": _agreement(report),
        "paper": {
            "number": report.paper_number,
            "subject": "Kommunale Inklusionsvermittlung: Zwischenbericht",
            "author": report.author,
            **_deciding(consultations),
            "consultations": [_consultation(row) for row in consultations],
        },
        "dated": dated.isoformat(),
        "check_url": check_url,
        "appointments": [_appointment(appointment) for appointment in figures.appointments],
        "vacant_days": figures.vacant_days,
        "vacancies": [{"start": _iso(v.start), "end": _iso(v.end)} for v in figures.vacancies],
        "totals": {**asdict(figures.totals), "activities_before": figures.activities_before},
        "fields": [
            {**asdict(field), "articles": list(field.articles), "examples": _examples(rows, field.code)}
            for field in figures.fields
        ],
        "months": [{**asdict(month), "month": f"{month.month:%Y-%m}"} for month in figures.months],
        "kinds": [asdict(kind) for kind in figures.kinds],
        "results": [asdict(result) for result in figures.results],
        "concerns": _concerns(report),
        "photos": list(photos),
        "texts": fill_in_all(texts_of(report), figures),
        "easy": _easy(report),
        "activities": [_activity(row) for row in rows],
    }


def _deciding(consultations: list[Consultation]) -> dict[str, Any]:
    """The committee that decides, for the head of the paper: the last one whose task it is."""
    deciding = [row for row in consultations if row.role == ConsultationRole.DECIDE] or consultations
    if not deciding:
        return {"committee": "", "session_on": None, "is_public": True}
    row = deciding[-1]
    return {"committee": row.committee, "session_on": _iso(row.session_on), "is_public": row.is_public}


def _consultation(row: Consultation) -> dict[str, Any]:
    return {
        "committee": row.committee,
        "session_on": _iso(row.session_on),
        "item_number": row.item_number,
        "role": row.get_role_display(),
        "is_public": row.is_public,
    }


def _easy(report: InterimReport) -> dict[str, Any] | None:
    """None where nobody has written it."""
    section = easy_text_of(report)
    if section is None:
        return None
    check = easy_check_of(section)
    return {
        "text": section.text,
        "check": {"date": _iso(check.checked_on), "group": check.group, "persons": check.persons}
        if check
        else None,
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _municipality(report: InterimReport) -> dict[str, Any]:
    town = report.municipality
    return {
        "ags": town.ags,
        "name": town.name,
        "slug": town.slug,
        "kind": town.get_kind_display(),
        "population": town.population,
        "population_on": _iso(town.population_on),
        "county": town.county.name,
        "administration": town.county.administration,
    }


def _agreement(report: InterimReport) -> dict[str, Any] | None:
    agreement = (
        CooperationAgreement.objects.filter(municipality=report.municipality_id)
        .overlapping(report.period_start, report.period_end)
        .order_by("starts_on")
        .last()
    )
    if agreement is None:
        return None
    return {
        "signed_on": _iso(agreement.signed_on),
        "starts_on": _iso(agreement.starts_on),
        "ends_on": _iso(agreement.ends_on),
        "reference": agreement.reference,
    }


def _appointment(appointment: Appointment) -> dict[str, Any]:
    return {
        "name": appointment.mediator.user.full_name,
        "starts_on": _iso(appointment.starts_on),
        "ends_on": _iso(appointment.ends_on),
        "form": appointment.get_form_display(),
        "qualified_on": _iso(appointment.mediator.qualified_on),
        "in_working_group": appointment.mediator.is_in_working_group,
    }


def _examples(rows: list[Activity], code: str) -> list[dict[str, str]]:
    """The most telling activities of a field: what was achieved first, then what has most to tell."""
    told = [row for row in rows if (row.field_code or "quer") == code and row.description]
    achieved = (ActivityResult.DONE, ActivityResult.PROMISED)
    told.sort(key=lambda row: (row.result not in achieved, -len(row.description), row.pk))
    return [
        {
            "day": row.day.isoformat(),
            "title": row.title,
            "text": row.description,
            "result": row.get_result_display(),
        }
        for row in told[:EXAMPLES_PER_FIELD]
    ]


def _concerns(report: InterimReport) -> dict[str, Any]:
    """All are counted; only public ones that somebody has taken up are named. No contact address, no private link."""
    start, end = report.period_start, report.period_end
    numbers = concern_totals(concerns_of(report), start, end)
    return {
        "total": numbers.total,
        "reported": numbers.reported,
        "outcomes": [
            {"code": code, "name": CONCERN_OUTCOMES[code], "concerns": number}
            for code, number in numbers.outcomes().items()
        ],
        "fields": numbers.by_field(),
        "public": _public_concerns(report),
    }


def _public_concerns(report: InterimReport) -> list[dict[str, Any]]:
    """By place, each with the sentence of the step it had come to at the period's end."""
    named = named_concerns_of(report).select_related("office", "field")
    rows = list(named.order_by("place", "reported_on", "pk"))
    last_steps = _last_steps(rows, report.period_end)
    return [_concern(row, last_steps[row.pk]) for row in rows]


def _last_steps(rows: list[Concern], end: dt.date) -> dict[int, ConcernStep]:
    steps = ConcernStep.objects.filter(concern__in=rows, taken_at__date__lte=end)
    return {step.concern_id: step for step in steps.order_by("taken_at", "pk")}


def _concern(row: Any, step: ConcernStep) -> dict[str, Any]:
    outcome = outcome_of(step.state)
    return {
        "title": row.title,
        "place": row.place,
        "field": row.field_code or CROSS_CUTTING,
        "reported_on": row.reported_on.isoformat(),
        "outcome": outcome,
        "state": step.get_state_display(),
        "since": timezone.localdate(step.taken_at).isoformat(),
        "sentence": step.sentence,
        "promised_until": _iso(row.promised_until) if outcome == "promised" else None,
        "office": row.office.name if row.office else "",
    }


def _activity(row: Activity) -> dict[str, Any]:
    return {
        "day": row.day.isoformat(),
        "field": row.field_code or "quer",
        "also": row.further_fields,
        "kind": row.kind.name,
        "title": row.title,
        "minutes": row.minutes,
        "travel_minutes": row.travel_minutes,
        "people_reached": row.people_reached,
        "result": row.get_result_display(),
    }


@dataclass(frozen=True)
class Change:
    """A number of the frozen stand that would be another one today."""

    name: str
    frozen: int
    today: int

    @property
    def difference(self) -> int:
        return self.today - self.frozen


def changed_since(snapshot: ReportSnapshot) -> list[Change]:
    """What changed under a frozen report: only what came by another way than the log, which is closed meanwhile."""
    data = snapshot.data
    today = snapshot_of(snapshot.report, dated=dt.date.fromisoformat(data["dated"]))
    names = {
        "activities": "Aktivitäten",
        "minutes": "Minuten im Einsatz",
        "people_reached": "erreichte Personen",
        "travel_minutes": "Minuten Fahrzeit",
        "expenses_cents": "Auslagen in Cent",
    }
    changes = [
        Change(name, data["totals"].get(key) or 0, today["totals"][key] or 0) for key, name in names.items()
    ]
    was = {row["code"]: row["concerns"] for row in (data.get("concerns") or {"outcomes": []})["outcomes"]}
    changes += [
        Change(f"Anliegen: {row['name']}", was.get(row["code"], 0), row["concerns"])
        for row in today["concerns"]["outcomes"]
    ]
    changes.append(Change("Tage ohne KIV", data["vacant_days"], today["vacant_days"]))
    return [change for change in changes if change.difference]
