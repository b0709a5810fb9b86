"""Whole files as programs have written them (tables/), from the upload to the log."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from activities.imports import services
from activities.models import Activity, ActivityImport, RowVerdict, RunKind
from tests import factories
from tests.activities.imports.checking import accept_all, run, text_of
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]

TABLES = Path(__file__).parent / "tables"


@pytest.fixture
def bring(people: People) -> Callable[[str], ActivityImport]:
    """The file as Vera uploads it; she is appointed for years."""
    factories.make_kind("vernetzung", "Vernetzung", 3)
    people.kiv.appointments.update(ends_on=dt.date(2030, 12, 31))
    for code in ("wohnen", "gesundheit"):
        factories.make_field(code)

    def brought(name: str) -> ActivityImport:
        return services.open_import(
            people.kiv, name=name, data=(TABLES / name).read_bytes(), by=people.mediator
        )

    return brought


def test_hours_under_dauer_are_asked_about(people: People, bring: Callable[[str], ActivityImport]) -> None:
    imported = bring("01_hours_under_dauer.xlsx")
    page = people.client("mediator").get(reverse("import_columns", args=[imported.pk])).content.decode()
    assert "Sind die Zahlen in der Spalte „Dauer“ Minuten oder Stunden?" in page
    services.explain_columns(imported, targets=imported.targets, defaults={"minutes": "Stunden"})
    run(imported)
    run(imported, RunKind.STORE)
    assert sum(Activity.objects.values_list("minutes", flat=True)) == 210


def test_two_true_entries_are_both_taken(bring: Callable[[str], ActivityImport]) -> None:
    imported = bring("02_two_true_entries.csv")
    run(imported)
    assert [row.verdict for row in imported.rows.all()] == [RowVerdict.OK, RowVerdict.ASK]
    accept_all(imported)
    run(imported, RunKind.STORE)
    assert list(Activity.objects.order_by("pk").values_list("people_reached", flat=True)) == [1, 3]


def test_the_error_of_a_formula_is_named(bring: Callable[[str], ActivityImport]) -> None:
    imported = bring("03a_error_values_libreoffice.ods")
    run(imported)
    assert [sentence.partition(". ")[0] for sentence in imported.rows.get().sentences] == [
        "In der Spalte für „Erreichte Personen“ steht der Fehler #N/A",
        "In der Spalte für „Auslagen in Euro“ steht der Fehler #DIV/0!",
    ]


@pytest.mark.parametrize(
    ("name", "title", "place"),
    [
        ("05_nfd.csv", "Gespräch mit der Bürgerstiftung", "Bürgerhaus"),
        ("06_place_with_line_break_libreoffice.ods", "Begehung", "Rathaus Marktplatz 1"),
    ],
)
def test_texts_come_as_the_form_would_take_them(
    bring: Callable[[str], ActivityImport], name: str, title: str, place: str
) -> None:
    imported = bring(name)
    run(imported)
    run(imported, RunKind.STORE)
    stored = Activity.objects.get()
    assert (stored.title, stored.place) == (title, place)
    assert unicodedata.is_normalized("NFC", stored.title)


def test_signs_that_steer_are_taken_out_with_a_hint(bring: Callable[[str], ActivityImport]) -> None:
    imported = bring("07_control_characters.csv")
    run(imported)
    hinted = imported.rows.filter(verdict=RowVerdict.HINT)
    assert all(
        "Unsichtbare Steuerzeichen haben wir herausgenommen." in " ".join(one.sentences) for one in hinted
    )
    run(imported, RunKind.STORE)
    texts = "".join(
        text for row in Activity.objects.values_list("title", "description", "place") for text in row
    )
    assert hinted.exists()
    assert not any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in texts)


def test_an_own_export_comes_back_as_it_was(people: People, bring: Callable[[str], ActivityImport]) -> None:
    imported = bring("09_own_csv_export_back.csv")
    run(imported)
    run(imported, RunKind.STORE)
    assert Activity.objects.get().title == "-Beratung"
    again = bring("09_own_csv_export_back.csv")
    run(again)
    assert again.rows.get().verdict == RowVerdict.TWICE


def test_the_log_sorts_them_in_german(people: People, bring: Callable[[str], ActivityImport]) -> None:
    imported = bring("13_sort_by_title.csv")
    run(imported)
    run(imported, RunKind.STORE)
    page = people.client("mediator").get(reverse("activity_list"), {"sort": "title"}).content.decode()
    expected = ["Ärztehaus", "Arztpraxis", "e-Mail an das Bauamt", "Öffnungszeiten", "Zebrastreifen"]
    assert sorted(expected, key=page.index) == expected


MARKED = [f"hidden_joined_{year}_libreoffice.{kind}" for year in (1900, 1904) for kind in ("xlsx", "ods")]


@pytest.mark.parametrize("name", MARKED)
def test_what_a_table_hides_joins_and_counts_is_named(
    people: People, bring: Callable[[str], ActivityImport], name: str
) -> None:
    imported = bring(name)
    client, address = people.client("mediator"), reverse("import_columns", args=[imported.pk])
    page = text_of(client.get(address).content)
    assert "Diese Spalte ist in Ihrer Tabelle ausgeblendet. Soll sie mit? Darin steht: geheim" in page
    fields = {f"column_{index}": target for index, target in enumerate(imported.targets)}
    unanswered = client.post(address, fields | {"column_4": "?"})
    assert "Bitte wählen Sie, ob sie mitsoll." in unanswered.content.decode()
    services.explain_columns(imported, targets=[*imported.targets[:4], ""], defaults={})
    run(imported)
    number = 44583 if "1900" in name else 43121
    assert [(row.number, row.verdict, row.sentences) for row in imported.rows.all()] == [
        (2, "left", ["Diese Zeile ist eine Überschrift („Januar 2022“) und wird nicht übernommen."]),
        (3, "ok", []),
        (4, "ask", ["Diese Zeile ist in Ihrer Tabelle ausgeblendet. Soll sie mit?"]),
        (
            *(5, "ask"),
            [
                f"Als Datum steht hier nur die Zahl {number}. So zählen Tabellen-Programme die Tage: Das wäre der "
                "22.01.2022. Stimmt das?"
            ],
        ),
        (6, "ok", []),
        (
            *(7, "ask"),
            [
                "Die Zelle für „Dauer“ ist mit der darüber verbunden. Gilt „2:00“ für jede Zeile? Dann zählt es in "
                "jeder mit.",
                "Die Zelle für „Datum“ ist mit der darüber verbunden. Wir lesen auch hier „24.01.2022“.",
            ],
        ),
        (8, "left", ["Diese Zeile ist eine Summe („Summe“) und wird nicht übernommen."]),
    ]
    accept_all(imported)
    assert run(imported, RunKind.STORE).stored == 5
    days = Activity.objects.order_by("day", "pk").values_list("day", flat=True)
    assert [day.day for day in days] == [20, 21, 22, 24, 24]
