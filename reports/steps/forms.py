from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from kiv_portal.ui.unchanged import UnchangedMixin
from reports.steps.review_models import ReviewRule


class ReturnForm(forms.Form):
    note = forms.CharField(
        label="Was ist zu tun?",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Diesen Hinweis lesen alle, die am Bericht schreiben.",
        error_messages={"required": "Bitte schreiben Sie, was am Bericht zu ändern ist."},
    )


class MorningField(DayField):
    """A day that stands for its first moment here; cleans to an aware datetime."""

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value

    def clean(self, value: Any) -> dt.datetime | None:
        day = super().clean(value)
        return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else None


class ApproveForm(forms.Form):
    """Asks about what is missing, so that nobody passes over it."""

    despite = forms.BooleanField(
        label="Ich gebe den Bericht trotzdem frei",
        error_messages={"required": "Bitte bestätigen Sie das, oder geben Sie den Bericht zurück."},
    )


class ReviewRuleForm(UnchangedMixin):
    class Meta:
        model = ReviewRule
        fields = ("mode",)
        widgets = {"mode": forms.RadioSelect}


PUBLIC_HELP = (
    "Ab diesem Tag kann jede Person den Bericht auf der Seite der Kommune lesen. Meist ist das der Tag, an dem die "
    "Unterlagen der Sitzung öffentlich werden. Leer heißt: nicht öffentlich."
)


class PublishForm(forms.Form):
    public_from = MorningField(label="Öffentlich ab", required=False, help_text=PUBLIC_HELP)
