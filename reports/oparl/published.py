"""What of the reports is public, each row with `created`, `modified` and, where it is gone, `deleted_at`.

`created` and `modified` say since when an object is like this *in public*: a program that asks for changes finds a
report that was written long ago and published today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.db.models import F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.text import slugify

from municipalities.models import Municipality
from reports.council.decision_models import CouncilDecision
from reports.council.models import Consultation
from reports.editions.models import ReportFile
from reports.renewals.models import NewEdition
from reports.steps.models import InterimReport

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Public(TypedDict):
    """What the rows of this module carry beside their own columns."""

    created: dt.datetime
    modified: dt.datetime


class WithConsultations(Public):
    shown_consultations: list[PublicConsultation]


class Replaceable(Public):
    replaced_by: int | None


class Withdrawn(Public):
    deleted_at: dt.datetime


@dataclass(frozen=True)
class Body:
    """A town that takes part or took part."""

    town: Municipality
    created: dt.datetime
    modified: dt.datetime


PublicReport: TypeAlias = "WithAnnotations[InterimReport, WithConsultations]"
WithdrawnReport: TypeAlias = "WithAnnotations[InterimReport, Withdrawn]"
PublicConsultation: TypeAlias = "WithAnnotations[Consultation, Public]"
PublicFile: TypeAlias = "WithAnnotations[ReportFile, Replaceable]"


@dataclass
class Group:
    """What has no row of its own, a committee or its sitting on one day: the consultations that name it."""

    town: Municipality
    slug: str
    consultations: list[PublicConsultation]

    @property
    def shown(self) -> list[PublicConsultation]:
        return [one for one in self.consultations if not one.deleted_at]

    @property
    def newest(self) -> PublicConsultation:
        return (self.shown or self.consultations)[-1]

    @property
    def created(self) -> dt.datetime:
        return min(one.created for one in self.consultations)

    @property
    def modified(self) -> dt.datetime:
        return max(one.modified for one in self.consultations)

    @property
    def deleted_at(self) -> dt.datetime | None:
        return None if self.shown else self.modified


def bodies(today: dt.date) -> list[Body]:
    history = Municipality.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"))  # type: ignore[attr-defined]
    changed = Subquery(history.order_by("-pgh_created_at").values("pgh_created_at")[:1])
    towns = (
        Municipality.objects.filter(agreements__starts_on__lte=today)
        .annotate(since=Min("agreements__starts_on"), changed=changed)
        .order_by("pk")
    )
    found = []
    for town in towns:
        created = first_moment(town.since)
        found.append(Body(town, created, max(created, town.changed or created)))
    return found


def papers(moment: dt.datetime) -> QuerySet[PublicReport]:
    """Public reports with `shown_consultations`. Also changed when a consultation or a file is."""
    mine = {"report": OuterRef("pk")}
    consultations_changed = consultations(moment).filter(**mine).order_by("-modified").values("modified")[:1]
    files_changed = (
        files(moment).filter(snapshot__report=OuterRef("pk")).order_by("-modified").values("modified")[:1]
    )
    return (
        InterimReport.objects.public_at(moment)
        .select_related("municipality")
        .annotate(
            created=_public_since(),
            modified=Greatest(_changed(), Subquery(consultations_changed), Subquery(files_changed)),
        )
        .order_by("pk")
        .prefetch_related(
            Prefetch(
                "consultations",
                consultations(moment)
                .filter(deleted_at=None)
                .order_by(F("session_on").asc(nulls_last=True), "pk"),
                to_attr="shown_consultations",
            )
        )
    )


def withdrawn(moment: dt.datetime) -> QuerySet[WithdrawnReport]:
    """Reports that were public and are no more, also those whose delivery was withdrawn: whoever shows them is told to
    take them away.
    """
    history = InterimReport.pgh_event_model.objects  # type: ignore[attr-defined]
    next_one = history.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__gt=OuterRef("pgh_id")).order_by("pgh_id")
    was_public = (
        history.filter(pgh_obj=OuterRef("pk"))
        .annotate(ended=Subquery(next_one.values("pgh_created_at")[:1]))
        .filter(public_from__lte=F("ended"))
    )
    return (
        InterimReport.objects.exclude(public_from__isnull=False, public_from__lte=moment)
        .select_related("municipality")
        .annotate(
            created=Subquery(was_public.order_by("pgh_id").values("public_from")[:1]),
            modified=Subquery(was_public.order_by("-pgh_id").values("ended")[:1]),
        )
        .filter(created__isnull=False)
        .annotate(deleted_at=F("modified"))
    )


def consultations(moment: dt.datetime, *changed: Subquery) -> QuerySet[PublicConsultation]:
    """Those of public reports in public sittings, and those that were removed since the report is public.

    `changed`: what else says that a consultation is not as it was.
    """
    was_shown = Q(deleted_at=None) | Q(deleted_at__gte=F("report__public_from"))
    return (
        Consultation.objects.filter(
            was_shown, report__in=InterimReport.objects.public_at(moment), is_public=True
        )
        .select_related("report__municipality")
        .annotate(
            created=Greatest("created_at", _public_since("report__")),
            modified=Greatest("updated_at", "deleted_at", _changed("report__", "report"), *changed),
        )
        .order_by("pk")
    )


def agenda(moment: dt.datetime) -> QuerySet[PublicConsultation]:
    """Consultations that have a day, with the decisions about their report; changed, too, when one is recorded or
    corrected.
    """
    decided = CouncilDecision.objects.filter(report=OuterRef("report")).annotate(
        changed=Greatest("recorded_at", "corrected_at")
    )
    last = Subquery(decided.order_by("-changed").values("changed")[:1])
    return consultations(moment, last).filter(session_on__isnull=False).prefetch_related("report__decisions")


def decision_at(consultation: Consultation) -> CouncilDecision | None:
    """What came out of this consultation: recorded for it, or for the day of its sitting if nobody said for which."""
    found = [
        decision
        for decision in consultation.report.decisions.all()
        if decision.consultation_id == consultation.pk
        or (decision.consultation_id is None and decision.decided_on == consultation.session_on)
    ]
    return found[-1] if found else None


def files(moment: dt.datetime) -> QuerySet[PublicFile]:
    """The files of public reports that passed their checks, none withdrawn. What a new edition has replaced while it
    was public stays, with `replaced_by`, the number of the new edition.
    """
    reports = InterimReport.objects.public_at(moment)
    newer = NewEdition.objects.delivered().filter(
        report=OuterRef("snapshot__report"), old_number=OuterRef("snapshot__number")
    )
    was_public = newer.filter(delivered_at__gte=F("report__public_from"))
    return (
        ReportFile.objects.filter(snapshot__report__in=reports)
        .annotate(
            replaced_by=Subquery(was_public.values("number")[:1]),
            replaced_at=Subquery(was_public.values("delivered_at")[:1]),
        )
        .filter(
            Q(snapshot__number=F("snapshot__report__delivered_number")) | Q(replaced_by__isnull=False),
            verdict__is_accessible=True,
        )
        .finished()
        .for_everybody()
        .select_related("snapshot__report__municipality")
        .defer("snapshot__data")
        .annotate(
            created=Greatest("finished_at", _public_since("snapshot__report__")),
            modified=Greatest(
                "finished_at", "replaced_at", _changed("snapshot__report__", "snapshot__report")
            ),
        )
        .order_by("pk")
    )


def _public_since(report: str = "") -> Greatest:
    return Greatest(f"{report}public_from", f"{report}delivered_at")


def _changed(prefix: str = "", report: str = "pk") -> Greatest:
    """The last change of a report. Its history knows: publishing may be dated back, and then only that tells when."""
    history = InterimReport.pgh_event_model.objects.filter(pgh_obj=OuterRef(report))  # type: ignore[attr-defined]
    last = Subquery(history.order_by("-pgh_created_at").values("pgh_created_at")[:1])
    return Greatest(f"{prefix}public_from", f"{prefix}delivered_at", Coalesce(last, f"{prefix}updated_at"))


def committees(rows: Iterable[PublicConsultation]) -> list[Group]:
    return _grouped(rows, committee_slug)


def sittings(rows: Iterable[PublicConsultation]) -> list[Group]:
    """A committee on a day is a sitting; consultations without a day are none yet."""
    return _grouped((row for row in rows if row.session_on), sitting_slug)


def _grouped(rows: Iterable[PublicConsultation], key: Callable[[Consultation], str]) -> list[Group]:
    found = groupby(sorted(rows, key=key), key)
    return [
        Group(members[0].report.municipality, slug, members)
        for slug, members in ((slug, list(group)) for slug, group in found)
    ]


def committee_slug(consultation: Consultation) -> str:
    return slugify(consultation.committee) or "gremium"


def sitting_slug(consultation: Consultation) -> str:
    return f"{committee_slug(consultation)}-{consultation.session_on:%Y-%m-%d}"


def first_moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def is_deleted(row: Any) -> bool:
    return bool(getattr(row, "deleted_at", None))
