"""The offices that are responsible for concerns: how long they have for a reply, and reminding them of one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.concerns import office_services as services
from activities.concerns.models import Concern, ConcernState, waits_for_reply_on
from activities.concerns.office_forms import OfficeForm, ReminderForm
from activities.concerns.services import ConcernRefused
from activities.concerns.views import get_concern, get_towns_or_deny
from activities.log.organisations import Organisation
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.german_order import GermanOrder

PAGE_SIZE = 25


@require_GET
def office_list(request: SignedInRequest) -> HttpResponse:
    """Those that are responsible for a concern of the person's towns."""
    towns = get_towns_or_deny(request)
    is_open = Q(concerns__state__in=ConcernState.open)
    offices = Organisation.objects.filter(concerns__municipality__in=towns).annotate(
        open_concerns=Count("concerns", filter=is_open),
        late_replies=Count("concerns", filter=waits_for_reply_on(timezone.localdate(), "concerns__")),
    )
    in_order = offices.order_by(GermanOrder("name"), "pk")  # what is grouped has no order of its own
    page = Paginator(in_order, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "activities/concerns/office_list.html", {"page": page})


def office_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """For whoever works in a town of its county, as they also name new ones."""
    office = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    form = OfficeForm(request.POST or restore_unsaved(request), instance=office)
    if request.method == "POST" and form.is_valid():
        services.set_reply_period(form.instance, timezone.localdate())
        messages.success(request, f"Gespeichert: {office}")
        return redirect("office_list")
    return render(request, "activities/concerns/office_form.html", {"form": form, "office": office})


def office_remind(request: SignedInRequest, pk: int) -> HttpResponse:
    concern = get_concern(request, pk, perm="take_step")
    today = timezone.localdate()
    if request.method != "POST" and (reason := services.why_not_to_remind(concern, today)):
        messages.error(request, reason)
        return redirect("concern_detail", pk=pk)
    form = ReminderForm(request.POST or restore_unsaved(request), concern=concern, by=request.user)
    if request.method == "POST" and form.is_valid() and _reminded(form, concern, request):
        messages.success(
            request, f"Die Erinnerung an {concern.office} ist unterwegs. Ob sie angekommen ist, steht hier."
        )
        return redirect("concern_detail", pk=pk)
    return render(request, "activities/concerns/remind.html", {"form": form, "concern": concern})


def _reminded(form: ReminderForm, concern: Concern, request: SignedInRequest) -> bool:
    words = {name: form.cleaned_data[name] for name in ("email", "text")}
    try:
        services.remind_office(concern, **words, by=request.user, today=timezone.localdate())
    except ConcernRefused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
