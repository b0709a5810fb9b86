"""A report has closed the entry: it stays, and what was wrong about it is said beside it."""

import pytest
from django.urls import reverse

from activities.models import ActivityCorrection, ClosedPeriod
from reports.steps import services as states
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "Es waren weniger Personen als angegeben."


@pytest.fixture
def activity(people):
    return factories.make_activity(people.kiv, people.town)


@pytest.fixture
def closed(people):
    return ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )


def correct(people, activity, text=TEXT, name="mediator"):
    return people.client(name).post(reverse("activity_correct", args=[activity.pk]), {"text": text})


def test_a_locked_entry_says_why_and_offers_a_correction(people, activity, closed):
    page = people.client("mediator").get(reverse("activity_detail", args=[activity.pk])).content.decode()
    assert (
        "ist abgeschlossen: Bericht" in page,
        "Berichtigung hinzufügen" in page,
        "Bearbeiten" in page,
    ) == (
        True,
        True,
        False,
    )


def test_a_correction_is_shown_with_who_and_when(people, activity, closed):
    answer = correct(people, activity)
    assert answer.url == reverse("activity_detail", args=[activity.pk])
    for name in ("mediator", "contact", "coordinator"):
        page = people.client(name).get(answer.url).content.decode()
        assert (TEXT in page, "<strong>Vera Vermittlung</strong>" in page) == (True, True)
    activity.refresh_from_db()
    assert activity.people_reached is None


def test_corrected_entries_are_marked_in_lists(people, activity, request):
    factories.make_activity(people.kiv, people.town, title="Ohne Berichtigung")
    request.getfixturevalue("closed")
    lists = {"mediator": "/aktivitaeten/", "contact": "/kommunen/leonberg/aktivitaeten/"}
    assert [
        people.client(name).get(url).content.decode().count("berichtigt") for name, url in lists.items()
    ] == [0, 0]
    correct(people, activity)
    assert [
        people.client(name).get(url).content.decode().count("berichtigt") for name, url in lists.items()
    ] == [1, 1]


def test_said_twice_in_a_row_is_said_once(people, activity, closed):
    for text in (TEXT, TEXT, "Und sie dauerte zwei Stunden."):
        correct(people, activity, text)
    assert ActivityCorrection.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Bitte schreiben Sie, was richtig ist."), ("x" * 2001, "2000"), ("a\x00", "unsichtbare Zeichen")],
)
def test_an_empty_or_endless_correction_gets_a_sentence(people, activity, closed, text, sentence):
    answer = correct(people, activity, text)
    assert sentence in answer.context["form"].errors["text"][0]
    assert ActivityCorrection.objects.count() == 0


def test_who_may_correct(people, activity, closed):
    granted = {
        name
        for name in people.NAMES
        if name != "anonymous" and correct(people, activity, name=name).status_code == 302
    }
    assert granted == {"mediator"}


def test_while_the_report_is_returned_the_entry_itself_can_be_changed(people, activity):
    report = factories.make_report(people.town)
    edit, detail = (reverse(name, args=[activity.pk]) for name in ("activity_edit", "activity_detail"))
    client = people.client("mediator")
    states.submit_report(report, by=people.coordinator)
    assert client.get(edit).url == detail
    assert client.get(reverse("activity_correct", args=[activity.pk])).status_code == 200
    states.return_report(report, by=people.coordinator, note="Bitte ändern")
    assert client.get(edit).status_code == 200
    assert client.get(reverse("activity_correct", args=[activity.pk])).url == detail


def test_text_written_while_the_report_came_back_is_kept(people, activity):
    answer = correct(people, activity)
    assert answer.status_code == 302
    assert ActivityCorrection.objects.get().text == TEXT
