from django.apps import AppConfig


class MailsConfig(AppConfig):
    name = "kiv_portal.mails"
    label = "mails"
    verbose_name = "E-Mails"
