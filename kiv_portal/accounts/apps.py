from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kiv_portal.accounts"
    label = "accounts"
    verbose_name = "Konten"

    def ready(self) -> None:
        from kiv_portal import deploy_checks  # noqa: F401  # late: it registers the checks, apps must be ready
