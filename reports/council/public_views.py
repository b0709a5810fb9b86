"""A report for people without an account: the council by a link, everybody once it is public."""

from __future__ import annotations

import datetime as dt
from typing import cast

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_GET

from municipalities.models import Municipality
from reports.content.formats import COUNCIL_ONLY
from reports.council import services as council
from reports.council.forms import QuestionForm
from reports.council.models import CouncilLink, CouncilQuestion
from reports.editions.models import ReportFile
from reports.editions.services import delivered_files
from reports.editions.views import handed_out
from reports.steps.errors import ReportNotEditable
from reports.steps.models import InterimReport
from reports.steps.report_views import delivered_context

FLOOD = (
    "Von Ihrem Anschluss sind gerade schon viele Fragen gekommen. Bitte versuchen Sie es später noch einmal."
)
MOST_IN_FEED = 30
MOST_REMEMBERED = 20


# --- the council's link


@login_not_required
def council_page(request: HttpRequest, signed: str) -> HttpResponse:
    """The delivered report for who has the link, and a box for a question. Nobody is asked for a name."""
    link = _link(signed)
    if not link.opens:
        return _over(request, link)
    report = link.report
    form = QuestionForm(request.POST or None) if council.awaits_decision(report) else None
    if request.method == "POST" and form is not None and form.is_valid():
        if not ratelimit.consume(request, action="council_question"):
            form.add_error(None, FLOOD)
        else:
            try:
                question = council.ask(report, form.cleaned_data["text"], by=None)
            except ReportNotEditable as error:
                form.add_error(None, str(error))
            else:
                _remember(request, question)
                return redirect(reverse("council_page", args=[signed]) + "?gefragt=1#fragen")
    elif request.method == "GET":
        council.count_opening(link)
    context = delivered_context(report) | {
        "signed": signed,
        "form": form,
        "was_asked": request.GET.get("gefragt") == "1",
        "own": _own(request, report),
    }
    response = render(request, "reports/council/page.html", context)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_GET
def council_edition(request: HttpRequest, signed: str, kind: str) -> HttpResponseBase:
    link = _link(signed)
    if not link.opens:
        return _over(request, link)
    return handed_out(_file_of(link.report, kind))


def _link(signed: str) -> CouncilLink:
    link = council.link_of(signed)
    if link is None:
        raise Http404
    return link


def _over(request: HttpRequest, link: CouncilLink) -> HttpResponse:
    """Withdrawn, over, or its report is no more at the council."""
    taken_back = link.report.withdrawals.confirmed().last() if not link.report.is_at_council else None
    context = {"link": link, "taken_back": taken_back}
    return render(request, "reports/council/link_over.html", context, status=410)


ASKED = "asked_by_link"  # in the session of who asked, so that nobody else sees it waiting


def _remember(request: HttpRequest, question: CouncilQuestion) -> None:
    request.session[ASKED] = [*request.session.get(ASKED, []), question.pk][-MOST_REMEMBERED:]


def _own(request: HttpRequest, report: InterimReport) -> QuerySet[CouncilQuestion]:
    """What was asked in this browser and is not answered."""
    return report.questions.filter(pk__in=request.session.get(ASKED, []), answer="")


def _file_of(report: InterimReport, kind: str) -> ReportFile:
    files = (file for file in delivered_files(report) if file.is_accessible)
    found = next((file for file in files if file.kind == kind), None)
    if found is None:
        raise Http404
    return found


# --- everybody


def _public_reports(slug: str) -> tuple[Municipality, list[InterimReport]]:
    """A town keeps its page of reports also after it took part."""
    towns = Municipality.objects.filter(agreements__isnull=False).distinct()
    town = get_object_or_404(towns, slug=slug)
    reports = InterimReport.objects.filter(municipality=town).public_at(timezone.now())
    return town, list(reports.prefetch_related("decisions"))


@login_not_required
@require_GET
def public_report_list(request: HttpRequest, slug: str) -> HttpResponse:
    town, reports = _public_reports(slug)
    return render(request, "reports/council/public_reports.html", {"town": town, "reports": reports})


@login_not_required
@require_GET
def public_report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    context = delivered_context(_public_report(slug, pk), left_out=COUNCIL_ONLY) | {"questions": []}
    return render(request, "reports/council/public_report.html", context)


@login_not_required
@require_GET
def public_edition(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponseBase:
    if kind in COUNCIL_ONLY:
        raise Http404
    return handed_out(_file_of(_public_report(slug, pk), kind), cache="public, max-age=300")


def _public_report(slug: str, pk: int) -> InterimReport:
    reports = InterimReport.objects.public_at(timezone.now()).with_town()
    return get_object_or_404(reports, pk=pk, municipality__slug=slug)


def _public_since(report: InterimReport) -> dt.datetime:
    return cast("dt.datetime", report.public_from)  # else it were not public


class ReportFeed(Feed):
    """Atom: a town's public reports, the newest first."""

    login_required = False  # what `login_not_required` says of a function
    feed_type = Atom1Feed
    language = "de"

    def get_object(self, request: HttpRequest, slug: str) -> Municipality:
        return _public_reports(slug)[0]

    def title(self, town: Municipality) -> str:
        return f"Zwischenberichte {town}"

    def subtitle(self, town: Municipality) -> str:
        return f"Was die Inklusionsvermittlung in {town} bewirkt und was der Gemeinderat beschließt"

    def link(self, town: Municipality) -> str:
        return reverse("public_report_list", args=[town.slug])

    def items(self, town: Municipality) -> list[InterimReport]:
        return sorted(_public_reports(town.slug)[1], key=_public_since, reverse=True)[:MOST_IN_FEED]

    def item_title(self, report: InterimReport) -> str:
        return f"Zwischenbericht {report.period_start:%d.%m.%Y} bis {report.period_end:%d.%m.%Y}"

    def item_description(self, report: InterimReport) -> str:
        decisions = [str(decision) for decision in report.decisions.all() if decision.is_final]
        return f"Beschluss: {decisions[0]}" if decisions else "Der Gemeinderat hat noch nicht beschlossen."

    def item_link(self, report: InterimReport) -> str:
        return reverse("public_report", args=[report.municipality.slug, report.pk])

    def item_guid(self, report: InterimReport) -> str:
        return f"{settings.BASE_URL}{self.item_link(report)}"

    def item_pubdate(self, report: InterimReport):  # type: ignore[no-untyped-def]
        return _public_since(report)

    def item_updateddate(self, report: InterimReport):  # type: ignore[no-untyped-def]
        return max(
            [_public_since(report), *(one.corrected_at or one.recorded_at for one in report.decisions.all())]
        )
