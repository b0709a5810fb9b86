"""A map of a county as SVG: a circle a town, as large as its number of activities, and its name beside it."""

import functools
import html
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kiv_portal.documents import german, prose
from kiv_portal.documents.charts import FONT, INK, PETROL, WIDTH_PX, Chart
from kiv_portal.documents.fonts import FACES, font_root
from reports.county.snapshot import TownSums

HIGHEST_PX = 430
MARGIN_X, MARGIN_Y = 70, 30
SMALLEST_RADIUS, LARGEST_RADIUS = 5.0, 19.0
FONT_SIZE = 13
LINE_PX = 16
GAP = 4
# Where a name may stand, seen from its circle: right and left first, as one reads, then further away on a thin line.
SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
DISTANCES = (0, 14, 30, 48, 70)


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def shared_with(self, other: "Box") -> float:
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0


class Place(NamedTuple):
    """A town that has coordinates, in degrees."""

    name: str
    latitude: float
    longitude: float
    activities: int


class Spot(NamedTuple):
    """A town on the drawing, in pixels."""

    x: float
    y: float
    radius: float
    label: str

    @property
    def box(self) -> Box:
        r = self.radius + 1
        return Box(self.x - r, self.y - r, self.x + r, self.y + r)


class Label(NamedTuple):
    spot: Spot
    box: Box
    is_away: bool  # joined to its circle by a line


def county_map(towns: Sequence[TownSums], *, county: str) -> Chart | None:
    """None where fewer than two towns have coordinates. North is up; distances are true within a county."""
    placed = [
        Place(prose.clean(town.name), town.latitude, town.longitude, town.activities)
        for town in towns
        if town.latitude is not None and town.longitude is not None
    ]
    if len(placed) < 2:
        return None
    spots, height = _spots(placed)
    labels = _labels(spots, height)
    parts = [*map(_line, filter(lambda label: label.is_away, labels)), *map(_circle, spots)]
    parts += map(_text, labels)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_PX}" height="{height:.0f}"'
        f' viewBox="0 0 {WIDTH_PX} {height:.0f}">{"".join(parts)}</svg>'
    )
    return Chart(svg, _alt(placed, len(towns) - len(placed), county))


def _spots(towns: Sequence[Place]) -> tuple[list[Spot], float]:
    """The circles and the height of the drawing: the largest scale that fits both ways."""
    middle = math.radians(sum(town.latitude for town in towns) / len(towns))
    xs = [town.longitude * math.cos(middle) for town in towns]
    ys = [-town.latitude for town in towns]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(
        (WIDTH_PX - 2 * MARGIN_X) / (width or 1e-9), (HIGHEST_PX - 2 * MARGIN_Y) / (height or 1e-9), 5_000
    )
    offset = (WIDTH_PX - width * scale) / 2
    most = max(town.activities for town in towns) or 1
    spots = [
        Spot(
            offset + (x - min(xs)) * scale,
            MARGIN_Y + (y - min(ys)) * scale,
            SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * math.sqrt(town.activities / most),
            f"{town.name} {german.number(town.activities)}",
        )
        for x, y, town in zip(xs, ys, towns, strict=True)
    ]
    return spots, height * scale + 2 * MARGIN_Y


def _labels(spots: Sequence[Spot], height: float) -> list[Label]:
    """Each name where it covers least; towns with close neighbours choose first."""
    taken = [spot.box for spot in spots]
    labels = []
    for spot in sorted(spots, key=lambda spot: _distance_to_next(spot, spots)):
        label = min(_candidates(spot), key=lambda label: _cost(label, taken, height))
        taken.append(label.box)
        labels.append(label)
    return labels


def _distance_to_next(spot: Spot, spots: Sequence[Spot]) -> float:
    return min(math.dist(spot[:2], other[:2]) for other in spots if other is not spot)


def _candidates(spot: Spot) -> Iterator[Label]:
    width = text_width(spot.label)
    for distance in DISTANCES:
        reach = spot.radius + GAP + distance
        for across, down in SIDES:
            slant = 0.75 if across and down else 1.0
            x, y = spot.x + across * reach * slant, spot.y + down * reach * slant
            left = x if across > 0 else x - width if across < 0 else x - width / 2
            top = y - LINE_PX / 2 if across and not down else y if down > 0 else y - LINE_PX
            yield Label(spot, Box(left, top, left + width, top + LINE_PX), distance > 0)


def _cost(label: Label, taken: Sequence[Box], height: float) -> float:
    """Square pixels that are covered twice or lie outside; the order of the candidates decides between equal ones."""
    inside = label.box.shared_with(Box(0, 0, WIDTH_PX, height))
    outside = (label.box.right - label.box.left) * LINE_PX - inside
    return outside * 2 + sum(label.box.shared_with(box) for box in taken)


@functools.cache
def _advances() -> tuple[dict[int, int], int]:
    """{code point: width} of the font, and its units an em."""
    from fontTools.ttLib import TTFont

    with TTFont(font_root() / FACES[0].file) as font:
        widths = font["hmtx"].metrics
        return {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()}, font["head"].unitsPerEm


def text_width(text: str) -> float:
    """In pixels of the drawing."""
    advances, em = _advances()
    return sum(advances.get(ord(character), em) for character in text) * FONT_SIZE / em


def _circle(spot: Spot) -> str:
    return (
        f'<circle cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="{spot.radius:.1f}" fill="{PETROL}" stroke="{INK}"/>'
    )


def _line(label: Label) -> str:
    x = min(max(label.spot.x, label.box.left), label.box.right)
    y = min(max(label.spot.y, label.box.top), label.box.bottom)
    return (
        f'<line x1="{label.spot.x:.1f}" y1="{label.spot.y:.1f}" x2="{x:.1f}" y2="{y:.1f}"'
        f' stroke="{INK}" stroke-width="0.8"/>'
    )


def _text(label: Label) -> str:
    baseline = label.box.bottom - 4
    return (
        f'<text x="{label.box.left:.1f}" y="{baseline:.1f}" font-family="{FONT}" font-size="{FONT_SIZE}"'
        f' fill="{INK}">{html.escape(label.spot.label)}</text>'
    )


def _alt(towns: Sequence[Place], unplaced: int, county: str) -> str:
    north = max(towns, key=lambda town: town.latitude)
    south = min(towns, key=lambda town: town.latitude)
    most = max(towns, key=lambda town: town.activities)
    missing = (
        f" {german.count(unplaced, 'Kommune fehlt', 'Kommunen fehlen')} auf der Karte." if unplaced else ""
    )
    return (
        f"Karte mit {german.count(len(towns), 'Kommune', 'Kommunen')} im {prose.clean(county)}, von"
        f" {north.name} im Norden bis {south.name} im Süden. Je mehr Aktivitäten,"
        f" desto größer der Kreis; am größten ist er bei {most.name}"
        f" ({german.number(most.activities)}).{missing} Alle Zahlen stehen in der Tabelle."
    )
