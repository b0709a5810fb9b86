"""What a report has closed stays as it is; what was wrong about it is said beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from activities.log.assistance_views import own_list
from activities.log.forms import ActivityCorrectionForm
from activities.log.models import Activity, ActivityCorrection
from activities.log.views import get_activity
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved


def activity_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    activity = get_activity(request, pk, perm="activities.correct_activity")
    closed = activity.closed_by()
    form = ActivityCorrectionForm(
        request.POST or restore_unsaved(request),
        instance=ActivityCorrection(activity=activity, written_by=request.user),
    )
    if closed is None and not form.is_bound:
        messages.info(request, "Diese Aktivität können Sie noch ändern. Eine Berichtigung ist nicht nötig.")
        return redirect("activity_detail", pk=pk)
    if request.method == "POST" and form.is_valid():
        _add_once(activity, form)
        messages.success(request, "Die Berichtigung steht jetzt dabei.")
        return redirect("activity_detail", pk=pk)
    context = {
        "form": form,
        "activity": activity,
        "closed": closed,
        "own_list": own_list(request, activity.mediator),
    }
    return render(request, "activities/log/correct.html", context)


def _add_once(activity: Activity, form: ActivityCorrectionForm) -> None:
    """A double click says it once."""
    last = activity.corrections.last()
    if last is None or last.text != form.instance.text:
        form.save()
