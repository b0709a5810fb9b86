"""Pages of an agreement, and the one on which a town joins by it."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from municipalities.agreements.forms import AgreementForm, FirstAgreementForm
from municipalities.agreements.models import CooperationAgreement
from municipalities.agreements.services import join_town
from municipalities.towns.fact_forms import TownForm
from municipalities.towns.models import Municipality
from municipalities.towns.views import edit_row, edit_town_row, get_counties, get_town


def town_join(request: SignedInRequest, key: str) -> HttpResponse:
    county = get_object_or_404(get_counties(request), pk=key)
    data = request.POST or restore_unsaved(request)
    town = Municipality(county=county)
    form = TownForm(data, instance=town)
    agreement_form = FirstAgreementForm(data, instance=CooperationAgreement(municipality=town))
    # both are asked, so that all errors show at once
    if request.method == "POST" and all([form.is_valid(), agreement_form.is_valid()]):
        agreement = agreement_form.save(commit=False)
        try:
            join_town(town, agreement)
        except IntegrityError:
            form.add_error("ags", "Diese Kommune hat gerade jemand anderes aufgenommen.")
        else:
            messages.success(
                request,
                f"{town} nimmt ab {agreement.starts_on:%d.%m.%Y} teil. Als Nächstes laden Sie eine Ansprechperson "
                "im Rathaus ein und besetzen die Inklusionsvermittlung.",
            )
            return redirect("municipality_detail", slug=town.slug)
    context = {
        "county": county,
        "form": form,
        "agreement_form": agreement_form,
        "known": _known(form, county.pk),
    }
    return render(request, "municipalities/agreements/town_join.html", context)


def _known(form: TownForm, county: str) -> Municipality | None:
    """The town with this key, if it is in the portal already: it needs an agreement only."""
    if not form.has_error("ags"):
        return None
    return Municipality.objects.filter(county=county, ags=str(form["ags"].value()).replace(" ", "")).first()


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
