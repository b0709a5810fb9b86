"""Help for everybody: all of the handbook, or one chapter of it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from home.handbook.chapters import chapters, contents
from home.handbook.search import MOST_SIGNS, find


@login_not_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:MOST_SIGNS]
    context = {
        "asked": asked,
        "found": find(asked),
        "contents": contents(),
        "feedback_email": settings.FEEDBACK_EMAIL,
    }
    return render(request, "home/handbook/help.html", context)


@login_not_required
@require_GET
def help_chapter(request: HttpRequest, name: str) -> HttpResponse:
    chapter = chapters().get(name)
    if chapter is None:
        raise Http404
    headings = [section for section in chapter.sections if section.title]
    return render(
        request, "home/handbook/chapter.html", {"chapter": chapter, "headings": headings, "asked": ""}
    )
