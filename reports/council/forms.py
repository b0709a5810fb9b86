from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from kiv_portal.ui.unchanged import UnchangedMixin
from reports.council.models import CouncilLink, CouncilQuestion, ProposalTemplate

LINK_DAYS = 60
LONGEST_LINK_DAYS = 365


class FollowUpForm(forms.Form):
    """What staff confirm after a decision; empty means what the labels say."""

    ends_on = DayField(
        label="Vereinbarung endet am", required=False, help_text="Leer heißt: Sie gilt ohne Ende weiter."
    )
    next_report_due = DayField(
        is_coming=True,
        label="Nächster Bericht fällig am",
        required=False,
        help_text="Leer heißt: Es gibt keinen weiteren Bericht.",
    )


class CouncilLinkForm(forms.ModelForm):
    expires_on = DayField(
        is_coming=True,
        label="Gültig bis",
        help_text="Höchstens ein Jahr. Danach öffnet der Link nichts mehr.",
    )

    class Meta:
        model = CouncilLink
        fields = ("label",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["expires_on"] = timezone.localdate() + dt.timedelta(days=LINK_DAYS)

    def clean_expires_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError("Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.")
        if day > today + dt.timedelta(days=LONGEST_LINK_DAYS):
            raise ValidationError("Bitte wählen Sie einen Tag innerhalb eines Jahres.")
        return day

    def save(self, commit: bool = True) -> CouncilLink:
        last_moment = dt.datetime.combine(self.cleaned_data["expires_on"], dt.time(23, 59))
        self.instance.expires_at = timezone.make_aware(last_moment)
        link: CouncilLink = super().save(commit)
        return link


class QuestionForm(forms.ModelForm):
    class Meta:
        model = CouncilQuestion
        fields = ("text",)
        labels = {"text": "Ihre Frage"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": "Die Antwort lesen alle Mitglieder des Gemeinderats. Wer gefragt hat, steht nicht dabei."
        }


class AnswerForm(UnchangedMixin):
    class Meta:
        model = CouncilQuestion
        fields = ("answer",)
        widgets = {"answer": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].help_text = "Die Antwort lesen alle Mitglieder des Gemeinderats."


class RefusalForm(UnchangedMixin):
    """A question that the town hall does not answer."""

    class Meta:
        model = CouncilQuestion
        fields = ("refusal",)
        widgets = {"refusal": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"refusal": "Das liest, wer gefragt hat. Die anderen Mitglieder sehen die Frage nicht."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refusal"].required = True


class ShortenForm(UnchangedMixin):
    """What the council reads of a question, for example without the name of a person."""

    class Meta:
        model = CouncilQuestion
        fields = ("text", "shortened_why")
        labels = {"text": "Frage, wie alle sie lesen"}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "shortened_why": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "text": "Zum Beispiel ohne den Namen einer Person. Was gefragt wurde, bleibt für das Rathaus lesbar.",
            "shortened_why": "Das liest, wer gefragt hat.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shortened_why"].required = True


class ProposalTemplateForm(UnchangedMixin):
    class Meta:
        model = ProposalTemplate
        fields = ("title", "text", "position")
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"text": "Bitte nummerieren: „1. “, „2. “.", "position": "Kleine Zahlen stehen oben."}

    def _get_validation_exclusions(self) -> set[str]:
        """The county is no field of the form, but a name is there once in a county."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's, which the stubs do not know
        return exclusions - {"county"}
