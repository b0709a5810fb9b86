"""All finished files of a county's period as one ZIP, made while it is sent: memory for one piece of one file.

The same files give the same names and the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from stream_zip import ZIP_AUTO, Method, stream_zip

from kiv_portal.documents.spreadsheets import to_csv
from kiv_portal.periods import Period
from municipalities.models import County
from reports.county.cockpit import ReportRow
from reports.editions.models import ReportFile
from reports.editions.services import download_name

PIECE = 64 * 1024
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # that a ZIP can say
MODE = stat.S_IFREG | 0o644
Member = tuple[str, dt.datetime, int, Method, Iterable[bytes]]


class DamagedFile(Exception):
    """A stored file is not the one that was built; what is sent so far is no whole ZIP and will not open."""


@dataclass(frozen=True)
class Entry:
    """A file in the ZIP. `path` holds the town's folder."""

    path: str
    row: ReportRow
    file: ReportFile


def entries_of(rows: Iterable[ReportRow]) -> list[Entry]:
    """Every finished file, by town and kind."""
    found = []
    for row in rows:
        for file in row.files:
            if file.is_done and row.report:
                file.snapshot.report = row.report  # its name asks for the town
                period = f"{row.report.period_end:%Y-%m-%d}"
                found.append(Entry(f"{row.town.slug}/{period}/{download_name(file)}", row, file))
    return found


def zip_stream(county: County, period: Period, rows: list[ReportRow]) -> Iterator[bytes]:
    """The ZIP in pieces. DamagedFile where a file differs from its stored SHA-256."""
    entries = entries_of(rows)
    level = lambda: zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS)  # noqa: E731  most files are compressed already
    yield from stream_zip(_members(county, period, rows, entries), get_compressobj=level, chunk_size=PIECE)


def _members(county: County, period: Period, rows: list[ReportRow], entries: list[Entry]) -> Iterator[Member]:
    newest = max((_finished(entry.file) for entry in entries), default=EARLIEST)
    for name, data in (
        ("index.html", index_html(county, period, rows, entries)),
        ("index.csv", index_csv(entries)),
    ):
        yield name, newest, MODE, ZIP_AUTO(len(data)), [data]
    for entry in entries:
        file = entry.file
        yield entry.path, _finished(file), MODE, ZIP_AUTO(file.size), _pieces(file)


def _finished(file: ReportFile) -> dt.datetime:
    """As the clock on the wall showed it."""
    return timezone.localtime(file.finished_at or file.requested_at)


def _pieces(file: ReportFile) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with file.file.open("rb") as opened:
        for piece in opened.chunks(PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != file.sha256:
        raise DamagedFile(f"file {file.pk} differs from its SHA-256")


def index_csv(entries: list[Entry]) -> bytes:
    header = (
        "Datei",
        "Kommune",
        "Zeitraum von",
        "Zeitraum bis",
        "Ausgabe",
        "Art",
        "Größe in Bytes",
        "SHA-256",
    )
    return to_csv(
        header,
        (
            (
                entry.path,
                entry.row.town.name,
                f"{entry.row.report.period_start:%d.%m.%Y}",
                f"{entry.row.report.period_end:%d.%m.%Y}",
                entry.file.snapshot.number,
                entry.file.get_kind_display(),
                entry.file.size,
                entry.file.sha256,
            )
            for entry in entries
            if entry.row.report
        ),
    )


def index_html(county: County, period: Period, rows: list[ReportRow], entries: list[Entry]) -> bytes:
    """A page that opens without a network: every file with a link, and which reports are not among them."""
    with_files = {id(entry.row) for entry in entries}
    context = {
        "county": county,
        "start": period[0],
        "end": period[1],
        "entries": entries,
        "missing": [row for row in rows if id(row) not in with_files],
    }
    return render_to_string("reports/county/index.html", context).encode()
