from celery import current_task, shared_task
from django.utils import timezone

from activities.concerns.office_services import tell_late_replies
from activities.concerns.services import delete_withdrawn, forget_reporters
from activities.imports import services as imports
from activities.search.services import renew_search_words
from activities.trash.services import empty_trash


@shared_task(name="activities.import_run")
def import_run_task(pk: int) -> None:
    imports.do_run(pk, worker=current_task.request.hostname or "")


@shared_task(name="activities.sweep_imports")
def sweep_imports_task() -> None:
    imports.sweep_imports(timezone.now())


@shared_task(name="activities.delete_old_imports")
def delete_old_imports_task() -> None:
    imports.delete_old_imports(timezone.now())


@shared_task(name="activities.forget_reporters")
def forget_reporters_task() -> None:
    now = timezone.now()
    forget_reporters(now)
    delete_withdrawn(now)


@shared_task(name="activities.tell_late_replies")
def tell_late_replies_task() -> None:
    tell_late_replies(timezone.now())


@shared_task(name="activities.empty_trash")
def empty_trash_task() -> None:
    empty_trash(timezone.now())


@shared_task(name="activities.renew_search_words")
def renew_search_words_task() -> None:
    renew_search_words()
