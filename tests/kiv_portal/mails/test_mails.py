"""Every e-mail is a row: written once, sent once, tried again, given up with a reason, forgotten in time."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from kiv_portal.accounts.models import User
from kiv_portal.mails import delivery, writing
from kiv_portal.mails.models import Mail
from kiv_portal.mails.tasks import forget_old_task
from tests.post import outbox, refusing, server_away
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
ANNA = "anna@post.example"
BERT = "bert@post.example"
DAY = dt.timedelta(days=1)


def post(to: str = ANNA, subject: str = "Neues", **more: Any) -> Mail:
    mail = writing.mail("some/template", subject, "Guten Tag", to=to, **more)
    writing.post(mail)
    return Mail.objects.latest("pk")


def due_again() -> None:
    Mail.objects.update(due_at=timezone.now())


# --- what leaves


def test_a_message_says_who_writes_and_that_nobody_need_answer(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "KIV-Portal <portal@kreis.example>"
    post(sender="Inklusion in Kön\nigs", reply_to=BERT, choice_url="https://kiv.example/wahl/")
    (sent,) = outbox
    message = message_from_bytes(sent.message().as_bytes())
    assert message["Message-ID"].endswith("@kreis.example>")
    assert (message["Auto-Submitted"], message["List-Unsubscribe"]) == (
        "auto-generated",
        "<https://kiv.example/wahl/>",
    )
    assert (message["Reply-To"], "<portal@kreis.example>" in message["From"]) == (BERT, True)
    assert message["Date"]


def test_without_more_it_comes_from_the_portal(settings: Any) -> None:
    post()
    assert (outbox[0].from_email, outbox[0].reply_to) == (settings.DEFAULT_FROM_EMAIL, [])
    assert "List-Unsubscribe" not in outbox[0].extra_headers


def test_a_subject_is_one_line_and_not_endless() -> None:
    assert post(subject="Bcc:\r\nalle\n" + "x" * 400).subject == "Bcc: alle " + "x" * 290


def test_it_leaves_once(settings: Any) -> None:
    post()
    assert [len(outbox), len(outbox)] == [1, 1]
    assert Mail.objects.get().state == "sent"


def test_what_is_worth_nothing_soon_goes_first() -> None:
    post(subject="Erinnerung")
    post(subject="Code", valid_for=dt.timedelta(minutes=15))
    assert [message.subject for message in outbox] == ["Code", "Erinnerung"]


def test_what_is_told_once_is_written_once() -> None:
    for word in ("a", "a", "b", "", ""):
        post(once=word)
    assert len(outbox) == 4


def test_it_is_stored_with_what_it_tells_of_or_not_at_all() -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert outbox == []


# --- what does not leave


def test_a_server_that_is_away_loses_nothing_and_keeps_the_order() -> None:
    for subject in ("eins", "zwei"):
        post(subject=subject)
    with server_away(), pytest.raises(delivery.ServerAway):
        delivery.send_due()
    first, second = Mail.objects.order_by("pk")
    assert (first.attempts, second.attempts) == (1, 0), "one attempt is enough to know"
    assert (
        first.trouble == f"Die E-Mail an {ANNA} konnte noch nicht verschickt werden. Wir versuchen es weiter."
    )
    assert second.trouble == ""
    due_again()
    assert [message.subject for message in outbox] == ["eins", "zwei"]
    assert {mail.trouble for mail in Mail.objects.all()} == {""}


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPServerDisconnected("x"),
        smtplib.SMTPAuthenticationError(535, b"no"),
        smtplib.SMTPSenderRefused(550, b"no", "x"),
        smtplib.SMTPConnectError(421, b"no"),
        TimeoutError(),
    ],
)
def test_what_is_wrong_with_us_is_not_the_address_s_fault(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    post()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    with pytest.raises(delivery.ServerAway):
        delivery.send_due()
    assert Mail.objects.get().state == "waiting"


def test_a_folder_that_is_gone_loses_nothing(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "file"
    settings.EMAIL_FILE_PATH.write_text("")
    post()
    with pytest.raises(delivery.ServerAway):
        delivery.send_due()
    settings.EMAIL_FILE_PATH.unlink()
    assert delivery.send_due() == 1


def test_one_that_breaks_the_connection_falls_behind_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    take = EmailBackend.send_messages

    def hang_up(self: EmailBackend, messages: Any) -> int:
        if messages[0].subject == "Gift":
            raise smtplib.SMTPServerDisconnected("x")
        return int(take(self, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", hang_up)
    post(subject="Gift")
    post(subject="gut")
    waits = []
    for _ in range(8):
        with pytest.raises(delivery.ServerAway):
            delivery.send_due()
        poison = Mail.objects.get(subject="Gift")
        waits.append(round((poison.due_at - timezone.now()).total_seconds()))
        assert len(outbox) == 1
        Mail.objects.filter(pk=poison.pk).update(due_at=timezone.now())
    assert waits == [10, 30, 90, 270, 600, 600, 600, 600]


def test_an_address_that_is_refused_has_failed_and_keeps_nobody_else_waiting() -> None:
    post()
    post(to=BERT)
    with refusing(ANNA):
        assert [message.to for message in outbox] == [[BERT]]
    mail = Mail.objects.get(to=ANNA)
    assert mail.trouble == (
        f"Die E-Mail an {ANNA} kam nicht an. Der Mailserver nimmt sie nicht an: 550 5.1.1 unknown here"
    )


def test_who_is_asked_to_come_again_comes_again_later_each_time() -> None:
    post()
    waits = []
    with refusing(ANNA, 451):
        for _ in range(9):
            assert outbox == []
            mail = Mail.objects.get()
            waits.append(round((mail.due_at - timezone.now()).total_seconds()))
            due_again()
    assert waits == [10, 30, 90, 270, 810, 2430, 7290, 10_800, 10_800]
    assert len(outbox) == 1


def test_a_refused_text_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise smtplib.SMTPDataError(554, b"spam")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    post()
    assert delivery.send_due() == 0
    assert Mail.objects.get().reason == "Der Mailserver nimmt sie nicht an: 554 spam"


def test_what_is_no_e_mail_has_failed_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    post(subject="gut")
    bad = post()
    Mail.objects.filter(pk=bad.pk).update(subject="zwei\nZeilen")
    assert [message.subject for message in outbox] == ["gut"]
    assert Mail.objects.get(pk=bad.pk).reason == delivery.UNREADABLE
    assert f"e-mail {bad.pk} cannot be sent" in caplog.text


def test_what_nobody_took_in_time_has_failed() -> None:
    mail = post(valid_for=DAY)
    hour = dt.timedelta(hours=1)
    delivery.give_up(mail.created_at + DAY - hour)
    assert Mail.objects.get().state == "waiting"
    delivery.give_up(mail.created_at + DAY + hour)
    assert (Mail.objects.get().state, Mail.objects.get().reason) == ("failed", delivery.TOO_LATE)


def test_what_has_failed_may_be_tried_again() -> None:
    post()
    with refusing(ANNA):
        assert outbox == []
    assert delivery.try_again(Mail.objects.all(), timezone.now()) == 1
    assert len(outbox) == 1
    assert delivery.try_again(Mail.objects.all(), timezone.now()) == 0, "it has left"


# --- who has it in hand


def test_what_a_dead_process_had_in_hand_is_sent_again_under_the_same_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_write", lambda *_, **__: 1 / 0)  # it dies after the server's yes
        with pytest.raises(ZeroDivisionError):
            delivery.send_due()
    assert len(outbox) == 1, "it is not due before its lease is over"
    Mail.objects.update(due_at=timezone.now())
    assert len({message.extra_headers["Message-ID"] for message in outbox}) == 1
    assert len(outbox) == 2
    assert Mail.objects.get().attempts == 2


def test_who_was_too_slow_does_not_write_over_the_next_attempt() -> None:
    mail = post()
    Mail.objects.update(attempts=2)
    mail.attempts = 1
    delivery._fail(mail, "zu spät")
    assert Mail.objects.get().state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_two_processes_send_each_once() -> None:
    for number in range(20):
        post(subject=f"{number}")
    at_once(delivery.send_due, delivery.send_due)
    assert sorted(int(message.subject) for message in outbox) == list(range(20))


# --- what is kept


@pytest.mark.parametrize("has_account", [True, False])
def test_what_has_left_is_forgotten_but_for_that_it_did(has_account: bool) -> None:
    person = User.objects.create_user(ANNA, "Anna Arndt") if has_account else None
    post(person=person, reply_to=BERT)
    assert len(outbox) == 1
    mail = Mail.objects.get()
    assert (mail.text, mail.to, mail.subject) == ("", ANNA if has_account else "", "Neues")


def test_failed_ones_are_forgotten_after_thirty_days_and_rows_after_a_year() -> None:
    failed = post()
    with refusing(ANNA):
        assert outbox == []
    kept = Mail.objects.get(pk=failed.pk)
    ended = kept.ended_at
    assert ended
    delivery.forget_old(ended + 29 * DAY)
    assert Mail.objects.get().to == ANNA
    delivery.forget_old(ended + 31 * DAY)
    assert (Mail.objects.get().to, Mail.objects.get().text) == ("", "")
    assert delivery.try_again(Mail.objects.all(), timezone.now()) == 0
    delivery.forget_old(ended + 399 * DAY)
    assert Mail.objects.exists()
    delivery.forget_old(ended + 401 * DAY)
    assert not Mail.objects.exists()


def test_what_was_sent_is_no_diary_and_what_is_told_once_is_remembered() -> None:
    post(subject="Code")
    post(subject="Erinnerung", once="a")
    assert len(outbox) == 2
    delivery.forget_old(timezone.now() + 29 * DAY)
    assert Mail.objects.count() == 2
    delivery.forget_old(timezone.now() + 31 * DAY)
    assert [mail.subject for mail in Mail.objects.all()] == ["Erinnerung"]


def test_what_waits_is_never_forgotten() -> None:
    post(valid_for=500 * DAY)
    delivery.forget_old(timezone.now() + 450 * DAY)
    forget_old_task()
    call_command("forget_mails")
    assert len(outbox) == 1


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("mail_waits_or_has_ended", {"state": "sent"}),
        ("mail_waits_or_has_ended", {"ended_at": timezone.now()}),
        ("mail_waiting_is_whole", {"to": ""}),
        ("mail_waiting_is_whole", {"text": ""}),
        ("mail_failed_with_reason", {"state": "failed", "ended_at": timezone.now()}),
    ],
)
def test_the_database_knows_no_half_one(name: str, values: dict[str, Any]) -> None:
    mail = post()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(**values)


# --- who sends


def test_the_command_for_cron(capsys: pytest.CaptureFixture[str]) -> None:
    post()
    call_command("send_mails", "--once")
    post()
    with server_away():
        call_command("send_mails", "--once")
    told = capsys.readouterr()
    assert (told.out, "cannot be reached" in told.err) == ("1 e-mails have left.\n", True)


def test_nobody_else_speaks_to_the_mail_server() -> None:
    """Imports of what sends, outside of the one room."""
    sends = re.compile(
        r"^\s*(from django\.core\.mail|from django\.core import .*\bmail\b|import smtplib)", re.M
    )
    rooms = ("kiv_portal", "municipalities", "mediators", "activities", "reports", "home", "demo")
    found = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if sends.search(path.read_text())
    }
    assert found == {"kiv_portal/mails/delivery.py"}
