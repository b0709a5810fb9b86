"""The table as a file."""

from __future__ import annotations

from typing import Any

from home.cockpit.queries import TownRow
from kiv_portal.documents.spreadsheets import Cell, Heading

HEADINGS = (
    Heading("Kommune", "Name der Kommune", width=24),
    Heading("AGS", "Amtlicher Gemeindeschlüssel", width=10),
    Heading("Vereinbarung ab", "Beginn der neuesten Vereinbarung", "date"),
    Heading("Vereinbarung bis", "Ende der neuesten Vereinbarung; leer: unbefristet", "date"),
    Heading("Inklusionsvermittlung", "Wer heute bestellt ist; leer: nicht besetzt", width=30),
    Heading("Nicht besetzt seit", "Tag nach dem Ende der letzten Bestellung", "date"),
    Heading("Letzte Aktivität", "Tag des jüngsten Eintrags", "date"),
    Heading("Anliegen offen", "Anliegen, die nicht abgeschlossen sind", "integer"),
    Heading("Anliegen überfällig", "Zusage oder Antwort ist überfällig", "integer"),
    Heading(
        "Bericht von",
        "Zeitraum des ältesten Berichts, der noch Arbeit macht, sonst des neuesten",
        "date",
    ),
    Heading("Bericht bis", "Ende des Zeitraums", "date"),
    Heading("Bericht fällig", "Tag, an dem er einzureichen ist", "date"),
    Heading("Stand", "Stand des Berichts"),
    Heading("Sitzung", "Nächste oder letzte Sitzung, die zu diesem Bericht eingetragen ist", "date"),
    Heading("Beschluss", "Zuletzt eingetragenes Ergebnis", width=28),
    Heading("Stimmen", "Wie abgestimmt wurde; leer: nicht eingetragen", width=28),
    Heading("Wortlaut", "Beschluss mit Auflagen, bei einer Vertagung ihr Grund", width=50),
    Heading("Steht an", "Was in Rathaus und Landratsamt ansteht", width=60),
)


def cells(row: TownRow) -> list[Cell]:
    return [
        row.town.name,
        row.town.ags,
        *_agreement(row),
        ", ".join(row.mediators),
        row.vacant_since,
        row.last_activity,
        row.open_concerns,
        row.overdue_concerns,
        *_report(row),
        row.decision_name,
        row.votes,
        row.wording,
        "; ".join(duty.what for duty in row.duties),
    ]


def _agreement(row: TownRow) -> list[Cell]:
    return [row.agreement.starts_on, row.agreement.ends_on] if row.agreement else [None, None]


def _report(row: TownRow) -> list[Cell]:
    report: Any = row.report  # with session_on
    if report is None:
        return [None, None, None, "noch keiner", None]
    state = report.get_state_display()
    return [report.period_start, report.period_end, report.due_on, state, report.session_on]
