from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kiv_portal.ui"
    label = "ui"
    verbose_name = "Bausteine der Oberfläche"
