from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from mediators.reach.services import forget_phones


class Command(BaseCommand):
    help = "Delete telephones that people showed to everybody and whose appointment has ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many.")

    def handle(self, *args: Any, **options: Any) -> None:
        number = forget_phones(timezone.localdate(), dry_run=options["dry_run"])
        self.stdout.write(f"{'would be forgotten' if options['dry_run'] else 'forgotten'}: {number}")
