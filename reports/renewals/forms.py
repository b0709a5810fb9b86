from __future__ import annotations

from typing import Any

from django import forms

from reports.renewals.models import NewEdition, Withdrawal


class NewEditionForm(forms.ModelForm):
    class Meta:
        model = NewEdition
        fields = ("reason",)
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"reason": {"required": "Bitte schreiben Sie, warum es eine neue Ausgabe gibt."}}


class RenewPaperForm(NewEditionForm):
    """The same, with another question: only the sessions change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Was hat sich geändert?"


class WithdrawalForm(forms.ModelForm):
    class Meta:
        model = Withdrawal
        fields = ("reason",)
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"reason": {"required": "Bitte schreiben Sie, warum."}}
