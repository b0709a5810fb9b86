from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from activities.concerns.forms import NO_NAMES
from home.leaving.queries import Leaving, LeavingRefused, leaving
from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.ui.fields import DayField, one_visible_line
from municipalities.models import Departure, DepartureReason, Municipality


class LeavingForm(forms.ModelForm):
    """What the county knows of a departure; `plan` is what follows from it, once the form is valid."""

    last_day = DayField(
        label="Letzter Tag der Teilnahme",
        help_text="Zum Beispiel 31.12.2026. An diesem Tag nimmt die Kommune noch teil.",
    )
    reason = forms.ChoiceField(
        label="Warum?",
        choices=DepartureReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, warum die Teilnahme endet."},
    )
    resolved_on = DayField(
        label="Beschlossen am", is_past=True, required=False, help_text="Leer, wenn es keinen Beschluss gibt."
    )
    roles_end_on = DayField(
        label="Zugang von Rathaus und Gemeinderat bis",
        help_text="Meist ein halbes Jahr länger: Der letzte Bericht wird noch geschrieben und beraten.",
    )

    class Meta:
        model = Departure
        fields = ("reason", "reason_note", "resolved_on", "reference", "roles_end_on")
        help_texts = {"reason_note": "Das liest nur das Landratsamt."}

    field_order = ("last_day", "reason", "reason_note", "resolved_on", "reference", "roles_end_on")

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.town, self.plan = town, None
        self.fields["reason_note"].validators.append(one_visible_line)
        self.fields["reference"].validators.append(one_visible_line)

    plan: Leaving | None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == DepartureReason.OTHER and not cleaned.get("reason_note"):
            self.add_error("reason_note", "Bitte schreiben Sie, warum die Teilnahme endet.")
        last_day, roles_end_on = cleaned.get("last_day"), cleaned.get("roles_end_on")
        if last_day and roles_end_on and roles_end_on < last_day:
            self.add_error("roles_end_on", "Das liegt vor dem letzten Tag der Teilnahme.")
        elif last_day and roles_end_on:
            self._look_ahead(last_day, roles_end_on)
        return cleaned

    def _look_ahead(self, last_day: dt.date, roles_end_on: dt.date) -> None:
        try:
            self.plan = leaving(
                self.town, last_day=last_day, roles_end_on=roles_end_on, today=timezone.localdate()
            )
        except LeavingRefused as refused:
            self.add_error(refused.field, refused.sentence)


class HandOnForm(PrivacyMixin, forms.Form):
    """One sentence for all open concerns of a town that has left."""

    public_texts = ("sentence",)

    sentence = forms.CharField(
        label="Was steht bei jedem Anliegen?",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Das lesen alle, die etwas gemeldet haben. {NO_NAMES}",
        error_messages={"required": "Bitte schreiben Sie, wie es mit den Anliegen weitergeht."},
    )

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hall = town.hall_office or "das Rathaus"
        self.initial.setdefault(
            "sentence",
            f"{town} nimmt nicht mehr am Programm teil. Um Ihr Anliegen kümmert sich jetzt {hall}.",
        )
