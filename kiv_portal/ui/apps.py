from typing import Any

from django import forms
from django.apps import AppConfig
from django.core import validators

from kiv_portal.ui.fields import UNREADABLE

# Django's German sentences are those of an office ("zwingend erforderlich"); these say what to do. Set once,
# because fields of other packages (sign-in) shall speak the same language; a field's own messages still win.
SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Bitte füllen Sie dieses Feld aus."},
    forms.ChoiceField: {
        "required": "Bitte wählen Sie aus.",
        "invalid_choice": "Bitte wählen Sie etwas aus der Liste.",
    },
    forms.MultipleChoiceField: {"invalid_choice": "Bitte wählen Sie nur aus dieser Liste."},
    forms.ModelChoiceField: {
        "required": "Bitte wählen Sie aus.",
        "invalid_choice": "Bitte wählen Sie etwas aus der Liste.",
    },
    forms.ModelMultipleChoiceField: {"invalid_choice": "Bitte wählen Sie nur aus dieser Liste."},
    forms.BooleanField: {"required": "Bitte setzen Sie hier den Haken."},
    forms.IntegerField: {"invalid": "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 90."},
    forms.DateField: {"invalid": "Bitte geben Sie ein Datum ein, zum Beispiel 1.3.2022."},
    forms.FileField: {
        "required": "Bitte wählen Sie eine Datei aus.",
        "empty": "Diese Datei ist leer. Bitte wählen Sie eine andere.",
    },
}
VALIDATORS: dict[Any, str] = {
    validators.ProhibitNullCharactersValidator: UNREADABLE,
    validators.MaxLengthValidator: "Das ist zu lang: höchstens %(limit_value)d Zeichen, hier sind es %(show_value)d.",
    validators.MinValueValidator: "Bitte geben Sie mindestens %(limit_value)s ein.",
    validators.MaxValueValidator: "Bitte geben Sie höchstens %(limit_value)s ein.",
}


class UiConfig(AppConfig):
    name = "kiv_portal.ui"
    label = "ui"
    verbose_name = "Bausteine der Oberfläche"

    def ready(self) -> None:
        for field, sentences in SENTENCES.items():
            field.default_error_messages = {**field.default_error_messages, **sentences}
        for validator, sentence in VALIDATORS.items():
            validator.message = sentence
