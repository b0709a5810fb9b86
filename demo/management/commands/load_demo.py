from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.load import DemoRefused, counts_by_town, load_demo, submit_reports


class Command(BaseCommand):
    help = "Load invented people and one year of activities; only with KIV_DEMO=true, safe to run again."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--submit", action="store_true", help="hand in some reports (a worker must be running)"
        )
        parser.add_argument(
            "--wait", type=float, default=60, metavar="SECONDS", help="how long to wait for their PDF"
        )

    def handle(self, *args: Any, submit: bool, wait: float, **options: Any) -> None:
        try:
            created = load_demo()
        except DemoRefused as refused:
            raise CommandError(str(refused)) from None
        counts = counts_by_town()
        found = "loaded" if created else "already there, nothing changed"
        self.stdout.write(f"Demo data {found}: {len(counts)} towns, {sum(counts.values())} activities")
        if submit:
            for town, state in submit_reports(wait_seconds=wait).items():
                self.stdout.write(f"Report of {town}: {state}")
