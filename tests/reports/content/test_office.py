"""DOCX and ODT as an office sees them: set by LibreOffice with Debian's twins of Calibri and Arial."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from itertools import groupby

import pytest
from PIL import Image

from kiv_portal.documents import outline as parts
from reports.content.editions import build_file
from reports.content.listed import for_everybody
from reports.content.outline import report_outline
from reports.content.report_photos import photo_rows
from reports.figures.snapshot import read_snapshot
from tests import office
from tests.once import shared
from tests.reports.content import snapshots

pytestmark = pytest.mark.slow

KINDS, YEARS = ("docx", "odt"), ("normal", "nasty", "empty")
ALL = [(year, kind) for year in YEARS for kind in KINDS]
DATE = re.compile(r"\d\d\.\d\d\.\d{4}")
MARGIN = 60  # points: what begins left of it begins a line
HEAD_RULE = (0x0B, 0x55, 0x63)


def _snapshot(year: str):
    return read_snapshot(snapshots.newest(snapshots.ALL[year]()))


@pytest.fixture(scope="session")
def files(checked_files) -> dict[tuple[str, str], bytes]:
    found = {key: checked_files[key].data for key in ALL if key in checked_files}
    empty = {kind: build_file(kind, _snapshot("empty"), edition_number="3", photos=snapshots.PHOTO_FILES).data
             for kind in (*KINDS, "pdf")}  # fmt: skip
    return found | {("empty", kind): data for kind, data in empty.items()}


@pytest.fixture(scope="session")
def shown(files) -> dict[tuple[str, str], bytes]:
    """{(year, kind): LibreOffice's pages}."""

    def convert():
        pdfs = office.set_by_libreoffice({f"{year}-{kind}.{kind}": files[year, kind] for year, kind in ALL})
        return {(year, kind): pdfs[f"{year}-{kind}.{kind}"] for year, kind in ALL}

    return shared("office", {"pdfs": convert})["pdfs"]


def outline_of(year: str) -> list[parts.Element]:
    data = for_everybody(_snapshot(year))
    photos = photo_rows(data, snapshots.PHOTO_FILES)
    return list(report_outline(data, edition_number="3", photos=photos).elements)


def grids(year: str) -> list[parts.Grid]:
    elements = outline_of(year)
    return [
        parts.figures_grid(each) if isinstance(each, parts.KeyFigures) else each
        for each in elements
        if isinstance(each, parts.Grid | parts.KeyFigures)
    ]


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("kind", "family"), [("docx", "Carlito"), ("odt", "LiberationSans")])
def test_the_pages_are_set_in_the_letters_that_offices_have(shown, kind, family):
    found = {name for name in office.fonts(shown["normal", kind]) if name.startswith(family)}
    assert found == {family, f"{family}-Bold"}


@pytest.mark.parametrize("kind", KINDS)
def test_headings_are_those_of_the_report_and_numbered_once(shown, kind):
    expected = [
        (f"H{each.level - 1}", plain(each.text))
        for each in outline_of("normal")
        if isinstance(each, parts.Heading) and each.level > 1
    ]
    tagged = office.structure(shown["normal", kind])
    assert [(each.tag, each.text) for each in tagged if re.fullmatch(r"H\d", each.tag)] == expected
    # the number that a word processor counts itself is no part of the heading's text, but stands on the page
    lines = [" ".join(word.text for word in line) for line in lines_of(shown["normal", kind])]
    numbered = [text for _, text in expected if re.match(r"\d+ ", text)]
    assert len(numbered) == 13
    assert [text for text in numbered if text in lines] == numbered


def lines_of(pdf: bytes) -> list[list[office.Word]]:
    return [
        list(line) for _, line in groupby(office.words(pdf), key=lambda word: (word.page, round(word.top)))
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_lists_are_lists_and_hang_beside_their_signs(shown, kind):
    points = [each for each in outline_of("normal") if isinstance(each, parts.Points)]
    tagged = office.structure(shown["normal", kind])
    assert [each.tag for each in tagged].count("L") == len(points)
    assert [each.tag for each in tagged].count("LI") == sum(len(each.items) for each in points)
    found = list(office.words(shown["normal", kind]))
    signs = [word for word in found if re.fullmatch(r"\d\.|[•\uf0b7]", word.text) and word.left < MARGIN]
    assert len(signs) == sum(len(each.items) for each in points)
    for sign in signs:
        beside = [word for word in found if word.page == sign.page and abs(word.top - sign.top) < 5]
        first = min(word.left for word in beside if word.left > sign.left)
        assert 14 < first - sign.left < 30, sign


@pytest.mark.parametrize(("year", "kind"), ALL)
def test_tables_have_the_rows_and_heads_of_the_report(shown, year, kind):
    found: list[Counter[str]] = []
    for each in office.structure(shown[year, kind]):
        if each.tag == "Table":
            found.append(Counter())
        elif each.tag in ("TR", "TH", "TD"):
            found[-1][each.tag] += 1
    expected = [
        Counter(TR=1 + len(grid.rows), TH=len(grid.columns), TD=len(grid.columns) * len(grid.rows))
        for grid in grids(year)
    ]
    assert found == [+counted for counted in expected]


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_of_the_first_page_has_its_rule(shown, kind):
    page = Image.open(io.BytesIO(office.picture(shown["normal", kind], page=1, resolution=144))).convert(
        "RGB"
    )
    is_rule = [longest_run(page, row) > 144 * 1.5 for row in range(page.height)]
    assert [is_it for is_it, _ in groupby(is_rule)].count(True) == 3


def longest_run(page: Image.Image, row: int) -> int:
    data = page.crop((0, row, page.width, row + 1)).tobytes()
    pixels = zip(data[::3], data[1::3], data[2::3], strict=True)
    near = [sum(abs(a - b) for a, b in zip(pixel, HEAD_RULE, strict=True)) < 90 for pixel in pixels]
    return max((len(list(run)) for is_near, run in groupby(near) if is_near), default=0)


@pytest.mark.parametrize(("year", "kind"), ALL)
def test_no_date_is_parted(files, shown, year, kind):
    written = Counter(DATE.findall(_text_of(files[year, kind], kind)))
    seen = Counter(date for word in office.words(shown[year, kind]) for date in DATE.findall(word.text))
    assert written
    assert written - seen == Counter()


def _text_of(data: bytes, kind: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read({"docx": "word/document.xml", "odt": "content.xml"}[kind]).decode()


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_table_is_parted(shown, kind):
    seen = {word.text.strip(",.():") for word in office.words(shown["normal", kind])}
    cells = [cell for grid in grids("normal") for row in (grid.columns, *grid.rows) for cell in row]
    cut = {
        part for cell in cells for word in cell.split() for part in [word.strip(",.():")] if "-" not in part
    }
    assert cut - seen == set()


@pytest.mark.parametrize("kind", KINDS)
def test_photos_said_to_be_left_and_right_stand_side_by_side(shown, kind):
    boxes = [each.box for each in office.structure(shown["normal", kind]) if each.tag == "Figure"][-4:]
    for left, right in (boxes[:2], boxes[2:]):
        assert left[1] == pytest.approx(right[1], abs=1)
        assert left[2] < right[0] + 0.5


@pytest.mark.parametrize(("year", "kind"), ALL)
def test_there_are_as_many_pages_as_in_the_pdf(files, checked_files, shown, year, kind):
    pdf = checked_files[year, "pdf"].data if year != "empty" else files[year, "pdf"]
    # endless words are set more tightly in an office's narrow cells
    assert abs(office.pages(shown[year, kind]) - office.pages(pdf)) <= (2 if year == "nasty" else 1)


def test_libreoffice_that_is_missing_fails_and_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="apt-get install -y libreoffice-writer-nogui"):
        office.set_by_libreoffice({})


@pytest.mark.parametrize("year", ["normal", "full"])
def test_no_page_of_the_pdf_ends_with_a_hole(built, year):
    """Above the footer at most a fifth of a page is empty, the last one left out."""
    pdf = built[year].pdf
    for number in range(1, office.pages(pdf)):
        page = Image.open(io.BytesIO(office.picture(pdf, page=number, resolution=36))).convert("L")
        text = page.crop((0, 0, page.width, int(page.height * 0.92))).point(lambda grey: 255 * (grey < 200))
        assert text.getbbox()[3] / page.height > 0.92 - 0.2, number
