from celery import shared_task
from django.utils import timezone

from home.reminders.services import write_reminders
from home.stored_files import sweep_files


@shared_task(name="home.sweep_files")
def sweep_files_task() -> None:
    sweep_files(timezone.now())


@shared_task(name="home.remind")
def remind_task() -> None:
    write_reminders(timezone.localdate())
