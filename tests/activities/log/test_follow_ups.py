"""What one meant to look after again: on the start page, done with one press, also after the report."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ClosedPeriod
from tests import factories

pytestmark = pytest.mark.django_db
DUE, COMING = dt.date(2022, 4, 1), dt.date(2199, 1, 1)


@pytest.fixture
def activity(people):
    return factories.make_activity(people.kiv, people.town, title="Aufzug nachfragen", follow_up_on=DUE)


def done(people, activity, *, name="mediator", **data):
    return people.client(name).post(reverse("activity_follow_up_done", args=[activity.pk]), data)


def test_the_start_page_shows_what_is_due_and_what_comes(people, activity):
    later = factories.make_activity(people.kiv, people.town, title="Rampe ansehen", follow_up_on=COMING)
    factories.make_activity(people.kiv, people.town, title="Ohne")
    theirs = factories.make_mediator(factories.make_user("Kai Kollege"), people.town)
    factories.make_activity(theirs, people.town, title="Von Kai", follow_up_on=DUE)
    shown = people.client("mediator").get("/start/").context["follow_ups"]
    assert (shown.due, shown.coming, shown.has_more) == ([activity], [later], False)


def test_done_is_done_once(people, activity):
    assert done(people, activity).url == "/start/"
    first = Activity.objects.get().followed_up_at
    assert done(people, activity, bleiben="1").url == reverse("activity_detail", args=[activity.pk])
    assert Activity.objects.get().followed_up_at == first
    page = people.client("mediator").get("/start/")
    assert page.context["follow_ups"].due == []
    assert "Wiedervorlagen" not in page.content.decode()
    detail = people.client("mediator").get(reverse("activity_detail", args=[activity.pk])).content.decode()
    assert f"erledigt am {timezone.localdate():%d.%m.%Y}" in detail


def test_it_can_be_done_after_the_report(people, activity):
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )
    done(people, activity)
    assert Activity.objects.get().followed_up_at is not None


def test_another_day_makes_it_open_again(people, activity):
    done(people, activity)
    client = people.client("mediator")
    edit = reverse("activity_edit", args=[activity.pk])
    form = client.get(edit).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    client.post(edit, data | {"day": "1.3.2022", "follow_up_on": "1.4.2022", "title": "Gleicher Tag"})
    assert Activity.objects.get().followed_up_at is not None
    data["seen"] = client.get(edit).context["form"]["seen"].value()
    client.post(edit, data | {"day": "1.3.2022", "follow_up_on": "2.4.2022"})
    assert Activity.objects.get().followed_up_at is None


def test_an_empty_day_forgets_that_it_was_done(people, activity):
    done(people, activity)
    client = people.client("mediator")
    edit = reverse("activity_edit", args=[activity.pk])
    form = client.get(edit).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert client.post(edit, data | {"day": "1.3.2022", "follow_up_on": ""}).status_code == 302
    assert (Activity.objects.get().follow_up_on, Activity.objects.get().followed_up_at) == (None, None)


def test_who_may_say_done(people, activity):
    granted = {
        name
        for name in people.NAMES
        if name != "anonymous" and done(people, activity, name=name).status_code == 302
    }
    assert granted == {"mediator"}


def test_a_long_list_says_that_there_is_more(people, activity):
    for day in range(1, 10):
        factories.make_activity(people.kiv, people.town, follow_up_on=dt.date(2022, 5, day))
    shown = people.client("mediator").get("/start/").context["follow_ups"]
    assert (len(shown.due), shown.has_more) == (8, True)
