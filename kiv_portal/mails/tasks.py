from celery import shared_task
from django.utils import timezone

from kiv_portal.mails.delivery import forget_old


@shared_task(name="mails.forget_old")
def forget_old_task() -> None:
    forget_old(timezone.now())
