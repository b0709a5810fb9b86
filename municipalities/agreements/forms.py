"""The form of an agreement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kiv_portal.ui.fields import DayField
from municipalities.agreements.models import CooperationAgreement
from municipalities.legal.queries import missing_before_first_town
from municipalities.towns.forms import TermForm

NOT_YET = (
    "Bevor die erste Kommune teilnimmt, braucht das Portal: {}. "
    "Sie schreiben das unter Koordination, „Impressum, Datenschutz und Barrierefreiheit“."
)


class AgreementForm(TermForm):
    signed_on = DayField(label="Unterschrieben am", required=False)

    class Meta:
        model = CooperationAgreement
        fields = ("signed_on", "starts_on", "ends_on", "report_interval_months", "reference")
        labels = {"report_interval_months": "Monate bis zum Zwischenbericht"}
        help_texts = {"report_interval_months": "Jeder Bericht behandelt so viele Monate."}

    def clean(self) -> dict[str, Any]:
        """The database refuses it too; here it is said which agreement is in the way."""
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.pk and (missing := missing_before_first_town(self.instance.municipality.county)):
            self.add_error(None, NOT_YET.format(", ".join(missing)))
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on") or dt.date.max
        if start and start <= end and (other := self._overlapping(start, end)):
            self.add_error("starts_on", _in_the_way(other))
        return cleaned

    def _overlapping(self, start: dt.date, end: dt.date) -> CooperationAgreement | None:
        of_town = CooperationAgreement.objects.filter(municipality=self.instance.municipality_id)
        return of_town.exclude(pk=self.instance.pk).overlapping(start, end).first()


def _in_the_way(other: CooperationAgreement) -> str:
    if other.ends_on:
        when = f"Vom {other.starts_on:%d.%m.%Y} bis {other.ends_on:%d.%m.%Y}"
        return f"{when} gilt schon eine Kooperationsvereinbarung. Zwei zur gleichen Zeit gibt es nicht."
    return (
        f"Seit dem {other.starts_on:%d.%m.%Y} gilt schon eine Kooperationsvereinbarung ohne Ende. "
        "Tragen Sie bei ihr zuerst ein Ende ein."
    )


class FirstAgreementForm(AgreementForm):
    """Of a town that is stored only together with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "agreement"})
        self.fields["starts_on"].help_text = "Ab diesem Tag nimmt die Kommune teil. Zum Beispiel 1.1.2027."

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"municipality"}
