from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from activities.concerns.services import forget_reporters


class Command(BaseCommand):
    help = "Delete e-mail addresses of people whose concern was closed more than six months ago."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many.")

    def handle(self, *args: Any, **options: Any) -> None:
        number = forget_reporters(timezone.now(), dry_run=options["dry_run"])
        self.stdout.write(f"{'would be forgotten' if options['dry_run'] else 'forgotten'}: {number}")
