"""An office and its time for a reply: when it runs, who is told when it is over, and what a reminder says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.concerns import office_services as offices
from activities.concerns import services
from activities.models import Concern, OfficeReminder, Organisation
from activities.tasks import tell_late_replies_task
from tests import factories
from tests.people import People
from tests.post import outbox, refusing, server_away

pytestmark = pytest.mark.django_db
Callbacks = Callable[..., Any]
DAY = dt.timedelta(days=1)
TEXT = "Guten Tag, wie steht es?"
OFFICE = "tiefbau@stadt.example"


def today() -> dt.date:
    """Asked anew each time: a run may pass midnight."""
    return timezone.localdate()


@pytest.fixture
def office() -> Organisation:
    office = factories.make_organisation("Tiefbauamt")
    Organisation.objects.update(reply_days=14, email=OFFICE)
    office.refresh_from_db()
    return office


@pytest.fixture
def concern(people: People, office: Organisation) -> Concern:
    made = factories.make_concern(people.town, office=office, title="Ampel stumm", place="Markt")
    services.take_over(made, by=people.kiv)
    return made


def asked_ago(concern: Concern, days: int) -> Concern:
    Concern.objects.filter(pk=concern.pk).update(office_asked_on=today() - days * DAY)
    concern.refresh_from_db()
    return concern


def step(concern: Concern, people: People, state: str, **more: Any) -> None:
    services.take_step(concern, state=state, sentence=f"Satz {state}", by=people.contact, **more)
    concern.refresh_from_db()


# --- the clock


def test_the_time_begins_with_the_check_and_ends_with_it(people: People, concern: Concern) -> None:
    assert (concern.office_asked_on, concern.reply_due_on) == (today(), today() + 14 * DAY)
    step(asked_ago(concern, 20), people, "checking")
    assert concern.office_asked_on == today() - 20 * DAY  # a word to who reported it is no answer
    step(concern, people, "promised", promised_until=today() + DAY)
    assert (concern.office_asked_on, concern.reply_due_on) == (None, None)
    step(concern, people, "checking")
    assert concern.office_asked_on == today()


def test_an_answer_of_the_office_begins_it_anew(people: People, concern: Concern) -> None:
    asked_ago(concern, 20)
    url = reverse("concern_step", args=[concern.pk])
    form = people.client("mediator").get(url).context["form"]
    assert "office_has_answered" in form.fields
    entry = {
        "state": "checking",
        "seen": "checking",
        "sentence": "Braucht noch.",
        "office_has_answered": "on",
    }
    assert people.client("mediator").post(url, entry).status_code == 302
    concern.refresh_from_db()
    assert concern.office_asked_on == today()


def test_where_no_time_runs_nobody_is_asked_about_it(people: People, concern: Concern) -> None:
    Organisation.objects.update(reply_days=None)
    url = reverse("concern_step", args=[concern.pk])
    assert "office_has_answered" not in people.client("mediator").get(url).context["form"].fields


def test_another_office_has_its_own_time(people: People, concern: Concern) -> None:
    asked_ago(concern, 20)
    client, url = people.client("contact"), reverse("concern_edit", args=[concern.pk])
    form = client.get(url).context["form"]
    entry = {name: form[name].value() or "" for name in form.fields} | {"reported_on": "1.3.2022"}
    client.post(url, entry | {"title": "Ampel ist stumm"})
    concern.refresh_from_db()
    assert (concern.title, concern.office_asked_on) == ("Ampel ist stumm", today() - 20 * DAY)
    for name, asked_on in (("Bauhof", today()), ("", None)):
        form = client.get(url).context["form"]
        client.post(url, entry | {"seen": form["seen"].value(), "office_name": name})
        concern.refresh_from_db()
        assert concern.office_asked_on == asked_on


def test_no_time_runs_without_an_office_or_outside_of_the_check(people: People, office: Organisation) -> None:
    for values in ({"state": "checking"}, {"state": "reported", "office": office}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.make_concern(people.town, office_asked_on=today(), **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.update(reply_days=0)


# --- what is late needs somebody


@pytest.mark.parametrize(("days", "is_late"), [(14, False), (15, True)])
def test_what_is_late_is_seen_everywhere(people: People, concern: Concern, days: int, is_late: bool) -> None:
    asked_ago(concern, days)
    day = f"{concern.reply_due_on:%d.%m.%Y}"
    waiting = Concern.objects.needing_attention_on(today())
    assert (list(waiting), concern.waits_for_reply_on(today())) == ([concern] if is_late else [], is_late)
    client = people.client("mediator")
    for url in (reverse("start"), reverse("concern_list"), f"{reverse('concern_list')}?state=due"):
        text = client.get(url).content.decode()
        assert ("Antwort überfällig" in text) == is_late, url
    detail = client.get(reverse("concern_detail", args=[concern.pk])).content.decode()
    assert "Antwort erwartet bis" in detail
    assert day in detail
    assert ("überfällig" in detail) == is_late
    status = Client().get(reverse("concern_status", args=[concern.status_key])).content.decode()
    assert day in status
    assert ("Dieser Tag ist vorbei. Wir haken nach." in status) == is_late
    start = people.client("coordinator").get(reverse("start")).content.decode()
    assert ("1 überfällige Antwort" in start) == is_late


def test_those_in_charge_are_told_once_and_again_for_a_new_time(people: People, concern: Concern) -> None:
    asked_ago(concern, 14)
    tell_late_replies_task()
    assert outbox == []
    asked_ago(concern, 15)
    for _ in range(2):
        tell_late_replies_task()
    assert [m.to for m in outbox] == [[people.mediator.email]]
    assert outbox[0].subject == "1 Antwort steht noch aus"
    assert "Ampel stumm, Leonberg" in outbox[0].body
    assert reverse("concern_detail", args=[concern.pk]) in outbox[0].body
    assert OFFICE not in str([m.to for m in outbox])  # the office is reminded by people
    step(concern, people, "checking", office_has_answered=True)
    asked_ago(concern, 15)
    out = StringIO()
    call_command("tell_late_replies", stdout=out)
    assert out.getvalue() == "late replies told: 1\n"


def test_several_are_one_e_mail(people: People, concern: Concern, office: Organisation) -> None:
    other = factories.make_concern(
        people.town, state="checking", office=office, office_asked_on=today() - 30 * DAY
    )
    asked_ago(concern, 15)
    tell_late_replies_task()
    (message,) = outbox
    assert message.subject == "2 Antworten stehen noch aus"
    assert all(each.title in message.body for each in (concern, other))
    assert f"{reverse('concern_list')}?state=due" in message.body


# --- reminding


def test_a_reminder_is_read_changed_and_sent_in_the_persons_name(people: People, concern: Concern) -> None:
    Concern.objects.update(contact_email="melderin@post.example", since="seit Frau Huber")
    client, url = people.client("mediator"), reverse("office_remind", args=[concern.pk])
    form = client.get(url).context["form"]
    text = form["text"].value()
    assert (form["email"].value(), "„Ampel stumm“ in Leonberg" in text, "Ort: Markt" in text) == (
        OFFICE,
        True,
        True,
    )
    assert not [word for word in ("melderin", "Huber", str(concern.status_key)) if word in text]
    for _ in range(2):
        answer = client.post(url, {"email": OFFICE, "text": f"{text} Danke!"})
        assert answer.url == reverse("concern_detail", args=[concern.pk])
    (message,) = outbox
    assert (message.to, message.reply_to) == ([OFFICE], [people.mediator.email])
    assert message.from_email.startswith("Inklusion in Leonberg <")
    assert message.subject == "Anliegen in Leonberg: Bitte um eine Antwort"
    assert "Danke!" in message.body
    assert message.body.rstrip().endswith("Vera Vermittlung\nInklusion in Leonberg")
    (reminder,) = OfficeReminder.objects.all()
    assert (reminder.sent_by, reminder.office) == (people.mediator, concern.office)
    page = client.get(answer.url).content.decode()
    assert f"am {today():%d.%m.%Y} von Vera Vermittlung" in page
    assert "Tiefbauamt erinnert" in page
    status = Client().get(reverse("concern_status", args=[concern.status_key])).content.decode()
    assert "erinnert" not in status


def test_what_the_title_gives_away_is_asked_about(people: People, concern: Concern) -> None:
    Concern.objects.update(title="Frau Huber ist blind und findet die Tür nicht")
    client, url = people.client("mediator"), reverse("office_remind", args=[concern.pk])
    form = client.get(url).context["form"]
    answer = client.post(url, {"email": OFFICE, "text": form["text"].value()})
    assert answer.context["form"].asks_privacy
    assert not OfficeReminder.objects.exists()


def test_the_office_keeps_an_address_that_it_did_not_have(people: People, concern: Concern) -> None:
    Organisation.objects.update(email="")
    url = reverse("office_remind", args=[concern.pk])
    assert "email" in people.client("contact").post(url, {"text": TEXT}).context["form"].errors
    people.client("contact").post(url, {"email": "neu@stadt.example", "text": TEXT})
    assert Organisation.objects.get().email == "neu@stadt.example"


def remind(concern: Concern, people: People, day: dt.date, text: str = TEXT) -> OfficeReminder:
    return offices.remind_office(concern, email=OFFICE, text=text, by=people.contact, today=day)


def test_once_a_week_is_enough(people: People, concern: Concern) -> None:
    first = remind(concern, people, today() - 6 * DAY)
    again = f"Das geht wieder ab dem {today() + DAY:%d.%m.%Y}."
    with pytest.raises(services.ConcernRefused, match=again):
        remind(concern, people, today(), "Noch einmal")
    url = reverse("office_remind", args=[concern.pk])
    client = people.client("contact")
    assert client.get(url).status_code == 302
    detail = client.get(reverse("concern_detail", args=[concern.pk]))
    assert not detail.context["can_remind"]
    assert again in detail.content.decode()
    typed = client.post(url, {"email": OFFICE, "text": "Noch einmal"})
    assert again in typed.content.decode()
    assert "Noch einmal" in typed.content.decode()
    assert remind(concern, people, today() + DAY) != first


def test_only_where_an_office_has_something_to_say(people: People, concern: Concern) -> None:
    step(concern, people, "done")
    without = factories.make_concern(people.town, state="checking")
    for each in (concern, without):
        with pytest.raises(services.ConcernRefused, match="gerade keine Stelle"):
            remind(each, people, today())
        answer = people.client("contact").get(reverse("office_remind", args=[each.pk]), follow=True)
        assert offices.NOTHING_TO_ASK in answer.content.decode()


def test_a_promise_is_reminded_of_in_its_own_words(people: People, concern: Concern) -> None:
    step(concern, people, "promised", promised_until=today() + DAY)
    assert f"bis zum {today() + DAY:%d.%m.%Y} haben Sie uns etwas zugesagt" in offices.default_text(concern)
    assert offices.why_not_to_remind(concern, today()) == ""


@pytest.mark.parametrize(
    ("server", "shown", "can_remind"),
    [
        (nullcontext(), "", False),
        (refusing(OFFICE), "nicht angekommen", True),
        (server_away(), "Wir versuchen es weiter", False),
    ],
)
def test_what_did_not_arrive_is_shown_and_may_be_sent_again(
    people: People, concern: Concern, server: AbstractContextManager[None], shown: str, can_remind: bool
) -> None:
    remind(concern, people, today())
    with server:
        assert len(outbox) == (not shown)
    detail = people.client("contact").get(reverse("concern_detail", args=[concern.pk]))
    text = detail.content.decode()
    told = [words for words in ("nicht angekommen", "Wir versuchen es weiter") if words in text]
    assert (told, detail.context["can_remind"]) == ([shown] if shown else [], can_remind)
    if can_remind:
        remind(concern, people, today(), "Bitte melden Sie sich.")
        assert len(outbox) == 1


def test_the_database_keeps_the_week(people: People, concern: Concern) -> None:
    first = remind(concern, people, today())
    values = {
        "concern": concern,
        "office": concern.office,
        "email": OFFICE,
        "text": "x",
        "sent_by": people.contact,
    }
    with pytest.raises(IntegrityError, match="reminder_once_a_week"), transaction.atomic():
        OfficeReminder.objects.create(**values, reminded_on=today() + 6 * DAY)
    OfficeReminder.objects.filter(pk=first.pk).update(failed_at=timezone.now())
    OfficeReminder.objects.create(**values)


# --- the page of the offices


def test_the_list_says_what_is_open_and_late_in_the_own_towns(people: People, concern: Concern) -> None:
    asked_ago(concern, 20)
    factories.make_concern(people.town, office=concern.office, state="done", closed_at=timezone.now())
    factories.make_concern(people.other_town, office=concern.office)
    factories.make_concern(people.other_town, office=factories.make_organisation("Fremdes Amt"))
    page = people.client("mediator").get(reverse("office_list"))
    rows = [(o.name, o.open_concerns, o.late_replies) for o in page.context["page"].object_list]
    assert rows == [("Tiefbauamt", 1, 1)]
    assert "1 Antwort überfällig" in page.content.decode()


def test_a_period_is_set_and_what_lies_there_begins_today(people: People, office: Organisation) -> None:
    Organisation.objects.update(reply_days=None, email="")
    lying = factories.make_concern(people.town, state="checking", office=office)
    client, url = people.client("contact"), reverse("office_edit", args=[office.pk])
    for wrong in ("0", "366", "bald"):
        answer = client.post(url, {"reply_days": wrong, "email": ""})
        assert answer.status_code == 200
        assert "reply_days" in answer.context["form"].errors
    client.post(url, {"reply_days": "21", "email": OFFICE})
    office.refresh_from_db()
    lying.refresh_from_db()
    assert (office.reply_days, office.email) == (21, OFFICE)
    assert (lying.office_asked_on, lying.reply_due_on) == (today(), today() + 21 * DAY)


def test_the_timetable_knows_it() -> None:
    from kiv_portal.celery import app

    assert "activities.tell_late_replies" in {entry["task"] for entry in app.conf.beat_schedule.values()}
