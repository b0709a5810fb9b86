"""Files as people import them, and files built to do harm."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from typing import Any

import xlsxwriter

HEADER = ["Datum", "Titel", "Dauer", "Art", "Handlungsfeld"]
ROW = ["1.3.2022", "Begehung der Bücherei", "1:30", "Begehung", "Bildung und Schule"]


def xlsx(rows: list[list[Any]], *, sheet: str = "Tabelle1", more_sheets: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"default_date_format": "dd.mm.yyyy", "strings_to_formulas": False}
    ) as book:
        page = book.add_worksheet(sheet)
        clock = book.add_format({"num_format": "[h]:mm"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(number, column, value, *([clock] if isinstance(value, dt.timedelta) else []))
        for name in more_sheets:
            book.add_worksheet(name).write(0, 0, "anderes")
    return buffer.getvalue()


def csv(rows: list[list[str]], *, sign: str = ";", encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(sign.join(row) for row in rows).encode(encoding)


def ods(rows: list[list[str]], *, encrypted: bool = False) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Tabelle1">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entry = "<manifest:encryption-data/>" if encrypted else ""
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": f"<manifest>{entry}</manifest>",
        }
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return buffer.getvalue()


def with_part(data: bytes, name: str, text: bytes) -> bytes:
    """The workbook with one part put in the place of another."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    return archive(parts | {name: text})


def bomb() -> bytes:
    """200 megabytes of zeros that say so in the directory."""
    return with_part(xlsx([HEADER, ROW]), "xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))


def lying_bomb() -> bytes:
    """The same, but the directory says that it is small."""
    data = bytearray(with_part(xlsx([HEADER, ROW]), "xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024)))
    true = struct.pack("<I", 60 * 1024 * 1024)
    return bytes(data.replace(true, struct.pack("<I", 1000)))


def entities() -> bytes:
    """Billion laughs in the place of the shared texts."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "ha">{levels}]><sst><si><t>&l9;</t></si></sst>'
    return with_part(xlsx([HEADER, ROW]), "xl/sharedStrings.xml", text.encode())


def far_away() -> bytes:
    """Two cells, at opposite corners of the sheet: 500 gigabytes, if one makes a table of them."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write(0, 0, "Datum")
        page.write(1_000_000, 16_000, "x")
    return buffer.getvalue()


def with_password() -> bytes:
    """What Excel writes for a protected file begins and is named like this."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    )


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(5000))
