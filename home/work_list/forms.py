from __future__ import annotations

from typing import Any

from django import forms


class TownForm(forms.Form):
    ort = forms.ChoiceField(label="Kommune", required=False)
    mark_optional = False

    def __init__(self, *args: Any, towns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ort"].choices = [("", "alle"), *towns]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        """The slug of a town in the list; what is none is no choice."""
        return self.cleaned_data["ort"] if self.is_valid() else ""
