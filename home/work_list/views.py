"""The whole list; start pages show its beginning."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from home.work_list.forms import TownForm
from home.work_list.requests import request_work
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.german_order import german_key


@require_GET
def work_list(request: SignedInRequest) -> HttpResponse:
    work = request_work(request)
    towns = sorted(
        {(duty.slug, duty.town) for duty in work if duty.slug}, key=lambda town: german_key(town[1])
    )
    form = TownForm(request.GET, towns=towns)
    duties = [duty for duty in work if not form.chosen or duty.slug == form.chosen]
    context = {"duties": duties, "form": form if len(towns) > 1 else None}
    return render(request, "home/work_list/list.html", context)
