"""The people every permission test names. Leonberg's, and those who must not get in."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from django.test import Client

from kiv_portal.accounts.models import User
from mediators.models import Mediator
from municipalities.models import Municipality
from tests import factories


def signed_in(user: User | None) -> Client:
    """A browser in which the person has signed in, with a second factor."""
    client = Client()
    if user is not None:
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


@dataclass
class People:
    """`stranger` does in Herrenberg what three people do in Leonberg; `other_county` coordinates Calw; `assistant`
    helps the mediator.
    """

    town: Municipality
    other_town: Municipality
    coordinator: User
    contact: User
    mediator: User
    councillor: User
    stranger: User
    other_county: User
    former: User
    newcomer: User
    assistant: User

    NAMES = (
        "coordinator",
        "contact",
        "mediator",
        "councillor",
        "stranger",
        "other_county",
        "former",
        "newcomer",
        "assistant",
        "anonymous",
    )

    def client(self, name: str) -> Client:
        return signed_in(None if name == "anonymous" else getattr(self, name))

    def who(self, condition: object) -> set[str]:
        """Names of those accounts for whom condition(user) is true."""
        return {name for name in self.NAMES if name != "anonymous" and condition(getattr(self, name))}  # type: ignore[operator]

    @property
    def kiv(self) -> Mediator:
        return self.mediator.mediator


@pytest.fixture
def people(db: None) -> People:
    town, other = factories.make_town(), factories.make_town("Herrenberg", "08115021")
    far_away = factories.make_town("Calw", "08235085")
    for place in (town, other, far_away):
        factories.make_agreement(place)
    users = factories.make_users(
        "Karin Koordination",
        "Anton Ansprech",
        "Vera Vermittlung",
        "Rita Rat",
        "Fritz Fremd",
        "Carla Calw",
        "Emil Ehemals",
        "Nora Neu",
        "Alma Assistenz",
    )
    cast = People(town, other, *users)
    factories.make_staff(cast.coordinator, town.county)
    factories.make_staff(cast.other_county, far_away.county)
    factories.make_contact(cast.contact, town)
    factories.make_mediator(cast.mediator, town)
    factories.make_councillor(cast.councillor, town)
    factories.make_assistance(cast.kiv, cast.assistant)
    factories.make_mediator(cast.stranger, other)
    factories.make_contact(cast.stranger, other)
    factories.make_councillor(cast.stranger, other)
    # All of Leonberg's roles, but over: nothing of it may open a door any more.
    over = {"ends_on": factories.END}
    factories.make_staff(cast.former, town.county, **over)
    factories.make_contact(cast.former, town, **over)
    factories.make_councillor(cast.former, town, **over)
    return cast
