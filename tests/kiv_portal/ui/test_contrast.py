"""Contrasts by calculation (WCAG 2.2, relative luminance), light and dark, from the style sheet itself."""

import math
import re
from functools import cache
from itertools import chain

import pytest

from kiv_portal.ui.assets import bundle

TEXT, FORM, GRAPHIC = 4.5, 7.0, 3.0
FIELDS = ("bildung", "arbeit", "wohnen", "verkehr", "gesundheit", "quer")
KINDS = ("success", "info", "warning", "danger")
BACK = "--kern-color-feedback-{}-background"

PAIRS = [
    ("ink", "page", FORM),
    ("ink", "paper", FORM),
    ("ink", "accent-soft", FORM),
    ("ink-muted", "page", FORM),
    ("ink-muted", "paper", FORM),
    ("accent", "page", FORM),
    ("accent", "paper", FORM),
    ("accent", "accent-soft", TEXT),
    ("accent-deep", "page", FORM),
    ("on-accent", "accent", FORM),
    ("on-accent", "accent-deep", FORM),
    ("on-band", "band", FORM),
    ("danger", "page", FORM),
    ("on-danger", "danger", FORM),
    ("line-strong", "page", GRAPHIC),
    ("line-strong", "paper", GRAPHIC),
    ("focus", "page", GRAPHIC),
    ("focus", "paper", GRAPHIC),
    *((f"field-{field}", "page", GRAPHIC) for field in FIELDS),
    *(("on-field", f"field-{field}", TEXT) for field in FIELDS),
    *(("ink", BACK.format(kind), FORM) for kind in KINDS),
    *((f"--kern-color-feedback-{kind}", BACK.format(kind), GRAPHIC) for kind in KINDS),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(scheme: str, front: str, back: str, least: float) -> None:
    tokens = _tokens(scheme)
    assert _ratio(_colour(tokens, front), _colour(tokens, back)) >= least


def test_the_demo_banner_is_dark_on_sun_in_both_schemes() -> None:
    for scheme in ("light", "dark"):
        assert _ratio(_rgb("#1b2326"), _colour(_tokens(scheme), "sun")) >= FORM


@cache
def _tokens(scheme: str) -> dict[str, str]:
    """All custom properties as a browser sees them on the root element: our sheet is above KERN's layer."""
    kern, own = bundle().split("\n@font-face", 1)
    found: dict[str, str] = {}
    for sheet in (kern, own):
        dark_blocks = re.findall(
            r"@media \(prefers-color-scheme: dark\) ?\{\s*:root \{(.*?)\}", sheet, re.DOTALL
        )
        light_blocks = re.findall(
            r"@media \(prefers-color-scheme: light\) ?\{\s*:root \{(.*?)\}", sheet, re.DOTALL
        )
        plain = re.findall(r"^:root \{(.*?)\}", sheet, re.DOTALL | re.MULTILINE)
        for block in chain(plain, dark_blocks if scheme == "dark" else light_blocks):
            found |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))
    return found


def _colour(tokens: dict[str, str], name: str) -> tuple[float, float, float]:
    value = tokens[name if name.startswith("--") else f"--{name}"]
    while reference := re.fullmatch(r"var\((--[\w-]+)\)", value.strip()):
        value = tokens[reference[1]]
    return _oklch(value) if value.startswith("oklch") else _rgb(value)


def _rgb(value: str) -> tuple[float, float, float]:
    """Linear light of #rrggbb."""
    parts = [int(value.strip()[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def _oklch(value: str) -> tuple[float, float, float]:
    """Linear light of oklch(L% C H), after Björn Ottosson's definition of Oklab."""
    lightness, chroma, hue = (float(number) for number in re.findall(r"[\d.]+", value))
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    lightness /= 100
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(max(part, 0.0), 1.0) for part in linear)
    return red, green, blue


def _ratio(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[float, float, float]) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
