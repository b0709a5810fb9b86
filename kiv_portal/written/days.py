"""A day as people write it: "1.3.22", "3. Nov.", "Montag, 23.11.", "letzten Freitag", "vor drei Tagen"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from enum import Enum, auto
from zoneinfo import ZoneInfo

from kiv_portal.periods import add_months
from kiv_portal.written.reading import NUMBER_WORDS, Unclear, one_of, spelled

ZONE = ZoneInfo("Europe/Berlin")
FIRST_YEAR, LAST_YEAR = 1900, 2200
YEARS_AROUND = 8  # 29 February comes every four years, at the turn of most centuries after eight

DAYS_FROM_TODAY = {
    "heute": 0,
    "gestern": -1,
    "vorgestern": -2,
    "vorvorgestern": -3,
    "morgen": 1,
    "übermorgen": 2,
    "uebermorgen": 2,
}
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
MONTH_WORDS = {
    **{month.lower(): number for number, month in enumerate(MONTHS, start=1)},
    "jan": 1,
    "jänner": 1,
    "jän": 1,
    "feb": 2,
    "febr": 2,
    "mär": 3,
    "mrz": 3,
    "maerz": 3,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "juno": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "okt": 10,
    "nov": 11,
    "dez": 12,
}
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
WEEKDAY_WORDS = {
    **{day.lower(): number for number, day in enumerate(WEEKDAYS)},
    **{day.lower()[:2]: number for number, day in enumerate(WEEKDAYS)},
    "sonnabend": 5,
    "die": 1,
    "don": 3,
    "mon": 0,
    "mit": 2,
    "fre": 4,
    "sam": 5,
    "son": 6,
}
_ORDINALS = (
    *("erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt"),
    *(
        "elft",
        "zwölft",
        "dreizehnt",
        "vierzehnt",
        "fünfzehnt",
        "sechzehnt",
        "siebzehnt",
        "achtzehnt",
        "neunzehnt",
    ),
    *("zwanzigst", "einundzwanzigst", "zweiundzwanzigst", "dreiundzwanzigst", "vierundzwanzigst"),
    *("fünfundzwanzigst", "sechsundzwanzigst", "siebenundzwanzigst", "achtundzwanzigst", "neunundzwanzigst"),
    *("dreißigst", "einunddreißigst"),
)
ORDINALS = {
    f"{stem}{ending}": number
    for number, stem in enumerate(_ORDINALS, start=1)
    for ending in ("e", "en", "er", "em")
}

NOT_UNDERSTOOD = "Dieses Datum verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“."
ONE_DAY = "Bitte geben Sie einen einzelnen Tag an, zum Beispiel 1.3.2022."
WHICH_DAY = "Welcher Tag war es genau? Bitte schreiben Sie zum Beispiel 3. März."

_YEAR = r"(?:(?P<year>\d{4})|['’]?(?P<short>\d{2}))"
_MONTH = rf"(?P<word>{one_of(*MONTH_WORDS)})\.?"
_WEEKDAY = rf"(?P<weekday>{one_of(*WEEKDAY_WORDS)})\.?"
_COUNT = rf"(?P<count>\d{{1,3}}|{one_of(*NUMBER_WORDS)})"
_WHICH = {
    word: away
    for away, words in {
        -2: "vorletzten vorletzte vorletzter",
        -1: "letzten letzte letzter letztes vergangenen vergangene vergangener vorigen vorige voriger",
        0: "diesen diese dieser dieses",
        1: "nächsten nächste nächster kommenden kommende kommender",
    }.items()
    for word in words.split()
}
_WHICH_ONE = rf"(?:in )?(?:der |die )?(?P<which>{one_of(*_WHICH)})"
_WORD_BEFORE = re.compile(r"(?:(?:war|am|den|dem|der|vom|an) )+(?=.)")
_PART_OF_DAY = r"(?:früh|morgens?|vormittags?|mittags?|nachmittags?|abends?|nachts?)"
_CLOCK_BEHIND = re.compile(
    r"(?<=.)[ ,]+(?:(?:um|gegen|ab) )?\d{1,2}(?::\d{2}(?::\d{2})?(?: ?uhr)?|(?:\.\d{2})? ?uhr)$"
)
_DOT_BEHIND_WORD = re.compile(r"(?<=[^\W\d])[.!]$")
_PART_BEHIND = re.compile(rf"(?<=.)[ ,]+(?:am )?{_PART_OF_DAY}$")
_PART_OF_WEEKDAY = re.compile(rf"({one_of(*(day.lower() for day in WEEKDAYS))}){_PART_OF_DAY}")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[t ](\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)? ?(z|[+-]\d{2}:?\d{2})?)?"
)
_AGO = re.compile(rf"(?:heute )?(?P<way>vor|in) {_COUNT} (?P<unit>tag|woche|monat|jahr)(?:e|en|n)?")
_WEEKDAY_AND_DAY = re.compile(rf"{_WEEKDAY}[, ]+(?P<day>.*\d.*|.*(?:{one_of(*MONTH_WORDS)}).*)")
_WHICH_WEEKDAY = re.compile(rf"(?:{_WHICH_ONE} )?{_WEEKDAY}")
_WEEK_AND_WEEKDAY = re.compile(rf"{_WHICH_ONE} woche,?(?: am)? {_WEEKDAY}")
_WEEKDAY_AND_WEEK = re.compile(rf"{_WEEKDAY} {_WHICH_ONE} woche")
_DAY_AND_MONTH_WORD = re.compile(rf"(?P<day>\d{{1,2}})[.,]? ?{_MONTH},? ?{_YEAR}?")
_ORDINAL_AND_MONTH_WORD = re.compile(rf"(?P<ordinal>{one_of(*ORDINALS)}) {_MONTH} ?{_YEAR}?")
_NUMBERS = re.compile(rf"(?P<day>\d{{1,2}}) ?[.,/\- ] ?(?P<month>\d{{1,2}}) ?[.,/\- ] ?{_YEAR}\.?")
_NUMBERS_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})")
_EIGHT_DIGITS = re.compile(r"\d{8}")
_DAY_AND_MONTH = re.compile(r"(?P<day>\d{1,2}) ?[./] ?(?P<month>\d{1,2}) ?\.?")
_DAY_ALONE = re.compile(rf"(?P<day>\d{{1,2}})\.|(?P<ordinal>{one_of(*ORDINALS)})")
_MONTH_ALONE = re.compile(rf"(?:(?:im|anfang|mitte|ende) )*{_MONTH}(?: ?\d{{4}})?|(?:anfang|mitte|ende) .*")
_SEVERAL_DAYS = re.compile(r"(?:vom )?\d{1,2}\.(?:\d{1,2}\.(?:\d{2,4})?)? ?(?:[-–—+/]|bis|und) ?\d{1,2}\..*")


class When(Enum):
    """Which of the days is asked for that a text without a year, a month or a week may mean."""

    PAST = auto()  # the latest one that is not to come
    COMING = auto()  # the next one that is not gone by
    ANY = auto()  # the nearest one by month and day; of a weekday nobody knows


def read_day(text: str, today: dt.date, *, when: When = When.ANY) -> dt.date | Unclear:
    """The day that the text means as of today. A weekday that does not fit its date is asked about."""
    day = _read(spelled(text), today, when)
    if isinstance(day, dt.date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Unclear(NOT_UNDERSTOOD)
    return day


def in_words(day: dt.date) -> str:
    """ "Montag, 16.03.2026": clear by itself, and read as this day again."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}"


def as_said(day: dt.date, today: dt.date) -> str:
    """ "heute", "gestern", "vorgestern", or "am Montag, 16.03.2026"."""
    words = {away: word for word, away in DAYS_FROM_TODAY.items() if -2 <= away <= 0}
    return words.get((day - today).days, f"am {in_words(day)}")


def _read(text: str, today: dt.date, when: When) -> dt.date | Unclear:
    if match := _ISO.fullmatch(text):
        return _of_iso(match)
    text = _DOT_BEHIND_WORD.sub("", text)
    text = _PART_OF_WEEKDAY.sub(r"\1", _PART_BEHIND.sub("", _CLOCK_BEHIND.sub("", text)))
    text = _WORD_BEFORE.sub("", text, count=1) if _WORD_BEFORE.match(text) else text
    if text in DAYS_FROM_TODAY:
        return today + dt.timedelta(days=DAYS_FROM_TODAY[text])
    if match := _AGO.fullmatch(text):
        return _ago(match, today)
    if _SEVERAL_DAYS.fullmatch(text):
        return Unclear(ONE_DAY)
    for pattern, read in (
        (_WHICH_WEEKDAY, _of_weekday),
        (_WEEK_AND_WEEKDAY, _of_week),
        (_WEEKDAY_AND_WEEK, _of_week),
        (_WEEKDAY_AND_DAY, _of_weekday_and_day),
        (_DAY_ALONE, _of_day_alone),
    ):
        if match := pattern.fullmatch(text):
            return read(match, today, when)
    for pattern in (
        _DAY_AND_MONTH_WORD,
        _ORDINAL_AND_MONTH_WORD,
        _NUMBERS_YEAR_FIRST,
        _NUMBERS,
        _DAY_AND_MONTH,
    ):
        if match := pattern.fullmatch(text):
            return _of_parts(match.groupdict(), today, when)
    if _EIGHT_DIGITS.fullmatch(text):
        return _of_eight_digits(text)
    return Unclear(WHICH_DAY if _MONTH_ALONE.fullmatch(text) else NOT_UNDERSTOOD)


def _of_iso(match: re.Match[str]) -> dt.date | Unclear:
    year, month, day = (int(part) for part in match.groups()[:3])
    found = _date(year, month, day)
    if match[6] is None or isinstance(found, Unclear):
        return found
    try:  # a moment somewhere is a day here
        offset = "+00:00" if match[6] == "z" else match[6]
        moment = f"{found.isoformat()}T{int(match[4]):02d}:{match[5]}{offset}"
        return dt.datetime.fromisoformat(moment).astimezone(ZONE).date()
    except (ValueError, OverflowError):
        return Unclear(NOT_UNDERSTOOD)


def _ago(match: re.Match[str], today: dt.date) -> dt.date | Unclear:
    count = _number(match["count"]) * (-1 if match["way"] == "vor" else 1)
    unit = match["unit"]
    try:
        if unit in ("tag", "woche"):
            return today + dt.timedelta(days=count * (7 if unit == "woche" else 1))
        return add_months(today, count * (12 if unit == "jahr" else 1))
    except (ValueError, OverflowError):
        return Unclear(NOT_UNDERSTOOD)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else NUMBER_WORDS[text]


def _of_weekday(match: re.Match[str], today: dt.date, when: When) -> dt.date | Unclear:
    wanted = WEEKDAY_WORDS[match["weekday"]]
    ago = (today.weekday() - wanted) % 7
    last = today - dt.timedelta(days=ago or 7)
    coming = today + dt.timedelta(days=7 - ago)
    if match["which"]:
        which = _WHICH[match["which"]]
        if which == 0:
            return today - dt.timedelta(days=today.weekday() - wanted)
        if which < 0:
            return last + dt.timedelta(days=7 * (which + 1))
        if coming.isocalendar().week != today.isocalendar().week:
            return coming
        return _asked(f"Welchen {WEEKDAYS[wanted]} meinen Sie?", coming, coming + dt.timedelta(days=7))
    name = WEEKDAYS[wanted]
    if ago == 0:
        others = {When.PAST: (last,), When.COMING: (coming,), When.ANY: (last, coming)}[when]
        return _asked(f"Heute ist {name}. Welchen {name} meinen Sie?", today, *others)
    if when == When.ANY:
        return _asked(f"Welchen {name} meinen Sie?", last, coming)
    return last if when == When.PAST else coming


def _of_week(match: re.Match[str], today: dt.date, when: When) -> dt.date:
    monday = today - dt.timedelta(days=today.weekday())
    return monday + dt.timedelta(days=7 * _WHICH[match["which"]] + WEEKDAY_WORDS[match["weekday"]])


def _of_weekday_and_day(match: re.Match[str], today: dt.date, when: When) -> dt.date | Unclear:
    wanted = WEEKDAY_WORDS[match["weekday"]]
    day = _read(match["day"].strip(), today, when)
    if isinstance(day, Unclear) or day.weekday() == wanted:
        return day
    away = (wanted - day.weekday() + 3) % 7 - 3  # the nearest one
    return _asked(
        f"Der {day:%d.%m.%Y} ist ein {WEEKDAYS[day.weekday()]}, kein {WEEKDAYS[wanted]}. Welcher Tag war es?",
        *(day, day + dt.timedelta(days=away)),
    )


def _of_day_alone(match: re.Match[str], today: dt.date, when: When) -> dt.date | Unclear:
    number = ORDINALS[match["ordinal"]] if match["ordinal"] else int(match["day"])
    first = today.replace(day=1)
    months = (add_months(first, away) for away in range(-YEARS_AROUND, YEARS_AROUND + 1))
    found = [day for one in months if isinstance(day := _date(one.year, one.month, number), dt.date)]
    last, coming = _around(found, today)
    if last is None or coming is None:
        return Unclear(f"Den {number}. eines Monats gibt es nicht.")
    if when == When.ANY and last != coming:
        return _asked(f"Welchen {number}. meinen Sie?", last, coming)
    return last if when == When.PAST else coming


def _of_parts(parts: dict[str, str | None], today: dt.date, when: When) -> dt.date | Unclear:
    word, ordinal = parts.get("word"), parts.get("ordinal")
    month = MONTH_WORDS[word] if word else int(parts.get("month") or 0)
    day = ORDINALS[ordinal] if ordinal else int(parts.get("day") or 0)
    if year := parts.get("year"):
        return _date(int(year), month, day)
    if short := parts.get("short"):
        return _date(int(short) + (1900 if int(short) > 68 else 2000), month, day)
    years = range(today.year - YEARS_AROUND, today.year + YEARS_AROUND + 1)
    found = [found for year in years if isinstance(found := _date(year, month, day), dt.date)]
    last, coming = _around(found, today)
    if last is None or coming is None:
        return _impossible(f"{day}.{month}.", month, day)
    if when == When.ANY:
        return min(last, coming, key=lambda candidate: abs(candidate - today))
    return last if when == When.PAST else coming


def _of_eight_digits(text: str) -> dt.date | Unclear:
    """ "01032022" or "20220301": never both, for no month has a number from 19 on."""
    found = (
        _date(int(text[4:]), int(text[2:4]), int(text[:2])),
        _date(int(text[:4]), int(text[4:6]), int(text[6:])),
    )
    days = (day for day in found if isinstance(day, dt.date) and FIRST_YEAR <= day.year <= LAST_YEAR)
    return next(days, Unclear(NOT_UNDERSTOOD))


def _around(days: Iterable[dt.date], today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The last one until today, and the first one from today on."""
    ordered = sorted(days)
    last = max((day for day in ordered if day <= today), default=None)
    return last, min((day for day in ordered if day >= today), default=None)


def _date(year: int, month: int, day: int) -> dt.date | Unclear:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return _impossible(f"{day}.{month}.{year}", month, day)


def _impossible(written: str, month: int, day: int) -> Unclear:
    if 1 <= month <= 12 and 1 <= day <= 31:
        return Unclear(f"Den {written} gibt es nicht. Bitte prüfen Sie das Datum.")
    return Unclear(NOT_UNDERSTOOD)


def _asked(sentence: str, *days: dt.date) -> Unclear:
    return Unclear(sentence, tuple(in_words(day) for day in days))
