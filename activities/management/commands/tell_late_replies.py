from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from activities.concerns.office_services import tell_late_replies


class Command(BaseCommand):
    help = "Tell those in charge of offices whose period for a reply is over."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"late replies told: {tell_late_replies(timezone.now())}")
