"""Where the time of a build goes, and the memory of the worker that builds: on the database of `bench.demo`."""

import argparse
import copy
import json
import re
import statistics
import time
from pathlib import Path
from typing import Any

from bench.demo import leonbergs_report
from bench.processes import celery_worker
from bench.rendering import against_stock, build_split

MEBIBYTE = 1024  # in KiB


def split(rounds: int) -> dict[str, Any]:
    """Seconds of the steps of one warm build. FIGURES is elapsed time: most of it passes in PostgreSQL."""
    from reports.figures.snapshot import read_snapshot, to_json
    from reports.steps.freezing import snapshot_of

    report = leonbergs_report()
    seconds = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        snapshot = snapshot_of(report, dated=report.due_on)
        seconds.append(time.perf_counter() - started)
    # as a worker gets it, out of the database
    snapshot = read_snapshot(json.loads(json.dumps(to_json(snapshot))))
    steps = {"FIGURES": statistics.median(seconds[1:]), **build_split(snapshot, rounds=rounds)}
    return {
        "activities": len(snapshot.activities),
        "steps": steps,
        "stock": against_stock(snapshot, rounds=rounds),
    }


def memory(builds: int) -> dict[str, Any]:
    """A real worker builds one file after the other; MiB of its pool process after each, and at its peak."""
    from kiv_portal.accounts.models import User
    from kiv_portal.embedded.prepare import STAFF
    from reports.editions.services import request_files
    from reports.models import ReportSnapshot

    report, staff = leonbergs_report(), User.objects.get(email=STAFF)
    newest = report.snapshots.first()
    resident: list[float] = []
    with celery_worker() as (pid,):
        started = time.monotonic()
        for number in range(1, builds + 1):
            data = copy.deepcopy(newest.data)
            for row in (*data["months"], *data["fields"]):
                row["activities"] += number  # charts of its own, as every report has
            ReportSnapshot.objects.create(
                report=report, number=newest.number + number, data=data, taken_by=staff
            )
            _wait_for(request_files(report, by=staff))
            resident.append(mebibytes(pid, "VmRSS"))
        seconds = time.monotonic() - started
        return {"resident": resident, "peak": mebibytes(pid, "VmHWM"), "seconds": seconds}


def _wait_for(file: Any) -> None:
    while file.is_unfinished:
        time.sleep(0.03)
        file.refresh_from_db(fields=["state", "reason"])
    if file.state != "done":
        raise SystemExit(f"The build failed: {file.reason}")


def mebibytes(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    assert found
    return int(found[1]) / MEBIBYTE


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.building", description=__doc__)
    parser.add_argument("what", choices=["split", "memory"])
    parser.add_argument("--number", type=int, required=True, help="rounds or builds")
    arguments = parser.parse_args()

    import django

    django.setup()
    print(json.dumps((split if arguments.what == "split" else memory)(arguments.number)))


if __name__ == "__main__":
    main()
