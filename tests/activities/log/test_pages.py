"""The log as a mediator uses it: nothing typed is lost, nothing is stored twice, every refusal is a sentence."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from activities.models import Activity, ClosedPeriod
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/aktivitaeten/"


@pytest.fixture
def client(people):
    factories.make_field()
    factories.make_field("wohnen")
    factories.make_kind()
    return people.client("mediator")


def filled(**changes):
    return {
        "title": "Begehung der Mensa",
        "kind": "begehung",
        "day": "1.3.2022",
        "minutes": "1h30",
        "field": "bildung",
        "further_fields": ["wohnen"],
        "people_reached": "12",
        "result": "done",
        "result_note": "Rampe gebaut",
        "description": "Die Mensa ist ohne Stufen erreichbar.",
        "entry_key": str(uuid.uuid4()),
    } | changes


def test_a_whole_entry_is_stored_and_confirmed(client, people):
    response = client.post(reverse("activity_create"), filled(), follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    activity = Activity.objects.get()
    assert (activity.mediator, activity.municipality) == (people.kiv, people.town)
    assert (activity.day, activity.minutes, activity.field_code) == (dt.date(2022, 3, 1), 90, "bildung")
    assert (activity.further_fields, activity.people_reached, activity.result) == (["wohnen"], 12, "done")
    assert "Gespeichert: Begehung der Mensa" in response.content.decode()


def test_going_back_and_changing_makes_a_second_entry(client):
    key = str(uuid.uuid4())
    for title in ("Vormittags", "Nachmittags"):
        page = client.post(
            reverse("activity_create"), filled(title=title, entry_key=key), follow=True
        ).content.decode()
        assert f"Gespeichert: {title}" in page
    assert sorted(Activity.objects.values_list("title", flat=True)) == ["Nachmittags", "Vormittags"]


def test_somebody_elses_key_takes_nothing_away(client, people):
    theirs = factories.make_activity(people.stranger.mediator, people.other_town)
    assert client.post(reverse("activity_create"), filled(entry_key=str(theirs.entry_key))).status_code == 302
    assert Activity.objects.count() == 2


def test_querschnitt_and_not_counted_are_answers(client):
    client.post(reverse("activity_create"), filled(field="quer", people_reached=""))
    activity = Activity.objects.get()
    assert (activity.field, activity.people_reached) == (None, None)
    form = client.get(reverse("activity_edit", args=[activity.pk])).context["form"]
    assert form["field"].value() == "quer"


def test_the_same_entry_sent_twice_is_stored_once(client):
    entry = filled()
    answers = [client.post(reverse("activity_create"), entry) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Activity.objects.count() == 1


def test_the_second_try_may_come_after_the_period_is_closed(client, people):
    entry = filled()
    client.post(reverse("activity_create"), entry)
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )
    assert client.post(reverse("activity_create"), entry).status_code == 302
    page = client.post(reverse("activity_create"), entry | {"title": "Anders"}).content.decode()
    assert ("ist abgeschlossen: Bericht" in page, Activity.objects.count()) == (True, 1)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Bitte geben Sie der Aktivität einen Titel."),
        ("day", "30.2.2022", "Den 30.2.2022 gibt es nicht"),
        ("day", "neulich", "Dieses Datum verstehen wir nicht"),
        ("minutes", "14:30 Uhr", "Das ist eine Uhrzeit"),
        ("starts_at", "mittags", "Diese Uhrzeit verstehen wir nicht"),
        ("day", "1.3.2021", "sind Sie nicht bestellt. Ihre Bestellung gilt seit dem 01.10.2021."),
        ("day", "1.1.2199", "Das Datum liegt in der Zukunft."),
        ("minutes", "25 Stunden", "Die Dauer liegt zwischen einer Minute und 24 Stunden."),
        ("minutes", "0", "Die Dauer liegt zwischen einer Minute und 24 Stunden."),
        ("minutes", "lange", "Diese Dauer verstehen wir nicht"),
        ("people_reached", "-3", "mindestens 0"),
        ("people_reached", "viele", "Bitte geben Sie eine ganze Zahl ein"),
        ("people_reached", "12,5", "Bitte geben Sie eine ganze Zahl ein"),
        ("field", "", "Bitte wählen Sie ein Handlungsfeld"),
        ("field", "raumfahrt", "aus der Liste"),
        ("kind", "", "Bitte wählen Sie eine Art."),
        ("title", "\u200b", "unsichtbare Zeichen"),
        ("title", "Mensa\u202eansem", "unsichtbare Zeichen"),
        ("title", "x" * 501, "500"),
        ("description", "x" * 10_001, "höchstens 10000 Zeichen"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_rest(client, field, value, sentence):
    response = client.post(reverse("activity_create"), filled(**{field: value}))
    page = response.content.decode()
    assert response.status_code == 200
    assert any(
        sentence in error for errors in response.context["form"].errors.values() for error in errors
    ), response.context["form"].errors
    assert ("Rampe gebaut" in page, "Begehung der Mensa" in page or field == "title") == (True, True)
    assert Activity.objects.count() == 0


def test_a_change_in_another_window_is_not_overwritten_silently(client, people):
    activity = factories.make_activity(people.kiv, people.town)
    url = reverse("activity_edit", args=[activity.pk])
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, filled(title="Erste", seen=seen))
    second = client.post(url, filled(title="Zweite", seen=seen))
    assert "in einem anderen Fenster geändert" in second.content.decode()
    assert "Zweite" in second.content.decode()
    activity.refresh_from_db()
    assert activity.title == "Erste"
    client.post(url, filled(title="Zweite", seen=second.context["form"]["seen"].value()))
    activity.refresh_from_db()
    assert activity.title == "Zweite"


def test_a_closed_period_is_explained_and_keeps_what_was_typed(client, people):
    activity = factories.make_activity(people.kiv, people.town)
    edit = reverse("activity_edit", args=[activity.pk])
    seen = client.get(edit).context["form"]["seen"].value()
    ClosedPeriod.objects.create(
        municipality=people.town,
        starts_on=factories.START,
        ends_on=factories.END,
        reason="Die Zahlen stehen im Bericht",
    )
    for url in (edit, reverse("activity_create")):
        response = client.post(url, filled(title="Zu spät getippt", seen=seen))
        page = response.content.decode()
        assert ("ist abgeschlossen" in page, "Zu spät getippt" in page) == (True, True)
    # the new day is open, the old one is not: the database says no, the page says why
    moved = client.post(edit, filled(day="1.10.2022", seen=seen)).content.decode()
    assert "inzwischen abgeschlossen" in moved
    assert client.get(edit).url == reverse("activity_detail", args=[activity.pk])
    assert client.post(reverse("activity_delete", args=[activity.pk])).status_code == 302
    assert Activity.objects.filter(title="Begehung der Grundschule").count() == 1


def test_filter_by_field_and_period(client, people):
    factories.make_activity(people.kiv, people.town, title="März", day=dt.date(2022, 3, 1))
    factories.make_activity(people.kiv, people.town, title="April", day=dt.date(2022, 4, 1), field=None)
    wanted = {
        "": ["April", "März"],
        "?field=quer": ["April"],
        "?field=bildung": ["März"],
        "?start=1.4.2022": ["April"],
        "?end=31.3.2022": ["März"],
        "?start=1.3.2022&end=31.3.2022&field=quer": [],
        "?field=raumfahrt&page=-1": ["April", "März"],
        "?start=quatsch": ["April", "März"],
        "?page=zwei": ["April", "März"],
    }
    got = {query: [row.title for row in client.get(LIST + query).context["page"].rows] for query in wanted}
    assert got == wanted
    assert "Dieses Datum verstehen wir nicht" in client.get(LIST + "?start=quatsch").content.decode()


def test_a_reversed_period_is_explained(client):
    assert (
        "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage."
        in client.get(LIST + "?start=2.3.2022&end=1.3.2022").content.decode()
    )


def test_deleting_asks_nothing_and_says_what_is_gone(client, people):
    activity = factories.make_activity(people.kiv, people.town)
    url = reverse("activity_delete", args=[activity.pk])
    page = client.get(reverse("activity_detail", args=[activity.pk])).content.decode()
    assert f'form="sofort" formaction="{url}">Löschen</button>' in page
    page = client.post(url, follow=True).content.decode()
    assert "Gelöscht: Begehung der Grundschule, am Dienstag, 01.03.2022." in page
    assert Activity.objects.count() == 0


def test_two_towns_make_the_form_ask_for_the_town(client, people):
    factories.make_mediator(people.mediator, people.other_town)
    form = client.get(reverse("activity_create")).context["form"]
    assert [town.name for town in form.fields["municipality"].queryset] == ["Herrenberg", "Leonberg"]
    client.post(reverse("activity_create"), filled(municipality=people.other_town.pk))
    assert Activity.objects.get().municipality == people.other_town
