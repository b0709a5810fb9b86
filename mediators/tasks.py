from celery import shared_task
from django.utils import timezone

from mediators.reach.services import forget_phones


@shared_task(name="mediators.forget_phones")
def forget_phones_task() -> None:
    forget_phones(timezone.localdate())
