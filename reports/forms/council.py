"""What the town hall writes about the council, and what the council asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from reports.models import CouncilDecision, CouncilLink, CouncilQuestion, DecisionKind, ProposalTemplate
from reports.models.report import InterimReport

LINK_DAYS = 60
MOST_LINK_DAYS = 366
MOST_VOTES = 200  # no council of a town in Baden-Württemberg has half as many seats
VOTES = ("votes_yes", "votes_no", "votes_abstained")


class CouncilLinkForm(forms.ModelForm):
    expires_on = DayField(label="Gültig bis", help_text="Danach öffnet der Link nichts mehr.")

    class Meta:
        model = CouncilLink
        fields = ("label",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("expires_on", timezone.localdate() + dt.timedelta(days=LINK_DAYS))

    def clean_expires_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError("Dieser Tag ist schon vorbei.")
        if day > today + dt.timedelta(days=MOST_LINK_DAYS):
            raise forms.ValidationError("Ein Link gilt höchstens ein Jahr.")
        return day

    def save(self, commit: bool = True) -> CouncilLink:
        """Valid to the end of the last day."""
        day = self.cleaned_data["expires_on"]
        self.instance.expires_at = timezone.make_aware(dt.datetime.combine(day, dt.time.max))
        link: CouncilLink = super().save(commit)
        return link


class QuestionForm(forms.ModelForm):
    class Meta:
        model = CouncilQuestion
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": "Das Rathaus antwortet hier. Frage und Antwort liest der ganze Gemeinderat. Bitte nennen Sie keine Namen."
        }
        error_messages = {"text": {"required": "Bitte schreiben Sie Ihre Frage."}}


class AnswerForm(forms.ModelForm):
    class Meta:
        model = CouncilQuestion
        fields = ("answer",)
        widgets = {"answer": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"answer": "Die Antwort liest der ganze Gemeinderat. Bitte nennen Sie keine Namen."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = "Bitte schreiben Sie die Antwort."

    def _post_clean(self) -> None:
        """The service fills the row: text, moment and person go together."""


class DecisionForm(forms.ModelForm):
    """What a council resolved, as it stands in the minutes."""

    decided_on = DayField(label="Datum der Sitzung", is_past=True, help_text="Zum Beispiel 22.11.2022.")
    next_report_due = DayField(
        label="Nächster Bericht fällig am", required=False, help_text="Wenn der Gemeinderat das bestimmt hat."
    )

    class Meta:
        model = CouncilDecision
        fields = ("kind", "consultation", "decided_on", *VOTES, "text", "conditions", "next_report_due")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "conditions": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "text": "Vorbelegt mit dem Beschlussvorschlag. Bitte ändern Sie ihn, wenn der Gemeinderat anders beschlossen hat.",
            "conditions": "Nötig bei „Fortführung mit Änderungen“.",
        }
        error_messages = {"kind": {"required": "Bitte wählen Sie, was der Gemeinderat beschlossen hat."}}

    def __init__(self, *args: Any, report: InterimReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = self.instance.report = report
        stations = report.consultations.filter(deleted_at=None)
        self.fields["consultation"].queryset = stations
        self.fields["consultation"].empty_label = "nicht angegeben"
        self.fields["consultation"].label_from_instance = _station
        for name in VOTES:
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "max": None}

    def clean_decided_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        delivered_at = self.report.delivered_at
        if delivered_at and day < timezone.localdate(delivered_at):
            raise forms.ValidationError(
                f"Der Bericht wurde erst am {timezone.localdate(delivered_at):%d.%m.%Y} zugestellt."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_votes(cleaned)
        if cleaned.get("kind") == DecisionKind.CHANGED and not cleaned.get("conditions"):
            self.add_error("conditions", "Bitte schreiben Sie, was sich ändert.")
        due, decided_on = cleaned.get("next_report_due"), cleaned.get("decided_on")
        if due and decided_on and due <= decided_on:
            self.add_error("next_report_due", "Dieser Tag liegt nicht nach der Sitzung.")
        return cleaned

    def _check_votes(self, cleaned: dict[str, Any]) -> None:
        if any(name in self.errors for name in VOTES):
            return
        given = [cleaned[name] for name in VOTES if cleaned.get(name) is not None]
        if given and len(given) < len(VOTES):
            missing = next(name for name in VOTES if cleaned.get(name) is None)
            self.add_error(missing, "Bitte geben Sie alle drei Zahlen an oder keine. Auch 0 ist eine Zahl.")
        elif sum(given) > MOST_VOTES:
            self.add_error("votes_yes", "So viele Stimmen gibt es in keinem Gemeinderat. Bitte prüfen Sie die Zahlen.")


def _station(station: Any) -> str:
    day = f"{station.session_on:%d.%m.%Y}" if station.session_on else "Termin noch offen"
    return f"{station.committee}, {day}"


class FollowUpForm(forms.Form):
    """What follows from a decision, as staff confirm it."""

    ends_on = DayField(
        label="Die Vereinbarung endet am", required=False, help_text="Leer heißt: ohne Ende."
    )
    next_report_due = DayField(
        label="Nächster Bericht fällig am", required=False, help_text="Leer heißt: kein weiterer Bericht."
    )

    def __init__(self, *args: Any, report: InterimReport, has_agreement: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        if not has_agreement:
            self.fields.clear()

    def clean_ends_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day and day < self.report.period_end:
            raise forms.ValidationError(
                f"Der Bericht reicht bis zum {self.report.period_end:%d.%m.%Y}. "
                "Vorher kann die Vereinbarung nicht enden."
            )
        return day

    def clean_next_report_due(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["next_report_due"]
        if day and day <= self.report.period_end:
            raise forms.ValidationError("Dieser Tag liegt noch im Zeitraum des jetzigen Berichts.")
        return day


class ProposalTemplateForm(forms.ModelForm):
    class Meta:
        model = ProposalTemplate
        fields = ("title", "text", "position")
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "title": "So finden Sie die Vorlage wieder, zum Beispiel „Fortführung“.",
            "text": "Am besten nummeriert: „1. “, „2. “.",
            "position": "Die kleinste Zahl steht oben.",
        }

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        others = ProposalTemplate.objects.filter(county=self.instance.county_id, title=title)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Eine Vorlage mit diesem Namen gibt es schon.")
        return title
