from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kiv_portal.accounts"
    label = "accounts"
    verbose_name = "Konten"
