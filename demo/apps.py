from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings

from kiv_portal.embedded.clock import move_portal


class DemoConfig(AppConfig):
    name = "demo"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.DEMO and settings.DEMO_DAYS_AHEAD:
            move_portal(settings.DEMO_DAYS_AHEAD)
