"""One's own name and e-mail address."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kiv_portal.accounts import email_change
from kiv_portal.accounts.adapter import TOO_MANY
from kiv_portal.accounts.email_change import ChangeOver
from kiv_portal.accounts.forms import NewEmailForm, OwnNameForm
from kiv_portal.accounts.requests import SignedInRequest


@never_cache
def name(request: SignedInRequest) -> HttpResponse:
    form = OwnNameForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Ihr Name ist jetzt: {request.user.full_name}.")
        return redirect("account_overview")
    return render(request, "accounts/name.html", {"form": form})


@never_cache
def email(request: SignedInRequest) -> HttpResponse:
    form = NewEmailForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, action="change_email", key=str(request.user.pk)):
            email_change.request_change(request.user, form.cleaned_data["email"])
            return redirect("account_email")
        form.add_error(None, TOO_MANY)
    change = email_change.open_change(request.user)
    context = {"form": form, "change": change, "mails": change and email_change.mails_of(change)}
    return render(request, "accounts/email.html", context)


@require_POST
def email_cancel(request: SignedInRequest) -> HttpResponse:
    email_change.end_change(request.user)
    messages.success(request, f"Ihre E-Mail-Adresse bleibt {request.user.email}.")
    return redirect("account_email")


@login_not_required
@never_cache
def email_answer(request: HttpRequest, signed: str) -> HttpResponse:
    """Behind the link in an e-mail. It asks: programs that look at links in e-mails must not answer."""
    found = email_change.read_signed(signed)
    if found is None:
        raise Http404
    change, side = found
    said = ""
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "yes":
                change = email_change.confirm(change, side)
            else:
                email_change.refuse(change)
                change.refresh_from_db()
        except ChangeOver as over:
            said = str(over)
    context = {"change": change, "said": said, "is_open": email_change.is_open(change), "side": side}
    response = render(request, "accounts/email_answer.html", context, status=409 if said else 200)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
