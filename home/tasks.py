from celery import shared_task
from django.utils import timezone

from home.stored_files import sweep_files


@shared_task(name="home.sweep_files")
def sweep_files_task() -> None:
    sweep_files(timezone.now())
