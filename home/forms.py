from django import forms

from home.models import PortalBarrier
from home.website_problem import without_private_links


class PortalBarrierForm(forms.ModelForm):
    class Meta:
        model = PortalBarrier
        fields = ("description", "page", "contact")
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6}),
            "contact": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "description": "Zum Beispiel: Die Schaltfläche lässt sich mit der Tastatur nicht erreichen.",
            "page": "Der Name oder die Adresse der Seite. Private Links speichern wir nicht.",
            "contact": "Nur, wenn Sie eine Antwort möchten.",
        }
        labels = {"page": "Um welche Seite geht es?"}
        error_messages = {"description": {"required": "Bitte beschreiben Sie, was nicht klappt."}}

    def clean_page(self) -> str:
        return without_private_links(self.cleaned_data["page"])

    def clean_description(self) -> str:
        return without_private_links(self.cleaned_data["description"])
