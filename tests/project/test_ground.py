"""The tests stand on ground of their own, in every process of pytest-xdist."""

import os

from django.conf import settings


def test_settings_and_live_processes_mean_the_same_files_and_queue() -> None:
    assert os.environ["KIV_MEDIA_ROOT"] == str(settings.MEDIA_ROOT)
    assert os.environ["KIV_REDIS_URL"] == settings.CELERY_BROKER_URL
