"""What must never reach production: `manage.py check --deploy` refuses it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def refuses_what_is_not_for_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    if settings.DEMO:
        errors.append(
            Error(
                "KIV_DEMO is on: everybody could sign in as anybody.",
                hint="Set KIV_DEMO=false.",
                id="kiv_portal.E001",
            )
        )
    if settings.DEBUG:
        errors.append(
            Error(
                "KIV_DEBUG is on: error pages show secrets.",
                hint="Set KIV_DEBUG=false.",
                id="kiv_portal.E002",
            )
        )
    if not settings.SECURE:
        errors.append(
            Error(
                "KIV_SECURE is off: sessions would travel without encryption.",
                hint="Set KIV_SECURE=true.",
                id="kiv_portal.E003",
            )
        )
    if settings.DEMO_PASSWORD:
        errors.append(
            Error(
                "KIV_DEMO_PASSWORD is set: a known password has no place here.",
                hint="Remove KIV_DEMO_PASSWORD.",
                id="kiv_portal.E004",
            )
        )
    return errors
