from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from activities.concerns.office_services import send_office_reminders, tell_late_replies


class Command(BaseCommand):
    help = "Send reminders of offices that wait, and tell those in charge of offices whose period for a reply is over."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"reminders sent: {send_office_reminders(now)}")
        self.stdout.write(f"late replies told: {tell_late_replies(now)}")
