"""What a person wants to be told by e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kiv_portal.accounts.requests import SignedInRequest
from reports.notices.forms import NoticeChoiceForm
from reports.notices.models import NoticeChoice


def notice_choice(request: SignedInRequest) -> HttpResponse:
    choice = NoticeChoice.objects.filter(user=request.user).first() or NoticeChoice(user=request.user)
    form = NoticeChoiceForm(request.POST or None, instance=choice, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Ihre Wahl ist gespeichert.")
        return redirect("notice_choice")
    return render(request, "reports/notices/choice.html", {"form": form})
