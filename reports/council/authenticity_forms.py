from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from reports.figures.models import CODE_LETTERS

CODE_LENGTH = 10
WRONG_CODE = (
    "Der Code hat zehn Zeichen: Buchstaben von a bis z und Ziffern. Die Zeichen 0, 1, i, l und o kommen nicht vor. "
    "Bitte sehen Sie noch einmal auf dem Papier nach."
)
TOO_LARGE = "Diese Datei ist größer als 30 Megabyte. So groß ist kein Bericht. Bitte wählen Sie eine andere."


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code oder Adresse vom Papier",
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text="Der Code steht auf der ersten Seite, am Ende der Adresse neben „Echtheit prüfen“.",
        error_messages={"required": "Bitte geben Sie den Code ein."},
    )

    def clean_code(self) -> str:
        """Also the whole address, capital letters, and gaps that somebody types to keep an overview."""
        last = self.cleaned_data["code"].strip().rstrip("/").rpartition("/")[2].lower()
        code = "".join(sign for sign in last if sign not in " -")
        if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
            raise ValidationError(WRONG_CODE)
        return code


class FingerprintField(forms.FileField):
    """Takes a file of which only size and SHA-256 were kept."""

    widget = forms.FileInput

    def to_python(self, data: Any) -> Any:
        if data is not None and getattr(data, "is_too_large", False):
            raise ValidationError(TOO_LARGE)
        return super().to_python(data)


class FileCheckForm(forms.Form):
    file = FingerprintField(
        label="Datei",
        help_text="Bis 30 Megabyte. Wir vergleichen die Datei und speichern sie nicht.",
        error_messages={
            "required": "Bitte wählen Sie eine Datei.",
            "invalid": "Bitte wählen Sie eine Datei.",
            "missing": "Bitte wählen Sie eine Datei.",
            "empty": "Diese Datei ist leer. Bitte wählen Sie eine andere.",
        },
    )
