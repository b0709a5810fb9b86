# Loaded with Django, so that tasks find the application also in the web process.
from kiv_portal.celery import app as celery_app

__all__ = ["celery_app"]
