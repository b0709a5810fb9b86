"""One's own name and address: the address changes only once both mailboxes have said yes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kiv_portal.accounts import email_change
from kiv_portal.accounts.email_change import DONE, TAKEN, TOO_LATE
from kiv_portal.accounts.models import EmailChange, User
from kiv_portal.accounts.tasks import clear_expired_task
from tests.people import People
from tests.post import outbox, refusing

pytestmark = pytest.mark.django_db
NEW = "neu@leonberg.example"
NOT_SENT = "ließ sich nicht verschicken"


def ask(people: People, commits: Any, email: str = NEW) -> str:
    with commits(execute=True):
        people.client("mediator").post(reverse("account_email"), {"email": email})
    return people.client("mediator").get(reverse("account_email")).content.decode()


@pytest.fixture
def asked(people: People, django_capture_on_commit_callbacks: Any) -> EmailChange:
    ask(people, django_capture_on_commit_callbacks, NEW.upper())
    return EmailChange.objects.get()


def link_to(address: str) -> str:
    bodies = [str(message.body) for message in outbox if message.to == [address]]
    found = re.search(r"https?://[^/]+(/konto/adresse/antwort/\S+)", bodies[0])
    assert found
    return found[1]


def say(url: str, answer: str = "yes") -> str:
    return Client().post(url, {"answer": answer}).content.decode()


def email_of(people: People) -> str:
    return User.objects.get(pk=people.mediator.pk).email


def test_a_name_is_changed_at_once(people: People) -> None:
    answer = people.client("mediator").post(
        reverse("account_name"), {"full_name": "  Selin   Neu "}, follow=True
    )
    assert "Ihr Name ist jetzt: Selin Neu." in answer.content.decode()
    assert User.objects.get(pk=people.mediator.pk).full_name == "Selin Neu"


@pytest.mark.parametrize("name", [" ", "\u200b", "a\x07b", "x" * 151])
def test_what_is_no_name_is_told(people: People, name: str) -> None:
    answer = people.client("mediator").post(reverse("account_name"), {"full_name": name})
    assert len(answer.context["form"].errors["full_name"]) == 1
    assert str(people.mediator) in answer.content.decode()  # the head still says who is signed in


def test_both_mailboxes_say_yes(
    people: People, asked: EmailChange, django_capture_on_commit_callbacks: Any
) -> None:
    old = people.mediator.email
    assert sorted(message.to[0] for message in outbox) == sorted([old, NEW])
    page = people.client("mediator").get(reverse("account_email")).content.decode()
    assert (page.count("wartet auf Ihr Ja"), NOT_SENT in page) == (2, False)
    links = link_to(old), link_to(NEW)
    assert [str(people.mediator) in str(m.body) for m in outbox] == [m.to == [old] for m in outbox]
    assert f"Jetzt fehlt noch Ihr Ja in der E-Mail an {old}" in say(links[1])
    assert email_of(people) == old
    outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert "Ihre E-Mail-Adresse ist geändert" in say(links[0])
    assert email_of(people) == NEW
    assert sorted(message.to[0] for message in outbox) == sorted([old, NEW])
    assert all("ist geändert" in message.subject for message in outbox)
    for link in links:  # said twice it is said
        assert "Ihre E-Mail-Adresse ist geändert" in say(link)
    assert "Ihre E-Mail-Adresse ist geändert" in say(links[0], "no")
    with pytest.raises(email_change.ChangeOver, match=DONE):
        email_change.refuse(asked)


def test_a_link_that_is_only_looked_at_changes_nothing(people: People, asked: EmailChange) -> None:
    for address in (people.mediator.email, NEW):
        answer = Client().get(link_to(address))
        assert "Ja, Adresse ändern" in answer.content.decode()
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "no-cache" in answer.headers["Cache-Control"]
    asked.refresh_from_db()
    assert (asked.old_confirmed_at, asked.new_confirmed_at) == (None, None)


@pytest.mark.parametrize("side", ["old", "new"])
def test_one_no_is_enough(people: People, asked: EmailChange, side: str) -> None:
    url = link_to(people.mediator.email if side == "old" else NEW)
    assert "Es bleibt alles, wie es war" in say(url, "no")
    assert TOO_LATE in say(link_to(NEW))
    asked.refresh_from_db()
    assert (asked.done_at, asked.ended_at is None) == (None, False)


def test_taken_back_on_the_page(people: People, asked: EmailChange) -> None:
    answer = people.client("mediator").post(reverse("account_email_cancel"), follow=True)
    assert f"Ihre E-Mail-Adresse bleibt {people.mediator.email}." in answer.content.decode()
    assert TOO_LATE in say(link_to(NEW))


def test_a_later_wish_replaces_the_first(people: People, asked: EmailChange) -> None:
    email_change.request_change(people.mediator, "andere@leonberg.example")
    assert TOO_LATE in say(link_to(NEW))
    change = email_change.open_change(people.mediator)
    assert change
    assert change.new_email == "andere@leonberg.example"


def test_after_three_days_a_link_says_so(people: People, asked: EmailChange) -> None:
    three_days_ago = timezone.now() - dt.timedelta(days=3)
    EmailChange.objects.update(requested_at=three_days_ago)
    assert TOO_LATE in say(link_to(NEW))
    assert email_change.open_change(people.mediator) is None
    EmailChange.objects.update(requested_at=three_days_ago + dt.timedelta(minutes=1))
    assert "Jetzt fehlt noch" in say(link_to(NEW))


def test_an_address_of_another_account_is_told_to_its_mailbox_only(
    people: People, django_capture_on_commit_callbacks: Any
) -> None:
    taken = people.contact.email
    page = ask(people, django_capture_on_commit_callbacks, taken)
    assert "Wir haben an beide Adressen geschrieben" in page
    told = next(message for message in outbox if message.to == [taken])
    assert str(people.mediator) not in str(told.body)  # anybody may call themselves anything
    assert ("gehört schon zu einem Konto" in told.subject, "/antwort/" in str(told.body)) == (True, False)


def test_an_address_that_is_taken_meanwhile(people: People, asked: EmailChange) -> None:
    say(link_to(NEW))
    User.objects.create_user(NEW, "Neue Person")
    assert TAKEN.format(NEW) in say(link_to(people.mediator.email))
    asked.refresh_from_db()
    assert (asked.old_confirmed_at, asked.done_at) == (None, None)


def test_what_operators_changed_meanwhile_stays(people: People, asked: EmailChange) -> None:
    link = link_to(people.mediator.email)
    say(link_to(NEW))
    User.objects.filter(pk=people.mediator.pk).update(email="betrieb@leonberg.example")
    assert TOO_LATE in say(link)
    assert email_of(people) == "betrieb@leonberg.example"


def test_a_locked_account_keeps_its_address(people: People, asked: EmailChange) -> None:
    User.objects.filter(pk=people.mediator.pk).update(is_active=False)
    assert TOO_LATE in say(link_to(NEW))


@pytest.mark.parametrize("email", [" ", "kein-adresse", "KIV"])
def test_what_is_no_new_address_is_told(people: People, email: str) -> None:
    typed = people.mediator.email.upper() if email == "KIV" else email
    answer = people.client("mediator").post(reverse("account_email"), {"email": typed})
    assert "email" in answer.context["form"].errors
    assert not EmailChange.objects.exists()


def test_an_email_that_cannot_leave_is_said(people: People, django_capture_on_commit_callbacks: Any) -> None:
    ask(people, django_capture_on_commit_callbacks)
    with refusing(NEW):
        assert len(outbox) == 1
    page = people.client("mediator").get(reverse("account_email")).content.decode()
    assert f"Die E-Mail an {NEW} kam nicht an." in page
    assert "550 5.1.1 unknown here" in page
    assert "kam nicht an" not in ask(people, django_capture_on_commit_callbacks)


def test_no_flood_of_questions(people: People) -> None:
    client = people.client("mediator")
    pages = [client.post(reverse("account_email"), {"email": f"{n}@leonberg.example"}) for n in range(6)]
    assert [page.status_code for page in pages] == [302] * 5 + [200]
    assert "zu viele Versuche" in pages[-1].content.decode()


def test_the_database_knows_one_open_change_and_no_half_one(people: People, asked: EmailChange) -> None:
    values = {"user": people.mediator, "old_email": "a@b.example", "new_email": NEW}
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        EmailChange.objects.create(**values)
    now = timezone.now()
    with pytest.raises(IntegrityError, match="done_by_both"), transaction.atomic():
        EmailChange.objects.create(**values, done_at=now, new_confirmed_at=now)


def test_it_stands_among_the_own_data(people: People, asked: EmailChange) -> None:
    data = people.client("mediator").get(reverse("account_export")).json()
    told = data["Wechsel der E-Mail-Adresse"]
    assert [(one["neue Adresse"], one["geändert"]) for one in told] == [(NEW, None)]


def test_they_go_after_thirty_days(people: People, asked: EmailChange) -> None:
    for days, left in ((29, 1), (31, 0)):
        EmailChange.objects.update(requested_at=timezone.now() - dt.timedelta(days=days))
        clear_expired_task()
        assert EmailChange.objects.count() == left


def test_a_forged_word_leads_nowhere(people: People, asked: EmailChange) -> None:
    for forged in (f"{link_to(NEW)[:-2]}x/", reverse("account_email_answer", args=["abc"])):
        assert Client().post(forged, {"answer": "yes"}).status_code == 404
