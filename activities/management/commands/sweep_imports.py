from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from activities.imports.services import delete_old_imports, sweep_imports


class Command(BaseCommand):
    help = "Wake workers for forgotten spreadsheets and delete old ones; for cron, where Celery beat does not run."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"woken: {sweep_imports(now)}, deleted: {delete_old_imports(now)}")
