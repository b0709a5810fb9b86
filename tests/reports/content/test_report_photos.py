"""Photos with captions in every file that has pictures, from exactly the files that were frozen."""

import base64
import io
import json

import docx
import lxml.html
import odfdo
import pikepdf
import pytest
from docx.oxml.ns import qn
from PIL import Image

from kiv_portal.documents.errors import RenderingError
from reports.content.editions import build_file
from reports.content.formats import CONTENT_TYPES, WITH_PHOTOS
from reports.content.report import report_html
from reports.content.report_photos import about_photos, photo_rows
from reports.figures.snapshot import Snapshot, read_snapshot
from tests.reports.content import snapshots
from tests.reports.content.test_editions import text_of

ALTS = {"Ein hoher Bordstein.", "Ein flacher Bordstein.", "Acht Menschen auf dem Kopfsteinpflaster."}
DECORATION = (
    "Foto: Stand auf dem Marktplatz"  # beside its entry it only decorates; on its own it needs a name
)


def as_json() -> dict:
    return snapshots.as_of_schema_4(snapshots.normal_year())


def year(**changes) -> Snapshot:
    return read_snapshot(as_json() | changes)


def described(kind: str, data: bytes) -> list[str]:
    """The alternative texts of a file, in the order in which they are read."""
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return [str(node.Alt) for node in _nodes(pdf.Root.StructTreeRoot) if node.get("/S") == "/Figure"]
    if kind == "html":
        return lxml.html.document_fromstring(data.decode()).xpath("//img/@alt")
    if kind == "docx":
        drawings = docx.Document(io.BytesIO(data)).element.iter(qn("wp:docPr"))
        return [drawing.get("descr") for drawing in drawings]
    frames = odfdo.Document(io.BytesIO(data)).body.get_elements("descendant::draw:frame")
    return [frame.svg_description for frame in frames]


def _nodes(node):
    yield node
    kids = node.get("/K")
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _nodes(kid)


@pytest.mark.parametrize("kind", WITH_PHOTOS)
def test_every_photo_stands_there_with_description_and_caption(checked_files, kind):
    data = checked_files["normal", kind].data
    alts = [alt for alt in described(kind, data) if alt in {*ALTS, DECORATION}]
    # before and after first, side by side; then the others by time
    assert alts == [
        "Ein hoher Bordstein.",
        "Ein flacher Bordstein.",
        "Acht Menschen auf dem Kopfsteinpflaster.",
        DECORATION,
    ]
    text = text_of(kind, data)
    assert "Die Fotos zeigen einen Ort vorher und nachher und die Arbeit vor Ort." in text
    comma = "," if kind in ("docx", "odt") else ""
    for caption in (
        f"Vorher: Bordstein an der Bahnhofstraße{comma} Leonberg, 08.11.2021",
        f"Nachher, zum Anliegen „Bordstein an der Bahnhofstraße“{comma} Leonberg, 14.03.2022",
        f"Rollitour durch die Altstadt{comma} Leonberg, 20.10.2021",
    ):
        assert caption in text


def test_before_and_after_stand_in_one_row():
    rows = photo_rows(year(), snapshots.PHOTO_FILES)
    assert [[photo.moment for photo in row] for row in rows] == [["Vorher", "Nachher"], ["", ""]]
    page = lxml.html.document_fromstring(report_html(year(), edition_number="1", photos=rows))
    assert [len(row.xpath(".//img")) for row in page.xpath("//div[@class='photos']")] == [2, 2]


def test_photos_are_small_enough_for_a_mailbox(checked_files):
    assert sum(map(len, snapshots.PHOTO_FILES.values())) > 150_000
    html = lxml.html.document_fromstring(checked_files["normal", "html"].data.decode())
    sources = html.xpath("//div[@class='photos']//img/@src")
    sizes = [Image.open(io.BytesIO(base64.b64decode(src.partition(",")[2]))).size for src in sources]
    assert sizes == [(1000, 750), (1000, 750), (562, 1000), (1000, 417)]


@pytest.mark.parametrize("kind", WITH_PHOTOS)
@pytest.mark.parametrize("files", [{}, dict.fromkeys(snapshots.PHOTO_FILES, snapshots.KERB)])
def test_a_missing_or_exchanged_photo_stops_the_file_with_a_sentence(kind, files):
    with pytest.raises(
        RenderingError, match=r"Das Foto „.+“ ist nicht mehr da, oder die Datei ist eine andere"
    ) as found:
        build_file(kind, year(), edition_number="1", photos=files)
    assert len(str(found.value)) <= 500  # the room for a reason
    long = year(photos=[{**as_json()["photos"][0], "title": snapshots.NASTY_TITLE}])
    with pytest.raises(RenderingError) as found:
        build_file(kind, long, edition_number="1", photos=files)
    assert str(found.value).endswith("reichen Sie ihn noch einmal ein.")
    assert len(str(found.value)) <= 500


@pytest.mark.parametrize("kind", [kind for kind in CONTENT_TYPES if kind not in WITH_PHOTOS])
def test_files_without_pictures_need_no_photos(kind):
    assert build_file(kind, year(), edition_number="1").verdict["is_accessible"]


def test_the_data_tell_what_is_shown_but_not_where_it_lies(checked_files):
    report = json.loads(checked_files["normal", "json"].data)
    assert [len(group["pictures"]) for group in report["photos"]] == [1, 2, 1]
    first = report["photos"][0]["pictures"][0]
    assert first["alt"] == "Acht Menschen auf dem Kopfsteinpflaster."
    assert "activityphoto" not in checked_files["normal", "json"].data.decode()
    assert b"activityphoto" not in checked_files["normal", "pdf"].data
    assert report["descriptions"]["photos[].pictures[].alt"]["meaning"] == "Beschreibung des Fotos."


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([0], "Das Foto zeigt die Arbeit vor Ort."),
        ([0, 2], "Die Fotos zeigen die Arbeit vor Ort."),
        ([1], "Die Fotos zeigen einen Ort vorher und nachher."),
        ([1, 1, 0], "Die Fotos zeigen zwei Orte vorher und nachher und die Arbeit vor Ort."),
    ],
)
def test_the_chapter_begins_with_what_is_to_be_seen(groups, sentence):
    photos = as_json()["photos"]
    rows = photo_rows(year(photos=[photos[index] for index in groups]), snapshots.PHOTO_FILES)
    assert about_photos(rows) == sentence


def test_without_photos_there_is_no_chapter():
    for snapshot in (year(photos=[]), read_snapshot(snapshots.as_of_schema_3(snapshots.normal_year()))):
        assert "Fotos" not in report_html(snapshot, edition_number="1")


def test_a_photo_of_after_says_what_was_done():
    """Not what was reported: the concern may be called "… ist nicht anfahrbar"."""
    data = as_json()
    group = data["photos"][1]
    done = {
        "title": group["title"],
        "outcome": "done",
        "reported_on": "2021-11-08",
        "sentence": "Der Bordstein ist abgesenkt.",
    }
    data["concerns"]["public"] = [data["concerns"]["public"][0] | done]
    captions = [photo.caption for photo in photo_rows(read_snapshot(data), snapshots.PHOTO_FILES)[0]]
    assert captions == ["Vorher: Bordstein an der Bahnhofstraße", "Nachher: Der Bordstein ist abgesenkt."]
    # two of one name that cannot be told apart: neither's sentence is guessed
    data["concerns"]["public"] *= 2
    captions = [photo.caption for photo in photo_rows(read_snapshot(data), snapshots.PHOTO_FILES)[0]]
    assert captions[1] == "Nachher, zum Anliegen „Bordstein an der Bahnhofstraße“"
    group["pictures"][1]["alt"] = ""
    after = photo_rows(read_snapshot(data), snapshots.PHOTO_FILES)[0][1]
    assert after.alt == "Foto nach der Änderung: Bordstein an der Bahnhofstraße"
