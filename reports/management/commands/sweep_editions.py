from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.services import sweep_editions


class Command(BaseCommand):
    help = "Wake workers for editions that were forgotten; for cron, where Celery beat does not run."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"woken: {sweep_editions(timezone.now())}")
