"""Asking for a check and being its worker; rows of the usual table; what a page says."""

from __future__ import annotations

import re

from django.utils import timezone

from activities.imports import answering, services
from activities.imports.checked import open_kinds
from activities.models import ActivityImport, ImportRun, RunKind
from tests.activities.imports.table_files import HEADER, ROW


def run(imported: ActivityImport, kind: RunKind = RunKind.CHECK) -> ImportRun:
    """Ask for it and be the worker."""
    asked = services.request_run(imported, kind, by=imported.uploaded_by)
    return work_on(asked)


def work_on(asked: ImportRun | None) -> ImportRun:
    assert asked is not None
    services.do_run(asked.pk, worker="worker@test")
    asked.refresh_from_db()
    return asked


def accept_all(imported: ActivityImport) -> None:
    """Everything that is asked may be taken as it is."""
    for kind in open_kinds(imported):
        check = services.last_run(imported)
        answering.answer_all(
            imported,
            kind,
            decision="take",
            check=str(check and check.pk),
            by=imported.uploaded_by,
            now=timezone.now(),
        )
        work_on(services.last_run(imported))


def row(**changes: str) -> list[str]:
    return [changes.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


def text_of(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())
