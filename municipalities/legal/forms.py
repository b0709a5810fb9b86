from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from kiv_portal.ui.unchanged import UnchangedMixin
from municipalities.legal.models import AccessibilityStatement, Conformity, LegalKind, LegalText, Method

PLACEHOLDER = re.compile(r"\[[^\]\n]{1,80}\]")
# what such a text names, to be filled in: a text with a gap in it is not stored
SKELETONS = {
    LegalKind.IMPRINT: (
        "{county.administration}\n[Straße und Hausnummer]\n[Postleitzahl und Ort]\n\n"
        "Vertreten durch: [Name der Landrätin oder des Landrats]\n\n"
        "Telefon: [Nummer]\n\nE-Mail: [Adresse]\n\n"
        "Verantwortlich für den Inhalt: [Amt und Name]\n\nUmsatzsteuer-Identifikationsnummer: [Nummer]"
    ),
    LegalKind.PRIVACY: (
        "Verantwortlich für die Verarbeitung: {county.administration}, [Anschrift]\n\n"
        "Datenschutzbeauftragte: [Name oder Stelle, Anschrift, E-Mail]\n\n"
        "Rechtsgrundlage: [zum Beispiel Artikel 6 Absatz 1 Buchstabe e DSGVO in Verbindung mit § 4 LDSG]\n\n"
        "Beschweren können Sie sich bei: [Aufsichtsbehörde mit Anschrift]"
    ),
}
ARBITRATION = "Schlichtungsstelle beim Landeszentrum Barrierefreiheit, Stuttgart"


def _no_placeholder(text: str) -> None:
    if gap := PLACEHOLDER.search(text):
        raise ValidationError(f"Hier fehlt noch etwas: {gap[0]}.")


def _not_to_come(form: forms.ModelForm, name: str) -> Any:
    day = form.cleaned_data[name]
    if day and day > timezone.localdate():
        raise ValidationError("Dieser Tag liegt in der Zukunft.")
    return day


class LegalTextForm(UnchangedMixin):
    dated_on = DayField(label="Stand", is_past=True, help_text="Der Tag, von dem der Text ist.")

    class Meta:
        model = LegalText
        fields = ("text", "dated_on")
        widgets = {"text": forms.Textarea(attrs={"rows": 18})}
        help_texts = {
            "text": "Eine leere Zeile beginnt einen Absatz, „- “ am Anfang einen Punkt in einer Liste."
        }
        error_messages = {"text": {"required": "Bitte schreiben Sie den Text."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].validators.append(_no_placeholder)
        if not self.instance.pk:
            skeleton = SKELETONS[LegalKind(self.instance.kind)]
            self.initial["text"] = skeleton.format(county=self.instance.county)
            self.initial["dated_on"] = timezone.localdate()

    def clean_dated_on(self) -> Any:
        return _not_to_come(self, "dated_on")


class StatementForm(UnchangedMixin):
    prepared_on = DayField(label="Erklärung erstellt am", is_past=True)
    checked_on = DayField(
        label="Zuletzt überprüft am", is_past=True, help_text="Überprüfen Sie die Erklärung jedes Jahr."
    )
    method = forms.ChoiceField(
        label="Wie wurde geprüft?",
        choices=Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, wie geprüft wurde."},
    )
    conformity = forms.ChoiceField(
        label="Ist das Portal mit den Anforderungen vereinbar?",
        choices=Conformity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, ob das Portal vereinbar ist."},
    )

    arbitration_url = forms.URLField(
        label="Internetseite der Schlichtungsstelle",
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = AccessibilityStatement
        fields = (
            *("prepared_on", "checked_on", "method", "method_note", "conformity", "gaps"),
            *("arbitration", "arbitration_url"),
        )
        widgets = {
            "method_note": forms.Textarea(attrs={"rows": 3}),
            "gaps": forms.Textarea(attrs={"rows": 6}),
            "arbitration": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "gaps": "Jede Zeile, die mit „- “ beginnt, wird ein Punkt. Was das Portal selbst schon nennt, steht "
            "darunter von allein.",
            "arbitration": "Name und Anschrift. Dorthin wendet sich, wer mit Ihrer Antwort nicht zufrieden ist.",
        }
        error_messages = {"arbitration": {"required": "Bitte nennen Sie die Schlichtungsstelle."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["arbitration"] = ARBITRATION
            self.initial["prepared_on"] = timezone.localdate()

    def clean_prepared_on(self) -> Any:
        return _not_to_come(self, "prepared_on")

    def clean_checked_on(self) -> Any:
        return _not_to_come(self, "checked_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("conformity", Conformity.FULL) != Conformity.FULL and not cleaned.get("gaps"):
            self.add_error("gaps", "Bitte schreiben Sie, was nicht barrierefrei ist.")
        first, last = cleaned.get("prepared_on"), cleaned.get("checked_on")
        if first and last and last < first:
            self.add_error("checked_on", "Die Überprüfung liegt vor der Erklärung.")
        return cleaned
