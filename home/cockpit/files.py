"""The table as a file."""

from __future__ import annotations

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
    report = row.report
    return [
        row.town.name,
        row.town.ags,
        row.agreement and row.agreement.starts_on,
        row.agreement and row.agreement.ends_on,
        ", ".join(row.mediators),
        row.vacant_since,
        row.last_activity,
        row.open_concerns,
        row.overdue_concerns,
        report and report.period_start,
        report and report.period_end,
        report and report.due_on,
        report.get_state_display() if report else "noch keiner",
        report and report.session_on,  # type: ignore[attr-defined]
        row.decision_name,
        row.votes,
        row.wording,
        "; ".join(duty.what for duty in row.duties),
    ]
