"""The Celery application and its timetable.

PostgreSQL is the queue of record: a job is a row. Celery only wakes workers, so everything here may be lost at any
moment without losing work; the sweep finds it again (see reports/services.py).
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kiv_portal.settings")

app = Celery("kiv_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep-editions": {"task": "reports.sweep_editions", "schedule": 60.0, "options": {"expires": 50}},
    "clear-expired": {
        "task": "accounts.clear_expired",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 3600},
    },
    "forget-reporters": {
        "task": "activities.forget_reporters",
        "schedule": crontab(hour=3, minute=45),
        "options": {"expires": 3600},
    },
}
