"""Questions of the council before the session: asked, answered, shortened, refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.ui.unchanged import UnchangedMixin
from reports.council import services as council
from reports.council.forms import AnswerForm, QuestionForm, RefusalForm, ShortenForm
from reports.council.models import CouncilQuestion
from reports.steps.errors import ReportNotEditable
from reports.steps.guards import NOT_AT_COUNCIL, get_report
from reports.steps.models import InterimReport


def question_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """For those who work on the report all questions; for a councillor the answered ones, the own ones that wait,
    and the box for another one.
    """
    report = get_report(request, pk)
    if not report.is_at_council:
        messages.error(request, NOT_AT_COUNCIL)
        return redirect("report_detail", pk=pk)
    works_on_it = request.user.has_perm("reports.change_interimreport", report)
    form = QuestionForm(request.POST or restore_unsaved(request))
    if request.method == "POST" and not works_on_it and form.is_valid():
        try:
            council.ask(report, form.cleaned_data["text"], by=request.user)
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Ihre Frage ist angekommen. Die Antwort finden Sie hier.")
            return redirect("question_list", pk=pk)
    questions = report.questions.all()
    theirs = questions if works_on_it else questions.filter(asked_by=request.user)
    context = {
        "report": report,
        "form": None if works_on_it or not council.awaits_decision(report) else form,
        "open": theirs.waiting(),
        "refused": theirs.exclude(refused_at=None),
        "answered": questions.answered(),
        "works_on_it": works_on_it,
        "may_answer": request.user.has_perm("reports.answer_interimreport", report),
    }
    return render(request, "reports/council/questions.html", context)


def question_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    question = _get_question(request, pk)
    form = AnswerForm(request.POST or restore_unsaved(request), instance=question)
    return _change(
        request,
        question,
        form,
        lambda: council.answer(question, form.cleaned_data["answer"], by=request.user),
        "Die Antwort ist gespeichert. Alle Mitglieder des Gemeinderats können sie lesen.",
    )


def question_shorten(request: SignedInRequest, pk: int) -> HttpResponse:
    question = _get_question(request, pk)
    form = ShortenForm(request.POST or restore_unsaved(request), instance=question)
    return _change(
        request,
        question,
        form,
        lambda: council.shorten(
            question, form.cleaned_data["text"], form.cleaned_data["shortened_why"], by=request.user
        ),
        "Die Frage ist gekürzt. Wer gefragt hat, sieht beide Fassungen.",
    )


def question_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    question = _get_question(request, pk)
    form = RefusalForm(request.POST or restore_unsaved(request), instance=question)
    return _change(
        request,
        question,
        form,
        lambda: council.refuse(question, form.cleaned_data["refusal"], by=request.user),
        "Die Frage bleibt unbeantwortet. Wer gefragt hat, liest den Grund.",
    )


def _get_question(request: SignedInRequest, pk: int) -> CouncilQuestion:
    questions = CouncilQuestion.objects.filter(report__in=InterimReport.objects.at_work_of(request.user))
    question = get_object_or_404(questions.select_related("report__municipality__county"), pk=pk)
    if not request.user.has_perm("reports.answer_interimreport", question.report):
        raise PermissionDenied
    return question


TITLES: dict[type[UnchangedMixin], tuple[str, str]] = {
    AnswerForm: ("Frage beantworten", "Antwort speichern"),
    ShortenForm: ("Frage kürzen", "Gekürzte Frage speichern"),
    RefusalForm: ("Frage nicht beantworten", "Frage nicht beantworten"),
}


def _change(
    request: SignedInRequest,
    question: CouncilQuestion,
    form: UnchangedMixin,
    change: Callable[[], object],
    success: str,
) -> HttpResponse:
    asked = CouncilQuestion.objects.get(pk=question.pk)  # a form writes into its instance
    if request.method == "POST" and form.is_valid():
        try:
            change()
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, success)
            return redirect("question_list", pk=question.report_id)
    title, label = TITLES[type(form)]
    context = {"report": question.report, "form": form, "question": asked, "title": title, "label": label}
    return render(request, "reports/council/question_form.html", context)
