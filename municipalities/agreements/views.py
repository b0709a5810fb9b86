"""Pages of an agreement."""

from __future__ import annotations

from django.http import HttpResponse

from kiv_portal.accounts.requests import SignedInRequest
from municipalities.agreements.forms import AgreementForm
from municipalities.agreements.models import CooperationAgreement
from municipalities.towns.views import edit_row, edit_town_row, get_town


def agreement_create(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug=slug)
    return edit_row(
        request,
        town,
        AgreementForm,
        CooperationAgreement(municipality=town),
        "Kooperationsvereinbarung eintragen",
    )


def agreement_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return edit_town_row(request, pk, CooperationAgreement, AgreementForm, "Kooperationsvereinbarung ändern")
