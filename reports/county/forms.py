"""Forms of the county's pages; the names are those in their addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from kiv_portal.periods import Period
from kiv_portal.ui.fields import DayField
from kiv_portal.ui.typed_forms import choice_field
from reports.county.cockpit import COLUMNS, NOT_BEGUN, ReportRow
from reports.steps.models import ReportState

OVERDUE, WITHOUT_DECISION = "ueberfaellig", "beschluss-fehlt"
MOST_DAYS = 3 * 366


class CockpitForm(forms.Form):
    """Every part may be empty; a part that makes no sense gets a sentence and is left out."""

    mark_optional = False

    zeitraum = forms.ChoiceField(label="Berichtszeitraum", required=False)
    stand = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[("", "Alle Stände"), *ReportState.choices, (NOT_BEGUN, "Noch keiner")],
    )
    nur = forms.ChoiceField(
        label="Nur",
        required=False,
        choices=[("", "Alle"), (OVERDUE, "Nur überfällige"), (WITHOUT_DECISION, "Beschluss fehlt")],
    )
    # on a phone the table has no heads to tap on
    sort = forms.ChoiceField(label="Ordnen nach", required=False)

    def __init__(self, *args: Any, periods: Sequence[Period], shown: Period, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = periods if shown in periods else [shown, *periods]
        choice_field(self, "zeitraum").choices = [
            (period.value, f"{period.start:%d.%m.%y} bis {period.end:%d.%m.%y}") for period in offered
        ]
        choice_field(self, "sort").choices = [
            choice
            for name, label in COLUMNS.items()
            for choice in ((name, label), (f"-{name}", f"{label}, rückwärts"))
        ]

    @property
    def is_filtering(self) -> bool:
        return any(self._chosen(name) for name in ("stand", "nur"))

    def _chosen(self, name: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name, "")

    def apply(self, rows: Sequence[ReportRow]) -> list[ReportRow]:
        state, only = self._chosen("stand"), self._chosen("nur")
        return [
            row
            for row in rows
            if (not state or row.state == state)
            and (only != OVERDUE or row.is_overdue)
            and (only != WITHOUT_DECISION or row.owes_decision)
        ]


class CountyPeriodForm(forms.Form):
    """The period of the county's report or of the yearly account."""

    mark_optional = False

    von = DayField(label="Von", is_past=True)
    bis = DayField(label="Bis", is_past=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("von"), cleaned.get("bis")
        if start and end and end < start:
            self.add_error("bis", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")
        elif start and end and (end - start).days >= MOST_DAYS:
            self.add_error("bis", "Bitte wählen Sie höchstens drei Jahre.")
        return cleaned

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        return self.cleaned_data["von"], self.cleaned_data["bis"]
