"""The request as a page behind the sign-in gets it."""

from __future__ import annotations

from django.http import HttpRequest

from kiv_portal.accounts.models import User


class SignedInRequest(HttpRequest):
    """For views without `login_not_required`: the middleware lets nobody through who is not signed in.

    Only for annotations; Django hands over its own `HttpRequest`.
    """

    user: User
