import re
from pathlib import Path

import brotli
import pytest
from fontTools.ttLib import TTFont

from kiv_portal.ui.assets import FACES, build_assets, bundle
from kiv_portal.ui.icons import ICONS

ROOT = Path(__file__).resolve().parents[3]


def test_the_style_sheet_stays_light() -> None:
    assert len(brotli.compress(bundle().encode())) < 16_000


@pytest.mark.slow
def test_the_fonts_stay_light_and_have_the_letters_of_our_neighbours(tmp_path: Path) -> None:
    assert build_assets(tmp_path)
    assert not build_assets(tmp_path)
    for face in FACES:
        file = tmp_path / f"fonts/{face}.woff2"
        assert file.stat().st_size < 31_000
        with TTFont(file) as font:
            letters = font.getBestCmap()
        assert [sign for sign in "äöüßẞéçğışłőřž„“–…€−" if ord(sign) not in letters] == []


def test_every_icon_is_in_the_sheet_and_every_token_is_defined() -> None:
    sheet = bundle()
    assert [name for name in ICONS if f".kern-icon--{name} " not in sheet] == []
    used = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", sheet))
    defined = set(re.findall(r"(--[\w-]+)\s*:", sheet))
    assert used - defined == set()


def test_nothing_shows_the_federal_header_or_beats_our_layer() -> None:
    kern = bundle().split("\n@font-face", 1)[0]
    assert "kopfzeile" not in kern
    assert "!important" not in kern


def test_pages_carry_no_inline_style_or_script() -> None:
    templates = [
        path for path in (ROOT / "templates").rglob("*.html") if not {"content", "email"} & set(path.parts)
    ]
    assert templates
    inline = re.compile(
        r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)(?![^>]*type="application/json")"""
    )
    assert [str(path) for path in templates if inline.search(path.read_text(encoding="utf-8"))] == []
