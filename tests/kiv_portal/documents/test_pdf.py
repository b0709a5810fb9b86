import datetime
import gc

import pytest

from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import Attachment, printable, render_pdf
from reports.content.report import build_report_pdf
from reports.figures.snapshot import read_snapshot
from tests.reports.content import snapshots


def document(body: str) -> str:
    return f'<html lang="de"><head><title>Probe</title></head><body><h1>Probe</h1>{body}</body></html>'


@pytest.mark.parametrize("name", snapshots.ALL)
def test_the_same_snapshot_gives_the_same_bytes(built, name):
    again = build_report_pdf(read_snapshot(snapshots.ALL[name]()), edition_number="3")
    assert again.pdf == built[name].pdf


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname", "http://example.invalid/x.png", "https://example.invalid/x.png", "ftp://example.invalid/x",
        "asset:///../settings.py", "asset:///fonts/../coverage.json", "asset:///css/nirgends.png", "asset:///etc/passwd",
    ],
)  # fmt: skip
def test_nothing_is_loaded_from_elsewhere(address):
    with pytest.raises(RenderingError, match="nicht laden darf"):
        render_pdf(document(f'<p><img src="{address}" alt="Bild"></p>'))


def test_style_cannot_load_either():
    with pytest.raises(RenderingError, match="nicht laden darf"):
        render_pdf(document("<p style=\"background: url('http://example.invalid/x.png')\">Text</p>"))


@pytest.mark.expected_errors("Relative URI reference")
def test_a_relative_picture_does_not_vanish():
    with pytest.raises(RenderingError, match="nicht vollständig"):
        render_pdf(document('<p><img src="logo.png" alt="Logo"></p>'))


def test_a_character_without_a_font_becomes_an_empty_box_and_is_named():
    html, replaced = printable(document("<p>Der Vogel 𓅓 im Park, noch ein 𓅓</p>"))
    assert "Der Vogel □ im Park, noch ein □" in html
    assert len(replaced) == 1
    assert replaced[0].startswith("„𓅓“ (EGYPTIAN HIEROGLYPH G017, U+13153) in „…")
    assert "Der Vogel 𓅓 im Park" in replaced[0]
    assert render_pdf(html)


def test_the_list_of_replaced_characters_stays_short():
    _, replaced = printable(document(f"<p>{''.join(map(chr, range(0x4E00, 0x4E00 + 500)))}</p>"))
    assert len(replaced) == 21
    assert replaced[-1] == "480 weitere Zeichen"


def test_a_document_without_odd_characters_stays_as_it_is():
    html = document("<p>Straße, 🎉, שלום, مرحبا ✓ ☐</p>")
    assert printable(html) == (html, [])


def test_a_missing_glyph_that_was_not_replaced_stops_the_document():
    with pytest.raises(RenderingError, match="nicht vollständig"):
        render_pdf(document("<p>Der Vogel 𓅓 im Park</p>"))


def test_no_warning_is_logged(caplog):
    render_pdf(document("<p>Straße, 🎉, שלום, مرحبا, ✓ ☐ ⇒ □</p>"))
    assert [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"] == []


def test_a_document_leaves_no_circles_behind():
    from weasyprint.document import Document

    render_pdf(document("<p>Text</p>"))
    assert gc.isenabled()
    # type(), not isinstance(): that would wake the lazy objects that other tests left behind
    assert [thing for thing in gc.get_objects() if type(thing) is Document] == []


def test_no_font_feature_is_asked_for(built):
    """WeasyPrint 70 never frees the attributes of a layout with features: half a megabyte a report."""
    from kiv_portal.documents.fonts import font_root
    from kiv_portal.documents.weasyprint_setup import press

    assert press(font_root()).font_config.font_features == {}


def test_fonts_are_ours_alone(built):
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(built["nasty"].pdf)) as pdf:
        fonts = {
            str(o.BaseFont).partition("+")[2]
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
        }
    assert fonts == {
        "KIV-Sans",
        "KIV-Sans-Semi-Bold",
        "KIV-Emoji",
        "KIV-Hebrew",
        "KIV-Arabic",
        "KIV-Signs",
        "KIV-Math",
    }


def test_an_attachment_carries_its_own_date():
    file = Attachment(
        "zahlen.csv", "Zahlen", b"a;b", datetime.datetime(2022, 10, 12, 12, tzinfo=datetime.UTC)
    )
    assert render_pdf(document("<p>Text</p>"), attachments=[file]) == render_pdf(
        document("<p>Text</p>"), attachments=[file]
    )


def test_a_document_does_not_let_damaged_photos_in():
    """WeasyPrint switches Pillow's check for whole pictures off, for everything that the process reads later."""
    from PIL import ImageFile

    render_pdf(document("<p>Text</p>"))
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
