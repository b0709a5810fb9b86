"""Drawings that stand for photos in the demo: schematic, invented, the same on every machine."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from PIL import Image, ImageDraw

SIZE = (640, 480)
SKY, GROUND, INK, STONE, LIGHT, PETROL, SUN = (
    *("#dfeaf0", "#c9c2b2", "#1f2a2e", "#9aa3a4", "#f4f1e8", "#0b5563", "#f2b83b"),
)


class Picture(NamedTuple):
    motif: str
    alt_text: str


# The first word that a text holds decides.
MOTIFS = {
    "Rampe": Picture("ramp", "Zeichnung: Eine Rampe mit Handlauf führt neben drei Stufen zur Tür."),
    "Leitstreifen": Picture(
        "strip", "Zeichnung: Ein heller Leitstreifen führt über den Gehweg zur Tür eines Busses."
    ),
    "Bordstein": Picture(
        "kerb", "Zeichnung: Ein hoher Bordstein zwischen Gehweg und Straße, daneben ein Messstab."
    ),
    "Stufen": Picture("steps", "Zeichnung: Vier graue Stufen ohne Markierung an den Kanten."),
    "Haltestelle": Picture("stop", "Zeichnung: Ein Haltestellenschild mit Fahrplan am Rand des Gehwegs."),
    "Wurzeln": Picture("roots", "Zeichnung: Wurzeln haben die Platten eines Gehwegs angehoben."),
    "Spielplatz": Picture("table", "Zeichnung: Ein Sandtisch, zu dem ein fester Weg führt."),
}
# A story with a good end: before and after.
PAIRS = {
    "Bordstein": (
        MOTIFS["Bordstein"],
        Picture("low_kerb", "Zeichnung: Der Bordstein ist abgesenkt und hat eine tastbare Kante."),
    ),
    "Stufen": (
        MOTIFS["Stufen"],
        Picture("marked_steps", "Zeichnung: Vier Stufen, jede Kante trägt einen hellen Streifen."),
    ),
    "Sandtisch": (
        Picture("far_table", "Zeichnung: Ein Sandtisch, um den herum loser Kies liegt."),
        MOTIFS["Spielplatz"],
    ),
}


def picture_for(text: str) -> Picture | None:
    return next((picture for word, picture in MOTIFS.items() if word in _without_praise(text)), None)


def pair_for(text: str) -> tuple[Picture, Picture] | None:
    return next((pair for word, pair in PAIRS.items() if word in _without_praise(text)), None)


def _without_praise(text: str) -> str:
    """A room "ohne Stufen" is no picture of steps."""
    return text.replace("ohne Stufen", "")


@cache
def drawn(motif: str) -> bytes:
    """A PNG of a few kilobytes."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 330, *SIZE), fill=GROUND)
    _DRAW[motif](draw)
    draw.rectangle((0, 0, SIZE[0] - 1, SIZE[1] - 1), outline=INK, width=4)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _ramp(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((380, 90, 620, 330), fill=LIGHT, outline=INK, width=4)
    draw.rectangle((440, 180, 520, 330), fill=PETROL, outline=INK, width=4)
    for step in range(3):
        draw.rectangle(
            (430 - 20 * step, 330 + 20 * step, 530 + 20 * step, 350 + 20 * step), fill=STONE, outline=INK
        )
    draw.polygon(((60, 400), (400, 330), (400, 400)), fill=STONE, outline=INK)
    draw.line((60, 330, 400, 260), fill=PETROL, width=8)
    for x in (60, 170, 280, 400):
        draw.line((x, 400 - (x - 60) * 70 // 340, x, 330 - (x - 60) * 70 // 340), fill=PETROL, width=6)


def _strip(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((330, 90, 620, 330), fill=PETROL, outline=INK, width=4)
    draw.rectangle((370, 150, 450, 330), fill=LIGHT, outline=INK, width=4)
    draw.rectangle((490, 130, 600, 220), fill=SKY, outline=INK, width=4)
    for x in range(20, 400, 30):
        draw.rectangle((x, 370, x + 22, 420), fill=LIGHT, outline=INK, width=2)
    draw.rectangle((370, 340, 450, 420), fill=SUN, outline=INK, width=3)


def _kerb(draw: ImageDraw.ImageDraw) -> None:
    _kerb_of(draw, 90)
    for y in range(310, 420, 15):
        draw.line((470, y, 490, y), fill=INK, width=3)
    draw.rectangle((462, 300, 470, 420), fill=SUN, outline=INK)


def _low_kerb(draw: ImageDraw.ImageDraw) -> None:
    _kerb_of(draw, 25)
    for x in range(20, 330, 24):
        draw.ellipse((x, 400, x + 14, 412), fill=LIGHT, outline=INK)


def _kerb_of(draw: ImageDraw.ImageDraw, height: int) -> None:
    draw.rectangle((0, 420, *SIZE), fill="#6f7778")
    draw.rectangle((0, 420 - height, 380, 480), fill=STONE, outline=INK, width=4)
    draw.rectangle((350, 420 - height, 390, 480), fill=LIGHT, outline=INK, width=4)


def _steps(draw: ImageDraw.ImageDraw) -> None:
    for step in range(4):
        draw.rectangle((120 + 90 * step, 400 - 70 * step, 640, 480), fill=STONE, outline="#858e8f", width=2)


def _marked_steps(draw: ImageDraw.ImageDraw) -> None:
    _steps(draw)
    for step in range(4):
        draw.rectangle(
            (120 + 90 * step, 400 - 70 * step, 210 + 90 * step, 412 - 70 * step), fill=SUN, outline=INK
        )
    draw.line((90, 300, 460, 10), fill=PETROL, width=10)


def _stop(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((300, 60, 312, 420), fill=INK)
    draw.ellipse((256, 20, 356, 120), fill=SUN, outline=INK, width=5)
    draw.text((296, 50), "H", fill=INK, font_size=44)
    draw.rectangle((320, 130, 430, 220), fill=LIGHT, outline=INK, width=4)
    for y in range(145, 215, 12):
        draw.line((332, y, 418, y), fill=STONE, width=4)
    draw.rectangle((140, 380, 620, 400), fill=LIGHT, outline=INK, width=3)


def _roots(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((60, 40, 130, 360), fill="#7a5a3c", outline=INK, width=4)
    for x, lift in enumerate((0, 30, 70, 45, 10)):
        left = 130 + 100 * x
        draw.polygon(
            ((left, 390 - lift), (left + 96, 380 - lift // 2), (left + 96, 420), (left, 430)),
            fill=STONE, outline=INK,
        )  # fmt: skip
    draw.line((110, 350, 260, 410, 430, 425, 620, 450), fill="#7a5a3c", width=16)


def _table(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon(((0, 430), (330, 380), (330, 420), (0, 480)), fill=LIGHT, outline=INK)
    _table_alone(draw)


def _far_table(draw: ImageDraw.ImageDraw) -> None:
    for x in range(10, 630, 26):
        for y in range(345, 470, 22):
            draw.ellipse((x + y % 13, y, x + 9 + y % 13, y + 7), fill=STONE)
    _table_alone(draw)


def _table_alone(draw: ImageDraw.ImageDraw) -> None:
    for x in (350, 540):
        draw.rectangle((x, 270, x + 18, 400), fill=INK)
    draw.rectangle((320, 230, 590, 280), fill=PETROL, outline=INK, width=4)
    draw.ellipse((340, 215, 570, 250), fill=SUN, outline=INK, width=3)


_DRAW: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "ramp": _ramp,
    "strip": _strip,
    "kerb": _kerb,
    "low_kerb": _low_kerb,
    "steps": _steps,
    "marked_steps": _marked_steps,
    "stop": _stop,
    "roots": _roots,
    "table": _table,
    "far_table": _far_table,
}
