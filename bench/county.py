"""Every file of many towns, built by one worker with two processes: `python -m bench.county --help`."""

import argparse
import json
import time
from collections import Counter
from typing import Any

from bench.building import mebibytes
from bench.processes import celery_worker

PROCESSES = 2


def build_all(most: int) -> dict[str, Any]:
    """Closes up to `most` reports that are being written and waits until the worker has made all their files."""
    from django.db.models import Count, Max, Q

    from reports.models import FileState, InterimReport, ReportFile
    from reports.steps.services import submit_report

    drafts = InterimReport.objects.filter(state="draft").with_town().order_by("pk")[:most]
    reports = [report.pk for report in drafts]
    for report in drafts:
        submit_report(report, by=report.municipality.county.staff.order_by("pk")[0].user)
    files = ReportFile.objects.filter(snapshot__report__in=reports).order_by()
    with celery_worker(PROCESSES) as pids:
        started = time.monotonic()
        while files.filter(state__in=FileState.unfinished).exists():
            time.sleep(0.5)
        seconds = time.monotonic() - started
        peak = max(mebibytes(pid, "VmHWM") for pid in pids)
    verdicts: Counter[str] = Counter()
    for verdict in files.filter(state=FileState.DONE).values_list("verdict", flat=True):
        verdicts["passed"] += verdict["is_accessible"]
        verdicts["judged by veraPDF"] += verdict.get("verapdf") is not None
    return {
        "reports": len(reports),
        "seconds": seconds,
        "peak": peak,
        "verdicts": verdicts,
        **files.aggregate(
            files=Count("pk"),
            failed=Count("pk", filter=Q(state=FileState.FAILED)),
            attempts=Max("attempts"),
        ),
        "reasons": list(files.exclude(reason="").values_list("reason", flat=True)[:3]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.county", description=__doc__)
    parser.add_argument("--towns", type=int, required=True, help="how many reports at most")
    arguments = parser.parse_args()

    import django

    django.setup()
    print(json.dumps(build_all(arguments.towns)))


if __name__ == "__main__":
    main()
