import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from kiv_portal.accounts.models import User
from tests.post import outbox


@pytest.fixture(autouse=True)
def no_rate_limits_from_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_user("anna@leonberg.example", "Anna Arndt")


@pytest.fixture
def bernd(db: None) -> User:
    return User.objects.create_user("bernd@leonberg.example", "Bernd Braun")


@pytest.fixture
def coordinator(db: None, monkeypatch: pytest.MonkeyPatch) -> User:
    """A person whose role demands a second factor."""
    user = User.objects.create_user("koordination@kreis.example", "Clara Conrad")
    monkeypatch.setattr(User, "needs_second_factor", property(lambda self: self.email == user.email))
    return user


@pytest.fixture
def code_from_mail() -> Callable[[], str]:
    def read() -> str:
        found = [re.search(r"^(\d{3}-\d{3})$", str(mail.body), re.MULTILINE) for mail in outbox]
        return next(code[1] for code in reversed(found) if code)

    return read


@pytest.fixture
def sign_in_by_code(client: Client, code_from_mail: Callable[[], str]) -> Callable[[User], None]:
    def sign_in(user: User) -> None:
        client.post("/anmelden/code-anfordern/", {"email": user.email})
        client.post("/anmelden/code/", {"code": code_from_mail()})

    return sign_in
