from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from home.stored_files import StrangeDatabase, sweep_files


class Command(BaseCommand):
    help = "Delete stored files that no row points to and that are older than a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only name them.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            names = sweep_files(timezone.now(), dry_run=options["dry_run"])
        except StrangeDatabase as error:
            raise CommandError(str(error)) from None
        for name in names:
            self.stdout.write(name)
        self.stdout.write(f"{'would be deleted' if options['dry_run'] else 'deleted'}: {len(names)}")
