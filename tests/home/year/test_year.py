"""„Mein Jahr“: the person's own numbers, those of every other page, and what came of them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from activities.figures.totals import totals
from activities.models import Activity, ActivityPhoto, ClosedPeriod, ConcernStep
from home.year.queries import Outcomes, calendar_year, own_concerns, years_with_entries
from home.year.texts import came_of_it
from kiv_portal.periods import Period
from mediators.models import Appointment
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db


def year_page(people: People, name: str = "mediator", year: int | None = None) -> HttpResponse:
    return people.client(name).get(reverse("own_year_of", args=[year]) if year else reverse("own_year"))


def words_of(answer: HttpResponse) -> str:
    text = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").replace("&shy;", "").split())


@pytest.fixture
def log(people: People) -> People:
    kiv, town = people.kiv, people.town
    factories.make_activity(
        kiv, town, people_reached=12, travel_minutes=30, result="done", title="Rampe am Rathaus"
    )
    factories.make_activity(kiv, town, people_reached=None, minutes=60, result="promised")
    factories.make_activity(kiv, town, day=dt.date(2021, 12, 31), minutes=600)
    other = factories.make_mediator(factories.make_user("Olaf Anders"), town)
    factories.make_activity(other, town, minutes=300, title="Nicht von Vera")
    return people


def test_the_newest_year_is_shown_and_every_year_with_entries_can_be_chosen(log: People) -> None:
    answer = year_page(log)
    assert answer.context["year"] == 2022
    assert answer.context["years"] == [2022, 2021]
    assert 'href="/mein-jahr/2021/"' in answer.content.decode()
    assert "Mein Jahr 2021" in words_of(year_page(log, year=2021))


def test_the_numbers_are_the_own_ones_of_that_year(log: People) -> None:
    answer = year_page(log)
    heads = [(number, sentence) for number, sentence in answer.context["heads"]]
    assert heads == [("2", "Aktivitäten"), ("3", "Stunden Einsatz"), ("12", "Personen erreicht")]
    assert "Dazu kommen 30 Minuten Fahrzeit." in words_of(answer)
    assert "Bei 1 Aktivität hat niemand gezählt, wie viele Personen erreicht wurden." in words_of(answer)
    assert [row["row"].activities for row in answer.context["months"]].count(0) == 11
    assert [row["name"] for row in answer.context["fields"]] == ["Bildung und Schule"]
    assert "Nicht von Vera" not in words_of(answer)


def test_the_sums_are_those_of_the_one_definition(log: People) -> None:
    own = Activity.objects.filter(mediator=log.kiv)
    period = calendar_year(2022, timezone.localdate())
    whole = totals(own.between(period.start, period.end))
    shown = year_page(log).context["total"]
    assert (shown.activities, shown.minutes) == (whole.activities, whole.minutes) == (2, 150)


def test_a_late_entry_counts_for_the_person(log: People) -> None:
    """No period of a report counts it any more; it was done on its day."""
    ClosedPeriod.objects.create(
        municipality=log.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht eingereicht"
    )
    factories.make_activity(log.kiv, log.town, is_late=True, minutes=60)
    assert year_page(log).context["heads"][:2] == [("3", "Aktivitäten"), ("4", "Stunden Einsatz")]
    assert "2022: 3 Aktivitäten, 3 Stunden 30 Minuten." in words_of(log.client("mediator").get("/start/"))


def test_of_the_running_year_only_the_months_until_today() -> None:
    assert calendar_year(2026, dt.date(2026, 3, 5)) == Period(dt.date(2026, 1, 1), dt.date(2026, 3, 5))
    assert calendar_year(2025, dt.date(2026, 3, 5)).end == dt.date(2025, 12, 31)


def test_what_came_of_it_stands_with_its_sentence(log: People) -> None:
    concern = factories.make_concern(log.town, taken_over_by=log.kiv, title="Stufe am Eingang")
    factories.make_step(concern, "checking", dt.date(2022, 3, 2))
    factories.make_step(concern, "done", dt.date(2022, 5, 2), "Die Rampe ist gebaut.")
    words = words_of(year_page(log))
    assert "1 Anliegen ist umgesetzt. Bei 1 Aktivität wurde etwas umgesetzt, bei 1 etwas zugesagt." in words
    assert "Stufe am Eingang , 02.05.2022 Die Rampe ist gebaut." in words
    assert "Rampe am Rathaus , 01.03.2022" in words


def test_a_concern_counts_in_the_year_in_which_it_was_done(log: People) -> None:
    """Not in the one before, nor once it is taken up again; by whoever takes care of it or has worked on it."""

    def done_in(year: int) -> list[str]:
        return [concern.title for concern in year_page(log, year=year).context["concerns_done"]]

    worked_on = factories.make_concern(log.town, title="Mit Aktivität", reported_on=dt.date(2021, 11, 1))
    factories.make_activity(log.kiv, log.town, concern=worked_on)
    reopened = factories.make_concern(log.town, taken_over_by=log.kiv, title="Wieder offen")
    somebody_elses = factories.make_concern(log.town, title="Von anderen")
    for concern in (worked_on, reopened, somebody_elses):
        factories.make_step(concern, "checking", dt.date(2022, 3, 2))
        factories.make_step(concern, "done", dt.date(2022, 5, 2))
    factories.make_step(reopened, "checking", dt.date(2022, 6, 2))
    assert done_in(2022) == ["Mit Aktivität"]
    assert done_in(2021) == []


def test_who_may_no_longer_see_the_towns_concerns_does_not_see_them_here(log: People) -> None:
    concern = factories.make_concern(log.town, taken_over_by=log.kiv)
    assert list(own_concerns(log.mediator)) == [concern]
    Appointment.objects.filter(mediator=log.kiv).update(ends_on=factories.END)
    again = type(log.mediator).objects.get(pk=log.mediator.pk)
    assert list(own_concerns(again)) == []  # roles are asked once an object
    assert year_page(log).context["total"].activities == 2  # the own log stays


def test_photos_carry_their_description_and_lead_to_their_activity(log: People) -> None:
    activity = Activity.objects.get(title="Rampe am Rathaus")
    files = {"image": "a.jpg", "preview": "b.jpg", "width": 4, "height": 3, "added_by": log.mediator}
    ActivityPhoto.objects.create(activity=activity, alt_text="Eine Rampe aus Holz", **files)
    html = year_page(log).content.decode()
    assert 'alt="Eine Rampe aus Holz"' in html
    assert f'href="/aktivitaeten/{activity.pk}/"' in html
    assert not year_page(log, year=2021).context["photos"]


def test_a_year_without_entries_says_so(people: People) -> None:
    assert "Noch nichts erfasst" in words_of(year_page(people))
    factories.make_activity(people.kiv, people.town)
    assert "In diesem Jahr ist nichts erfasst" in words_of(year_page(people, year=2019))


def test_a_long_year_lists_the_newest_and_counts_the_rest(people: People) -> None:
    for day in range(1, 13):
        factories.make_activity(
            people.kiv, people.town, day=dt.date(2022, 3, day), result="done", title=f"T{day}"
        )
    answer = year_page(people)
    assert [activity.title for activity in answer.context["activities_done"]] == [
        f"T{n}" for n in range(12, 2, -1)
    ]
    assert "und 2 weitere" in words_of(answer)


@pytest.mark.parametrize("year", [1, 1899, 2999, 99999])
def test_a_year_that_cannot_be_is_not_found(people: People, year: int) -> None:
    assert year_page(people, year=year).status_code == 404


def test_two_counties_stand_on_one_page(log: People) -> None:
    calw = factories.make_town("Nagold", "08235046")
    factories.make_mediator(log.mediator, calw)
    field = factories.make_field("verkehr", calw.county)
    factories.make_activity(log.kiv, calw, field=field)
    answer = year_page(log)
    assert {row["name"] for row in answer.context["fields"]} == {
        "Bildung und Schule",
        "Verkehr und Infrastruktur",
    }
    assert "Vera Vermittlung, Inklusionsvermittlung in Leonberg und Nagold" in words_of(answer)
    assert years_with_entries(Activity.objects.filter(mediator=log.kiv))[2022].counties == {"08115", "08235"}


# --- the start page


def test_the_start_page_thanks(log: People) -> None:
    concern = factories.make_concern(log.town, taken_over_by=log.kiv)
    factories.make_step(concern, "checking", dt.date(2022, 3, 2))
    answer = log.client("mediator").get("/start/")
    assert "2022: 2 Aktivitäten, 2 Stunden 30 Minuten. Bei 1 Aktivität wurde etwas umgesetzt" in words_of(
        answer
    )
    factories.make_step(concern, "done", dt.date(2022, 5, 2))
    assert ConcernStep.objects.count() == 2
    answer = log.client("mediator").get("/start/")
    assert (
        "2022: 2 Aktivitäten, 2 Stunden 30 Minuten. 1 Anliegen ist umgesetzt. Danke! Mein Jahr"
        in words_of(answer)
    )


def test_nobody_is_thanked_for_nothing(people: People) -> None:
    assert "Danke!" not in words_of(people.client("mediator").get("/start/"))


@pytest.mark.parametrize(
    ("concerns", "results", "sentences"),
    [
        (0, {}, []),
        (0, {"open": 3, "refused": 1}, []),
        (0, {"promised": 2}, ["Bei 2 Aktivitäten wurde etwas zugesagt."]),
        (2, {"done": 1}, ["2 Anliegen sind umgesetzt.", "Bei 1 Aktivität wurde etwas umgesetzt."]),
    ],
)
def test_only_what_happened_is_said(concerns: int, results: dict[str, int], sentences: list[str]) -> None:
    said = [sentence.replace("\xa0", " ") for sentence in came_of_it(Outcomes(concerns, results))]
    assert said == sentences


def test_the_newest_concern_comes_first(people: People) -> None:
    for day in (1, 3, 2):
        factories.make_concern(people.town, title=f"Vom {day}. März", reported_on=dt.date(2022, 3, day))
    shown = people.client("mediator").get("/start/").context["concerns"]
    assert [concern.title for concern in shown] == ["Vom 3. März", "Vom 2. März", "Vom 1. März"]
