"""Every check of a finished file can fail: each test breaks one thing in a good file."""

import io
import json
import re
import zipfile

import pytest

from kiv_portal.documents import file_gate
from reports.content import data_gate

CHECKS = file_gate.CHECKS | data_gate.CHECKS


def rezipped(data: bytes, name: str, old: str, new: str) -> bytes:
    """The archive with one text inside replaced; the pattern must be there."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == name:
                text, times = re.subn(old, new, content.decode(), flags=re.DOTALL)
                assert times, f"{old} is not in {name}"
                content = text.encode()
            archive.writestr(info, content)
    return target.getvalue()


def replaced(data: bytes, old: str, new: str) -> bytes:
    text, times = re.subn(old, new, data.decode(), count=1, flags=re.DOTALL)
    assert times, f"{old} is not in the file"
    return text.encode()


def problems(kind: str, data: bytes) -> list[str]:
    verdict = CHECKS[kind](data)
    assert verdict.is_accessible == (not verdict.problems)
    json.dumps(verdict.as_json())
    return verdict.problems


def named(found: list[str], words: str) -> bool:
    return any(words in problem for problem in found)


HTML = [
    (r"<!DOCTYPE html>\n", "", "dass es HTML ist"),
    ('<html lang="de">', "<html>", "Sprache"),
    (r"<title>.*?</title>", "<title> </title>", "Titel"),
    (r"<meta name=\"viewport\"[^>]*>", "", "Telefon"),
    ("initial-scale=1", "initial-scale=1, user-scalable=no", "Telefon"),
    (r"<h1>(.*?)</h1>", r"<p>\1</p>", "0 Hauptüberschriften"),
    (r"<h1>(.*?)</h1>", r"<h1>\1</h1><h1>\1</h1>", "2 Hauptüberschriften"),
    (r"<h3>(.*?)</h3>", r"<h5>\1</h5>", "Überschriftenebene ist übersprungen"),
    (r"<h3>(.*?)</h3>", "<h3> </h3>", "Überschrift ist leer"),
    (r' alt="[^"]+"', ' alt=" "', "Bild hat keine Beschreibung"),
    (r'<a href="#kapitel-1">.*?</a>', '<a href="#kapitel-1"></a>', "Link hat keinen Text"),
    (r"<main>(.*)</main>", r"\1", "Hauptteil"),
    (r"<caption>.*?</caption>", "", "Tabelle hat keine Beschriftung"),
    (r"<table(.*?)</table>", "<table><caption>x</caption><tr><td>1</td></tr></table>", "keine Kopfzelle"),
    (' scope="row"', "", "Kopfzelle sagt nicht"),
    ("</main>", "<script>1</script></main>", "Programm"),
    ("<main>", '<main onclick="x()">', "Programm"),
    ("<main>", '<main style="color: red">', "Gestaltung"),
    (r"<style>.*?</style>", "", "Gestaltung"),
    (r'<img src="data:[^"]*"', '<img src="https://example.invalid/x.png"', "nicht in der Datei"),
    ('id="kapitel-2"', 'id="kapitel-1"', "doppelt"),
    ('href="#kapitel-3"', 'href="#kapitel-99"', "ins Leere"),
]


@pytest.mark.parametrize(("old", "new", "words"), HTML)
def test_a_broken_web_page_is_refused(checked_files, old, new, words):
    assert named(problems("html", replaced(checked_files["normal", "html"].data, old, new)), words)


DOCX = [
    ("docProps/core.xml", "<dc:title>.*?</dc:title>", "<dc:title></dc:title>", "Titel fehlt"),
    ("docProps/core.xml", "<dc:creator>.*?</dc:creator>", "<dc:creator></dc:creator>", "verfasst"),
    ("docProps/core.xml", "de-DE", "en-US", "Sprache"),
    ("word/styles.xml", 'w:val="de-DE"', 'w:val="en-US"', "Sprache"),
    ("word/document.xml", '<w:pStyle w:val="Title"/>', "", "0 Titel statt einem"),
    ("word/document.xml", '<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="Title"/>', "Titel statt einem"),
    ("word/document.xml", '<w:pStyle w:val="Heading[1-3]"/>', "", "keine Überschriften"),
    ("word/document.xml", '<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Heading4"/>', "übersprungen"),
    ("word/document.xml", "<w:tblHeader/>", "", "keine Kopfzeile"),
    ("word/document.xml", '<w:tblCaption w:val="[^"]*"/>', "", "keine Beschriftung"),
    ("word/document.xml", ' descr="[^"]*"', "", "Bild hat keine Beschreibung"),
    (
        "word/document.xml",
        "<w:t>Der Gemeinderat nimmt[^<]*</w:t>",
        "<w:t></w:t>",
        "Punkt einer Liste ist leer",
    ),
    ("word/document.xml", "<w:t>Seit einem Jahr", "<w:t>- Seit einem Jahr", "nicht als Liste gesetzt"),
]


@pytest.mark.parametrize(("part", "old", "new", "words"), DOCX)
def test_a_broken_word_document_is_refused(checked_files, part, old, new, words):
    assert named(problems("docx", rezipped(checked_files["normal", "docx"].data, part, old, new)), words)


ODT = [
    ("meta.xml", "<dc:title>.*?</dc:title>", "", "Titel fehlt"),
    ("meta.xml", "<meta:initial-creator>.*?</meta:initial-creator>", "", "verfasst"),
    ("meta.xml", "de-DE", "en-US", "Sprache"),
    ("styles.xml", 'fo:language="de"', 'fo:language="en"', "Sprache"),
    ("content.xml", 'text:style-name="Title"', 'text:style-name="Standard"', "0 Titel"),
    ("content.xml", 'text:outline-level="2"', 'text:outline-level="4"', "übersprungen"),
    ("content.xml", 'text:style-name="Heading_20_1"', 'text:style-name="Standard"', "keine Vorlage"),
    ("content.xml", r"<text:h .*?</text:h>", "", "keine Überschriften"),
    ("content.xml", "</?table:table-header-rows>", "", "keine Kopfzeile"),
    ("content.xml", "<table:title>.*?</table:title>", "", "keine Beschriftung"),
    ("content.xml", "<svg:desc>.*?</svg:desc>", "", "Bild hat keine Beschreibung"),
    ("mimetype", "text", "spreadsheet", "kein lesbares"),
]


@pytest.mark.parametrize(("part", "old", "new", "words"), ODT)
def test_a_broken_open_document_is_refused(checked_files, part, old, new, words):
    assert named(problems("odt", rezipped(checked_files["normal", "odt"].data, part, old, new)), words)


CSV = [
    ("\ufeff", "", "Kennzeichen für UTF-8"),
    ("Gliederung;Bezeichnung", "Gruppe;Bezeichnung", "nicht die Spalten"),
    ("Gesamt;Alle Aktivitäten;", "Gesamt;", "zu viele oder zu wenige Zellen"),
    (
        "Gesamt;Alle Aktivitäten;87",
        "Gesamt;Alle Aktivitäten;viele",
        "„Aktivitäten“ enthält etwas anderes als Zahlen",
    ),
    ("Begehung", "=1+1", "als Formel"),
    ("Minuten: Dauer", "Dauer", "Die Spalte „Minuten“ ist nicht erklärt"),
    ("\r\nGesamt.*(?=\r\nErklärung;Gliederung)", "", "keine Zeilen"),
]


@pytest.mark.parametrize(("old", "new", "words"), CSV)
def test_a_broken_csv_is_refused(checked_files, old, new, words):
    assert named(problems("csv", replaced(checked_files["normal", "csv"].data, old, new)), words)


XLSX = [
    ("xl/workbook.xml", "Kennzahlen", "Zahlen", "Das Blatt „Kennzahlen“ fehlt"),
    ("xl/workbook.xml", 'name="Anliegen"', 'name="Neues"', "„Neues“ ist nicht vorgesehen"),
    ("xl/sharedStrings.xml", "<t>Gliederung</t>", "<t>Gruppe</t>", "nicht die Spalten"),
    ("xl/sharedStrings.xml", "<t>Dauer der Aktivitäten, ohne Fahrzeit.</t>", "<t></t>", "„Minuten“ ist nicht erklärt"),
    ("xl/worksheets/sheet1.xml", '<c r="C2"><v>87</v></c>', '<c r="C2" t="s"><v>0</v></c>', "anderes als Zahlen"),
    ("xl/worksheets/sheet4.xml", '<c r="E2" s="2"><v>\\d+</v></c>', '<c r="E2" t="s"><v>0</v></c>', "als Tage"),
    ("xl/worksheets/sheet3.xml", r'(<row r="1".*?</row>).*</sheetData>', r"\1</sheetData>", "hat keine Zeilen"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "old", "new", "words"), XLSX)
def test_a_broken_spreadsheet_is_refused(checked_files, part, old, new, words):
    assert named(problems("xlsx", rezipped(checked_files["normal", "xlsx"].data, part, old, new)), words)


JSON = [
    ('"totals": {', '"sums": {', "Der Teil „totals“ fehlt"),
    ('"totals.minutes": {', '"totals.hours": {', "„totals.minutes“ ist nicht erklärt"),
    ("^\\{", "[{", "kein lesbares JSON"),
]


@pytest.mark.parametrize(("old", "new", "words"), JSON)
def test_broken_json_is_refused(checked_files, old, new, words):
    assert named(problems("json", replaced(checked_files["normal", "json"].data, old, new)), words)


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00kein", b"PK\x03\x04kaputt", b"[]"])
def test_what_is_no_such_file_gets_a_verdict(kind, data):
    assert problems(kind, data)


@pytest.mark.parametrize("kind", CHECKS)
def test_half_a_file_is_refused(checked_files, kind):
    data = checked_files["normal", kind].data
    assert problems(kind, data[: len(data) // 2])


def test_everything_in_the_data_is_described(checked_files):
    from reports.content import data_files

    for name in ("normal", "nasty"):
        report = json.loads(checked_files[name, "json"].data)
        descriptions = report.pop("descriptions")
        assert set(descriptions) == set(data_files.paths(report))
        assert all(told["meaning"] for told in descriptions.values())
