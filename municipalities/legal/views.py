"""Where the county writes its legal texts: seen as the public page shows them, then published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from municipalities.legal.forms import LegalTextForm, StatementForm
from municipalities.legal.models import AccessibilityStatement, LegalKind, LegalText
from municipalities.legal.queries import STATEMENT, missing_texts, statement_of, text_of
from municipalities.towns.models import County
from municipalities.towns.views import get_counties

A_YEAR = dt.timedelta(days=366)
ADDRESSES = {"impressum": LegalKind.IMPRINT, "datenschutz": LegalKind.PRIVACY}


def _county(request: SignedInRequest, key: str) -> County:
    return get_object_or_404(get_counties(request), pk=key)


@require_GET
def legal_texts(request: SignedInRequest, key: str) -> HttpResponse:
    county = _county(request, key)
    statement = statement_of(county)
    context = {
        "county": county,
        "texts": [(name, kind.label, text_of(county, kind)) for name, kind in ADDRESSES.items()],
        "statement": statement,
        "is_old": statement is not None and statement.checked_on < timezone.localdate() - A_YEAR,
        "missing": missing_texts(county),
    }
    return render(request, "municipalities/legal/texts.html", context)


def legal_text_edit(request: SignedInRequest, key: str, name: str) -> HttpResponse:
    county = _county(request, key)
    if name not in ADDRESSES:
        raise Http404
    kind = ADDRESSES[name]
    row = text_of(county, kind) or LegalText(county=county, kind=kind)
    form = LegalTextForm(request.POST or restore_unsaved(request), instance=row)
    return _page(request, county, form, kind.label, "text")


def accessibility_edit(request: SignedInRequest, key: str) -> HttpResponse:
    county = _county(request, key)
    row = statement_of(county) or AccessibilityStatement(county=county)
    form = StatementForm(request.POST or restore_unsaved(request), instance=row)
    return _page(request, county, form, STATEMENT, "statement")


def _page(request: SignedInRequest, county: County, form: ModelForm, title: str, shown: str) -> HttpResponse:
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and "preview" not in request.POST and _is_published(form):
        messages.success(request, f"Veröffentlicht: {title}")
        return redirect("legal_texts", key=county.pk)
    context: dict[str, Any] = {
        "county": county,
        "form": form,
        "title": title,
        "shown": shown,
        "preview": form.instance if is_valid and not form.errors else None,
    }
    return render(request, "municipalities/legal/form.html", context)


def _is_published(form: ModelForm) -> bool:
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:  # somebody else has written the first one meanwhile
        form.add_error(None, "Inzwischen wurde hier etwas geändert. Bitte speichern Sie noch einmal.")
        return False
    return True
