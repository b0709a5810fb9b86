import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.load import DemoRefused, counts_by_town, load_demo, loaded_for


class Command(BaseCommand):
    help = "Load an invented county as of today; only with KIV_DEMO=true, safe to run again."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="as of another day; one that has not come yet only where the clock is moved (DEMO_TODAY)",
        )

    def handle(self, *args: Any, today: dt.date | None, **options: Any) -> None:
        try:
            created = load_demo(today)
        except DemoRefused as refused:
            raise CommandError(str(refused)) from None
        counts = counts_by_town()
        found = "loaded" if created else "already there, nothing changed"
        self.stdout.write(f"Demo data {found}: {len(counts)} towns, {sum(counts.values())} activities")
        wanted, shown = today or timezone.localdate(), loaded_for()
        if shown and shown != wanted:
            self.stdout.write(f"It shows the county as of {shown}; after `make reset` it shows {wanted}.")
