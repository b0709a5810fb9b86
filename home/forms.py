from django import forms

from home.models import PortalBarrier


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
            "page": "Der Name oder die Adresse der Seite.",
            "contact": "Nur, wenn Sie eine Antwort möchten.",
        }
        error_messages = {"description": {"required": "Bitte beschreiben Sie, was nicht klappt."}}
