"""From an imported file to activities in the log: all of it, or nothing.

Checking and storing are jobs (kiv_portal/jobs/work.py). The check writes what it found beside the file; the storing
reads and judges the file once more, under a lock, and writes the activities and its own "done" in one transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import pghistory
from django.core.files.base import ContentFile
from django.db import DataError, IntegrityError, transaction

from activities.imports.checked import found_row
from activities.imports.columns import WITH_WORDS, describe_columns, folded, guess_targets, header_line
from activities.imports.known import guarded_before, known_about, names_of
from activities.imports.models import (
    ActivityImport,
    ActivityImportRow,
    ImportRun,
    RowVerdict,
    RunKind,
    RunStep,
)
from activities.imports.readers import Known
from activities.imports.rows import Judged, judge
from activities.log.models import Activity
from activities.log.services import EntryRefused, store_entries
from kiv_portal.jobs import work
from kiv_portal.jobs.models import JobState
from kiv_portal.uploads.spreadsheet import (
    EMPTY,
    MAX_ROWS,
    TOO_MANY_ROWS,
    Line,
    Spreadsheet,
    SpreadsheetRefused,
    read_spreadsheet,
)
from mediators.models import Mediator
from municipalities.programme.queries import programme_of_towns

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

log = logging.getLogger(__name__)

EVERY = 1_000  # rows between two words about the progress, and rows a statement
EXCUSE = (
    "Beim Lesen der Tabelle ist ein technischer Fehler aufgetreten. Es wurde nichts gespeichert. Bitte versuchen "
    "Sie es noch einmal. Gelingt es wieder nicht? Dann wenden Sie sich bitte an die Technik Ihres Landratsamts."
)
CALLED_OFF = "Sie haben abgebrochen. Es wurde nichts gespeichert."
CHANGED_MEANWHILE = (
    "Seit der Prüfung hat sich etwas geändert. Einige Zeilen passen jetzt nicht mehr. Es wurde nichts gespeichert. "
    "Bitte prüfen Sie die Tabelle noch einmal."
)
STORED_ALREADY = "Diese Tabelle ist schon übernommen."
ONE_ROW = "Eine Zeile passt jetzt nicht mehr:"
NOTHING_STORED = "Es wurde nichts gespeichert."


class ImportRefused(Exception):
    """The message is a German sentence for the person."""


# --- the file


def open_import(mediator: Mediator, *, name: str, data: bytes, by: User) -> ActivityImport:
    """Keep an imported file and guess what its columns mean. Raises SpreadsheetRefused; nothing is stored then.

    Columns with the same headers as in the last file get the meaning that the person gave them there.
    """
    spreadsheet = read_spreadsheet(data)
    found = ActivityImport(
        mediator=mediator, uploaded_by=by, name=PurePath(name).name[:150] or "Tabelle", kind=spreadsheet.kind
    )
    _describe(found, spreadsheet)
    last = ActivityImport.objects.filter(mediator=mediator).first()
    if last and _headers(last) == _headers(found):
        found.targets, found.meanings, found.defaults = last.targets, last.meanings, last.defaults
    found.file.save("tabelle", ContentFile(data), save=False)
    try:
        found.save()
    except Exception:
        found.file.delete(save=False)  # nobody will ever point to it
        raise
    return found


def read_otherwise(imported: ActivityImport, *, encoding: str = "", separator: str = "") -> None:
    """Read a CSV file again, as the person knows it was written; empty: as before. Raises SpreadsheetRefused."""
    spreadsheet = _read(imported, encoding, separator)
    with changing(imported) as locked:
        _describe(locked, spreadsheet)
        locked.save()
    imported.refresh_from_db()


def explain_columns(imported: ActivityImport, *, targets: list[str], defaults: dict[str, str]) -> None:
    """What a person says about the columns. An earlier check spoke of other columns and is forgotten."""
    with changing(imported) as locked:
        locked.targets, locked.defaults = targets, defaults
        locked.save(update_fields=["targets", "defaults"])
    imported.refresh_from_db()


def explain_words(imported: ActivityImport, meanings: dict[str, dict[str, str]]) -> None:
    """`meanings` is {field: {word: code}}; words explained before keep their meaning unless they are in it."""
    with changing(imported) as locked:
        for target, words in meanings.items():
            locked.meanings[target] = locked.meanings.get(target, {}) | words
        locked.save(update_fields=["meanings"])
    imported.refresh_from_db()


@contextmanager
def changing(imported: ActivityImport) -> Iterator[ActivityImport]:
    """The row, locked, without its checks. Raises ImportRefused while a worker has it or once it is stored."""
    with transaction.atomic():
        locked = ActivityImport.objects.select_for_update().get(pk=imported.pk)
        last = last_run(locked)
        if last and is_stored(last):
            raise ImportRefused(STORED_ALREADY)
        if last and last.is_unfinished:
            raise ImportRefused("Die Tabelle wird gerade gelesen. Bitte warten Sie oder brechen Sie es ab.")
        locked.runs.all().delete()
        locked.rows.all().delete()
        yield locked


def _describe(imported: ActivityImport, spreadsheet: Spreadsheet) -> None:
    imported.row_count = len(_rows_below_header(spreadsheet))
    imported.sheet, imported.other_sheets = (
        spreadsheet.sheet[:100],
        [name[:100] for name in spreadsheet.other_sheets],
    )
    imported.encoding, imported.is_encoding_sure = spreadsheet.encoding, spreadsheet.is_encoding_sure
    imported.separator = spreadsheet.separator
    imported.columns = describe_columns(spreadsheet)
    imported.targets = guess_targets(_headers(imported))


def _headers(imported: ActivityImport) -> list[str]:
    return [column["header"] for column in imported.columns]


def _rows_below_header(spreadsheet: Spreadsheet) -> list[Line]:
    rows = spreadsheet.lines[header_line(spreadsheet.lines) + 1 :]
    if not rows:
        raise SpreadsheetRefused(EMPTY)
    if len(rows) > MAX_ROWS:
        raise SpreadsheetRefused(TOO_MANY_ROWS)
    return rows


def _read(imported: ActivityImport, encoding: str = "", separator: str = "") -> Spreadsheet:
    with imported.file.open("rb") as file:
        return read_spreadsheet(
            file.read(),
            encoding=encoding or imported.encoding,
            separator=separator or imported.separator,
        )


def table_of(imported: ActivityImport) -> Spreadsheet:
    """Its lines are the header and the rows below it."""
    spreadsheet = _read(imported)
    return replace(spreadsheet, lines=spreadsheet.lines[header_line(spreadsheet.lines) :])


def unknown_words(imported: ActivityImport) -> dict[str, list[str]]:
    """{field: words of the file that are no name of it}, for columns with few different words."""
    towns = list(imported.mediator.towns())
    names = names_of(towns, programme_of_towns(towns))
    found: dict[str, list[str]] = {}
    for target, column in zip(imported.targets, imported.columns, strict=True):
        if target in WITH_WORDS:
            unknown = [word for word in column["words"] if folded(word) not in names[target]]
            if unknown:
                found[target] = unknown
    return found


def delete_import(imported: ActivityImport) -> None:
    """The file, its rows and runs; what was stored from it stays in the log."""
    file = imported.file
    imported.delete()
    file.delete(save=False)


def delete_old_imports(now: dt.datetime) -> int:
    outdated = list(ActivityImport.objects.outdated_at(now))
    for imported in outdated:
        delete_import(imported)
    return len(outdated)


# --- the runs


def last_run(imported: ActivityImport) -> ImportRun | None:
    return imported.runs.first()


def request_run(imported: ActivityImport, kind: RunKind, *, by: User) -> ImportRun:
    """Ask for a check or for the storing; a second click finds the first one's run.

    Raises ImportRefused: what is stored is neither checked nor stored again, and only a check without errors and open
    questions is stored.
    """
    with transaction.atomic():
        ActivityImport.objects.select_for_update().get(pk=imported.pk)
        last = last_run(imported)
        if last and (last.is_unfinished or is_stored(last)):
            return last
        if kind == RunKind.STORE:
            _must_be_storable(imported, last)
        run = ImportRun.objects.create(activity_import=imported, kind=kind, requested_by=by)
        transaction.on_commit(lambda: work.publish(run))
    return run


def is_stored(run: ImportRun) -> bool:
    return run.kind == RunKind.STORE and run.state == JobState.DONE


def _must_be_storable(imported: ActivityImport, last: ImportRun | None) -> None:
    if last is None or last.kind != RunKind.CHECK or last.state != JobState.DONE:
        raise ImportRefused("Bitte prüfen Sie die Tabelle zuerst.")
    if imported.rows.filter(verdict=RowVerdict.ERROR).exists():
        raise ImportRefused("In der Tabelle sind noch Fehler. Bitte verbessern Sie sie zuerst.")
    if imported.rows.filter(verdict=RowVerdict.ASK).exists():
        raise ImportRefused("Bitte sehen Sie zuerst die Zeilen an, bei denen das Portal nachfragt.")


def call_off(imported: ActivityImport) -> bool:
    """End what is under way. The worker loses the run; what it has not committed is undone."""
    return bool(work.call_off(imported.runs.all(), CALLED_OFF))


def do_run(pk: int, *, worker: str) -> None:
    """Check or store, at most once at a time. Safe to call twice: the second call finds nothing."""
    if run := work.claim(ImportRun, pk, worker=worker):
        work.attempt(run, _check_or_store, refused=ImportRefused, excuse=EXCUSE)


def sweep_imports(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(ImportRun, now, excuse=EXCUSE)


def _check_or_store(run: ImportRun) -> None:
    work.advance(run, RunStep.READ)
    try:
        table = table_of(run.activity_import)
    except SpreadsheetRefused as refused:
        raise ImportRefused(str(refused)) from None
    work.advance(run, RunStep.JUDGE)
    if run.kind == RunKind.CHECK:
        _check(run, table)
    else:
        _store(run, table)


def _check(run: ImportRun, table: Spreadsheet) -> None:
    imported = run.activity_import
    known = known_about(imported, table)
    known.guarded = guarded_before(imported)
    rows = []
    for row in judge(table.lines[1:], imported.targets, known):
        rows.append(found_row(imported, row))
        if len(rows) % EVERY == 0:
            work.write(run, rows_done=len(rows))
    work.advance(run, RunStep.STORE)
    with transaction.atomic():
        imported.rows.all().delete()
        ActivityImportRow.objects.bulk_create(rows, batch_size=EVERY)
        work.finish(run, rows_done=len(rows))


def _store(run: ImportRun, table: Spreadsheet) -> None:
    """Activities and "done" in one transaction: who kills the worker, or calls it off, leaves nothing behind."""
    imported = run.activity_import
    who = {"user": run.requested_by_id, "url": f"import {imported.pk}"}
    try:
        # One context for all rows: without it every row of history would look for its own.
        with pghistory.context(**who), transaction.atomic():
            # From here on nobody else adds to this log, so what is judged is what is stored.
            Mediator.objects.select_for_update().get(pk=imported.mediator_id)
            known = known_about(imported, table)
            rows = list(judge(table.lines[1:], imported.targets, known))
            if any(row.verdict in RowVerdict.open for row in rows):
                raise ImportRefused(CHANGED_MEANWHILE)
            new = [row for row in rows if row.verdict in RowVerdict.stored]
            for batch in _batches(new):
                store_entries(entry_of(imported, row, known) for row in batch)
            work.finish(run, stored=len(new), rows_done=len(rows), step=RunStep.STORE)
    except EntryRefused as refused:
        raise ImportRefused(f"{ONE_ROW} {refused} {NOTHING_STORED}") from None
    except (IntegrityError, DataError):
        log.warning("import %s: the database refused a row", imported.pk, exc_info=True)
        raise ImportRefused(CHANGED_MEANWHILE) from None


def entry_of(imported: ActivityImport, row: Judged, known: Known) -> Activity:
    values, county = row.values.copy(), known.counties[str(row.values["municipality_id"])]
    return Activity(
        mediator_id=imported.mediator_id,
        field_id=known.programme.fields.id_of(county, values.pop("field")),
        kind_id=known.programme.kinds.pk_of(county, values.pop("kind")),
        **values,
    )


def _batches(rows: list[Judged]) -> Iterator[list[Judged]]:
    for start in range(0, len(rows), EVERY):
        yield rows[start : start + EVERY]
