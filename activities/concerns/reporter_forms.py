"""What who reported a concern says later, by the private link."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from activities.attachments.forms import DESCRIBED_ONLY, PhotoField, alt_text_field
from activities.concerns.forms import NO_NAMES
from activities.concerns.reporter_models import Said
from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.uploads.kept import KeptFilesMixin

MOST_SIGNS = 2_000


class SayMoreForm(KeptFilesMixin, PrivacyMixin, forms.Form):
    public_texts = ("text", "alt_text")
    may_get_public = False

    text = forms.CharField(
        label="Was möchten Sie ergänzen?",
        max_length=MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"Es lesen nur die Menschen, die sich darum kümmern. {NO_NAMES}",
        error_messages={"required": "Bitte schreiben Sie, was Sie ergänzen möchten."},
    )
    photo = PhotoField(required=False, help_text="Bitte zeigen Sie niemanden, den man erkennt.")
    alt_text = alt_text_field(
        "Ein Satz für Menschen, die das Foto nicht sehen. Fällt Ihnen keiner ein, schreiben wir ihn."
    )
    entry_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("entry_key", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("alt_text") and not cleaned.get("photo") and "photo" not in self.errors:
            self.add_error("photo", DESCRIBED_ONLY)
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        file = self.cleaned_data["photo"]
        return {
            "text": self.cleaned_data["text"],
            "entry_key": self.cleaned_data["entry_key"] or uuid.uuid4(),
            "photo": file.read() if file else b"",
            "alt_text": self.cleaned_data["alt_text"],
        }


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Möchten Sie sagen, warum?",
        max_length=MOST_SIGNS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Zum Beispiel: Es hat sich schon erledigt.",
    )


class AnswerForm(forms.Form):
    """ "Ist es gut so?" """

    kind = forms.ChoiceField(
        label="Ist es gut so?",
        choices=[
            (Said.YES, "Ja, es ist gut so"),
            (Said.PARTLY, "Teilweise"),
            (Said.NO, "Nein, bitte sehen Sie noch einmal nach"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie ja, teilweise oder nein."},
    )
    text = forms.CharField(
        label="Was fehlt noch, oder was möchten Sie uns sagen?",
        max_length=MOST_SIGNS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Bei „Nein“ brauchen wir einen Satz: Was ist noch nicht gut?",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Said.NO and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "Bitte schreiben Sie in einem Satz, was noch nicht gut ist.")
        return cleaned
