"""Keys for a county's own software, and the description that its developers read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from activities.interface.api import api
from activities.interface.forms import ApiClientForm
from activities.interface.models import ApiClient
from activities.interface.services import create_client, revoke_client
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from municipalities.towns.views import get_counties

SHOWN_ONCE = "api_token_shown_once"


@never_cache
def api_client_list(request: SignedInRequest) -> HttpResponse:
    """The token of a client made just now stands here once, and at no other time."""
    get_counties(request)
    clients = ApiClient.objects.visible_to(request.user).with_validity_at(timezone.now())
    context = {
        "counties": get_counties(request),
        "clients": clients.select_related("county", "created_by"),
        "new": request.session.pop(SHOWN_ONCE, None),
        "api_url": request.build_absolute_uri(reverse("api_openapi")),
    }
    return render(request, "activities/interface/api_client_list.html", context)


def api_client_create(request: SignedInRequest, key: str) -> HttpResponse:
    county = get_object_or_404(get_counties(request), pk=key)
    form = ApiClientForm(request.POST or restore_unsaved(request))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        client, token = create_client(
            county,
            name=chosen["name"],
            scopes=chosen["scopes"],
            expires_at=form.expires_at,
            by=request.user,
        )
        request.session[SHOWN_ONCE] = {"name": client.name, "token": token}
        return redirect("api_client_list")
    return render(request, "activities/interface/api_client_form.html", {"form": form, "county": county})


def api_client_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    get_counties(request)
    client = get_object_or_404(ApiClient.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        revoke_client(client, now=timezone.now())
        messages.success(request, f"Widerrufen: {client.name}. Der Zugangsschlüssel öffnet nichts mehr.")
        return redirect("api_client_list")
    return render(request, "activities/interface/api_client_revoke.html", {"client": client})


@login_not_required
@require_GET
def api_openapi(request: HttpRequest) -> JsonResponse:
    """The description itself is no secret."""
    return JsonResponse(
        api.get_openapi_schema(path_prefix=reverse("api_openapi").removesuffix("openapi.json"))
    )
