"""The field of every search."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from activities.log.search_words import words_of


class SearchField(forms.CharField):
    """Cleans to the words that can be searched for."""

    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        return super().to_python("" if value is None else str(value).replace("\x00", "")) or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not words_of(value):
            raise ValidationError("Bitte geben Sie ein Wort ein, zum Beispiel „Rampe“.")
