from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kiv_portal.ui.fields import one_visible_line
from kiv_portal.ui.unchanged import UnchangedMixin
from municipalities.programme.models import ActivityKind


class KindForm(UnchangedMixin):
    """`instance` brings the county."""

    class Meta:
        model = ActivityKind
        fields = ("name",)
        labels = {"name": "Name"}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}
        help_texts = {"name": "Zum Beispiel Begehung oder Beratung."}
        error_messages = {"name": {"required": "Bitte geben Sie einen Namen an."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(one_visible_line)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = ActivityKind.objects.filter(county=self.instance.county_id).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise ValidationError("Diese Art gibt es schon.")
        return name
