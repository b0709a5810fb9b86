"""Which photos of the log stand in a report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from activities.attachments.sections import action_url, file_url
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.documents.german import count
from reports.steps.errors import ReportNotEditable
from reports.steps.guards import FROZEN, get_report
from reports.writing.photo_queries import Choice, entry_of, photos_to_choose, undescribed_photos
from reports.writing.photo_services import MOST, TooManyPhotos, choose_photos

PAGE_SIZE = 24


def report_photos(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.change_interimreport")
    if request.method != "POST" and not report.is_editable:
        messages.error(request, FROZEN)
        return redirect("report_detail", pk=pk)
    choices = photos_to_choose(report)
    form = Form(request.POST if request.method == "POST" else None)
    picked = set(request.POST.getlist("chosen"))
    if form.is_bound:
        # what was removed while the page was open is in no list any more
        offered = [choice.photo for choice in choices if choice.key in request.POST.getlist("shown")]
        chosen = [choice.photo for choice in choices if choice.key in picked]
        try:
            choose_photos(report, offered=offered, chosen=chosen, by=request.user)
        except (TooManyPhotos, ReportNotEditable) as error:
            form.add_error(None, str(error))
        else:
            number = report.photos.count()
            messages.success(request, f"{count(number, 'Foto steht', 'Fotos stehen')} im Bericht.")
            return redirect("report_detail", pk=pk)
    page = Paginator(choices, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "report": report,
        "form": form,
        "page": page,
        "cards": [
            _card(choice, choice.key in picked if form.is_bound else choice.is_chosen) for choice in page
        ],
        "most": MOST,
        "undescribed": [
            {"title": entry_of(photo).title, "url": action_url(photo, "edit")}
            for photo in undescribed_photos(report)
        ],
    }
    return render(request, "reports/writing/photos_form.html", context)


def _card(choice: Choice, is_checked: bool) -> dict[str, Any]:
    return {"choice": choice, "is_checked": is_checked, "preview": file_url(choice.photo, "preview")}
