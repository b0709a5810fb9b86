from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "Aktivitäten"

    def ready(self) -> None:
        from activities.log.programme_use import is_a_further_field  # late: models are loaded only now
        from activities.trash.programme_use import is_in_the_bin  # late: models are loaded only now
        from municipalities.programme.load import add_use  # late: models are loaded only now

        add_use(is_a_further_field)
        add_use(is_in_the_bin)
