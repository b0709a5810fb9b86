from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from activities.trash.services import empty_trash


class Command(BaseCommand):
    help = "Delete for good what has lain in the bin for thirty days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many.")

    def handle(self, *args: Any, **options: Any) -> None:
        number = empty_trash(timezone.now(), dry_run=options["dry_run"])
        self.stdout.write(f"{'would be deleted' if options['dry_run'] else 'deleted'}: {number}")
