from celery import shared_task
from django.utils import timezone

from kiv_portal.accounts import services
from kiv_portal.accounts.email_change import clear_old_changes


@shared_task(name="accounts.clear_expired")
def clear_expired_task() -> None:
    services.clear_expired(timezone.now())
    clear_old_changes(timezone.now())
