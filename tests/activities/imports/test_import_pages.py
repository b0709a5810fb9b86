"""From the upload to the log, page by page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from activities.imports import services
from activities.imports.checked import sums
from activities.models import Activity, ActivityImport, ImportRun, RowVerdict
from tests import factories
from tests.activities.imports import table_files as files
from tests.activities.imports.checking import row, run, text_of
from tests.activities.imports.table_files import HEADER, ROW
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]


def upload(people: People, data: bytes, name: str = "Liste.xlsx") -> Any:
    return people.client("mediator").post(reverse("import_list"), {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Diese Datei ist leer. Bitte wählen Sie eine andere."),
        (b"%PDF-1.7 " + b"x" * 500, "Das ist keine Tabelle"),
        (files.xlsx([HEADER, ROW])[:-700], "beschädigt oder unvollständig"),
        (files.far_away(), "Diese"),
        (b"x" * (10 * 1024 * 1024 + 1), "größer als 10 Megabyte"),
    ],
    ids=["empty", "pdf named xlsx", "truncated", "far away", "too large"],
)
def test_bad_file_gets_a_sentence_and_is_not_kept(people: People, data: bytes, sentence: str) -> None:
    before = set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    page = upload(people, data)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not ActivityImport.objects.exists()
    after = set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    assert after == before


def test_from_upload_to_the_log_by_its_pages(people: People) -> None:
    client = people.client("mediator")
    answer = upload(people, files.xlsx([HEADER, row(Art="Ortstermin"), row(Titel="<b>Zwei</b>")]))
    imported = ActivityImport.objects.get()
    assert answer.url == reverse("import_columns", args=[imported.pk])
    page = client.get(answer.url).content.decode()
    assert "Darin steht: Ortstermin · Begehung" in page
    fields = {f"column_{index}": target for index, target in enumerate(imported.targets)}
    answer = client.post(answer.url, fields)
    assert answer.url == reverse("import_words", args=[imported.pk])
    answer = client.post(answer.url, {"kind_0": "begehung"})
    assert answer.url == reverse("import_detail", args=[imported.pk])
    waiting = client.get(answer.url).content.decode()
    assert "Der Auftrag wartet." in waiting
    part = client.get(reverse("import_progress", args=[imported.pk]), headers={"HX-Request": "true"})
    assert "Der Auftrag wartet." in part.content.decode()
    assert "<html" not in part.content.decode()
    services.do_run(imported.runs.get().pk, worker="worker@test")
    part = client.get(reverse("import_progress", args=[imported.pk]), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    result = client.get(answer.url).content.decode()
    assert "2 Aktivitäten übernehmen" in result
    assert "&lt;b&gt;Zwei&lt;/b&gt;" in result
    client.post(reverse("import_store", args=[imported.pk]))
    services.do_run(services.last_run(imported).pk, worker="worker@test")
    assert "2 Aktivitäten sind gespeichert." in client.get(answer.url).content.decode()
    assert Activity.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column_0": ""}, "Noch keiner Spalte zugeordnet: Datum."),
        ({"column_2": ""}, "Noch keiner Spalte zugeordnet: Dauer."),
        ({"column_1": "day"}, "„Datum“ haben Sie schon einer anderen Spalte gegeben."),
        ({"column_4": "hours"}, "Für die Dauer genügt eine Spalte."),
        ({"column_3": ""}, "Bitte wählen Sie eine für alle Zeilen."),
        ({"column_0": "quatsch"}, "Bitte wählen Sie einen Eintrag aus der Liste."),
    ],
)
def test_columns_that_do_not_fit_get_a_sentence(
    people: People, open_import: Callable[..., ActivityImport], changes: dict[str, str], sentence: str
) -> None:
    imported = open_import([ROW])
    fields = {f"column_{index}": target for index, target in enumerate(imported.targets)} | changes
    page = people.client("mediator").post(reverse("import_columns", args=[imported.pk]), fields)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not ImportRun.objects.exists()


def test_guessed_writing_can_be_corrected(people: People) -> None:
    upload(people, files.csv([HEADER, row(Titel="Café")], encoding="cp1252"), "alt.csv")
    imported = ActivityImport.objects.get()
    address = reverse("import_columns", args=[imported.pk])
    client = people.client("mediator")
    assert "Schrift der Datei" in client.get(address).content.decode()
    client.post(address, {"encoding": "mac_roman"})
    imported.refresh_from_db()
    assert imported.encoding == "mac_roman"
    assert "Schrift der Datei" in client.get(address).content.decode()
    answer = client.post(address, {"encoding": "utf-8"}, follow=True)
    assert "Mit dieser Schrift lässt sich die Datei nicht lesen." in answer.content.decode()


def test_marked_file_carries_the_verdict_in_words_and_comes_back(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    imported = open_import([row(Titel="=1+1"), row(Dauer="lange")])
    run(imported)
    answer = people.client("mediator").get(reverse("import_marked", args=[imported.pk]))
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    header, first, second = book.get_sheet_by_index(0).to_python()
    assert header == ["Ergebnis der Prüfung", *HEADER]
    assert first == ["In Ordnung", ROW[0], "=1+1", *ROW[2:]]
    assert second[0].startswith("Fehler: Die Dauer „lange“ verstehen wir nicht.")
    again = services.open_import(people.kiv, name="x", data=answer.content, by=people.mediator)
    assert again.targets == ["", *imported.targets]


def test_template_can_be_filled_and_read(people: People) -> None:
    answer = people.client("mediator").get(reverse("import_template"))
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    assert book.sheet_names == ["Aktivitäten", "Erklärungen", "Beispiele", "Listen"]
    header, *examples = book.get_sheet_by_name("Beispiele").to_python()
    assert header == book.get_sheet_by_name("Aktivitäten").to_python()[0]
    factories.make_kind("sprechstunde", "Sprechstunde", 3)
    factories.make_kind("stellungnahme", "Stellungnahme", 4)
    imported = services.open_import(
        people.kiv, name="x", data=files.xlsx([header, *examples]), by=people.mediator
    )
    assert "" not in imported.targets
    run(imported)
    assert [found.sentences for found in imported.rows.all()] == [[], [], []]


def test_rows_are_paged_and_filtered(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import(
        [row(Titel=f"Nummer {n}", Datum=f"{n % 28 + 1}.3.2022", Dauer="15") for n in range(60)]
        + [row(Art="?")]
    )
    run(imported)
    client, address = people.client("mediator"), reverse("import_detail", args=[imported.pk])
    assert "Seite 1 von 3" in client.get(address, {"zeilen": "alle"}).content.decode()
    errors = client.get(address, {"zeilen": "error"}).content.decode()
    assert "Nummer 1" not in errors
    assert "Die Art „?“ kennen wir nicht." in errors
    for query in ("?zeilen=%00&page=%ff", "?zeilen[]=1&page=99999999999999999999"):
        assert client.get(address + query).status_code == 200


def test_nobody_elses_import_is_reached(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([ROW])
    assert people.who(
        lambda user: ActivityImport.objects.visible_to(user).filter(pk=imported.pk).exists()
    ) == {"mediator"}
    assert people.who(lambda user: imported.runs.model.objects.visible_to(user).exists()) == set()


def test_a_long_name_of_a_file_is_cut(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = services.open_import(
        people.kiv, name=f"/tmp/{'n' * 200}.csv", data=files.csv([HEADER, ROW]), by=people.mediator
    )
    imported.refresh_from_db()
    assert imported.name == "n" * 150


def test_a_number_of_people_that_is_none_is_said_in_the_row(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    rows = [[*HEADER, "Personen"], [*ROW, "viele"]]
    imported = services.open_import(people.kiv, name="L.csv", data=files.csv(rows), by=people.mediator)
    run(imported)
    bad = imported.rows.get()
    assert bad.verdict == RowVerdict.ERROR
    assert "Die Zahl der Personen „viele“ verstehen wir nicht." in " ".join(bad.sentences)


def test_the_page_says_what_would_be_stored(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    header = [*HEADER, "Erreichte Personen", "Auslagen"]
    rows = [
        [*row(Datum="Di 1.3.2022", Dauer="1:30 h"), "ca. 10-20", "4,50 €"],
        [*row(Datum="3. März 2022", Titel="Sprechstunde", Dauer="10-12 Uhr"), "", ""],
    ]
    imported = open_import(rows, header)
    run(imported)
    text = text_of(people.client("mediator").get(reverse("import_detail", args=[imported.pk])).content)
    assert (
        "Das würde gespeichert: 2 Aktivitäten vom 01.03.2022 bis 03.03.2022, zusammen 3 Stunden 30 Minuten , "
        "10 erreichte Personen, 4,50 Euro Auslagen." in text
    )
    assert "Do, 03.03.2022 · 10:00 Uhr · 2 Stunden" in text, "the beginning that was read"
    assert "Di, 01.03.2022 · 1 Stunde 30 Minuten · ca. 10 bis 20 Personen · 4,50 Euro Auslagen" in text


def test_without_people_and_expenses_it_says_so(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    imported = open_import([row(Dauer="90 Minuten")])
    run(imported)
    text = text_of(people.client("mediator").get(reverse("import_detail", args=[imported.pk])).content)
    assert (
        "1 Aktivität am 01.03.2022, zusammen 1 Stunde 30 Minuten , keine Personen gezählt, keine Auslagen."
        in text
    )


def test_a_row_with_an_error_is_in_no_sum(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([ROW, row(Titel="", Dauer="9999999999 Minuten")])
    run(imported)
    assert sums(imported)["activities"] == 1
