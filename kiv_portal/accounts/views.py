"""Sign-in and one's own account: allauth's flows in the portal's words, plus what allauth does not have."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.password_change import finalize_password_change, finalize_password_set
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView
from allauth.core import ratelimit
from allauth.core.exceptions import RateLimited
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from kiv_portal.accounts.adapter import (
    CODE_IS_VALID,
    COUNTY_LOGIN_FAILED,
    SIGN_IN_MAILS,
    TOO_MANY_TRIES,
    AccountAdapter,
    SecondFactorAdapter,
)
from kiv_portal.accounts.demo import demo_accounts, demo_users
from kiv_portal.accounts.forms import (
    ChangeOldPasswordForm,
    EmailCodeForm,
    NewPasswordForm,
    PasswordSignInForm,
)
from kiv_portal.accounts.middleware import SESSION_ENDED_TEXT_KEPT
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.second_factor import SECOND_FACTORS, record_proof
from kiv_portal.accounts.services import own_data
from kiv_portal.accounts.unsaved import keep_unsaved
from kiv_portal.mails.models import Mail

CODE_OVER = "Dieser Code gilt nicht mehr. Bitte lassen Sie sich einen neuen Code schicken."
FORM_TOO_OLD = "Die Seite war zu lange offen, deshalb ist noch nichts gespeichert."
PASSWORD_FRESH_SECONDS = 15 * 60


# --- signing in


class _SignInPage:
    """One page, three ways: code by e-mail first, password and passkey beside it."""

    request: HttpRequest
    template_name = "account/login.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseBase | None:
        """Who asks again starts again: a mistyped address must not stick."""
        if request.method != "POST":
            return super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]
        clear_login(request)
        return None

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if any(error.code == TOO_MANY_TRIES for errors in form.errors.as_data().values() for error in errors):
            response.status_code = 429
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = context["form"]
        first, others = demo_accounts() if settings.DEMO else ([], [])
        return context | {
            "code_form": form if isinstance(form, EmailCodeForm) else EmailCodeForm(),
            "password_form": form if isinstance(form, PasswordSignInForm) else PasswordSignInForm(),
            # in a demo the password is what people were told
            "is_password_open": settings.DEMO or (isinstance(form, PasswordSignInForm) and form.is_bound),
            "demo_first": first,
            "demo_others": others,
            "county_login_name": settings.OIDC_NAME if settings.OIDC_SERVER_URL else "",
        }


class SignInView(_SignInPage, LoginView):
    pass


class EmailCodeView(_SignInPage, RequestLoginCodeView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(_with_next("account_login", request))


@method_decorator(login_not_required, name="dispatch")
class EmailCodeConfirmView(ConfirmLoginCodeView):
    _process: Any  # allauth's login under way, or None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._process = None
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if self._process is None and not request.user.is_authenticated:
            messages.error(request, CODE_OVER)
            return redirect(_with_next("account_login", request))
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Asked before the code is looked at: who is over the limit must not learn whether it was right."""
        if self._action == "verify" and not ratelimit.consume(
            request, action="confirm_login_code", key=self._address
        ):
            return ratelimit.respond_429(request)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        since = timezone.now() - CODE_IS_VALID
        sent = Mail.objects.filter(
            kind__startswith=SIGN_IN_MAILS, to=self._process.state["email"], created_at__gt=since
        )
        newest = sent.order_by("pk").last()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"trouble": newest.trouble if newest else ""}

    @property
    def _address(self) -> str:
        return str(self._process.state["email"]).lower()

    def form_invalid(self, form: Form) -> HttpResponseBase:
        if self._process.record_invalid_attempt():
            left = self._process.max_attempts - self._process.state["failed_attempts"]
            return self.render_to_response(self.get_context_data(form=form, attempts_left=left))
        messages.error(self.request, f"{AccountAdapter.error_messages['incorrect_code']} {CODE_OVER}")
        return redirect(_with_next("account_login", self.request))

    def _resend_form_valid(self, form: Form) -> HttpResponseBase:
        try:
            ratelimit.consume(
                self.request, action="request_login_code", key=self._address, raise_exception=True
            )
            self._process.resend()
        except RateLimited:
            messages.error(self.request, AccountAdapter.error_messages["rate_limited"])
        else:
            messages.success(
                self.request, "Wir haben Ihnen einen neuen Code geschickt. Der alte gilt nicht mehr."
            )
        return redirect(_with_next("account_confirm_login_code", self.request))


def _with_next(url_name: str, request: HttpRequest) -> str:
    following = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME)
    return (
        f"{reverse(url_name)}?{urlencode({REDIRECT_FIELD_NAME: following})}"
        if following
        else reverse(url_name)
    )


@login_not_required
@require_POST
def county_login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the county's own OpenID Connect login; POST, because it starts something."""
    try:
        return openid_connect.login(request, provider_id)
    except OSError:  # what the requests library raises is one
        messages.error(request, COUNTY_LOGIN_FAILED)
        return redirect("account_login")


@login_not_required
@require_POST
def demo_login(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign in as: 404 for everybody outside the demo, and for every account that is not invented."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(demo_users(), pk=pk)
    adapter = AccountAdapter()
    if request.user.is_authenticated:
        adapter.logout(request)
    clear_login(request)
    adapter.login(request, user)
    following = request.POST.get(REDIRECT_FIELD_NAME, "")
    return redirect(following if adapter.is_safe_url(following) else settings.LOGIN_REDIRECT_URL)


# --- one's own account


@require_GET
@never_cache
def overview(request: SignedInRequest) -> HttpResponse:
    authenticators = Authenticator.objects.filter(user=request.user)
    kinds = [authenticator.type for authenticator in authenticators]
    return render(
        request,
        "accounts/overview.html",
        {
            "has_password": request.user.has_usable_password(),
            "has_app": Authenticator.Type.TOTP in kinds,
            "passkey_count": kinds.count(Authenticator.Type.WEBAUTHN),
            "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
            "has_second_step": any(kind in SECOND_FACTORS for kind in kinds),
            "session_count": len(UserSession.objects.purge_and_list(request.user)),
            "county_login": SocialAccount.objects.filter(user=request.user).exists(),
        },
    )


@require_GET
@never_cache
def export(request: SignedInRequest) -> HttpResponse:
    """Own data (GDPR Art. 15 and 20) as a file."""
    response = JsonResponse(own_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="meine-daten.json"'
    return response


@never_cache
@sensitive_post_parameters("oldpassword", "password1", "password2")
@rate_limit(action="change_password")
def password(request: SignedInRequest) -> HttpResponseBase:
    """Set or change it. Who came in by a code just now needs no old one: so a forgotten one is replaced."""
    had_password = request.user.has_usable_password()
    form_class = (
        ChangeOldPasswordForm if had_password and not _came_by_code_lately(request) else NewPasswordForm
    )
    form = form_class(user=request.user, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        (finalize_password_change if had_password else finalize_password_set)(request, request.user)
        return redirect("account_overview")
    return render(request, "accounts/password.html", {"form": form, "had_password": had_password})


def _came_by_code_lately(request: SignedInRequest) -> bool:
    return any(
        record["method"] == "code" and time.time() - record["at"] < PASSWORD_FRESH_SECONDS
        for record in get_authentication_records(request, request.user)
    )


@require_GET
@never_cache
def second_factor(request: SignedInRequest) -> HttpResponse:
    """Why county staff need a second step, and the way to it."""
    has_one = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTORS).exists()
    return render(request, "accounts/second_factor.html", {"has_one": has_one})


class AppSetupView(ActivateTOTPView):
    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_proof(self.request, Authenticator.Type.TOTP)
        return response


class PasskeyAddView(AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": begin_registration(self.request.user, passwordless=True)}
        return context

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_proof(self.request, Authenticator.Type.WEBAUTHN)
        return response


class PasskeyRemoveView(RemoveWebAuthnView):
    def form_valid(self, form: Form) -> HttpResponseBase:
        adapter = SecondFactorAdapter()
        if not adapter.can_delete_authenticator(self.object):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


class RecoveryCodesFileView(DownloadRecoveryCodesView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **kwargs)
        response["Content-Disposition"] = 'attachment; filename="ersatzcodes-kiv-portal.txt"'
        return response


# --- a form that came too late


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """An outdated form is the normal end of a long break: what was typed comes back, no error page."""
    owner = keep_unsaved(request)
    if owner and request.user.is_authenticated:
        messages.warning(request, FORM_TOO_OLD)
        return redirect(owner.path)
    if owner:
        messages.info(request, SESSION_ENDED_TEXT_KEPT)
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: owner.path})}")
    return render(request, "403_csrf.html", status=403)
