from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "kiv_portal.home"
    label = "home"
    verbose_name = "Startseiten"
