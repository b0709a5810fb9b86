"""All finished files of a county's period as one ZIP, made while it is sent: memory for one piece of one file.

The same files give the same names and the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string

from kiv_portal.documents.spreadsheets import to_csv
from kiv_portal.periods import Period
from municipalities.models import County
from reports.county.cockpit import ReportRow
from reports.editions.members import EARLIEST, Member, finished, member_of_file, member_of_text, zipped
from reports.editions.models import ReportFile
from reports.editions.services import download_name


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
    yield from zipped(_members(county, period, rows, entries))


def _members(county: County, period: Period, rows: list[ReportRow], entries: list[Entry]) -> Iterator[Member]:
    newest = max((finished(entry.file) for entry in entries), default=EARLIEST)
    for name, data in (
        ("index.html", index_html(county, period, rows, entries)),
        ("index.csv", index_csv(entries)),
    ):
        yield member_of_text(name, data, newest)
    for entry in entries:
        yield member_of_file(entry.path, entry.file)


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
