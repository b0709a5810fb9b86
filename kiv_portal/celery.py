"""The Celery application and its timetable.

PostgreSQL is the queue of record: a job is a row. Celery only wakes workers, so everything here may be lost at any
moment without losing work; the sweep finds it again (see kiv_portal/jobs/work.py).
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kiv_portal.settings")

app = Celery("kiv_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep-report-files": {
        "task": "reports.sweep_report_files",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    # every hour of the day on which people read their mail: a machine that was off at one hour loses nothing
    "plan-and-remind": {
        "task": "reports.plan_and_remind",
        "schedule": crontab(minute=20, hour="6-18"),
        "options": {"expires": 3000},
    },
    "sweep-imports": {"task": "activities.sweep_imports", "schedule": 60.0, "options": {"expires": 50}},
    "delete-old-imports": {
        "task": "activities.delete_old_imports",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
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
    "forget-phones": {
        "task": "mediators.forget_phones",
        "schedule": crontab(hour=3, minute=48),
        "options": {"expires": 3600},
    },
    "forget-old-mails": {
        "task": "mails.forget_old",
        "schedule": crontab(hour=3, minute=35),
        "options": {"expires": 3600},
    },
    "tell-late-replies": {
        "task": "activities.tell_late_replies",
        "schedule": crontab(minute=25, hour="6-18"),
        "options": {"expires": 3000},
    },
    "empty-trash": {
        "task": "activities.empty_trash",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 3600},
    },
    "renew-search-words": {
        "task": "activities.renew_search_words",
        "schedule": crontab(hour=3, minute=55),
        "options": {"expires": 3600},
    },
    "remind": {
        "task": "home.remind",
        "schedule": crontab(minute=25, hour="6-18"),
        "options": {"expires": 3000},
    },
    "sweep-files": {
        "task": "home.sweep_files",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 3600},
    },
}
