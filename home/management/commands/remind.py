from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from home.reminders.services import write_reminders


class Command(BaseCommand):
    help = "Write today's reminders to mediators. May run as often as one likes."

    def handle(self, *args: Any, **options: Any) -> None:
        write_reminders(timezone.localdate())
