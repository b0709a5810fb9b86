"""Charts as SVG: Vega-Lite drawn by vl-convert. Every bar carries its name and its number, so that a
black-and-white copy says the same; what the chart shows is said in the alternative text.

The specifications are plain dictionaries: drawing needs vl-convert only, and importing altair takes over
a second.
"""

import base64
import functools
import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from kiv_portal.documents import german
from kiv_portal.documents.fonts import font_root

WIDTH_PX = 600
INK = "#1f2a2e"
PETROL = "#0b5563"
PETROL_LIGHT = "#5f949d"
ON_DARK = {  # the same colours where the ground is dark, as in static/css/tokens.css
    INK: "#eef2f1",
    PETROL: "#84d0dc",
    PETROL_LIGHT: "#4b8893",
    "#2f6db5": "#8ab8ee",
    "#b8500f": "#f2a06a",
    "#2e7d4f": "#7cc79a",
    "#7a4ba8": "#c3a6e8",
    "#b3265e": "#f08fb4",
    "#5b666b": "#bac6c7",
    "#fff": "#12191b",
}
FIELD_COLOURS = {
    "bildung": "#2f6db5",
    "arbeit": "#b8500f",
    "wohnen": "#2e7d4f",
    "verkehr": "#7a4ba8",
    "gesundheit": "#b3265e",
    "quer": "#5b666b",
}
OTHER = "other"  # how a field of a county looks that is none of these
# The signs of the fields carry the same patterns (static/css/status.css, .field-sign--*); Querschnitt is plain.
_TILE_PX = 6
_LINE = '<path d="{}" stroke="#fff" stroke-width="1.3" fill="none"/>'
FIELD_PATTERNS = {
    "bildung": _LINE.format("M-1,-1L7,7M-4,2L4,10M2,-4L10,4"),
    "arbeit": _LINE.format("M0,3H6"),
    "wohnen": _LINE.format("M-1,7L7,-1M-4,4L4,-4M2,10L10,2"),
    "verkehr": _LINE.format("M3,0V6"),
    "gesundheit": '<circle cx="3" cy="3" r="1.4" fill="#fff"/>',
    OTHER: _LINE.format("M0,3H6M3,0V6"),
}
FONT = "KIV Sans"
FONTS_OF_READERS = "Fira Sans, Noto Sans, Segoe UI, system-ui, sans-serif"
NARROW_PX = 320  # a phone held upright
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_COLOUR = {"field": "colour", "type": "nominal", "scale": None}
_CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "background": None,
    "aria": False,  # the alternative text says it in one sentence
    "text": {"font": FONT, "fontSize": 13, "color": INK},
}


Json = dict[str, Any]  # a part of a Vega-Lite specification
Row = Mapping[str, Any]  # of its data


class FieldBar(Protocol):
    """A field of action and how often it occurs."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def short(self) -> str: ...
    @property
    def activities(self) -> int: ...


class MonthColumn(Protocol):
    """A month ("2021-10") and its activities."""

    @property
    def month(self) -> str: ...
    @property
    def activities(self) -> int: ...


def look_of(code: str) -> str:
    """The name under which styles, bars and patterns know a field of action."""
    return code if code in FIELD_COLOURS else OTHER


class Chart(NamedTuple):
    svg: str
    alt: str

    @property
    def data_uri(self) -> str:
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()

    @property
    def on_dark(self) -> "Chart":
        """The same drawing for a dark ground: ink, bars and their patterns change their colours."""
        colour = re.compile("|".join(rf'(?<="){re.escape(light)}(?=")' for light in ON_DARK))
        return Chart(colour.sub(lambda found: ON_DARK[found[0]], self.svg), self.alt)

    @property
    def on_page(self) -> "Chart":
        """For a web page on its own: a drawing there knows only the letters of the reader's machine."""
        return Chart(self.svg.replace(f'"{FONT}"', f'"{FONTS_OF_READERS}"'), self.alt)

    def png(self, scale: float = 3) -> bytes:
        """On white: word processors print on paper. Twelve hundred pixels and more, sharp enough for a page's width."""
        return bytes(_machine(font_root()).svg_to_png(_on_white(self.svg), scale=scale))

    @property
    def inline_svg(self) -> str:
        """For a web page: one image to assistive technology, in the page's text colour."""
        opening = f'<svg role="img" aria-label="{html.escape(self.alt)}" '
        return self.svg.replace("<svg ", opening, 1).replace(INK, "currentColor")


def fields_chart(fields: Sequence[FieldBar], *, font: str = FONT) -> Chart:
    """Activities by field of action, one bar each, in the order given."""
    rows = [
        {"name": field.name, "sign": field.short, "value": field.activities,
         "label": german.number(field.activities), "colour": _colour_of(look_of(field.code))}
        for field in fields
    ]  # fmt: skip
    names = {"field": "name", "type": "nominal", "sort": None, "axis": None}
    values = _values("value", rows)
    bars_start_px = 220
    spec = {
        "width": WIDTH_PX - bars_start_px - 45,
        "height": {"step": 25},
        "padding": {"left": bars_start_px, "right": 45, "top": 2, "bottom": 2},
        "autosize": {"type": "none"},
        "layer": [
            {"mark": {"type": "bar", "height": 16},
             "encoding": {"y": names, "x": values, "color": _COLOUR}},
            {"mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600},
             "encoding": {"y": names, "x": values, "text": {"field": "label"}}},
            {"mark": {"type": "text", "align": "left", "fontWeight": 600},
             "encoding": {"y": names, "x": {"value": -bars_start_px}, "text": {"field": "sign"}}},
            {"mark": {"type": "text", "align": "left"},
             "encoding": {"y": names, "x": {"value": 28 - bars_start_px}, "text": {"field": "name"}}},
        ],
    }  # fmt: skip
    return Chart(_hatched(_draw(spec, rows, font), fields), fields_alt(fields))


def months_chart(months: Sequence[MonthColumn], *, font: str = FONT) -> Chart:
    """Activities by month as columns; the strongest month is dark."""
    highest = max((month.activities for month in months), default=0)
    rows = []
    for index, month in enumerate(months):
        year, number = month.month.split("-")
        lines = [german.MONTHS[int(number) - 1][:3]] + ([year] if index == 0 or number == "01" else [])
        top = bool(highest) and month.activities == highest
        rows.append(
            {
                "month": month.month,
                "axis": "|".join(lines),
                "value": month.activities,
                "label": german.number(month.activities),
                "colour": PETROL if top else PETROL_LIGHT,
            }
        )
    names = {"field": "month", "type": "nominal", "sort": None, "axis": None}
    values = _values("value", rows)
    floor = {"datum": 0, "type": "quantitative"}
    captions = [
        {"mark": {"type": "text", "baseline": "top", "dy": 8 + 16 * line, "fontSize": 13 - line},
         "transform": [{"calculate": f"split(datum.axis, '|')[{line}] || ''", "as": f"line{line}"}],
         "encoding": {"x": names, "y": floor, "text": {"field": f"line{line}"}}}
        for line in (0, 1)
    ]  # fmt: skip
    spec = {
        "width": WIDTH_PX,
        "height": 104,
        "padding": {"left": 0, "right": 0, "top": 5, "bottom": 2},
        "layer": [
            {"mark": {"type": "bar", "width": {"band": 0.62}},
             "encoding": {"x": names, "y": values, "color": _COLOUR}},
            {"mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": 600},
             "encoding": {"x": names, "y": values, "text": {"field": "label"}}},
            {"mark": {"type": "rule", "color": INK, "strokeWidth": 1}, "encoding": {"y": floor}},
            *captions,
        ],
    }  # fmt: skip
    return Chart(_draw(spec, rows, font), months_alt(months))


def narrow_fields_chart(fields: Sequence[FieldBar]) -> Chart:
    """`fields_chart` for a phone: each name stands above its bar."""
    rows = [
        {"name": field.name, "text": f"{field.short} {field.name}", "value": field.activities,
         "label": german.number(field.activities), "colour": _colour_of(look_of(field.code))}
        for field in fields
    ]  # fmt: skip
    svg = _draw(_narrow(rows, step_px=50, names_px=0), rows, FONT)
    return Chart(_hatched(svg, fields), fields_alt(fields))


def narrow_months_chart(months: Sequence[MonthColumn]) -> Chart:
    """`months_chart` for a phone: a line a month."""
    highest = max((month.activities for month in months), default=0)
    rows = [
        {"name": month.month, "text": german.short_month(month.month), "value": month.activities,
         "label": german.number(month.activities),
         "colour": PETROL if highest and month.activities == highest else PETROL_LIGHT}
        for month in months
    ]  # fmt: skip
    return Chart(_draw(_narrow(rows, step_px=28, names_px=80), rows, FONT), months_alt(months))


def _narrow(rows: Sequence[Row], *, step_px: int, names_px: int) -> Json:
    """Lying bars; their names take so many pixels beside them, or stand above."""
    names = {"field": "name", "type": "nominal", "sort": None, "axis": None}
    values = _values("value", rows)
    down = 0 if names_px else 10
    text = {"type": "text", "align": "left", "fontSize": 15}
    return {
        "width": NARROW_PX - names_px - 50,
        "height": {"step": step_px},
        "padding": {"left": names_px, "right": 50, "top": 2, "bottom": 2},
        "autosize": {"type": "none"},
        "layer": [
            {"mark": {"type": "bar", "height": 18, "yOffset": down},
             "encoding": {"y": names, "x": values, "color": _COLOUR}},
            {"mark": {**text, "dx": 6, "dy": down, "fontWeight": 600},
             "encoding": {"y": names, "x": values, "text": {"field": "label"}}},
            {"mark": {**text, "dy": 0 if names_px else -12},
             "encoding": {"y": names, "x": {"value": -names_px}, "text": {"field": "text"}}},
        ],
    }  # fmt: skip


def fields_alt(fields: Sequence[FieldBar]) -> str:
    total = sum(field.activities for field in fields)
    if not total:
        return "Balkendiagramm: Im Berichtszeitraum gibt es in keinem Handlungsfeld Aktivitäten."
    ranked = sorted(fields, key=lambda field: -field.activities)
    parts = [f"{field.name} {german.number(field.activities)}" for field in ranked]
    return (
        f"Balkendiagramm der Aktivitäten je Handlungsfeld, vom stärksten zum schwächsten: {', '.join(parts)}."
        f" Zusammen {german.count(total, 'Aktivität', 'Aktivitäten')}. Alle Werte stehen in der Tabelle."
    )


def months_alt(months: Sequence[MonthColumn]) -> str:
    busy = [month for month in months if month.activities]
    if not busy:
        return "Säulendiagramm: Im Berichtszeitraum gibt es in keinem Monat Aktivitäten."
    most = max(busy, key=lambda month: month.activities)
    least = min(months, key=lambda month: month.activities)
    return (
        f"Säulendiagramm der Aktivitäten je Monat: am meisten im {german.month(most.month)}"
        f" ({german.number(most.activities)}), am wenigsten im {german.month(least.month)}"
        f" ({german.number(least.activities)}). Alle Werte stehen in der Tabelle."
    )


def _values(field: str, rows: Sequence[Row]) -> Json:
    # without any activity the scale still needs an end, or every bar would fill the width
    highest = max((row[field] for row in rows), default=0) or 1
    scale = {"domain": [0, highest], "nice": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _draw(spec: Json, rows: Sequence[Row], font: str) -> str:
    whole = {"$schema": _SCHEMA, "data": {"values": list(rows)}, "config": _CONFIG, **spec}
    svg = drawing(json.dumps(whole))
    return svg if font == FONT else svg.replace(FONT, font)


@functools.lru_cache(maxsize=16)
def drawing(specification: str) -> str:
    """The SVG of a Vega-Lite specification. Kept, because several files of a report show the same charts, and the
    JavaScript engine grows with every drawing.
    """
    svg: str = _machine(font_root()).vegalite_to_svg(specification)
    return svg


def _colour_of(look: str) -> str:
    return FIELD_COLOURS.get(look, PETROL)


def _hatched(svg: str, fields: Sequence[FieldBar]) -> str:
    """White marks over every bar, in the pattern of its field: Vega-Lite knows none. The tile does not hold the colour,
    or fine seams would show between tiles.
    """
    patterns = ""
    for look in dict.fromkeys(look_of(field.code) for field in fields):
        if look not in FIELD_PATTERNS:
            continue
        bar = re.compile(rf'<path d="([^"]*)" fill="{_colour_of(look)}"/>')
        svg = bar.sub(rf'\g<0><path d="\1" fill="url(#pattern-{look})" stroke="{_colour_of(look)}"/>', svg)
        patterns += (
            f'<pattern id="pattern-{look}" patternUnits="userSpaceOnUse"'
            f' width="{_TILE_PX}" height="{_TILE_PX}">{FIELD_PATTERNS[look]}</pattern>'
        )
    return svg.replace("><", f"><defs>{patterns}</defs><", 1)


def _on_white(svg: str) -> str:
    return svg.replace(">", '><rect width="100%" height="100%" fill="#fff"/>', 1)


@functools.cache
def _machine(fonts: Path) -> Any:
    """Loaded at the first chart (its JavaScript engine costs a second), with our font for measuring text."""
    import vl_convert

    if fonts.is_dir():
        vl_convert.register_font_directory(str(fonts))
    return vl_convert
