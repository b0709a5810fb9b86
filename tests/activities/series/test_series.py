"""What comes again waits as a ready entry on its day; one tap puts it into the log, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivitySeries, ClosedPeriod, SeriesDay
from activities.series import queries
from activities.series.queries import MOST, waiting_days
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
TUESDAY = dt.date(2022, 3, 8)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: TUESDAY)


@pytest.fixture
def series(people: People) -> ActivitySeries:
    """Waits today, and on two Tuesdays before."""
    return factories.make_series(people.kiv, people.town, starts_on=dt.date(2022, 2, 22), place="Rathaus")


@pytest.fixture
def client(people: People) -> Client:
    return people.client("mediator")


def days(people: People, day: dt.date = TUESDAY) -> list[dt.date]:
    return [waiting.day for waiting in waiting_days(people.mediator, day)]


def answer(client: Client, series: ActivitySeries, say: str, day: dt.date = TUESDAY) -> str:
    url = reverse("series_answer", args=[series.pk, day.isoformat()])
    return client.post(url, {"answer": say}, follow=True).content.decode()


# --- what waits


def test_each_day_waits_for_two_weeks(people: People, series: ActivitySeries) -> None:
    assert days(people) == [TUESDAY, dt.date(2022, 3, 1), dt.date(2022, 2, 22)]
    assert days(people, dt.date(2022, 3, 9)) == [TUESDAY, dt.date(2022, 3, 1)]
    assert days(people, dt.date(2022, 2, 21)) == []


@pytest.mark.parametrize(
    ("rhythm", "weekday", "expected"),
    [
        ("fortnightly", 2, ["2022-02-22", "2022-03-08"]),
        ("first", 2, ["2022-03-01"]),
        ("second", 2, ["2022-03-08"]),
        ("last", 1, ["2022-02-28"]),
    ],
)
def test_the_rule(people: People, rhythm: str, weekday: int, expected: list[str]) -> None:
    factories.make_series(
        people.kiv, people.town, starts_on=dt.date(2022, 2, 22), rhythm=rhythm, weekday=weekday
    )
    assert [day.isoformat() for day in reversed(days(people))] == expected


def test_what_is_over_or_somebody_else_s_does_not_wait(people: People, series: ActivitySeries) -> None:
    series.ends_on = dt.date(2022, 3, 1)
    series.save()
    factories.make_series(people.stranger.mediator, people.other_town)
    assert days(people) == [dt.date(2022, 3, 1), dt.date(2022, 2, 22)]


def test_not_too_much_at_once(people: People) -> None:
    for number in range(3):
        factories.make_series(people.kiv, people.town, title=f"Reihe {number}")
    assert (len(days(people)), days(people)[0]) == (MOST, TUESDAY)


# --- the answer


def test_yes_is_one_tap(people: People, client: Client, series: ActivitySeries) -> None:
    page = client.get("/start/").content.decode()
    for words in ("Hat das stattgefunden?", "Sprechstunde im Rathaus, heute", "Ja, 2 Stunden", "Heute nicht"):
        assert words in page
    assert "Gespeichert: Sprechstunde im Rathaus, heute, 2 Stunden." in answer(client, series, "yes")
    entry = Activity.objects.get()
    assert (entry.day, entry.minutes, entry.place, entry.mediator) == (TUESDAY, 120, "Rathaus", people.kiv)
    assert SeriesDay.objects.get().took_place
    assert "ist nichts mehr offen" in answer(client, series, "yes")
    assert Activity.objects.count() == 1
    assert days(people) == [dt.date(2022, 3, 1), dt.date(2022, 2, 22)]


def test_no_is_one_tap_too(people: People, client: Client, series: ActivitySeries) -> None:
    page = answer(client, series, "no", dt.date(2022, 3, 1))
    assert "Vermerkt: Sprechstunde im Rathaus fand" in page
    assert (Activity.objects.count(), SeriesDay.objects.get().took_place) == (0, False)
    assert days(people) == [TUESDAY, dt.date(2022, 2, 22)]


def test_two_presses_at_one_moment_are_one_entry(
    client: Client, series: ActivitySeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(client, series, "yes")
    SeriesDay.objects.all().delete()  # as the second one sees it
    answer(client, series, "yes")
    assert (Activity.objects.count(), SeriesDay.objects.count()) == (1, 1)


def test_who_has_more_to_say_gets_the_form(people: People, client: Client, series: ActivitySeries) -> None:
    url = f"/aktivitaeten/neu/?reihe={series.pk}&tag={TUESDAY.isoformat()}"
    assert url.replace("&", "&amp;") in client.get("/start/").content.decode()
    form = client.get(url).context["form"]
    shown = {name: form[name].value() for name in ("title", "place", "kind", "field", "entry_key")}
    assert (shown["title"], shown["place"], shown["kind"], shown["field"]) == (
        *("Sprechstunde im Rathaus", "Rathaus", "begehung", "quer"),
    )
    typed = shown | {"day": "8.3.2022", "minutes": "2h30", "description": "Fünf Menschen kamen."}
    client.post(url, typed)
    assert Activity.objects.get().description == "Fünf Menschen kamen."
    assert (SeriesDay.objects.get().day, TUESDAY in days(people)) == (TUESDAY, False)


@pytest.mark.parametrize(
    "query", ["reihe=x&tag=2022-03-08", "reihe={}&tag=gestern", "reihe={}&tag=2022-03-09", "tag=1"]
)
def test_an_address_that_leads_nowhere_gives_an_empty_form(
    client: Client, series: ActivitySeries, query: str
) -> None:
    form = client.get(f"/aktivitaeten/neu/?{query.format(series.pk)}").context["form"]
    assert form["title"].value() in (None, "")


def test_a_closed_day_leads_to_the_form_that_offers_a_late_entry(
    people: People, client: Client, series: ActivitySeries
) -> None:
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=TUESDAY, ends_on=TUESDAY, reason="Bericht"
    )
    page = answer(client, series, "yes")
    assert ("Möglich ist ein Nachtrag" in page, 'value="Sprechstunde im Rathaus"' in page) == (True, True)
    assert (Activity.objects.count(), SeriesDay.objects.count()) == (0, 0)


def test_after_the_last_day_of_the_post_nothing_waits(
    people: People, client: Client, series: ActivitySeries
) -> None:
    people.kiv.appointments.update(ends_on=dt.date(2022, 3, 1))
    assert days(people) == [dt.date(2022, 3, 1), dt.date(2022, 2, 22)]
    assert "ist nichts mehr offen" in answer(client, series, "yes")
    people.kiv.appointments.update(ends_on=TUESDAY)
    assert TUESDAY in days(people)
    people.kiv.appointments.all().delete()
    assert days(people) == []
    assert not Activity.objects.exists()


def test_former_mediators_are_offered_no_series(people: People, client: Client) -> None:
    page = reverse("activity_detail", args=[factories.make_activity(people.kiv, people.town).pk])
    assert "Als Reihe wiederholen" in client.get(page).content.decode()
    people.kiv.appointments.update(ends_on=dt.date(2022, 3, 2))
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=dt.date(2022, 3, 7), reason="Bericht"
    )
    assert "Als Reihe wiederholen" not in client.get(page).content.decode()


def test_a_day_below_the_fold_is_answered_all_the_same(people: People, client: Client) -> None:
    """The page was open while a newer one came."""
    for number in range(3):
        series = factories.make_series(people.kiv, people.town, title=f"Reihe {number}")
    first = dt.date(2022, 2, 22)
    assert first not in days(people)
    assert "Gespeichert: Reihe 2" in answer(client, series, "yes", first)


@pytest.mark.expected_errors("the process died", "Internal Server Error")
def test_entry_and_answer_are_stored_together_or_not_at_all(
    client: Client, series: ActivitySeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("the process died")

    monkeypatch.setattr("activities.log.views.settle", broken)
    url = f"/aktivitaeten/neu/?reihe={series.pk}&tag={TUESDAY.isoformat()}"
    form = client.get(url).context["form"]
    typed = {name: form[name].value() for name in ("title", "kind", "field", "entry_key")}
    with pytest.raises(RuntimeError, match="died"):
        client.post(url, typed | {"day": "8.3.2022", "minutes": "2h"})
    assert not Activity.objects.exists()


def test_a_day_that_is_none_or_somebody_else_s(people: People, series: ActivitySeries) -> None:
    url = reverse("series_answer", args=[series.pk, "gestern"])
    assert people.client("mediator").post(url).status_code == 404
    url = reverse("series_answer", args=[series.pk, TUESDAY.isoformat()])
    assert people.client("stranger").post(url).status_code == 404
    assert not SeriesDay.objects.exists()


# --- making and ending one


def test_an_activity_becomes_a_series(people: People, client: Client) -> None:
    activity = factories.make_activity(
        people.kiv, people.town, title="Treff im Café", day=dt.date(2022, 3, 3), minutes=90, place="Café"
    )
    url = reverse("series_create", args=[activity.pk])
    assert url in client.get(reverse("activity_detail", args=[activity.pk])).content.decode()
    form = client.get(url).context["form"]
    assert (form["weekday"].value(), form["title"].value()) == (4, "Treff im Café")
    typed: dict[str, Any] = {"title": "Treff im Café", "rhythm": "first", "weekday": "4", "place": "Café"}
    typed |= {"minutes": "15-17 Uhr", "starts_on": "heute"}
    page = client.post(url, typed, follow=True).content.decode()
    assert "Jeden ersten Donnerstag im Monat" in page
    assert "Das nächste Mal: Donnerstag, 7." in page
    made = ActivitySeries.objects.get()
    assert (made.minutes, made.starts_at, made.starts_on, made.mediator) == (
        *(120, dt.time(15, 0), TUESDAY, people.kiv),
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rhythm": ""}, "Bitte wählen Sie, wie oft."),
        ({"rhythm": "once"}, "rhythm"),
        ({"ends_on": "1.3.2022"}, "Das Ende liegt vor dem Beginn."),
        ({"minutes": "lange"}, "Diese Dauer verstehen wir nicht"),
        ({"title": "Besuch bei Frau Muster"}, "Bitte kurz prüfen"),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, series: ActivitySeries, wrong: dict[str, str], sentence: str
) -> None:
    typed = {
        "title": "Sprechstunde",
        "rhythm": "weekly",
        "weekday": "2",
        "minutes": "2 h",
        "starts_on": "heute",
    }
    answer = client.post(reverse("series_edit", args=[series.pk]), typed | wrong)
    shown = sentence in answer.content.decode() or sentence in answer.context["form"].errors
    assert (answer.status_code, shown) == (200, True)
    series.refresh_from_db()
    assert series.title == "Sprechstunde im Rathaus"


def test_it_is_ended_and_goes_on_again(people: People, client: Client, series: ActivitySeries) -> None:
    typed = {
        "title": "Sprechstunde",
        "rhythm": "weekly",
        "weekday": "2",
        "minutes": "2 h",
        "starts_on": "22.2.2022",
    }
    url = reverse("series_edit", args=[series.pk])
    page = client.post(url, typed | {"ends_on": "1.3.2022"}, follow=True).content.decode()
    assert ("beendet" in page, TUESDAY in days(people)) == (True, False)
    client.post(url, typed)
    assert TUESDAY in days(people)


def test_of_somebody_else_s_activity_nobody_makes_one(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town)
    url = reverse("series_create", args=[activity.pk])
    assert [people.client(who).get(url).status_code for who in ("contact", "stranger")] == [403, 404]


def test_the_database_knows_no_series_that_makes_no_sense(people: People) -> None:
    for values, rule in (
        ({"title": ""}, "with_a_title"),
        ({"minutes": 0}, "minutes_within_a_day"),
        ({"rhythm": "once"}, "comes_again"),
        ({"weekday": 8}, "on_a_weekday"),
        ({"ends_on": dt.date(2021, 9, 30)}, "ends_after_start"),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            factories.make_series(people.kiv, people.town, **values)


def test_one_query_however_many(people: People, django_assert_num_queries: Any) -> None:
    for number in range(3):
        series = factories.make_series(people.kiv, people.town, title=f"Reihe {number}")
        SeriesDay.objects.create(series=series, day=TUESDAY, took_place=True)
    with django_assert_num_queries(1):
        assert len(queries.waiting_days(people.mediator, TUESDAY)) == MOST
