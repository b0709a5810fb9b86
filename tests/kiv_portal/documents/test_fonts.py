import pytest

from kiv_portal.documents import fonts
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import REPLACEMENT


def test_the_fonts_are_up_to_date():
    assert fonts.build_fonts(fonts.font_root()) is False


def test_what_people_write_is_covered():
    covered = fonts.covered_characters(fonts.font_root())
    for text in (
        "äöüßÄÖÜẞ„“‚‘–—…§€½²→≥•",
        "ąćęłńóśźż ğış čžš",
        "Ελληνικά Українська",
        "שלום",
        "مرحبا",
        "🎉👍🏽❤🧑🦽",
        "✓✔✗✘☐☑☒□■▪▢●○◦◆★☆▲▼►←→⇒⇔′″≈≠∀",
    ):
        assert {character for character in text if ord(character) not in covered} <= {" "}


def test_the_replacement_can_be_printed():
    assert ord(REPLACEMENT) in fonts.covered_characters(fonts.font_root())


def test_figures_stand_under_each_other():
    from fontTools.ttLib import TTFont

    for name in ("kiv-sans-400.ttf", "kiv-sans-600.ttf"):
        font = TTFont(fonts.font_root() / name)
        widths = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}
        assert len(widths) == 1


def test_missing_sources_are_named(tmp_path):
    with pytest.raises(RenderingError, match="npm ci"):
        fonts.build_fonts(tmp_path / "target", source=tmp_path)


def test_missing_fonts_say_what_to_type(tmp_path):
    with pytest.raises(RenderingError, match=r"python -m kiv_portal\.documents\.fonts"):
        fonts.covered_characters(tmp_path)
