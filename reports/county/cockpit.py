"""The county's cockpit: where every town's report stands, as rows of one table that a page sorts and a file holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from kiv_portal.documents.spreadsheets import Cell, Heading
from kiv_portal.german_order import german_key
from kiv_portal.periods import Period
from municipalities.models import CooperationAgreement, County, Municipality
from reports.council.decision_models import CouncilDecision
from reports.council.models import Consultation
from reports.county.figures import council_of, owes_decision, reports_of
from reports.editions.models import FileKind, ReportFile
from reports.steps.models import InterimReport, ReportState

NOT_BEGUN = "none"  # the "state" of a town without a report of the period


@dataclass
class ReportRow:
    """A town and its report of the period; without one the town stands there alone."""

    town: Municipality
    agreement: CooperationAgreement | None
    report: InterimReport | None = None
    files: list[ReportFile] = field(default_factory=list)  # the latest of each kind of the newest snapshot
    consultation: Consultation | None = None
    decision: CouncilDecision | None = None

    @property
    def state(self) -> str:
        return self.report.state if self.report else NOT_BEGUN

    @property
    def state_name(self) -> str:
        return self.report.get_state_display() if self.report else "noch keiner"

    @property
    def is_overdue(self) -> bool:
        return bool(self.report and self.report.is_overdue)

    @property
    def done(self) -> int:
        return sum(file.is_done for file in self.files)

    @property
    def failed(self) -> int:
        return sum(file.has_failed for file in self.files)

    @property
    def failed_text(self) -> str:
        return f"{self.failed} nicht gelungen"

    @property
    def unfinished(self) -> int:
        return sum(file.is_unfinished for file in self.files)

    @property
    def is_frozen(self) -> bool:
        return self.state in ReportState.frozen

    @property
    def owes_decision(self) -> bool:
        return self.report is not None and owes_decision(self.report, self.decision)

    @property
    def council(self) -> str:
        return self.consultation.committee if self.consultation else "Gemeinderat"

    @property
    def session_on(self) -> dt.date | None:
        return self.consultation.session_on if self.consultation else None


def cockpit_rows(county: County, period: Period, today: dt.date) -> list[ReportRow]:
    """Every town that took part in the period, by name, each with its reports of it. Five queries."""
    start, end = period
    agreements: dict[int, CooperationAgreement] = {}
    for agreement in (
        CooperationAgreement.objects.filter(municipality__county=county)
        .overlapping(start, end)
        .select_related("municipality")
        .order_by("starts_on")
    ):
        agreements[agreement.municipality_id] = agreement
    reports = list(reports_of(county, start, end).with_town().with_overdue(today).order_by("period_start"))
    files = _files_of(reports)
    consultations, decisions = council_of(reports)
    rows = [
        ReportRow(
            report.municipality,
            agreements.get(report.municipality_id),
            report,
            files.get(report.pk, []),
            consultations.get(report.pk),
            decisions.get(report.pk),
        )
        for report in reports
    ]
    reported = {report.municipality_id for report in reports}
    rows += [
        ReportRow(agreement.municipality, agreement)
        for town, agreement in agreements.items()
        if town not in reported
    ]
    return sorted(rows, key=SORTS["kommune"])


def _files_of(reports: list[InterimReport]) -> dict[int, list[ReportFile]]:
    """{report id: the latest file of each kind of its newest snapshot}. One query, without the frozen data."""
    frozen = InterimReport.objects.filter(pk__in=[row.pk for row in reports], state__in=ReportState.frozen)
    latest: dict[tuple[int, str], ReportFile] = {}
    rows = ReportFile.objects.of_newest(frozen).select_related("snapshot").defer("snapshot__data", "verdict")
    for file in rows.order_by("requested_at", "pk"):
        latest[file.snapshot.report_id, file.kind] = file
    order = FileKind.values
    by_report: dict[int, list[ReportFile]] = {}
    for (report, _), file in sorted(latest.items(), key=lambda item: order.index(item[0][1])):
        by_report.setdefault(report, []).append(file)
    return by_report


# --- order and filter

COLUMNS = {
    "kommune": "Kommune",
    "vereinbarung": "Vereinbarung",
    "zeitraum": "Zeitraum",
    "faellig": "Fällig",
    "stand": "Stand",
    "ausgaben": "Dateien",
    "sitzung": "Sitzung",
    "beschluss": "Beschluss",
}
_STATES = [NOT_BEGUN, *ReportState.values]
SORTS: dict[str, Callable[[ReportRow], Any]] = {  # None: nothing to order by
    "kommune": lambda row: (
        german_key(row.town.name),
        row.report.period_start if row.report else dt.date.max,
    ),
    "vereinbarung": lambda row: row.agreement.starts_on if row.agreement else None,
    "zeitraum": lambda row: row.report.period_start if row.report else None,
    "faellig": lambda row: row.report.due_on if row.report else None,
    "stand": lambda row: _STATES.index(row.state),
    "ausgaben": lambda row: (-row.failed, row.done) if row.files else None,
    "sitzung": lambda row: row.session_on,
    "beschluss": lambda row: _by_decision(row),
}


def _by_decision(row: ReportRow) -> tuple[bool, dt.date] | None:
    """Who owes one first."""
    if not (row.owes_decision or row.decision):
        return None
    return not row.owes_decision, row.decision.decided_on if row.decision else dt.date.min


def in_order(rows: Iterable[ReportRow], sort: str) -> list[ReportRow]:
    """By a name of SORTS, with a "-" before it backwards; towns of the same value by name, those without one last."""
    by_name = sorted(rows, key=SORTS["kommune"])
    key = SORTS[sort.removeprefix("-")]
    with_value = [row for row in by_name if key(row) is not None]
    without = [row for row in by_name if key(row) is None]
    return sorted(with_value, key=key, reverse=sort.startswith("-")) + without


# --- as a file


def cockpit_headings() -> list[Heading]:
    return [
        Heading("Kommune", "Wessen Bericht.", width=22),
        Heading("Vereinbarung von", "Beginn der Kooperationsvereinbarung.", "date"),
        Heading("Vereinbarung bis", "Leer heißt: ohne festes Ende.", "date"),
        Heading("Zeitraum von", "Erster Tag, über den berichtet wird.", "date"),
        Heading("Zeitraum bis", "Letzter Tag, über den berichtet wird.", "date"),
        Heading("Fällig am", "Bis wann der Bericht eingereicht sein soll.", "date"),
        Heading("Überfällig", "ja, wenn der Tag vorbei und der Bericht noch in Arbeit ist."),
        Heading("Stand", "Wie weit der Bericht ist.", width=18),
        Heading("Dateien fertig", "Dateien der neuesten Fassung, die fertig sind.", "integer"),
        Heading("Dateien nicht gelungen", "Dateien, die noch einmal zu erstellen sind.", "integer", 24),
        Heading("Gremium", "Wer beschließt.", width=20),
        Heading("Sitzung am", "Leer heißt: noch nicht eingetragen.", "date"),
        Heading("Beschluss fehlt", "ja, wenn der Bericht zugestellt und noch nicht beschlossen ist."),
        Heading("Beschluss", "Was zuletzt beschlossen wurde, auch eine Vertagung.", width=30),
        Heading("Beschlossen am", "Tag der Sitzung.", "date"),
        Heading("Ja", "Stimmen dafür. Leer heißt: nicht eingetragen.", "integer"),
        Heading("Nein", "Stimmen dagegen.", "integer"),
        Heading("Enthaltungen", "Wer sich enthalten hat.", "integer"),
        Heading("Wortlaut", "Wie es im Protokoll steht. Leer, solange nichts beschlossen ist.", width=50),
        Heading("Auflagen", "Was der Gemeinderat dazu verlangt oder ändert.", width=40),
        Heading("Grund oder Auftrag", "Warum noch nichts beschlossen ist.", width=40),
        Heading("Berichtigt am", "Wann der Beschluss zuletzt berichtigt wurde.", "date"),
    ]


def cockpit_cells(row: ReportRow) -> list[Cell]:
    report, decision = row.report, row.decision
    return [
        row.town.name,
        row.agreement.starts_on if row.agreement else None,
        row.agreement.ends_on if row.agreement else None,
        report.period_start if report else None,
        report.period_end if report else None,
        report.due_on if report else None,
        "ja" if row.is_overdue else "",
        row.state_name,
        row.done,
        row.failed,
        row.council if report else "",
        row.session_on,
        "ja" if row.owes_decision else "",
        decision.get_kind_display() if decision else "",
        decision.decided_on if decision else None,
        *_decision_cells(decision),
    ]


def _decision_cells(decision: CouncilDecision | None) -> list[Cell]:
    if decision is None:
        return [None, None, None, "", "", "", None]
    corrected = timezone.localdate(decision.corrected_at) if decision.corrected_at else None
    return [
        *(decision.votes or (None, None, None)),
        decision.text,
        decision.conditions,
        decision.reason,
        corrected,
    ]
