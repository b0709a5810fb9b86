"""E-mails to people sound like people: a greeting, who writes, what happened, what comes next, one link."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from activities.concerns import reporter_services as reporter
from activities.concerns import services
from activities.models import Concern
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db
ADDRESS = "melderin@post.example"
UNTIL = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
WAYS = {
    "checking": ["checking"],
    "promised": ["checking", "promised"],
    "done": ["checking", "done"],
    "refused": ["refused"],
    "passed_on": ["passed_on"],
    "withdrawn": [],
}


def told(people: People, run: Callable[..., Any], way: str) -> mail.EmailMessage:
    """The last e-mail to who reported it."""
    with run(execute=True):
        concern = services.report_concern(
            Concern(municipality=people.town, title="Ampel <stumm>", description="x", contact_email=ADDRESS),
            by=None,
        )
        for state in WAYS[way]:
            services.take_step(
                concern, state=state, sentence="Das Amt war da.", by=people.contact, promised_until=UNTIL
            )
        if way == "withdrawn":
            reporter.withdraw(concern, reason="")
    found: mail.EmailMessage = [message for message in outbox if message.to == [ADDRESS]][-1]
    return found


@pytest.mark.parametrize("way", WAYS)
def test_what_a_citizen_reads(
    people: People, way: str, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    message = told(people, django_capture_on_commit_callbacks, way)
    text = str(message.body)
    status = Concern.objects.get().status_key
    assert text.startswith("Guten Tag,\n\n")
    assert text.rstrip().endswith("Freundliche Grüße\nIhre Inklusionsvermittlung Leonberg")
    assert "Ampel <stumm>" in text
    assert [str(status) in link for link in re.findall(r"https?://\S+", text)] == [True]
    assert ("Das Amt war da." in text) == (way != "withdrawn")
    assert "Inklusion in Leonberg" in message.from_email
    assert not re.search("automatisch|generiert|Vorgang|no-?reply|Niemand liest", text)
    assert "\n\n\n" not in text
    assert ("Ist es gut so?" in text) == (way == "done")


def test_the_town_hall_writes_while_the_post_is_vacant(
    people: People, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    people.town.appointments.update(ends_on=factories.END)
    assert "Ihr Rathaus Leonberg" in told(people, django_capture_on_commit_callbacks, "checking").body


@pytest.mark.parametrize("way", ["checking", "withdrawn"])
def test_how_to_reach_who_writes(
    people: People, way: str, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    reach = {"post_email": "inklusion@leonberg.example", "post_phone": "07152 9900"}
    type(people.town).objects.update(**reach)
    people.town.refresh_from_db()
    message = told(people, django_capture_on_commit_callbacks, way)
    assert message.reply_to == [reach["post_email"]]
    assert str(message.body).rstrip().endswith(f"Leonberg\n{reach['post_email']}")
    assert ("auf diese E-Mail antworten oder anrufen: 07152 9900." in message.body) == (way == "checking")
    assert "kommen leider nicht" not in message.body


def test_a_word_while_it_is_done_asks_nothing_again(
    people: People, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    told(people, django_capture_on_commit_callbacks, "done")
    with django_capture_on_commit_callbacks(execute=True):
        services.take_step(Concern.objects.get(), state="done", sentence="Ein Nachsatz.", by=people.contact)
    assert "Ein Nachsatz." in outbox[-1].body
    assert "Ist es gut so?" not in outbox[-1].body
    assert "gute Nachricht" not in outbox[-1].body
