from celery import shared_task
from django.utils import timezone

from activities.services.concerns import forget_reporters


@shared_task(name="activities.forget_reporters")
def forget_reporters_task() -> None:
    forget_reporters(timezone.now())
