from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.certificates.services import sweep_certificates
from reports.county import services as county
from reports.editions import services as editions
from reports.preview.services import sweep_previews


class Command(BaseCommand):
    help = "Wake workers for files that were forgotten; for cron, where Celery beat does not run."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        woken = sum(
            sweep(now)
            for sweep in (
                editions.sweep_report_files,
                county.sweep_county_files,
                sweep_certificates,
                sweep_previews,
            )
        )
        self.stdout.write(f"woken: {woken}")
