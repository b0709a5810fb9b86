"""Every kind of file says the same, and is the same when it is built again."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile

import docx
import lxml.html
import odfdo
import pypdf
import pytest
import python_calamine
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from kiv_portal.documents.errors import RenderingError
from reports.content.editions import build_file
from reports.content.formats import CONTENT_TYPES
from reports.content.report import BuildStep
from reports.figures.snapshot import read_snapshot
from tests.reports.content import snapshots

TEXTS = ("pdf", "summary", "html", "docx", "odt")  # files that people read
# Leonberg's invented year: activities, hours, people reached, concerns done; as they stand in the snapshot
KEY_NUMBERS = ("87", "198", "2.413", "5 von 12")
FIELDS = (
    ("Bildung und Schule", "17", "36,6", "1.246"),
    ("Leben und Wohnen", "26", "57,0", "270"),
    ("Gesundheit", "9", "21,2", "87"),
)


def text_of(kind: str, data: bytes) -> str:
    """What a reader sees, every space a plain one."""
    texts = {
        "pdf": lambda: _pdf_text(data),
        "html": lambda: " ".join(lxml.html.document_fromstring(data).body.itertext()),
        "docx": lambda: _docx_text(data),
        "odt": lambda: " ".join(_odt_lines(data)),
    }
    extension = CONTENT_TYPES[kind][0]
    return " ".join(texts[extension]().split())


def _pdf_text(data: bytes) -> str:
    """In the order of the page, words that were parted at the end of a line joined again."""
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    return re.sub(r"(?<=[a-zäöüß])[-\u2010]\s*\n(?=[a-zäöüß])", "", text)


def _docx_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    paragraphs = document.element.body.iter(qn("w:p"))  # also those in tables
    return " ".join(Paragraph(paragraph, document).text for paragraph in paragraphs)


def _odt_lines(data: bytes) -> list[str]:
    body = odfdo.Document(io.BytesIO(data)).body
    return [line.text_recursive for line in body.get_elements("descendant::text:p | descendant::text:h")]


def sheet_of(data: bytes, name: str = "Kennzahlen") -> list[list]:
    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()
    )


def test_the_key_numbers_of_the_snapshot_are_those_asked_for_here():
    totals = snapshots.normal_year()["totals"]
    assert (totals["activities"], totals["minutes"], totals["people_reached"]) == (87, 11877, 2413)


@pytest.mark.parametrize("kind", TEXTS)
def test_every_file_for_people_has_the_key_numbers(checked_files, kind):
    text = text_of(kind, checked_files["normal", kind].data)
    for number in KEY_NUMBERS:
        assert number in text
    for name, activities, hours, people in FIELDS:
        row = rf"{name} (?:Artikel [\d und]+ )?{activities} (?:\d+ )?{re.escape(hours)} {re.escape(people)}\b"
        assert re.search(row, text), (name, text)
    assert "Die Teilnahme am Programm wird um zwei Jahre bis zum 30. September 2024 fortgeführt." in text
    assert "Am Marktplatz führt ein Leitsystem blinde Menschen sicher vom Bus zum Rathaus." in text


@pytest.mark.parametrize("kind", ["html", "docx", "odt"])
def test_whole_files_have_every_chapter_and_every_activity(checked_files, kind):
    text = text_of(kind, checked_files["normal", kind].data)
    for title in ("Anlass und Auftrag", "Wer arbeitet mit", "Ergebnisse", "Bewertung", "Beschlussvorschlag"):
        assert title in text
    assert "Vorgeschlagen ist" not in text  # the author's own sentence leads
    assert "umgesetzt 5 42 % zugesagt 2 17 %" in text
    assert text.count("Begehung der Grundschule: Aufzug") >= 9
    assert "Daten in diesem Dokument" not in text  # only a PDF carries files


def test_data_files_have_the_key_numbers(checked_files):
    whole = sheet_of(checked_files["normal", "xlsx"].data)[1]
    assert whole == ["Gesamt", "Alle Aktivitäten", 87, 11877, 2413, 1305, 30450, ""]
    rows = list(
        csv.reader(io.StringIO(checked_files["normal", "csv"].data.decode("utf-8-sig")), delimiter=";")
    )
    assert rows[1] == ["Gesamt", "Alle Aktivitäten", "87", "11877", "2413", "1305", "30450", ""]
    report = json.loads(checked_files["normal", "json"].data)
    totals = report["totals"]
    assert (totals["activities"], totals["minutes"], totals["people_reached"]) == (87, 11877, 2413)
    assert report["descriptions"]["totals.minutes"] == {"meaning": "Dauer, ohne Fahrzeit.", "unit": "Minuten"}


def test_small_groups_stay_hidden_in_every_file(checked_files):
    for kind in TEXTS:
        text = text_of(kind, checked_files["nasty", kind].data)
        assert re.search(r"Verkehr und Infrastruktur (Artikel 9 und 20 )?6 (\d+ )?13,0 unter 5", text), kind
        assert "mindestens 682" in text
    row = next(
        row for row in sheet_of(checked_files["nasty", "xlsx"].data) if row[1] == "Verkehr und Infrastruktur"
    )
    assert row[4] == "unter 5"
    assert json.loads(checked_files["nasty", "json"].data)["fields"][3]["people_reached"] is None


def test_a_small_group_that_checked_the_easy_text_is_not_counted_out():
    snapshot = snapshots.as_of_schema_3(snapshots.normal_year())
    snapshot["easy"]["check"]["persons"] = 3
    easy = json.loads(build_file("json", read_snapshot(snapshot), edition_number="1").data)["easy"]
    assert easy["check"] == {"date": "2022-11-03", "group": "Einfach klar", "persons": None}


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_the_same_snapshot_gives_the_same_bytes(checked_files, kind):
    if kind in ("docx", "odt", "xlsx"):
        time.sleep(2.1)  # ZIP files know two seconds
    for name in ("normal", "nasty"):
        snapshot = read_snapshot(snapshots.newest(snapshots.ALL[name]()))
        again = build_file(kind, snapshot, edition_number="3", photos=snapshots.PHOTO_FILES)
        assert again == checked_files[name, kind]


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_every_file_passes_its_check(checked_files, kind):
    for name in ("normal", "nasty"):
        file = checked_files[name, kind]
        assert (file.verdict["is_accessible"], file.verdict["problems"]) == (True, [])
        assert (file.extension, file.content_type) == CONTENT_TYPES[kind]
        json.dumps(file.verdict)


@pytest.mark.parametrize("kind", [kind for kind in CONTENT_TYPES if kind != "easy"])
def test_what_was_frozen_before_still_becomes_every_kind_of_file(kind):
    for make in (snapshots.empty_year, snapshots.full_year):
        for frozen in (make(), snapshots.as_of_schema_3(make())):
            assert build_file(kind, read_snapshot(frozen), edition_number="1").verdict["is_accessible"]
        old = build_file(kind, read_snapshot(snapshots.as_of_schema_1(make())), edition_number="1")
        assert old.verdict["is_accessible"]
        if CONTENT_TYPES[kind][0] in ("pdf", "html", "docx", "odt"):
            text = text_of(kind, old.data)
            assert "Echtheit prüfen" not in text
            assert "Beratungsfolge" not in text


def test_the_summary_is_one_page(checked_files):
    assert checked_files["normal", "summary"].pages == checked_files["nasty", "summary"].pages == 1
    assert checked_files["normal", "pdf"].pages > 1
    assert checked_files["normal", "html"].pages == 0


@pytest.mark.parametrize("word", ["x" * 3000, "Wort " * 600, f"{snapshots.ARABIC} " * 100, "🎉" * 900])
def test_the_summary_is_one_page_whatever_people_type(word):
    snapshot = snapshots.as_of_schema_3(snapshots.nasty_year())
    snapshot["texts"] = dict.fromkeys(snapshot["texts"], f"{word}\n\n- " + "\n- ".join([word] * 9))
    snapshot["paper"] |= dict.fromkeys(("number", "subject", "author", "committee"), word)
    assert build_file("summary", read_snapshot(snapshot), edition_number="1").pages == 1


def test_a_long_proposal_is_shortened_and_points_to_the_report(checked_files):
    text = text_of("summary", checked_files["nasty", "summary"].data)
    assert (
        "Dazu kommen 5 weitere Punkte. Der vollständige Beschlussvorschlag steht am Ende des Berichts."
        in text
    )
    assert "vollständige Beschlussvorschlag" not in text_of(
        "summary", checked_files["normal", "summary"].data
    )


@pytest.mark.parametrize("kind", TEXTS)
def test_the_address_of_proof_is_printed_beside_its_code(checked_files, kind):
    text = text_of(kind, checked_files["normal", kind].data)
    assert f"Echtheit prüfen: {snapshots.CHECK_URL}" in text


@pytest.mark.parametrize("kind", ["pdf", "html", "docx", "odt"])
def test_the_way_through_the_council_is_told(checked_files, kind):
    text = text_of(kind, checked_files["normal", kind].data)
    assert "Beratungsfolge" in text
    assert "Sozialausschuss 08.11.2022 3 Vorberatung nicht öffentlich" in text
    assert re.search(r"Gemeinderat noch nicht festgelegt – Entscheidung öffentlich", text)


def test_an_address_that_is_none_is_not_printed():
    snapshot = snapshots.as_of_schema_3(snapshots.normal_year()) | {"check_url": "javascript:alert(1)"}
    assert "javascript" not in build_file("html", read_snapshot(snapshot), edition_number="1").data.decode()


def test_the_file_in_easy_language_needs_its_text(checked_files):
    assert checked_files["normal", "easy"].pages == 1
    for easy in (None, {"text": " ", "check": None}):
        snapshot = read_snapshot(snapshots.as_of_schema_3(snapshots.normal_year()) | {"easy": easy})
        with pytest.raises(RenderingError, match="keinen Text in einfacher Sprache"):
            build_file("easy", snapshot, edition_number="1")


def test_every_kind_tells_its_steps():
    steps = {}
    for kind in CONTENT_TYPES:
        seen: list[BuildStep] = []
        snapshot = read_snapshot(snapshots.as_of_schema_3(snapshots.empty_year()))
        build_file(kind, snapshot, edition_number="1", progress=seen.append)
        steps[kind] = [step.name for step in seen]
    whole, paper, data = ["CHARTS", "TEXT", "PAGES", "CHECK"], ["TEXT", "PAGES", "CHECK"], ["TEXT", "CHECK"]
    assert steps == {
        **dict.fromkeys(("pdf", "html", "docx", "odt"), whole),
        **dict.fromkeys(("summary", "easy", "annex"), paper),
        **dict.fromkeys(("xlsx", "csv", "json"), data),
    }


def test_a_web_process_never_loads_what_only_the_worker_needs():
    heavy = "{'weasyprint', 'docx', 'odfdo', 'lxml', 'vl_convert', 'segno'}"
    code = f"""import sys, django; django.setup()
import kiv_portal.urls, kiv_portal.wsgi
print(sorted({heavy} & set(sys.modules)))"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "kiv_portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "[]"


def test_documents_carry_the_dates_of_their_data(checked_files):
    word = docx.Document(io.BytesIO(checked_files["normal", "docx"].data)).core_properties
    assert (word.created.date().isoformat(), word.author, word.language) == (
        "2022-10-12",
        "Leonberg",
        "de-DE",
    )
    assert word.title == "Kommunale Inklusionsvermittlung: Zwischenbericht nach einem Jahr – Leonberg"
    meta = odfdo.Document(io.BytesIO(checked_files["normal", "odt"].data)).meta
    assert (meta.creation_date.date().isoformat(), meta.initial_creator) == ("2022-10-12", "Leonberg")
    for kind in ("docx", "odt"):
        with zipfile.ZipFile(io.BytesIO(checked_files["normal", kind].data)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(2022, 10, 12, 12, 0, 0)}


def test_every_numbered_list_of_the_word_document_begins_at_one(checked_files):
    document = docx.Document(io.BytesIO(checked_files["normal", "docx"].data))
    numbered = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"]
    assert len(numbered) == 9
    assert len(set(numbered)) == 3  # decision, outlook, proposal


def test_no_cell_of_a_spreadsheet_runs_as_a_formula(checked_files):
    with zipfile.ZipFile(io.BytesIO(checked_files["nasty", "xlsx"].data)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "/worksheets/" in name]
    assert len(sheets) == 5
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert snapshots.FORMULA in [
        row[4] for row in sheet_of(checked_files["nasty", "xlsx"].data, "Aktivitäten")
    ]
