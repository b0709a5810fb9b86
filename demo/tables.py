"""Two tables that a mediator has brought along and not yet taken over: between them every kind of question."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter

from activities.imports import services
from activities.models import Activity, ClosedPeriod, ImportRun, RunKind
from mediators.models import Mediator
from municipalities.models import Municipality

HEADER = ("Datum", "Titel", "Dauer", "Art", "Personen", "Auslagen")
HIDDEN_ROW, JOINED_ROWS = 12, (13, 14)  # from 0


def bring_along_tables(town: Municipality, today: dt.date) -> None:
    newest = Activity.objects.filter(municipality=town).newest_first()[:1].get()
    days = [newest.day - dt.timedelta(days=number) for number in range(12)]
    _bring(newest.mediator, "Meine Liste.xlsx", _workbook(newest, days, _closed_day(town)))
    _bring(newest.mediator, "Telefonate.csv", _csv(days))


def _closed_day(town: Municipality) -> dt.date | None:
    closed = ClosedPeriod.objects.filter(municipality=town).order_by("-ends_on").first()
    return closed.ends_on if closed else None


def _workbook(newest: Activity, days: list[dt.date], closed: dt.date | None) -> bytes:
    month = f"{newest.day:%m/%Y}"
    rows: list[tuple[Any, ...]] = [
        HEADER,
        (month, "", "", "", "", ""),
        (days[1], "Begehung am Bahnhof", "10-12 Uhr", "Begehung", 3, ""),
        (days[2], "Sprechstunde im Rathaus", "1:30", "Beratung", 5, 4.5),
        ("31.2.2026", "Treffen mit dem Bauamt", "sehr lange", "Gespräch", "", ""),
        (newest.day, newest.title, f"{newest.minutes} min", "Beratung", "", ""),
        (days[3], "Telefonat mit der Schule", 1 / 3, "Beratung", 1, 4.655),
        (days[4], "Fahrkarten für die Begehung", "45 min", "Begehung", "", "4.655"),
        (days[5], "Klausurtag der Verwaltung", "9 Stunden", "Beratung", 12, ""),
        (days[6], "Beratung von Frau Beispiel", "30 min", "Beratung", 1, ""),
        (
            (days[7] - dt.date(1899, 12, 30)).days,
            "Rampe am Marktplatz angesehen",
            "20 min",
            "Begehung",
            "",
            "",
        ),
        (closed or days[8], "Nachgetragen: Aufzug in der Bücherei", "25 min", "Begehung", "", ""),
        (days[8], "Entwurf, noch nicht fertig", "15 min", "Beratung", "", ""),
        (days[9], "Ortstermin am Freibad, Eingang", "2:00", "Begehung", "", ""),
        (days[9], "Ortstermin am Freibad, Becken", "", "Begehung", "", ""),
        ("Summe", "", "14:30", "", 22, ""),
    ]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet("Aktivitäten")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.set_row(HIDDEN_ROW, None, None, {"hidden": True})
        sheet.merge_range(JOINED_ROWS[0], 2, JOINED_ROWS[1], 2, "2:00")
    return buffer.getvalue()


def _csv(days: list[dt.date]) -> bytes:
    lines = (
        "Datum;Titel;Dauer;Art",
        f"{days[10]:%d.%m.%Y};Anruf beim Verkehrsverbund;15 min;Beratung",
        f'{days[10]:%d.%m.%Y};"Stadt für alle: Rückruf;20 min;Beratung',
        f"{days[11]:%d.%m.%Y};Anruf bei der Wohnberatung;1,20;Beratung",
    )
    return "\r\n".join(lines).encode("utf-8-sig")


def _bring(mediator: Mediator, name: str, data: bytes) -> None:
    """Uploaded and checked as a worker would."""
    imported = services.open_import(mediator, name=name, data=data, by=mediator.user)
    run = ImportRun.objects.create(activity_import=imported, kind=RunKind.CHECK, requested_by=mediator.user)
    services.do_run(run.pk, worker="demo")
