"""The tests stand on ground of their own, in every process of pytest-xdist."""

import os
import threading
import time

import pytest
from django.conf import settings
from django.db import transaction
from django.test import TransactionTestCase

from activities.models import Activity
from reports.models import ReportSection
from tests import database
from tests.threads import Started


def test_settings_and_live_processes_mean_the_same_files_and_queue() -> None:
    assert os.environ["KIV_MEDIA_ROOT"] == str(settings.MEDIA_ROOT)
    assert os.environ["KIV_REDIS_URL"] == settings.CELERY_BROKER_URL


@pytest.mark.django_db(transaction=True)
def test_emptying_the_tables_waits_for_a_worker_without_holding_it_up() -> None:
    """Two that wait for each other are a deadlock: PostgreSQL ends one of them, and its log has an ERROR."""
    reads, emptying = threading.Event(), threading.Event()

    def worker() -> int:
        with transaction.atomic():
            ReportSection.objects.count()  # of the last tables by name
            reads.set()
            assert emptying.wait(30)
            time.sleep(0.3)
            return Activity.objects.count()  # of the first

    started = Started(worker)
    assert reads.wait(30)
    emptying.set()
    database.empty(TransactionTestCase())
    assert started.join() == 0
