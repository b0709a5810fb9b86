from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from kiv_portal.ui.fields import DayField

MOST_YEARS = 10


class PeriodForm(forms.Form):
    """A period of one's own, in the address like the offered ones."""

    mark_optional = False

    von = DayField(label="Von", is_past=True)
    bis = DayField(label="Bis", is_past=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("von"), cleaned.get("bis")
        if start and end and end < start:
            self.add_error("bis", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")
        elif start and end and end - start > dt.timedelta(days=MOST_YEARS * 366):
            self.add_error("bis", "Bitte wählen Sie höchstens zehn Jahre.")
        return cleaned
