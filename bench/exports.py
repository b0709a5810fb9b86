"""Taking a list along as a file: seconds and the peak of memory, in a process of its own for every file.

`python -m bench.exports csv` prints one of them as JSON, for all activities of the database at hand.
"""

import argparse
import json
import resource
import time
from collections.abc import Iterable
from typing import Any

FORMATS = ("csv", "xlsx", "ods")
MOST_MEMORY = 150  # MiB


def export(kind: str) -> dict[str, Any]:
    """Writes the file as the page does, and throws it away piece by piece. MiB at the peak of the whole process."""
    from activities.models import Activity
    from activities.search.exports import SHEET, export_of
    from kiv_portal.accounts.models import User
    from kiv_portal.documents.spreadsheets import csv_stream, ods_stream, xlsx_file
    from municipalities.models import County
    from municipalities.programme.queries import programme_of

    reader = User.objects.order_by("pk").first()
    assert reader
    before = _peak()
    started = time.monotonic()
    fields = programme_of(County.objects.values_list("pk", flat=True)).fields
    found = export_of(Activity.objects.newest_first(), fields, reader=reader, shows_inner=True, filters=())
    pieces: Iterable[bytes]
    if kind == "csv":
        pieces = csv_stream(found.headings, found.rows)
    elif kind == "ods":
        pieces = ods_stream(found.headings, found.rows, sheet=SHEET, notes=found.notes)
    else:
        file = xlsx_file(found.headings, found.rows, sheet=SHEET, notes=found.notes)
        pieces = iter(lambda: file.read(1 << 16), b"")
    first, size = None, 0
    for piece in pieces:
        first = first or time.monotonic() - started
        size += len(piece)
    return {
        "rows": Activity.objects.count(),
        "first": first,
        "seconds": time.monotonic() - started,
        "mebibytes": size / 2**20,
        "before": before,
        "peak": _peak(),
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(name: str, kind: str, found: dict[str, Any]) -> str:
    return (
        f"{kind.upper() + ', ' + name:26} {found['rows']:9,} {found['first']:9.2f} {found['seconds']:9.1f}"
        f" {found['mebibytes']:9.1f} {found['before']:9.0f} {found['peak']:9.0f}"
    )


HEAD = f"{'':26} {'rows':>9} {'first, s':>9} {'all, s':>9} {'MiB':>9} {'idle':>9} {'peak':>9}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.exports", description=__doc__)
    parser.add_argument("kind", choices=FORMATS)
    arguments = parser.parse_args()

    import django

    django.setup()
    print(json.dumps(export(arguments.kind)))


if __name__ == "__main__":
    main()
