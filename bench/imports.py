"""A spreadsheet of many rows: seconds and memory of upload, check and storing, as a worker does them."""

import argparse
import io
import json
import resource
import threading
import time
from pathlib import Path
from typing import Any

PAGE = 4096


def spreadsheet(rows: int, start: Any) -> bytes:
    """XLSX with as many rows on the days after `start`, at most 20 a day."""
    import datetime as dt

    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        header = [
            "Datum",
            "Titel",
            "Dauer",
            "Art",
            "Handlungsfeld",
            "Was ist passiert?",
            "Erreichte Personen",
        ]
        sheet.write_row(0, 0, header)
        for number in range(rows):
            day = start + dt.timedelta(days=number // 20)
            said = "Mit dem Bauamt angesehen, was beim Eingang zu tun ist. " * 3
            row = [
                f"{day:%d.%m.%Y}",
                f"Begehung {number}",
                "45 min",
                "Begehung",
                "Bildung und Schule",
                said,
                "12",
            ]
            sheet.write_row(number + 1, 0, row)
    return buffer.getvalue()


class Peak:
    """The most memory this process has held while the block ran, in MiB; /proc is read every 5 ms."""

    def __enter__(self) -> "Peak":
        self.mebibytes, self._over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            held = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20
            self.mebibytes = max(self.mebibytes, held)


def measure(rows: int) -> dict[str, Any]:
    import datetime as dt

    from activities.imports import services as imports
    from activities.models import RunKind
    from kiv_portal.accounts.models import User
    from mediators.models import Appointment, Mediator
    from municipalities.models import Municipality

    number = Mediator.objects.count()
    user = User.objects.create_user(f"import.{number}@bench.example", f"Import {number}")
    mediator = Mediator.objects.create(user=user)
    start = dt.date(2000, 1, 1)
    Appointment.objects.create(
        mediator=mediator, municipality=Municipality.objects.reverse()[0], starts_on=start
    )
    found: dict[str, Any] = {"rows": rows}
    data = spreadsheet(rows, start)
    started = time.perf_counter()
    with Peak() as peak:
        imported = imports.open_import(mediator, name="bench.xlsx", data=data, by=user)
    found["upload"] = {"seconds": time.perf_counter() - started, "mebibytes": peak.mebibytes}
    for kind in RunKind:
        run = imports.request_run(imported, kind, by=user)
        started = time.perf_counter()
        with Peak() as peak:
            imports.do_run(run.pk, worker="bench")
        found[kind.value] = {"seconds": time.perf_counter() - started, "mebibytes": peak.mebibytes}
        run.refresh_from_db()
        if run.state != "done":
            raise SystemExit(f"{kind}: {run.reason or run.state}")
    assert run.stored == rows
    found["reader"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    imports.delete_import(imported)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--rows", type=int, required=True)
    arguments = parser.parse_args()

    import django

    django.setup()
    print(json.dumps(measure(arguments.rows)))


if __name__ == "__main__":
    main()
