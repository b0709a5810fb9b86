from celery import current_task, shared_task
from django.utils import timezone

from reports import services


@shared_task(name="reports.build_edition")
def build_edition_task(edition_id: int) -> None:
    services.build_edition(edition_id, worker=current_task.request.hostname or "")


@shared_task(name="reports.sweep_editions")
def sweep_editions_task() -> None:
    services.sweep_editions(timezone.now())
