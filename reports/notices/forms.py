from __future__ import annotations

from typing import Any

from django import forms

from reports.notices.models import NoticeChoice, Occasion


class NoticeChoiceForm(forms.ModelForm):
    """Asks what is wanted; what is not wanted is stored, so that a new occasion is told until somebody declines."""

    wanted = forms.MultipleChoiceField(
        label="Schicken Sie mir eine E-Mail:",
        choices=Occasion.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mark_optional = False

    class Meta:
        model = NoticeChoice
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["wanted"] = [code for code in Occasion.values if code not in self.instance.unwanted]

    def save(self, commit: bool = True) -> NoticeChoice:
        self.instance.unwanted = [code for code in Occasion.values if code not in self.cleaned_data["wanted"]]
        choice: NoticeChoice = super().save(commit)
        return choice
