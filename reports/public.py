"""Reads for everybody: what a town has published, and whether a file is what it says it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from reports.models import CouncilDecision, InterimReport, ReportEdition, ReportSnapshot

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from municipalities.models import Municipality


def public_decisions() -> QuerySet[CouncilDecision]:
    """What was resolved behind closed doors is not told; where no station is named the town hall has decided so."""
    return CouncilDecision.objects.exclude(consultation__is_public=False)


def public_reports(town: Municipality, moment: dt.datetime) -> list[InterimReport]:
    """The newest first, each with its `told_decisions`. Two queries."""
    told = Prefetch("decisions", public_decisions(), to_attr="told_decisions")
    reports = InterimReport.objects.public_at(moment).filter(municipality=town)
    return list(reports.prefetch_related(told).order_by("-period_end"))


@dataclass(frozen=True)
class Known:
    """A stand of a report that somebody has in hands. Of a report that is not public only town, period and number
    may be told.
    """

    snapshot: ReportSnapshot
    is_public: bool
    newest: int  # number of the newest edition

    @property
    def report(self) -> InterimReport:
        return self.snapshot.report

    @property
    def is_newest(self) -> bool:
        return self.snapshot.number == self.newest

    def editions(self) -> QuerySet[ReportEdition]:
        """Its files, as far as they may be told."""
        if not self.is_public:
            return ReportEdition.objects.none()
        return self.snapshot.editions.finished().order_by("requested_at", "pk")


def _snapshots() -> QuerySet[ReportSnapshot]:
    return ReportSnapshot.objects.select_related("report__municipality").defer("data")


def known_by_code(code: str, moment: dt.datetime) -> Known | None:
    """Two queries."""
    return _known(_snapshots().filter(code=code.strip().lower()).first(), moment)


def known_by_sum(sha256: str, moment: dt.datetime) -> tuple[Known, ReportEdition] | None:
    """The file with this checksum. Three queries."""
    edition = ReportEdition.objects.finished().filter(sha256=sha256).order_by("-requested_at").first()
    if edition is None:
        return None
    known = _known(_snapshots().get(pk=edition.snapshot_id), moment)
    return (known, edition) if known else None


def _known(snapshot: ReportSnapshot | None, moment: dt.datetime) -> Known | None:
    if snapshot is None:
        return None
    report = snapshot.report
    is_public = report.is_at_council and report.public_from is not None and report.public_from <= moment
    newest = ReportSnapshot.objects.filter(report=report).values_list("number", flat=True)[:1]
    return Known(snapshot, is_public, newest[0])
