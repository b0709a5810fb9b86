from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.county import services as county
from reports.editions import services as editions


class Command(BaseCommand):
    help = "Wake workers for files that were forgotten; for cron, where Celery beat does not run."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        woken = editions.sweep_report_files(now) + county.sweep_county_files(now)
        self.stdout.write(f"woken: {woken}")
