"""Ask a worker for a town's report and watch it: for operators and for the demo."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kiv_portal.accounts.models import User
from reports.editions.models import BuildStep, FileState, ReportFile
from reports.editions.services import current_files, request_files
from reports.steps.errors import ReportNotEditable
from reports.steps.models import InterimReport, ReportState
from reports.steps.services import approve_report, deliver_report, submit_report


class Command(BaseCommand):
    help = "Freeze the newest report of a town, have a worker build its files, and wait for them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", required=True, metavar="SLUG")
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="the person in whose name this is done"
        )
        parser.add_argument(
            "--period-start",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="default: the newest report",
        )
        parser.add_argument("--delivered", action="store_true", help="the newest report that its council has")
        parser.add_argument(
            "--deliver", action="store_true", help="approve it and hand it to the council afterwards"
        )
        parser.add_argument("--copy-to", type=Path, metavar="FILE", help="also copy the PDF there")
        parser.add_argument("--timeout", type=int, default=180, metavar="SECONDS")

    def handle(self, *args: Any, municipality: str, by: str, timeout: int, **options: Any) -> None:
        reports = InterimReport.objects.with_town().filter(municipality__slug=municipality)
        if start := options["period_start"]:
            reports = reports.filter(period_start=start)
        if options["delivered"]:
            reports = reports.at_council().filter(state__in=ReportState.at_council)
        report = reports.first()
        user = User.objects.filter(email=by).first()
        if report is None or user is None:
            raise CommandError(f"There is no report of {municipality!r}, or no account {by!r}.")
        try:
            pdf = (submit_report if report.is_editable else request_files)(report, by=user)
        except ReportNotEditable as error:
            raise CommandError(str(error)) from error
        deadline = time.monotonic() + timeout
        for each in current_files(report):
            done = self.watch(each, deadline)
            if not done.is_done:
                raise CommandError(done.reason or "The worker did not finish in time.")
        pdf.refresh_from_db()
        if options["deliver"]:
            approve_report(report, by=user, despite_gaps=True)
            deliver_report(report, by=user)
        if target := options["copy_to"]:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(pdf.file.read())
        self.stdout.write(
            f"{report}: {pdf.pages} pages, {pdf.size} bytes, built by {pdf.built_by}\nsha256 {pdf.sha256}"
        )

    def watch(self, file: ReportFile, deadline: float) -> ReportFile:
        shown = ""
        while file.is_unfinished and time.monotonic() < deadline:
            if file.state == FileState.RUNNING and file.step != shown:
                shown = file.step
                self.stdout.write(f"  {file.get_kind_display()}: {BuildStep(shown).label} …")
            time.sleep(0.2)
            file.refresh_from_db()
        return file
