from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from activities.forms.privacy import PrivacyMixin
from activities.models import Activity, ActivityKind, FieldOfAction
from activities.queries import CROSS_CUTTING
from kiv_portal.ui.fields import DayField, MinutesField, one_visible_line
from mediators.models import Mediator
from municipalities.models import Municipality


class ActivityForm(PrivacyMixin, forms.ModelForm):
    """One activity of one mediator. `seen` is the moment of the last change that the person has seen: a change made
    in another window since then is not overwritten without a word.
    """

    day = DayField(is_past=True, label="Datum", help_text="Zum Beispiel 1.3.2022 oder „gestern“.")
    minutes = MinutesField(label="Dauer", help_text="Zum Beispiel 90 (Minuten) oder 1h30.")
    field = forms.ChoiceField(
        label="Handlungsfeld",
        error_messages={"required": "Bitte wählen Sie ein Handlungsfeld oder Querschnitt."},
    )
    further_fields = forms.MultipleChoiceField(
        label="Weitere Handlungsfelder", required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    entry_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Activity
        fields = (
            "title",
            "kind",
            "description",
            "municipality",
            "day",
            "minutes",
            "further_fields",
            "people_reached",
            "result",
            "result_note",
        )
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 6}),
            "people_reached": forms.TextInput(
                attrs={"size": 8, "inputmode": "numeric", "autocomplete": "off"}
            ),
        }
        help_texts = {
            "title": "Ein Satz, der auch im Bericht steht. Bitte keine Namen von Personen.",
            "description": "Der Text kann als Beispiel in den Bericht kommen. Bitte keine Namen und keine Diagnosen.",
            "people_reached": "Nur wenn Sie gezählt haben. Leer heißt: nicht gezählt.",
        }
        error_messages = {
            "title": {"required": "Bitte geben Sie der Aktivität einen Titel."},
            "kind": {"required": "Bitte wählen Sie eine Art."},
            "people_reached": {
                "invalid": "Bitte geben Sie eine ganze Zahl ein oder lassen Sie das Feld leer."
            },
        }

    def __init__(self, *args: Any, mediator: Mediator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mediator = mediator
        self.fields["title"].validators.append(one_visible_line)
        fields = list(FieldOfAction.objects.values_list("pk", "name"))
        self.fields["field"].choices = [
            ("", "Bitte wählen"),
            *fields,
            (CROSS_CUTTING, "Querschnitt (alle Felder)"),
        ]
        self.fields["further_fields"].choices = fields
        if self.instance.pk:
            self.initial["field"] = self.instance.field_id or CROSS_CUTTING
        self.fields["kind"].choices = [("", "Bitte wählen"), *ActivityKind.objects.values_list("pk", "name")]
        self.fields["result"].choices = [("", "noch kein Ergebnis"), *self.fields["result"].choices[1:]]
        towns = Municipality.objects.filter(appointments__mediator=mediator).distinct()
        self.fields["municipality"].queryset = towns
        self.only_town = only_town = towns[0] if len(towns) == 1 else None
        if only_town:  # nothing to choose: the page says the town, the form does not ask
            self.instance.municipality = only_town
            del self.fields["municipality"]
        self.initial["seen"] = self.stamp
        self.initial.setdefault("entry_key", self.instance.entry_key)

    # as on the page, so that the error summary reads in the same order
    field_order = (
        "title",
        "kind",
        "description",
        "municipality",
        "day",
        "minutes",
        "field",
        "further_fields",
    )

    @property
    def stamp(self) -> str:
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and cleaned.get("seen") != self.stamp:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.stamp
            raise ValidationError(
                "Diese Aktivität wurde inzwischen in einem anderen Fenster geändert. Ihre Eingaben stehen noch hier. "
                "Wenn Sie noch einmal speichern, gelten Ihre Eingaben."
            )
        leading = cleaned.get("field")
        if "further_fields" in cleaned:
            cleaned["further_fields"] = [code for code in cleaned["further_fields"] if code != leading]
        self.instance.field_id = None if leading == CROSS_CUTTING else leading
        if not self.instance.pk and cleaned.get("entry_key"):
            self.instance.entry_key = cleaned["entry_key"]
        return cleaned

    def is_stored_already(self) -> bool:
        """Whether a double click or a second try has stored this very entry before.

        The same key with other content is a new entry (the form came back by the browser's Back button): it gets a
        key of its own.
        """
        if self.instance.pk:
            return False
        stored = Activity.objects.filter(entry_key=self.instance.entry_key).first()
        if stored is None:
            return False
        compared = ("mediator_id", "municipality_id", "field_id", *(name for name in self.Meta.fields))
        if all(getattr(stored, name) == getattr(self.instance, name) for name in compared):
            return True
        self.instance.entry_key = uuid.uuid4()
        return False


class ActivityFilterForm(forms.Form):
    """Every part may be empty; a part that makes no sense gets a sentence and is left out of the filter."""

    mark_optional = False

    field = forms.ChoiceField(label="Handlungsfeld", required=False)
    start = DayField(is_past=True, label="Von", required=False)
    end = DayField(is_past=True, label="Bis", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = FieldOfAction.objects.values_list("pk", "name")
        self.fields["field"].choices = [
            ("", "Alle Handlungsfelder"),
            *choices,
            (CROSS_CUTTING, "Querschnitt"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "Das Ende liegt vor dem Beginn.")
        return cleaned

    def apply(self, activities: Any) -> Any:
        self.is_valid()
        chosen = self.cleaned_data
        if code := chosen.get("field"):
            activities = activities.filter(field=None if code == CROSS_CUTTING else code)
        if start := chosen.get("start"):
            activities = activities.filter(day__gte=start)
        if end := chosen.get("end"):
            activities = activities.filter(day__lte=end)
        return activities

    @property
    def is_filtering(self) -> bool:
        return any(self.cleaned_data.values())
