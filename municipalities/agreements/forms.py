"""The form of an agreement."""

from __future__ import annotations

from kiv_portal.ui.fields import DayField
from municipalities.agreements.models import CooperationAgreement
from municipalities.towns.forms import TermForm


class AgreementForm(TermForm):
    signed_on = DayField(label="Unterschrieben am", required=False)

    class Meta:
        model = CooperationAgreement
        fields = ("signed_on", "starts_on", "ends_on", "report_interval_months", "reference")
        labels = {"report_interval_months": "Monate bis zum Zwischenbericht"}
        help_texts = {"report_interval_months": "Jeder Bericht behandelt so viele Monate."}
