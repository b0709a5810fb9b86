from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from activities.concerns.services import delete_withdrawn, forget_reporters


class Command(BaseCommand):
    help = "Delete addresses of people whose concern was closed six months ago, and what was withdrawn untouched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many.")

    def handle(self, *args: Any, **options: Any) -> None:
        now, dry_run = timezone.now(), options["dry_run"]
        would = "would be " if dry_run else ""
        self.stdout.write(f"{would}forgotten: {forget_reporters(now, dry_run=dry_run)}")
        self.stdout.write(f"{would}deleted: {delete_withdrawn(now, dry_run=dry_run)}")
