"""Several tables as one XLSX file, each on a sheet of its own, and what their columns mean on a last one."""

import tempfile
from collections.abc import Sequence
from typing import IO

from kiv_portal.documents.spreadsheets import Cell, Heading, write_sheet
from reports.county.content.county_tables import Table

DEFINITIONS = "Erklärungen"
DEFINITION_HEADINGS = (
    Heading("Blatt", "", width=18),
    Heading("Spalte", "", width=24),
    Heading("Bedeutung", "", width=100),
)


def workbook(tables: Sequence[Table], *, notes: Sequence[str]) -> IO[bytes]:
    """An open temporary file at its beginning; closing it removes it. `notes` stand on top of the explanations."""
    from xlsxwriter import Workbook  # only this format needs it

    file = tempfile.TemporaryFile(prefix="kiv-export-", suffix=".xlsx")  # noqa: SIM115  handed on open
    try:
        with Workbook(file, {"constant_memory": True}) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            day = book.add_format({"num_format": "dd.mm.yyyy"})
            for table in [*tables, _explanations(tables, notes)]:
                write_sheet(book.add_worksheet(table.name), table.headings, table.rows, bold=bold, day=day)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _explanations(tables: Sequence[Table], notes: Sequence[str]) -> Table:
    rows: list[list[Cell]] = [["", "", note] for note in notes]
    for table in tables:
        rows += [[table.name, heading.name, heading.meaning] for heading in table.headings]
    return Table(DEFINITIONS, DEFINITION_HEADINGS, rows)
