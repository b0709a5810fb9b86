"""Lines of a table that are no entries: headings over months, sums, the header once more, rows with a number only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from activities.imports.columns import folded
from kiv_portal.written.days import MONTH_WORDS

MOST_CHARACTERS = 60  # of a heading
SUM = re.compile(
    r"summen?|gesamt(?:summe|stunden|zeit|dauer|ergebnis)?|insgesamt|total|übertrag|[σ∑]"
    r"|(?:zwischen|teil|monats|quartals|jahres|end)(?:summen?|stand|ergebnis)"
)
PERIOD = re.compile(r"monat|quartal|halbjahr|jahr|(?:kalender)?woche|kw|[qh][1-4]?|i{1,3}|iv")
AROUND = re.compile(
    r"de[rsmn]|die|das|für|im|in|vom?n?|bis|pro|je|und|aller?|stunden?|std|h|min|minuten|zeit|dauer|eur|euro|km|kilometer"
    r"|personen|aktivitäten|termine|einträge|auslagen|jahres|monats"
)
WORD = re.compile(r"[^\W\d_]+\d?|\d+|[∑Σ]")
YEAR = re.compile(r"(?:19|20|21)\d\d")
FIRST_OF_MONTH = re.compile(r"0?1\.(0?[1-9]|1[0-2])\.(\d{4})")  # what a spreadsheet makes of "Januar 2026"
MONTH_AND_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])\s?/\s?(?:19|20|21)\d\d")
A_DAY = re.compile(r"\d{1,2}\s*[.,/-]\s*(\d|[^\W\d])|\d{4}-\d")
NUMBERS = ("minutes", "hours", "travel_minutes", "people_reached", "expenses")
FREE_TEXTS = ("description", "internal_note", "place", "result_note")

PART_OF_DAY = re.compile(r"((?:[^\W\d]{2,10}\.?,? ?)?\d{1,2})\.?(?: ?(\d{1,2})\.?)?")  # "3.", "Mo 3.1."

IS_HEADER = "Diese Zeile wiederholt die Überschriften der Spalten und wird nicht übernommen."
IS_HEADING = "Diese Zeile ist eine Überschrift („{}“) und wird nicht übernommen."
IS_SUM = "Diese Zeile ist eine Summe („{}“) und wird nicht übernommen."
ONLY_NUMBERS = "Diese Zeile hat nur Zahlen, wie eine Summe. Ohne Datum und Titel wird sie nicht übernommen."
NOTHING = "In dieser Zeile steht nichts in den Spalten, die Sie zugeordnet haben. Sie wird nicht übernommen."


def no_entry(line: Sequence[str], cells: Mapping[str, str], header: Sequence[str]) -> str:
    """Why the line is no entry, as a German sentence; "" if it may be one. `cells` are {column's meaning: text}."""
    texts = [text for text in line if text]
    if header and [folded(text) for text in line] == [folded(text) for text in header]:
        return IS_HEADER
    if not any(cells.values()):
        return _lonely(texts) or NOTHING
    if sum_text := _sum_of(line, cells):
        return IS_SUM.format(_short(sum_text))
    day, title = cells.get("day", ""), cells.get("title", "")
    filled = {target for target, text in cells.items() if text}
    if filled <= set(NUMBERS):
        return ONLY_NUMBERS if filled & {"minutes", "hours"} else ""
    if filled <= {"day", "title", *NUMBERS} and not (day and title):
        said, is_alone = day or title, len(texts) == 1
        if is_period(said) or (is_alone and day and (_is_words(day) or FIRST_OF_MONTH.fullmatch(day))):
            return IS_HEADING.format(_short(said))
    return ""


def _lonely(texts: list[str]) -> str:
    """In columns that are not taken over: a heading is said to be one."""
    if len(texts) == 1 and (_is_words(texts[0]) or is_period(texts[0])):
        return IS_HEADING.format(_short(texts[0]))
    said = next(filter(is_sum, texts), "")
    return IS_SUM.format(_short(said)) if said else ""


def _sum_of(line: Sequence[str], cells: Mapping[str, str]) -> str:
    """The text that calls the line a sum: as its title or in the place of its date, else where both are missing."""
    day, title = cells.get("day", ""), cells.get("title", "")
    if is_sum(title) or is_sum(day):
        return title if is_sum(title) else day
    if day or title:
        return ""
    free = {cells.get(target, "") for target in FREE_TEXTS}
    return next((text for text in line if text not in free and is_sum(text)), "")


def is_sum(text: str) -> bool:
    """ "Summe", "Gesamt Januar 2026:", "Stunden insgesamt"; not "Gesamtelternbeirat"."""
    words = _words(text)
    return any(map(SUM.fullmatch, words)) and all(
        SUM.fullmatch(word) or AROUND.fullmatch(word) or _is_of_period(word) for word in words
    )


def is_period(text: str) -> bool:
    """ "Januar 2026", "1. Quartal", "KW 12", "2026", "01/2026"; not "3. Januar"."""
    if YEAR.fullmatch(text.strip()) or MONTH_AND_YEAR.fullmatch(text.strip()):
        return True
    words = _words(text)
    has_period = any(map(PERIOD.fullmatch, words))
    has_month = any(word in MONTH_WORDS for word in words) and not A_DAY.search(text)
    return (has_period or has_month) and all(map(_is_of_period, words))


def _is_of_period(word: str) -> bool:
    return word in MONTH_WORDS or word.isdecimal() or bool(PERIOD.fullmatch(word))


def _is_words(text: str) -> bool:
    return (
        len(text) <= MOST_CHARACTERS and bool(re.search(r"[^\W\d]{2}", text)) and not re.search(r"\d", text)
    )


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower()) if 0 < len(text) <= MOST_CHARACTERS else []


def _short(text: str) -> str:
    month = FIRST_OF_MONTH.fullmatch(text)
    return " ".join(text.split()) if month is None else f"{int(month[1])}/{month[2]}"


@dataclass
class Above:
    """The month and year of the last headings: "3." below "Januar 2022" is a whole date."""

    month: int | None = None
    year: int | None = None
    said: str = ""

    def hear(self, line: Sequence[str]) -> None:
        for text in line:
            if found := _month_and_year(text):
                month, year = found
                self.month, self.year = month, year or self.year
                self.said = " ".join(text.split())

    def complete(self, day: str) -> str:
        """The text of a date with what the heading says; as it is where that is nothing, or says otherwise."""
        part = PART_OF_DAY.fullmatch(" ".join(day.split())[:30])
        if part is None or (part[2] and self.month not in (None, int(part[2]))):
            return day
        month, year = int(part[2] or self.month or 0), self.year
        if not month or (part[2] and not year):
            return day
        return f"{part[1]}.{month}.{year or ''}"


def _month_and_year(text: str) -> tuple[int | None, int | None] | None:
    """Of "Januar 2022", "Jan. 22", "01/2022", "2022", "01.01.2022"; None for what names neither."""
    if first := FIRST_OF_MONTH.fullmatch(text):
        return int(first[1]), int(first[2])
    if not is_period(text):
        return None
    numbers = [int(word) for word in _words(text) if word.isdecimal()]
    if MONTH_AND_YEAR.fullmatch(text):
        return numbers[0], numbers[1]
    month = next((MONTH_WORDS[word] for word in _words(text) if word in MONTH_WORDS), None)
    if month is None and not YEAR.fullmatch(text):
        return None
    year = numbers[-1] if numbers else None
    return month, 2000 + year if year is not None and year < 100 else year
