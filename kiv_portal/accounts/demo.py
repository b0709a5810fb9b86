"""The list "Anmelden als" of the demo: only while settings.DEMO, only for invented people."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet

from kiv_portal.accounts.models import User
from kiv_portal.accounts.roles import add_roles, rows_of

DEMO_DOMAIN = "@demo.kiv.example"
ROLES = {
    "koordination": "Koordination im Landratsamt",
    "ansprechperson": "Rathaus",
    "kiv": "Inklusionsvermittlung",
    "gemeinderat": "Gemeinderat",
    "assistenz": "Assistenz",
}
WORDS = {"gaertringen": "Gärtringen", "frueher": "(früher)"}  # what an address cannot say
SHOWN_FIRST = (
    "koordination",
    "ansprechperson.leonberg",
    "kiv.leonberg",
    "gemeinderat.leonberg",
    "kiv.herrenberg",
)
SMALL_WORDS = {"der", "die", "am", "an", "im"}


class DemoAccount(NamedTuple):
    user: User
    role: str


add_roles(f"""
    SELECT 'among_demo_people', NULL, NULL
        WHERE EXISTS (SELECT 1 FROM accounts_user u WHERE u.email LIKE '%%{DEMO_DOMAIN}' AND u.is_active)
""")  # noqa: S608  a constant of this file


def is_among_demo_people(user: User) -> bool:
    """Whether there are invented people in this portal, so that every page says so."""
    return any(row.role == "among_demo_people" for row in rows_of(user))


def demo_users() -> QuerySet[User]:
    return User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).order_by("email")


def demo_accounts() -> tuple[list[DemoAccount], list[DemoAccount]]:
    """The five accounts of the tour in their order, and all others."""
    accounts = {user.email.removesuffix(DEMO_DOMAIN): user for user in demo_users()}
    first = [DemoAccount(accounts.pop(name), role_of(name)) for name in SHOWN_FIRST if name in accounts]
    return first, [DemoAccount(user, role_of(name)) for name, user in accounts.items()]


def role_of(name: str) -> str:
    """What the part before the @ says: "kiv.weil-der-stadt" is "Inklusionsvermittlung Weil der Stadt"."""
    role, _, place = name.partition(".")
    words = [
        word if word in SMALL_WORDS else WORDS.get(word, word.capitalize())
        for word in place.split("-")
        if word
    ]
    return " ".join([ROLES.get(role, role.capitalize()), *words])
