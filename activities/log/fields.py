"""One row for every field of an entry: what it is called, and who reads it.

Form, privacy guard, search words, export, import, JSON interface, "once more" and the comparison of two entries read
this table, and a field without a row fails a test. The order of the rows is that of the columns of an export.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from django.utils import timezone

from activities.log.results import ActivityResult
from kiv_portal.documents.spreadsheets import Cell
from municipalities.programme.queries import Codes

LAST = 99
RESULTS = {"": "", **dict(ActivityResult.choices)}


class Part(StrEnum):
    """Of the form: the quick entry, which is enough, and the details below it by what they ask."""

    QUICK = ""
    WHERE = "Wann genau, wo und mit wem?"
    OUTCOME = "Was kam dabei heraus?"
    EFFORT = "Aufwand und Notiz"


@dataclass(frozen=True)
class Asked:
    """How the form asks. `names` are the form's own fields that fill this one; without them ModelForm does it all."""

    part: Part
    order: int = LAST
    help: str = ""
    names: tuple[str, ...] = ()
    is_taken_over: bool = False  # ActivityForm stores it itself: what is asked is no plain column
    is_half: bool = False  # stands beside another half one


@dataclass(frozen=True)
class Exported:
    """A column of CSV, XLSX and ODS. `sources` of the query, the field itself unless said; `cell` is made of them."""

    heading: str
    meaning: str
    sources: tuple[str, ...] = ()
    cell: Callable[..., Cell] | None = None
    cell_with_names: Callable[[Codes], Callable[..., Cell]] | None = None  # of fields of action
    kind: Literal["text", "date", "integer", "number"] = "text"
    width: int = 16


@dataclass(frozen=True)
class Shown:
    """In the JSON interface: the type there, where it comes from unless from the field, and the name unless its own."""

    type: Any
    source: str = ""
    description: str = ""
    name: str = ""


@dataclass(frozen=True)
class Imported:
    """A column of a table that a person imports: `words` are beginnings of its heading in small letters; `help` and
    `example` stand in the template.
    """

    words: tuple[str, ...]
    help: str
    order: int = LAST
    example: str = ""
    is_required: bool = False
    key: str = ""  # the field's name unless said
    label: str = ""  # the field's label unless said


@dataclass(frozen=True)
class ActivityField:
    """`label` is the model's. What is not said is no: a new field is seen by nobody before somebody has decided it."""

    name: str
    label: str = ""
    is_public: bool = False  # may stand in a report and in open data
    annex: str = ""  # its name in a report's list of activities; empty: not there
    is_guarded: bool = False  # the privacy guard reads it
    is_searched: bool = False
    is_inner: bool = False  # for whom the entry is by, and for the county; never for a town or a report
    is_compared: bool = True  # another value makes another entry
    is_repeated: bool = False  # "Ähnliche erfassen" starts with it: what is the same each time
    asked: Asked | None = None
    exported: tuple[Exported, ...] = ()
    shown: Shown | None = None
    imported: tuple[Imported, ...] = ()


# --- cells of an export


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)


def _local_day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None


def _clock(time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else ""


def _counting(is_estimated: bool, people: int | None) -> str:
    if people is None:
        return "nicht gezählt"
    return "geschätzt" if is_estimated else "gezählt"


def _late(is_late: bool) -> str:
    return "Nachtrag" if is_late else ""


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _field_name(name: str | None) -> str:
    return name or "Querschnitt"


def _field_names(fields: Codes) -> Callable[..., Cell]:
    return lambda codes, county: ", ".join(fields.name_of(county, code) for code in codes)


# --- the table

FIELDS = (
    ActivityField(
        "day",
        "Datum",
        is_public=True,
        annex="day",
        asked=Asked(Part.QUICK, 4),
        exported=(Exported("Datum", "Der Tag der Aktivität.", kind="date", width=12),),
        shown=Shown(dt.date),
        imported=(
            Imported(
                ("datum", "tag", "wann", "am", "date"),
                "Ein Tag, der schon war. Zum Beispiel 1.3.2022.",
                1,
                example="01.03.2022",
                is_required=True,
            ),
        ),
    ),
    ActivityField(
        "municipality",
        "Kommune",
        is_public=True,  # the report is the town's own: its list need not say it
        is_repeated=True,
        asked=Asked(Part.QUICK, 3),
        exported=(Exported("Kommune", "Wo sie zählt.", ("municipality__name",), width=20),),
        shown=Shown(str, "municipality.ags"),
        imported=(
            Imported(
                ("kommune", "gemeinde", "stadt"), "Nur nötig, wenn Sie für mehrere Kommunen arbeiten.", 7
            ),
        ),
    ),
    ActivityField(
        "mediator",
        "Person",
        exported=(Exported("Person", "Wer vermittelt hat.", ("mediator__user__full_name",), width=24),),
    ),
    ActivityField(
        "title",
        "Titel",
        is_public=True,
        annex="title",
        is_guarded=True,
        is_searched=True,
        is_repeated=True,
        asked=Asked(Part.QUICK, 1, "Ein Satz, der auch im Bericht steht. Bitte keine Namen von Personen."),
        exported=(Exported("Titel", "Was getan wurde, in einem Satz.", width=48),),
        shown=Shown(str),
        imported=(
            Imported(
                *(
                    ("titel", "aktivität", "tätigkeit", "thema", "betreff", "was", "bezeichnung", "anlass"),
                    "Ein Satz, der auch im Bericht steht. Bitte keine Namen von Personen.",
                    2,
                ),
                example="Begehung der Grundschule",
                is_required=True,
            ),
        ),
    ),
    ActivityField(
        "field",
        "Handlungsfeld",
        is_public=True,
        annex="field",
        is_repeated=True,
        asked=Asked(Part.QUICK, 6, is_taken_over=True),
        exported=(
            Exported(
                "Handlungsfeld",
                "Das führende Handlungsfeld. Querschnitt heißt: Arbeit für alle Felder.",
                ("field__name",),
                _field_name,
                width=26,
            ),
        ),
        shown=Shown(str | None, "field_code", "Handlungsfeld; null heißt Querschnitt"),
        imported=(
            Imported(
                ("handlungsfeld", "feld", "bereich"),
                "Der Name eines Handlungsfelds oder „Querschnitt“.",
                5,
                example="Bildung und Schule",
            ),
        ),
    ),
    ActivityField(
        "further_fields",
        "Weitere Handlungsfelder",
        is_public=True,
        annex="also",
        is_repeated=True,
        asked=Asked(Part.WHERE, 4),
        exported=(
            Exported(
                "Weitere Handlungsfelder",
                "Welche Felder sie außerdem berührt.",
                ("further_fields", "municipality__county_id"),
                cell_with_names=_field_names,
                width=26,
            ),
        ),
        shown=Shown(list[str]),
        imported=(
            Imported(
                ("weitere",),
                "Mehrere trennen Sie mit einem Semikolon.",
                6,
                example="Verkehr und Infrastruktur",
            ),
        ),
    ),
    ActivityField(
        "kind",
        "Art",
        is_public=True,
        annex="kind",
        is_repeated=True,
        asked=Asked(Part.QUICK, 7, is_taken_over=True),
        exported=(Exported("Art", "Die Art der Aktivität.", ("kind__name",), width=20),),
        shown=Shown(str, "kind.code"),
        imported=(
            Imported(
                ("art", "typ", "kategorie"),
                "Der Name einer Art, wie er auf dem zweiten Blatt steht.",
                4,
                example="Begehung",
            ),
        ),
    ),
    ActivityField(
        "place",
        "Ort",
        is_public=True,
        is_guarded=True,
        is_searched=True,
        is_repeated=True,
        asked=Asked(Part.WHERE, 1, "Zum Beispiel Rathaus oder Bahnhof."),
        exported=(Exported("Ort", "Wo sie war.", width=24),),
        shown=Shown(str),
        imported=(Imported(("ort", "wo", "treffpunkt"), "Wo es war.", 9, example="Grundschule am Markt"),),
    ),
    ActivityField(
        "description",
        "Was ist passiert?",
        is_public=True,  # as an example of its field
        is_guarded=True,
        is_searched=True,
        asked=Asked(
            Part.QUICK,
            2,
            "Der Text kann als Beispiel in den Bericht kommen. Bitte keine Namen und keine Diagnosen.",
        ),
        exported=(Exported("Was ist passiert?", "Die Beschreibung.", width=60),),
        shown=Shown(str),
        imported=(
            Imported(
                ("was ist passiert", "beschreibung", "bemerkung", "inhalt", "text", "details"),
                "Der Text kann als Beispiel in den Bericht kommen. Bitte keine Namen und keine Diagnosen.",
                8,
                example="Der Eingang bekommt eine Rampe.",
            ),
        ),
    ),
    ActivityField(
        "starts_at",
        "Beginn",
        is_repeated=True,
        asked=Asked(Part.WHERE, 0, "Zum Beispiel 14:30. Oder Sie schreiben bei der Dauer: 14:30–16 Uhr."),
        exported=(Exported("Beginn", "Die Uhrzeit. Darf leer sein.", cell=_clock, width=10),),
        shown=Shown(dt.time | None, description="null heißt: nicht angegeben"),
        imported=(Imported(("beginn", "uhrzeit", "start"), "Eine Uhrzeit.", 3, example="14:30"),),
    ),
    ActivityField(
        "minutes",
        "Dauer",
        is_public=True,
        annex="minutes",
        is_repeated=True,
        asked=Asked(Part.QUICK, 5, names=("minutes", "minutes_chip")),
        exported=(
            Exported("Dauer in Minuten", "Ohne Fahrzeit.", kind="integer"),
            Exported("Dauer in Stunden", "Dieselbe Dauer, auf zwei Stellen.", cell=_hours, kind="number"),
        ),
        shown=Shown(int),
        imported=(
            Imported(
                ("dauer", "minuten", "zeit", "min", "wie lange"),
                "Minuten (90), Stunden und Minuten (1:30) oder von wann bis wann (14:30–16 Uhr).",
                3,
                example="1:30",
                is_required=True,
            ),
            Imported(
                ("stunden", "std", "h", "dauer in stunden", "zeit in stunden", "dauer (std", "dauer (h"),
                "Wenn Ihre Spalte nur Stunden enthält: 1,5 heißt eineinhalb Stunden.",
                3,
                key="hours",
                label="Dauer in Stunden",
            ),
        ),
    ),
    ActivityField(
        "travel_minutes",
        "Fahrzeit",
        is_public=True,
        annex="travel_minutes",
        is_repeated=True,
        asked=Asked(Part.EFFORT, 1, is_half=True),
        exported=(Exported("Fahrzeit in Minuten", "Hin und zurück.", kind="integer"),),
        shown=Shown(int),
        imported=(
            Imported(("fahrzeit", "fahrtzeit", "anfahrt", "wegezeit"), "Wie die Dauer.", 11, example="20"),
        ),
    ),
    ActivityField(
        "people_reached",
        "Erreichte Personen",
        is_public=True,
        annex="people_reached",
        asked=Asked(Part.WHERE, 3, is_taken_over=True),
        exported=(
            Exported(
                "Erreichte Personen",
                "Die Zahl, oder die kleinere bei „von … bis …“. Leer heißt: nicht gezählt.",
                kind="integer",
            ),
        ),
        shown=Shown(int | None, description="null heißt: nicht gezählt"),
        imported=(
            Imported(
                ("erreichte", "personen", "teilnehmer", "teilnehmende", "anzahl"),
                "Eine Zahl (12), eine Spanne (10-20) oder eine Schätzung (ca. 15). Leer heißt: nicht gezählt.",
                10,
                example="12",
            ),
        ),
    ),
    # the box and the column of "Erreichte Personen" fill these two as well
    ActivityField(
        "people_reached_to",
        "Erreichte Personen bis",
        is_public=True,
        exported=(
            Exported(
                "Erreichte Personen bis",
                "Die größere Zahl bei „von … bis …“, sonst leer.",
                kind="integer",
            ),
        ),
        shown=Shown(int | None, description="Oberes Ende einer Spanne"),
    ),
    ActivityField(
        "is_estimated",
        "geschätzt",
        is_public=True,
        exported=(
            Exported(
                "Zählung",
                "Ob die Personen gezählt, geschätzt oder nicht gezählt sind.",
                ("is_estimated", "people_reached"),
                _counting,
            ),
        ),
        shown=Shown(bool),
    ),
    ActivityField(
        "result",
        "Ergebnis",
        is_public=True,
        annex="result",
        asked=Asked(Part.OUTCOME, 1),
        exported=(
            Exported(
                "Ergebnis", "Was daraus wurde. Leer heißt: noch kein Ergebnis.", cell=RESULTS.__getitem__
            ),
        ),
        shown=Shown(str),
        imported=(
            Imported(
                ("ergebnis", "stand", "status"),
                "offen, zugesagt, umgesetzt, abgelehnt oder weitergegeben. Darf leer sein.",
                13,
                example="zugesagt",
            ),
        ),
    ),
    ActivityField(
        "result_note",
        "Erläuterung zum Ergebnis",
        is_public=True,
        is_guarded=True,
        is_searched=True,
        asked=Asked(Part.OUTCOME, 2, "Bei „abgelehnt“ und „weitergegeben“: warum, oder an wen?"),
        exported=(
            Exported("Erläuterung zum Ergebnis", "Warum abgelehnt, oder an wen weitergegeben.", width=40),
        ),
        shown=Shown(str),
        imported=(
            Imported(
                ("erläuterung", "begründung", "grund"),
                "Nötig bei abgelehnt und weitergegeben: warum, oder an wen.",
                14,
            ),
        ),
    ),
    ActivityField(
        "organisations",
        "Beteiligt",
        is_repeated=True,
        asked=Asked(Part.WHERE, 2, names=("organisations", "new_organisations"), is_taken_over=True),
        exported=(
            Exported(
                "Beteiligt", "Stellen und Vereine, die dabei waren.", ("partners",), ", ".join, width=30
            ),
        ),
    ),
    ActivityField(
        "follow_up_on",
        "Wiedervorlage am",
        asked=Asked(Part.OUTCOME, 3),
        exported=(Exported("Wiedervorlage am", "Wann man noch einmal nachsehen wollte.", kind="date"),),
    ),
    ActivityField(
        "followed_up_at",
        "Wiedervorlage erledigt",
        is_compared=False,  # comes after the entry
        exported=(
            Exported(
                "Wiedervorlage erledigt am",
                "Leer heißt: noch offen, oder keine Wiedervorlage.",
                cell=_local_day,
                kind="date",
            ),
        ),
    ),
    ActivityField(
        "concern",
        "Anliegen",
        asked=Asked(Part.OUTCOME, 4, "Wenn die Aktivität zu einem Anliegen gehört."),
        shown=Shown(uuid.UUID | None, "concern.entry_key"),
    ),
    ActivityField(
        "expenses_cents",
        "Auslagen",
        is_inner=True,
        asked=Asked(Part.EFFORT, 2, names=("expenses",), is_taken_over=True, is_half=True),
        exported=(
            Exported(
                "Auslagen in Euro", "Nur für Sie selbst und das Landratsamt.", cell=_euros, kind="number"
            ),
        ),
        shown=Shown(int),  # the interface is the county's
        imported=(
            Imported(
                ("auslagen", "kosten", "ausgaben", "euro"),
                "Ein Betrag in Euro.",
                12,
                example="4,50",
                key="expenses",
                label="Auslagen in Euro",
            ),
        ),
    ),
    ActivityField(
        "internal_note",
        "Interne Notiz",
        is_inner=True,
        asked=Asked(
            Part.EFFORT,
            3,
            "Das lesen nur Sie, Ihre Assistenz und das Landratsamt. Es steht in keinem Bericht.",
        ),
        exported=(
            Exported(
                "Interne Notiz", "Nur für Sie selbst und das Landratsamt. Bitte nicht weitergeben.", width=40
            ),
        ),
        imported=(
            Imported(
                ("interne", "notiz", "vermerk"), "Lesen nur Sie und die Koordination im Landratsamt.", 15
            ),
        ),
    ),
    # what the portal writes itself
    ActivityField("id", is_compared=False),
    ActivityField(
        "is_late",
        "Nachtrag",
        is_public=True,
        is_compared=False,  # the same entry, before and after the report
        exported=(
            Exported(
                "Nachtrag",
                "Erfasst, als der Zwischenbericht über diesen Tag schon eingereicht war.",
                cell=_late,
                width=12,
            ),
        ),
        shown=Shown(bool, description="Erfasst, als der Bericht über diesen Tag schon eingereicht war"),
    ),
    ActivityField("reported_in", is_compared=False),
    ActivityField(
        "entry_key",
        is_compared=False,  # two entries are compared because they have the same one
        shown=Shown(uuid.UUID, description="Bleibt, solange es den Eintrag gibt", name="key"),
    ),
    ActivityField("entered_by", is_compared=False),  # the same entry, whoever sends it once more
    ActivityField("created_at", "erfasst", is_compared=False, shown=Shown(dt.datetime)),
    ActivityField("updated_at", "geändert", is_compared=False, shown=Shown(dt.datetime)),
    ActivityField("search_document", is_compared=False),
)
BY_NAME = {field.name: field for field in FIELDS}

COMPARED = tuple(field.name for field in FIELDS if field.is_compared)
GUARDED = {field.name: field.label for field in FIELDS if field.is_guarded}
SEARCHED = tuple(field.name for field in FIELDS if field.is_searched)
REPEATED = tuple(field.name for field in FIELDS if field.is_repeated)
INNER_EXPORTED = tuple(field.name for field in FIELDS if field.is_inner and field.exported)


# --- the form


def asked_in(part: Part) -> list[ActivityField]:
    asked = [(field.asked.order, field) for field in FIELDS if field.asked and field.asked.part == part]
    return [field for _, field in sorted(asked, key=lambda pair: pair[0])]


def form_names(field: ActivityField) -> tuple[str, ...]:
    """The form's own fields that fill this one."""
    return (field.asked.names or (field.name,)) if field.asked else ()


def form_order(*parts: Part) -> tuple[str, ...]:
    """The fields of these parts (of all, if none is named) as they stand on the page, so that an error summary reads in
    the same order.
    """
    return tuple(name for part in parts or Part for field in asked_in(part) for name in form_names(field))


# --- the import


def import_columns() -> Iterator[tuple[ActivityField, Imported]]:
    """In the order of the template."""
    columns = [(field, column) for field in FIELDS for column in field.imported]
    yield from sorted(columns, key=lambda pair: pair[1].order)
