from __future__ import annotations

from django import forms

from kiv_portal.ui.fields import DayField
from reports.models import InterimReport, ReportSection, SectionKey

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


class SectionForm(forms.ModelForm):
    """`version` is the one the person opened; the service refuses to overwrite a newer one."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = ReportSection
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 14})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = SectionKey(self.instance.key).label
        self.fields["text"].help_text = SECTION_HELP[SectionKey(self.instance.key)]
        self.initial["version"] = self.instance.version


class PaperForm(forms.ModelForm):
    """The head of the Sitzungsvorlage."""

    session_on = DayField(label="Sitzung am", required=False, help_text="Zum Beispiel 22.11.2022.")

    dated_on = DayField(
        label="Datum der Vorlage", required=False, help_text="Leer heißt: der Tag, an dem Sie abschließen."
    )

    class Meta:
        model = InterimReport
        fields = ("paper_number", "dated_on", "author", "committee", "session_on", "is_public")
