"""Two windows on one row: the second one to save is told what the first has stored."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict

from kiv_portal.ui.typed_forms import write_into

CHANGED_MEANWHILE = (
    "Inzwischen wurde hier in einem anderen Fenster gespeichert. Dort steht jetzt: {}. Ihre Eingaben stehen noch hier. "
    "Wenn Sie noch einmal speichern, gelten Ihre Eingaben."
)


class UnchangedMixin(forms.ModelForm):
    """`seen` says what stood in the row when the page was made. What a form stores without having shown it (a call
    by a program or a test that sends no `seen`) is not judged.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = self._stored_values()
        stored = repr(sorted(self._stored.items())).encode()
        self.stamp = hashlib.sha256(stored).hexdigest()[:16] if self.instance.pk else ""
        self.initial["seen"] = self.stamp

    def _stored_values(self) -> dict[str, Any]:
        """By the names of the form's fields; what a field makes of several columns is added by its form."""
        return model_to_dict(self.instance, fields=list(self.fields))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen") and cleaned["seen"] != self.stamp:
            write_into(self, "seen", self.stamp)
            raise ValidationError(CHANGED_MEANWHILE.format(self._other_words()))
        return cleaned

    def _other_words(self) -> str:
        """What is stored, where the person says something else."""
        words = [
            f"{self[name].label}: „{text}“" if (text := self._shown(name)) else f"{self[name].label}: nichts"
            for name in self._stored
            if name in self.changed_data
        ]
        return ", ".join(words) or "dasselbe wie hier"

    def _shown(self, name: str) -> str:
        field, value = self.fields[name], self._stored[name]
        if isinstance(value, bool):
            return "ja" if value else "nein"
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value or ""))  # type: ignore[arg-type]
        return str(field.prepare_value(value) or "")
