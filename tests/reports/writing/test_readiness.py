"""What a report still lacks: each sentence, in the order of the report, with the place where it is mended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from activities.figures.totals import FieldTotals, WholeTotals
from municipalities.models import Municipality
from reports.figures.figures import ReportFigures
from reports.models import Consultation, InterimReport
from reports.writing.models import SectionKey
from reports.writing.readiness import minutes_to_read, what_is_missing, word_count
from reports.writing.views import reading_time

DAY = dt.date(2022, 11, 8)
WRITTEN = dict.fromkeys(SectionKey.values, "Ein Satz.")
ALL_FIELDS = (
    FieldTotals(code="bildung", name="Bildung", articles=(24,), activities=1),
    FieldTotals(code="verkehr", name="Verkehr", articles=(9, 20), activities=2),
    FieldTotals(code="quer", name="Querschnitt"),  # nobody misses an activity there
)


def report_with(**values: Any) -> InterimReport:
    report = InterimReport(
        pk=7,
        municipality=Municipality(slug="leonberg", name="Leonberg"),
        period_start=dt.date(2021, 10, 1),
        period_end=dt.date(2022, 9, 30),
        paper_number="2022/184",
        author="Hauptamt",
    )
    for name, value in ({"new_concerns": 0, "late_promises": 0} | values).items():
        setattr(report, name, value)
    return report


def figures_with(*fields: FieldTotals) -> ReportFigures:
    return ReportFigures(
        totals=WholeTotals(),
        fields=list(fields),
        months=[],
        kinds=[],
        results=[],
        appointments=[],
        vacancies=[],
        activities_before=None,
    )


def missing(
    report: InterimReport | None = None,
    texts: dict[str, str] | None = None,
    fields: tuple[FieldTotals, ...] = ALL_FIELDS,
    consultations: tuple[Consultation, ...] = (Consultation(pk=3, session_on=DAY),),
) -> list[tuple[str, str, str]]:
    found = what_is_missing(
        report or report_with(), texts or WRITTEN, figures_with(*fields), list(consultations)
    )
    return [tuple(gap) for gap in found]  # type: ignore[misc]


def test_nothing_is_missing() -> None:
    assert missing() == []


def test_everything_is_missing_in_the_order_of_the_report() -> None:
    report = report_with(new_concerns=2, late_promises=2, paper_number="", author="")
    fields = tuple(
        FieldTotals(code=name, name=name, articles=(9,)) for name in ("Bildung", "Arbeit", "Verkehr")
    )
    sessions = (Consultation(pk=3, committee="Rat"), Consultation(pk=4, session_on=DAY))
    texts = WRITTEN | {"costs": " \n", "outlook": ""}
    assert missing(report, texts, fields, sessions) == [
        ("2 Texte sind noch leer.", "/berichte/7/texte/costs/", "Den ersten davon schreiben"),
        (
            "Keine Aktivität steht in: „Bildung“, „Arbeit“ und „Verkehr“.",
            "/kommunen/leonberg/zahlen/?von=2021-10-01&bis=2022-09-30",
            "Zahlen ansehen",
        ),
        (
            "2 Anliegen sind gemeldet, aber noch nicht in Prüfung.",
            "/anliegen/?state=reported&town=leonberg",
            "Anliegen ansehen",
        ),
        ("2 Zusagen sind überfällig.", "/anliegen/?state=promised&town=leonberg", "Anliegen ansehen"),
        ("Die Vorlagen-Nummer fehlt.", "/berichte/7/vorlage/", "Angaben ändern"),
        ("Es steht noch nicht da, wer den Bericht verfasst.", "/berichte/7/vorlage/", "Angaben ändern"),
        ("Der Termin der Sitzung fehlt: Rat.", "/berichte/beratungen/3/", "Termin eintragen"),
    ]


@pytest.mark.parametrize(
    ("given", "gap"),
    [
        (
            {"texts": WRITTEN | {"outlook": ""}},
            ("1 Text ist noch leer.", "/berichte/7/texte/outlook/", "Den ersten davon schreiben"),
        ),
        (
            {"report": report_with(new_concerns=1)},
            (
                "1 Anliegen ist gemeldet, aber noch nicht in Prüfung.",
                "/anliegen/?state=reported&town=leonberg",
                "Anliegen ansehen",
            ),
        ),
        (
            {"report": report_with(late_promises=1)},
            ("1 Zusage ist überfällig.", "/anliegen/?state=promised&town=leonberg", "Anliegen ansehen"),
        ),
        (
            {"consultations": ()},
            (
                "Es steht noch nicht da, welches Gremium berät.",
                "/berichte/7/beratung/",
                "Beratung eintragen",
            ),
        ),
    ],
)
def test_one_thing_is_missing(given: dict[str, Any], gap: tuple[str, str, str]) -> None:
    assert missing(**given) == [gap]


def test_long_texts_are_told_and_which_is_the_longest() -> None:
    words = {"costs": 1_000, "occasion": 1_500, "proposal": 1_988}
    texts = WRITTEN | {key: "Wort " * number for key, number in words.items()}
    assert missing(texts=texts | {"outlook": "Zwei Wörter."}) == []  # 4,500 with the two of each other text
    assert missing(texts=texts | {"outlook": "Das sind drei."}) == [
        (
            "Die Texte sind lang: 4.501 Wörter, etwa 25\u00a0Minuten zu lesen.",
            "/berichte/7/texte/proposal/",
            "Am längsten ist „Beschlussvorschlag“",
        )
    ]


def test_words_and_minutes() -> None:
    assert [word_count(text) for text in ("", "  Ein \n Satz. ")] == [0, 2]
    assert [minutes_to_read(words) for words in (0, 180, 269, 271, 449, 451)] == [1, 1, 1, 2, 2, 3]


def test_one_text_is_long_from_three_pages_on() -> None:
    assert reading_time("Wort " * 1_200) == {"words": 1_200, "minutes": 7, "is_long": False}
    assert reading_time("Wort " * 1_201)["is_long"] is True
