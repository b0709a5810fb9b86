"""Which column of a brought table means what: the fields an import knows, and how their headers are recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kiv_portal.uploads.spreadsheet import MAX_HEADER_ROW, Line, Spreadsheet

MOST_WORDS = 40  # a column with more different words is text, nothing to choose from
MOST_SAMPLES = 3


@dataclass(frozen=True)
class Target:
    """A field that a column can fill. `words` are beginnings of headers, all in small letters."""

    key: str
    label: str
    words: tuple[str, ...]
    help: str
    example: str = ""
    is_required: bool = False


TARGETS = (
    Target("day", "Datum", ("datum", "tag", "wann", "am", "date"), "Ein Tag, der schon war. Zum Beispiel 1.3.2022.",
           "01.03.2022", True),
    Target("title", "Titel", ("titel", "aktivität", "tätigkeit", "thema", "betreff", "was", "bezeichnung", "anlass"),
           "Ein Satz, der auch im Bericht steht. Bitte keine Namen von Personen.", "Begehung der Grundschule", True),
    Target("minutes", "Dauer", ("dauer", "minuten", "zeit", "min", "wie lange"),
           "Minuten (90) oder Stunden und Minuten (1:30).", "1:30", True),
    Target("hours", "Dauer in Stunden",
           ("stunden", "std", "h", "dauer in stunden", "zeit in stunden", "dauer (std", "dauer (h"),
           "Wenn Ihre Spalte nur Stunden enthält: 1,5 heißt eineinhalb Stunden."),
    Target("kind", "Art", ("art", "typ", "kategorie"), "Der Name einer Art, wie er auf dem zweiten Blatt steht.",
           "Begehung"),
    Target("field", "Handlungsfeld", ("handlungsfeld", "feld", "bereich"),
           "Der Name eines Handlungsfelds oder „Querschnitt“.", "Bildung und Schule"),
    Target("further_fields", "Weitere Handlungsfelder", ("weitere",),
           "Mehrere trennen Sie mit einem Semikolon.", "Verkehr und Infrastruktur"),
    Target("municipality", "Kommune", ("kommune", "gemeinde", "stadt"),
           "Nur nötig, wenn Sie für mehrere Kommunen arbeiten.", ""),
    Target("description", "Was ist passiert?",
           ("was ist passiert", "beschreibung", "bemerkung", "inhalt", "text", "details"),
           "Der Text kann als Beispiel in den Bericht kommen. Bitte keine Namen und keine Diagnosen.",
           "Der Eingang bekommt eine Rampe."),
    Target("place", "Ort", ("ort", "wo", "treffpunkt"), "Wo es war.", "Grundschule am Markt"),
    Target("people_reached", "Erreichte Personen", ("erreichte", "personen", "teilnehmer", "teilnehmende", "anzahl"),
           "Eine Zahl (12), eine Spanne (10-20) oder eine Schätzung (ca. 15). Leer heißt: nicht gezählt.", "12"),
    Target("travel_minutes", "Fahrzeit", ("fahrzeit", "fahrtzeit", "anfahrt", "wegezeit"), "Wie die Dauer.", "20"),
    Target("expenses", "Auslagen in Euro", ("auslagen", "kosten", "ausgaben", "euro"), "Ein Betrag in Euro.", "4,50"),
    Target("result", "Ergebnis", ("ergebnis", "stand", "status"),
           "offen, zugesagt, umgesetzt, abgelehnt oder weitergegeben. Darf leer sein.", "zugesagt"),
    Target("result_note", "Erläuterung zum Ergebnis", ("erläuterung", "begründung", "grund"),
           "Nötig bei abgelehnt und weitergegeben: warum, oder an wen.", ""),
    Target("internal_note", "Interne Notiz", ("interne", "notiz", "vermerk"),
           "Lesen nur Sie und die Koordination im Landratsamt.", ""),
)  # fmt: skip
OWN_COLUMN = "Ergebnis der Prüfung"  # what the marked file adds; it means nothing when it comes back
BY_KEY = {target.key: target for target in TARGETS}
WITH_WORDS = ("kind", "field", "municipality", "result")  # a word that is not known can be given a meaning


def folded(text: str) -> str:
    """For comparing: small letters, one space, without the dot or colon at the end."""
    return " ".join(text.lower().split()).strip(" .:*")


def guess_target(header: str) -> str:
    """The key of the field that a header means, or an empty string. The longest matching word decides."""
    text = folded(header)
    if text == folded(OWN_COLUMN):
        return ""
    matches = [
        (len(word), target.key)
        for target in TARGETS
        for word in (*target.words, target.label.lower())
        if text == word or re.match(rf"{re.escape(word)}\b", text)
    ]
    return max(matches, default=(0, ""))[1]


def guess_targets(headers: list[str]) -> list[str]:
    """One for each column; no field twice, and of the two durations only the first."""
    targets: list[str] = []
    for header in headers:
        target = guess_target(header)
        taken = target in targets or (target in ("minutes", "hours") and {"minutes", "hours"} & set(targets))
        targets.append("" if taken else target)
    return targets


def header_line(lines: list[Line]) -> int:
    """Index of the line that names the columns: of the first ones that with the most known words."""

    def known(line: Line) -> int:
        return sum(bool(target) for target in guess_targets(line.cells))

    first = range(min(len(lines), MAX_HEADER_ROW))
    best = max(first, key=lambda index: (known(lines[index]), -index))
    if known(lines[best]):
        return best
    return next((index for index in first if sum(map(bool, lines[index].cells)) > 1), 0)


def describe_columns(spreadsheet: Spreadsheet) -> list[dict[str, object]]:
    """What the page shows of each column: header, the first values, and its words where there are few."""
    at = header_line(spreadsheet.lines)
    headers, below = spreadsheet.lines[at].cells, spreadsheet.lines[at + 1 :]
    described: list[dict[str, object]] = []
    for index, header in enumerate(headers):
        values = dict.fromkeys(line.cells[index] for line in below if line.cells[index])
        words = [value for value in values if len(value) <= 60]
        described.append(
            {
                "header": header[:80] or f"Spalte {index + 1}",
                "samples": [value[:60] for value in list(values)[:MOST_SAMPLES]],
                "words": words if len(words) == len(values) <= MOST_WORDS else [],
            }
        )
    return described
