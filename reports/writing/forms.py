from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.ui.fields import DayField
from kiv_portal.ui.unchanged import UnchangedMixin
from kiv_portal.uploads.pasted_text import tidy
from reports.council.models import Consultation
from reports.steps.models import InterimReport
from reports.writing.models import (
    EASY,
    TEXT_LABELS,
    EasyTextCheck,
    ReportComment,
    ReportSection,
    SectionKey,
)
from reports.writing.placeholders import unknown_placeholders

SECTION_HELP = {
    SectionKey.AT_A_GLANCE: (
        "Drei Ergebnisse, die der Gemeinderat kennen soll. Jede Zeile beginnt mit einem Strich: „- “."
    ),
    SectionKey.OCCASION: "Warum gibt es den Bericht? Wer hat was vereinbart?",
    SectionKey.PARTICIPATION: "Was sagen die Menschen, die beraten wurden? Bitte nur Summen, keine Einzelfälle.",
    SectionKey.COOPERATION: "Mit wem hat es gut geklappt? Was war schwierig?",
    SectionKey.COSTS: "Was hat es gekostet? Was kostet ein weiteres Jahr?",
    SectionKey.ASSESSMENT: "Was hat sich durch die Arbeit verändert? Wie beurteilen Sie das?",
    SectionKey.OUTLOOK: "Was steht als Nächstes an? Was wird dafür gebraucht?",
    SectionKey.ALTERNATIVES: "Welche Möglichkeiten hat der Gemeinderat? Was folgt daraus jeweils?",
    SectionKey.PROPOSAL: "Was soll der Gemeinderat beschließen? Bitte nummerieren: „1. “, „2. “.",
}
TEXT_HELP = SECTION_HELP | {
    EASY: (
        "Der ganze Bericht in kurzen Sätzen. In jeder Zeile steht ein Satz. "
        "Eine Zeile mit „# “ wird eine Überschrift."
    )
}


EASY_LONGEST = 20_000  # characters; the checker of easy language reads no more


class ProseField(forms.CharField):
    """A long text, wherever it was copied from; what is no text is left out before anything looks at it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return super().to_python(tidy(str(value or ""))) or ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: a browser would cut what is pasted and say nothing."""
        return {"data-paste": True}


class SectionForm(forms.ModelForm):
    """`version` is the one the person opened; the service refuses to overwrite a newer one."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = ReportSection
        fields = ("text",)
        field_classes = {"text": ProseField}
        widgets = {"text": forms.Textarea(attrs={"rows": 16})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.key == EASY:
            self.fields["text"].validators.append(MaxLengthValidator(EASY_LONGEST))
        self.fields["text"].label = TEXT_LABELS[self.instance.key]
        self.fields["text"].help_text = TEXT_HELP[self.instance.key]
        self.initial["version"] = self.instance.version

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if unknown := unknown_placeholders(text):
            which = "Diese Zahl kennt" if len(unknown) == 1 else "Diese Zahlen kennt"
            names = ", ".join(f"{{{name}}}" for name in unknown)
            raise ValidationError(
                f"{which} das Portal nicht: {names}. Sie finden die möglichen Zahlen unter dem Text."
            )
        return text


class AskingSectionForm(PrivacyMixin, SectionForm):
    """For the person who saves; what is stored while one types is not asked about, so the whole text is read here."""

    public_texts = ("text",)
    names_people = True
    checks_unchanged = True


class CommentForm(forms.ModelForm):
    class Meta:
        model = ReportComment
        fields = ("text",)
        labels = {"text": "Bemerkung oder Frage"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": "Alle, die an diesem Bericht schreiben, lesen das. Im Bericht steht es nicht."}


class EasyCheckForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    checked_on = DayField(label="Geprüft am", is_past=True, help_text="Zum Beispiel 1.3.2022 oder „gestern“.")

    class Meta:
        model = EasyTextCheck
        fields = ("checked_on", "group", "persons")
        help_texts = {"persons": "Nur die Zahl. Bitte keine Namen."}

    def clean_checked_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise ValidationError("Dieser Tag liegt in der Zukunft.")
        return day


class PaperForm(UnchangedMixin):
    """The head of the Sitzungsvorlage."""

    dated_on = DayField(
        label="Datum der Vorlage", required=False, help_text="Leer heißt: der Tag, an dem Sie einreichen."
    )

    class Meta:
        model = InterimReport
        fields = ("paper_number", "dated_on", "author", "activity_list")
        widgets = {"activity_list": forms.RadioSelect}


class ConsultationForm(UnchangedMixin):
    session_on = DayField(label="Sitzung am", required=False, help_text="Zum Beispiel 22.11.2022.")

    class Meta:
        model = Consultation
        fields = ("committee", "session_on", "item_number", "role", "is_public")
