"""The fields that an entry without a connection has. This form is shown, never sent: a script keeps what is typed and
sends it later as an ActivityForm, which judges it.
"""

from __future__ import annotations

from typing import Any

from django import forms

from activities.figures.totals import CROSS_CUTTING
from kiv_portal.ui.typed_forms import choice_field


class OfflineEntryForm(forms.Form):
    """No field of it knows a person: the page is kept in the browser. Towns, fields and kinds come from the script."""

    title = forms.CharField(
        label="Titel",
        help_text="Ein Satz, der auch im Bericht steht. Bitte keine Namen von Personen.",
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "unterwegs-titel-vorschlaege"}),
    )
    municipality = forms.ChoiceField(label="Kommune")
    day = forms.CharField(
        label="Datum",
        help_text="Zum Beispiel 1.3.2022 oder „gestern“.",
        max_length=40,
        widget=forms.TextInput(attrs={"size": 12, "autocomplete": "off"}),
    )
    minutes = forms.CharField(
        label="Dauer",
        help_text="Zum Beispiel 90 (Minuten), 1h30 oder 14–16 Uhr.",
        max_length=40,
        widget=forms.TextInput(attrs={"size": 12, "autocomplete": "off"}),
    )
    field = forms.ChoiceField(label="Handlungsfeld")
    kind = forms.ChoiceField(label="Art")
    description = forms.CharField(
        label="Was ist passiert?",
        help_text="Bitte keine Namen und keine Diagnosen.",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    photo = forms.FileField(
        label="Foto",
        help_text="Höchstens 15 Megabyte. Der Ort der Aufnahme wird beim Speichern aus dem Foto entfernt.",
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif", "data-camera": True}
        ),
    )
    photo_alt = forms.CharField(
        label="Was ist auf dem Foto zu sehen?",
        help_text="Ein Satz für Menschen, die das Foto nicht sehen. Er kann auch später folgen.",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    photo_decorative = forms.BooleanField(label="Das Foto schmückt nur", required=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(auto_id="unterwegs_%s", **kwargs)
        first = ("", "Bitte wählen")
        for name in ("municipality", "kind"):
            choice_field(self, name).choices = [first]
        choice_field(self, "field").choices = [first, (CROSS_CUTTING, "Querschnitt (alle Felder)")]


class SentPhotoForm(forms.Form):
    photo = forms.FileField(
        error_messages={"empty": "Diese Datei ist leer. Bitte wählen Sie das Foto noch einmal."}
    )
    photo_alt = forms.CharField(required=False, max_length=300)
    photo_decorative = forms.BooleanField(required=False)
    photo_key = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("photo_decorative"):
            cleaned["photo_alt"] = ""
        return cleaned
