from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from home.reminders.services import send_reminders, write_reminders


class Command(BaseCommand):
    help = "Write and send today's reminders to mediators. May run as often as one likes."

    def handle(self, *args: Any, **options: Any) -> None:
        write_reminders(timezone.localdate())
        self.stdout.write(f"settled: {send_reminders()}")
