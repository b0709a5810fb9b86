from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from activities.log.models import Activity
from activities.log.views import get_activity
from kiv_portal.accounts.requests import SignedInRequest


@require_POST
def follow_up_done(request: SignedInRequest, pk: int) -> HttpResponse:
    """Also in a closed period: the report says nothing about it. A second click finds nothing left to do."""
    activity = get_activity(request, pk, perm="activities.follow_up_activity")
    Activity.objects.to_follow_up().filter(pk=pk).update(followed_up_at=timezone.now())
    messages.success(request, f"Wiedervorlage erledigt: {activity.title}")
    return redirect("activity_detail", pk=pk) if "bleiben" in request.POST else redirect("start")
