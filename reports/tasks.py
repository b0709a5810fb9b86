from celery import current_task, shared_task
from django.utils import timezone

from reports.certificates import services as certificates
from reports.certificates.building import build_certificate
from reports.county import services as county
from reports.county.building import build_county_file
from reports.editions import services as editions
from reports.editions.building import build_file
from reports.notices import services as notices
from reports.preview import services as previews
from reports.preview.building import build_preview
from reports.steps import services as states


@shared_task(name="reports.build_file")
def build_file_task(pk: int) -> None:
    build_file(pk, worker=current_task.request.hostname or "")


@shared_task(name="reports.sweep_report_files")
def sweep_report_files_task() -> None:
    now = timezone.now()
    editions.sweep_report_files(now)
    county.sweep_county_files(now)
    certificates.sweep_certificates(now)
    previews.sweep_previews(now)


@shared_task(name="reports.build_preview")
def build_preview_task(pk: int) -> None:
    build_preview(pk, worker=current_task.request.hostname or "")


@shared_task(name="reports.build_county_file")
def build_county_file_task(pk: int) -> None:
    build_county_file(pk, worker=current_task.request.hostname or "")


@shared_task(name="reports.build_certificate")
def build_certificate_task(pk: int) -> None:
    build_certificate(pk, worker=current_task.request.hostname or "")


@shared_task(name="reports.plan_and_remind")
def plan_and_remind_task() -> None:
    """Both may run as often as one likes: what is there already is not made again."""
    today = timezone.localdate()
    states.plan_reports(today)
    notices.remind(today)
