from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from kiv_portal.mails.delivery import forget_old


class Command(BaseCommand):
    help = "Forget texts and addresses of e-mails that failed 30 days ago, and rows that ended 400 days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        forget_old(timezone.now())
