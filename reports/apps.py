from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Berichte"

    def ready(self) -> None:
        from municipalities.programme.load import add_part  # late: models are loaded only now
        from reports.council.programme_part import PROPOSALS  # late: models are loaded only now

        add_part(PROPOSALS)
