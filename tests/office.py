"""What a word processor makes of our files: LibreOffice sets them, and its pages are read again."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

EXPORT = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_ELEMENT = re.compile(r"^( *)(\w+)(?: \((?:block|inline)\))?:?$")
_TEXT = re.compile(r'^ *"(.*)"$')
_BOX = re.compile(r"/BBox \[([\d. -]+)\]")
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*)</word>')


class Tagged(NamedTuple):
    """An element of the structure tree, with all the text below it."""

    tag: str
    depth: int
    text: str
    box: tuple[float, ...]


class Word(NamedTuple):
    page: int
    left: float
    top: float
    right: float
    text: str


def set_by_libreoffice(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """{name: tagged PDF} of {name with its extension: file}, in one start with a profile of its own."""
    soffice = _program("soffice", "libreoffice-writer-nogui")
    with tempfile.TemporaryDirectory(prefix="kiv-office-") as directory:
        place = Path(directory)
        for name, data in files.items():
            (place / name).write_bytes(data)
        profile = f"-env:UserInstallation=file://{place / 'profile'}"
        command = [soffice, profile, "--headless", "--norestore", "--convert-to", EXPORT, "--outdir", "out"]
        subprocess.run([*command, *files], cwd=place, check=True, timeout=180, capture_output=True)
        return {name: (place / "out" / name).with_suffix(".pdf").read_bytes() for name in files}


def _program(name: str, package: str) -> str:
    if found := shutil.which(name):
        return found
    pytest.fail(f"{name} is missing; type: sudo apt-get install -y {package}")


def _said(pdf: bytes, *command: str) -> str:
    program = _program(command[0], "poppler-utils")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        run = subprocess.run(
            [program, *(part.replace("FILE", file.name) for part in command[1:])],
            check=True,
            capture_output=True,
        )
    return run.stdout.decode()


@functools.cache
def structure(pdf: bytes) -> list[Tagged]:
    """The tree a screen reader walks, in its order."""
    found: list[list] = []
    for line in _said(pdf, "pdfinfo", "-struct-text", "FILE").splitlines():
        depth = len(line) - len(line.lstrip())
        if text := _TEXT.match(line):
            for element in found:
                if element[1] < depth and element[4]:
                    element[2] += text[1]
        elif box := _BOX.search(line):
            found[-1][3] = tuple(map(float, box[1].split()))
        elif match := _ELEMENT.match(line):
            for element in found:
                element[4] = element[4] and element[1] < depth
            found.append([match[2], depth, "", (), True])
    return [Tagged(tag, depth, " ".join(text.split()), box) for tag, depth, text, box, _ in found]


def words(pdf: bytes) -> Iterator[Word]:
    """Every word of every page with its place in points; what is hidden from readers, as a footer, too."""
    page = 0
    for line in _said(pdf, "pdftotext", "-bbox", "FILE", "-").splitlines():
        page += "<page " in line
        if match := _WORD.search(line):
            left, top, right, text = match.groups()
            yield Word(page, float(left), float(top), float(right), text)


def fonts(pdf: bytes) -> set[str]:
    """Names without the letters of a subset."""
    rows = _said(pdf, "pdffonts", "FILE").splitlines()[2:]
    return {row.split()[0].partition("+")[2] for row in rows}


def pages(pdf: bytes) -> int:
    return int(re.search(r"^Pages: +(\d+)$", _said(pdf, "pdfinfo", "FILE"), re.MULTILINE)[1])  # type: ignore[index]


def picture(pdf: bytes, *, page: int, resolution: int) -> bytes:
    """One page as PPM."""
    program = _program("pdftoppm", "poppler-utils")
    one = ["-f", str(page), "-l", str(page), "-r", str(resolution)]
    return subprocess.run([program, *one, "-"], input=pdf, check=True, capture_output=True).stdout
