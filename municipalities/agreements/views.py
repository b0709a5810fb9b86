"""Pages of an agreement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from municipalities.agreements.forms import AgreementForm
from municipalities.agreements.models import CooperationAgreement
from municipalities.towns.views import edit_row, edit_town_row, get_town


def agreement_create(request: HttpRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug=slug)
    return edit_row(
        request,
        town,
        AgreementForm,
        CooperationAgreement(municipality=town),
        "Kooperationsvereinbarung eintragen",
    )


def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit_town_row(request, pk, CooperationAgreement, AgreementForm, "Kooperationsvereinbarung ändern")
