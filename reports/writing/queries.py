"""What people read while they write: texts, their earlier stands, examples, and what waits for somebody."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from activities.models import Activity, ActivityResult, Concern, ConcernState
from reports.council.models import CouncilQuestion
from reports.figures.figures import activities_of
from reports.steps.models import InterimReport, InterimReportQuerySet
from reports.writing.models import EASY, EasyTextCheck, ReportComment, ReportSection, SectionKey
from reports.writing.photo_models import ReportPhoto

SAME_SITTING = dt.timedelta(minutes=10)
MOST_EXAMPLES = 8


def texts_of(report: InterimReport) -> dict[str, str]:
    """{section key: text} of the chapters, "" where nothing is written yet."""
    written = dict(ReportSection.objects.filter(report=report).values_list("key", "text"))
    return {key: written.get(key, "") for key in SectionKey.values}


def texts_written() -> Coalesce:
    """For `annotate`: how many texts of a report are written. Counted for the reports shown, not joined to all."""
    return _number(ReportSection.objects.filter(report=OuterRef("pk")).exclude(text="").exclude(key=EASY))


def with_open_matters(reports: InterimReportQuerySet) -> InterimReportQuerySet:
    """Adds what waits for somebody: `open_comments`, `open_questions`, and of the town's concerns up to the period's
    end `new_concerns` (nobody checks them) and `late_promises`; and how many `chosen_photos` there are.
    """
    end = OuterRef("period_end")
    concerns = Concern.objects.filter(municipality=OuterRef("municipality"))
    late = concerns.filter(
        state=ConcernState.PROMISED, promised_until__lt=Least(end, Value(timezone.localdate()))
    )
    return reports.annotate(
        open_comments=_number(ReportComment.objects.filter(report=OuterRef("pk"), settled_at=None)),
        open_questions=_number(CouncilQuestion.objects.waiting().filter(report=OuterRef("pk"))),
        new_concerns=_number(concerns.filter(state=ConcernState.REPORTED, reported_on__lte=end)),
        late_promises=_number(late),
        chosen_photos=_number(ReportPhoto.objects.filter(report=OuterRef("pk"))),
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many rows of a subquery, 0 for none."""
    counted = rows.order_by().annotate(all_alike=Value(1)).values("all_alike").annotate(n=Count("*"))
    return Coalesce(Subquery(counted.values("n")), 0)


def easy_text_of(report: InterimReport) -> ReportSection | None:
    return ReportSection.objects.filter(report=report, key=EASY).exclude(text="").first()


def easy_check_of(section: ReportSection) -> EasyTextCheck | None:
    """The newest check of exactly this text; another version is unchecked again."""
    return EasyTextCheck.objects.filter(report=section.report_id, text_version=section.version).first()


class Version(NamedTuple):
    """A stand of a text; what one person wrote within ten minutes is one stand."""

    number: int
    text: str
    written_at: dt.datetime
    written_by: str


def versions_of(section: ReportSection) -> list[Version]:
    """Newest first, from the history that triggers keep."""
    events = (
        ReportSection.pgh_event_model.objects.filter(pgh_obj=section.pk, version__gt=0)  # type: ignore[attr-defined]
        .order_by("pgh_id")
        .values_list("version", "text", "pgh_created_at", "updated_by__full_name")
    )
    stands: list[Version] = []
    for version, text, written_at, name in events:
        stand = Version(version, text, written_at, name or "nicht mehr bekannt")
        last = stands[-1] if stands else None
        if last and last.written_by == stand.written_by and written_at - last.written_at < SAME_SITTING:
            stands[-1] = stand
        elif not last or last.text != text:
            stands.append(stand)
    return stands[::-1]


def examples_for(report: InterimReport) -> list[Activity]:
    """Activities that are worth telling: what was achieved first, then what has most to tell."""
    told = activities_of(report).exclude(description="").order_by("-day")[:200]
    achieved = (ActivityResult.DONE, ActivityResult.PROMISED)
    return sorted(told, key=lambda row: (row.result not in achieved, -len(row.description)))[:MOST_EXAMPLES]
