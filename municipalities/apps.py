from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "municipalities"
    verbose_name = "Kommunen"

    def ready(self) -> None:
        from municipalities.legal import checks  # noqa: F401  # late: it registers the check, apps must be ready
        from municipalities.legal.programme_part import (  # late: models are loaded only now
            ACCESSIBILITY,
            LEGAL,
        )
        from municipalities.programme.load import add_part  # late: models are loaded only now

        add_part(LEGAL)
        add_part(ACCESSIBILITY)
