from celery import shared_task
from django.utils import timezone

from kiv_portal.accounts import services


@shared_task(name="accounts.clear_expired")
def clear_expired_task() -> None:
    services.clear_expired(timezone.now())
