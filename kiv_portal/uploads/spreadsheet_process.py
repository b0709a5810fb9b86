"""The process that opens a stranger's table: bytes on its input, what it has read as JSON on its output.

It is started by kiv_portal/uploads/spreadsheet.py and imports nothing but the modules of this room.
"""

from __future__ import annotations

import io
import json
import lzma
import resource
import sys
import zipfile
import zlib
from typing import Any

from .csv_table import read_csv
from .spreadsheet import (
    BOMB,
    COMMANDS,
    DAMAGED,
    MAX_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED,
    MEMORY,
    NO_TABLE,
    OLD_EXCEL,
    PASSWORD,
    SECONDS,
    Line,
    Spreadsheet,
    SpreadsheetRefused,
)
from .workbook import read_workbook


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        read = _read(sys.stdin.buffer.read(MAX_BYTES + 1), *sys.argv[1:])
        found: dict[str, Any] = vars(read) | {"lines": [_packed(line) for line in read.lines]}
    except SpreadsheetRefused as refused:
        found = {"refused": str(refused)}
    sys.stdout.write(json.dumps(found))


def _packed(line: Line) -> tuple[int, list[str], dict[str, Any]]:
    marks = {name: value for name, value in vars(line).items() if name not in ("number", "cells") and value}
    return line.number, line.cells, marks


def _read(data: bytes, encoding: str, separator: str) -> Spreadsheet:
    if data.startswith(b"PK"):
        return read_workbook(data, _kind_of_archive(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetRefused(PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else OLD_EXCEL)
    return read_csv(data, encoding, separator)


def _kind_of_archive(data: bytes) -> str:
    """xlsx or ods, once everything about the archive is known to be harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist())
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                kind = "xlsx"
            elif "content.xml" in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
                kind = "ods"
            else:
                raise SpreadsheetRefused(NO_TABLE)
            for part in archive.infolist():
                _check_part(archive, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        KeyError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        raise SpreadsheetRefused(DAMAGED) from None
    return kind


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """What the central directory says, before anything is unpacked."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise SpreadsheetRefused(BOMB)
    for part in parts:
        if part.file_size > 1024 * 1024 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise SpreadsheetRefused(BOMB)
        if part.flag_bits & 1:
            raise SpreadsheetRefused(PASSWORD)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpacked once, never beyond what the directory said; checksum and content are looked at on the way."""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    before = b""
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            text = before + piece
            if is_xml and b"<!ENTITY" in text:
                raise SpreadsheetRefused(COMMANDS)
            if part.filename == "META-INF/manifest.xml" and b"encryption-data" in text:
                raise SpreadsheetRefused(PASSWORD)
            before = piece[-20:]
