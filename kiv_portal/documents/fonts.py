"""Cuts the shipped web fonts to what documents need: `python -m kiv_portal.documents.fonts`.

The npm packages deliver WOFF2, which the renderer would unpack in every process; a cut TTF is a third faster.
The families get names of our own, so that a font of the same name on the machine can never take their place.
"""

import argparse
import functools
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from kiv_portal.documents.errors import RenderingError

BASE_DIR = Path(__file__).resolve().parents[2]
DEFAULT_FONT_ROOT = BASE_DIR / "var" / "fonts"
NODE_MODULES = BASE_DIR / "node_modules"
RECIPE = 5  # raise it when what is cut changes

FEATURES = (
    "kern",
    "mark",
    "mkmk",
    "ccmp",
    "locl",
    "liga",
    "calt",
    "rlig",
    "init",
    "medi",
    "fina",
    "isol",
    "case",
)


class Face(NamedTuple):
    file: str
    family: str
    weight: int
    source: str
    only: range | None = None  # code points to keep; None: all


_FIRA = "@kern-ux/native/dist/fonts/fira-sans"
_NOTO = "@fontsource/noto"
_SIGNS = range(0x2030, 0x2C00)  # primes, arrows, mathematics, boxes, ticks; no spaces
FACES = (
    Face("kiv-sans-400.ttf", "KIV Sans", 400, f"{_FIRA}/FiraSans-Regular.woff2"),
    Face("kiv-sans-600.ttf", "KIV Sans", 600, f"{_FIRA}/FiraSans-SemiBold.woff2"),
    Face(
        "kiv-arabic.ttf",
        "KIV Arabic",
        400,
        f"{_NOTO}-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2",
    ),
    Face(
        "kiv-hebrew.ttf",
        "KIV Hebrew",
        400,
        f"{_NOTO}-sans-hebrew/files/noto-sans-hebrew-hebrew-400-normal.woff2",
    ),
    Face("kiv-emoji.ttf", "KIV Emoji", 400, f"{_NOTO}-emoji/files/noto-emoji-emoji-400-normal.woff2"),
    Face(
        "kiv-signs.ttf",
        "KIV Signs",
        400,
        f"{_NOTO}-sans-symbols-2/files/noto-sans-symbols-2-symbols-400-normal.woff2",
        _SIGNS,
    ),
    Face(
        "kiv-math.ttf",
        "KIV Math",
        400,
        f"{_NOTO}-sans-math/files/noto-sans-math-latin-400-normal.woff2",
        _SIGNS,
    ),
)
SPACES = (0x20, 0xA0)
COVERAGE_FILE = "coverage.json"


def font_root() -> Path:
    """Where the cut fonts lie: `settings.FONT_ROOT`, or `var/fonts` where no Django is set up."""
    from django.conf import settings

    is_set_up = settings.configured or os.environ.get("DJANGO_SETTINGS_MODULE")
    return Path(getattr(settings, "FONT_ROOT", DEFAULT_FONT_ROOT)) if is_set_up else DEFAULT_FONT_ROOT


@functools.cache
def covered_characters(root: Path) -> frozenset[int]:
    """Every code point that one of the cut fonts can draw."""
    try:
        ranges = json.loads((root / COVERAGE_FILE).read_text())["ranges"]
    except FileNotFoundError:
        raise RenderingError(
            "Die Schriften für den Druck fehlen. Bitte einmal ausführen: python -m kiv_portal.documents.fonts"
        ) from None
    return frozenset(point for first, last in ranges for point in range(first, last + 1))


def build_fonts(target: Path, *, source: Path = NODE_MODULES) -> bool:
    """Write the cut fonts to `target`; False if they were already there and up to date."""
    missing = [face.source for face in FACES if not (source / face.source).is_file()]
    if missing:
        raise RenderingError(f"Die Schrift {source / missing[0]} fehlt. Bitte zuerst „npm ci“ ausführen.")
    fingerprint = _fingerprint(source)
    if _is_built(target, fingerprint):
        return False
    target.mkdir(parents=True, exist_ok=True)
    covered: set[int] = set()
    for face in FACES:
        data, points = _cut(source / face.source, face)
        covered |= points
        _write(target / face.file, data)
    coverage = {"fingerprint": fingerprint, "ranges": list(_ranges(covered))}
    _write(target / COVERAGE_FILE, json.dumps(coverage).encode())
    covered_characters.cache_clear()
    return True


def _fingerprint(source: Path) -> str:
    digest = hashlib.sha256(repr((RECIPE, FACES, FEATURES, SPACES)).encode())
    for face in FACES:
        digest.update((source / face.source).read_bytes())
    return digest.hexdigest()


def _is_built(target: Path, fingerprint: str) -> bool:
    try:
        built = json.loads((target / COVERAGE_FILE).read_text())["fingerprint"]
    except (FileNotFoundError, ValueError, KeyError):
        return False
    return built == fingerprint and all((target / face.file).is_file() for face in FACES)


def _cut(path: Path, face: Face) -> tuple[bytes, set[int]]:
    import io

    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(path, recalcTimestamp=False)
    _set_tabular_figures(font)
    points = {point for point in font.getBestCmap() if not 0xE000 <= point <= 0xF8FF and point != 0xFFFF}
    if face.only is not None:
        points &= {*face.only, *SPACES}  # a space is set in the font of the word before it
    if font["OS/2"].version in (2, 3):  # the same fields; only 4 knows all flags that Noto sets
        font["OS/2"].version = 4
    options = subset.Options(layout_features=list(FEATURES), hinting=False)
    options.drop_tables += ["DSIG", "STAT", "MATH"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    _rename(font, face)
    font.flavor = None
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue(), points


def _set_tabular_figures(font: "TTFont") -> None:  # type: ignore[name-defined]  # noqa: F821
    """Make digits of one width the usual ones, so that numbers stand under each other in every table.

    As a feature in the style sheet (`tabular-nums`) WeasyPrint 70 loses half a megabyte with every report.
    """
    if "GSUB" not in font:
        return
    gsub = font["GSUB"].table
    lookups = {
        i
        for record in gsub.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for i in record.Feature.LookupListIndex
    }
    tabular: dict[str, str] = {}
    for index in lookups:
        for subtable in gsub.LookupList.Lookup[index].SubTable:
            tabular |= getattr(subtable, "ExtSubTable", subtable).mapping
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap |= {
                ord(digit): tabular.get(table.cmap[ord(digit)], table.cmap[ord(digit)])
                for digit in "0123456789"
                if ord(digit) in table.cmap
            }


def _rename(font: "TTFont", face: Face) -> None:  # type: ignore[name-defined]  # noqa: F821
    style, group = ("Regular", "Regular") if face.weight == 400 else ("SemiBold", "Bold")
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 5, 13, 14)]
    postscript = f"{face.family}-{style}".replace(" ", "")
    for name_id, text in ((1, face.family), (2, group), (3, postscript)):
        names.setName(text, name_id, 3, 1, 0x409)
    for name_id, text in ((4, f"{face.family} {style}"), (6, postscript), (16, face.family), (17, style)):
        names.setName(text, name_id, 3, 1, 0x409)


def _ranges(points: Iterable[int]) -> Iterable[tuple[int, int]]:
    first = last = None
    for point in sorted(points):
        if last is not None and point == last + 1:
            last = point
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = point
    if first is not None and last is not None:
        yield first, last


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: another process may be reading, or building the same."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(data)
    written = Path(file.name)
    written.chmod(0o644)
    written.replace(path)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m kiv_portal.documents.fonts", description=__doc__)
    usual_target = Path(os.environ.get("KIV_FONT_ROOT", DEFAULT_FONT_ROOT))
    parser.add_argument("--target", type=Path, default=usual_target)
    parser.add_argument("--source", type=Path, default=NODE_MODULES, help="the node_modules folder")
    options = parser.parse_args(arguments)
    try:
        built = build_fonts(options.target, source=options.source)
    except RenderingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("Schriften zugeschnitten.\n" if built else "Schriften sind aktuell.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
