"""Late entries (Nachträge): written down when the report on their day had been submitted, told by the next one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.imports import services as imports
from activities.models import Activity, ClosedPeriod, RowVerdict, RunKind
from tests import factories
from tests.activities.imports import table_files as files
from tests.activities.imports.checking import accept_all, run
from tests.broker import woken_by
from tests.people import People

pytestmark = pytest.mark.django_db
NEW = reverse("activity_create")
MAY = dt.date(2022, 5, 1)
QUESTION = (
    "Der Zeitraum vom 01.05.2022 bis 31.05.2022 ist abgeschlossen: Bericht. Möglich ist ein Nachtrag: "
    "Er zählt nicht in diesem Zeitraum, sondern steht für sich im nächsten Bericht."
)


def close(people: People, start: dt.date = MAY, end: dt.date = dt.date(2022, 5, 31)) -> ClosedPeriod:
    return ClosedPeriod.objects.create(
        municipality=people.town, starts_on=start, ends_on=end, reason="Bericht"
    )


@pytest.fixture
def closed(people: People) -> ClosedPeriod:
    factories.make_field()
    factories.make_kind()
    return close(people)


@pytest.fixture
def client(people: People, closed: ClosedPeriod) -> Client:
    return people.client("mediator")


def entry(**changes: str) -> dict[str, str]:
    return {
        "title": "Begehung Bahnhof",
        "day": "2.5.2022",
        "minutes": "90",
        "field": "bildung",
        "kind": "begehung",
        "entry_key": str(uuid.uuid4()),
    } | changes


def late_entry(people: People, **values: Any) -> Activity:
    return factories.make_activity(
        people.kiv, people.town, **{"day": dt.date(2022, 5, 2), "is_late": True} | values
    )


# --- what the database promises


def refused(activity: Activity, **values: Any) -> str:
    for name, value in values.items():
        setattr(activity, name, value)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        activity.save()
    return str(error.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


def test_late_is_only_what_lies_in_a_closed_period(people: People, closed: ClosedPeriod) -> None:
    in_time = factories.make_activity(people.kiv, people.town)
    assert refused(in_time, is_late=True) == "activity_late_for_closed_period"
    late = late_entry(people)
    assert refused(late, day=dt.date(2022, 6, 1)) == "activity_late_for_closed_period"
    late.refresh_from_db()
    assert refused(late, is_late=False) == "activity_not_in_closed_period"


def test_what_is_frozen_does_not_become_late(people: People) -> None:
    frozen = factories.make_activity(people.kiv, people.town, day=dt.date(2022, 5, 2))
    close(people)
    assert refused(frozen, is_late=True) == "activity_not_in_closed_period"


def test_a_late_entry_is_open_until_a_report_has_told_it(people: People, closed: ClosedPeriod) -> None:
    late = late_entry(people)
    late.title = "Anders"
    late.save()
    later = close(people, dt.date(2022, 6, 1), dt.date(2022, 6, 30))
    Activity.objects.filter(pk=late.pk).update(reported_in=later)
    late.refresh_from_db()
    assert late.closed_by() == later
    assert refused(late, title="Noch anders") == "activity_not_in_closed_period"
    with pytest.raises(IntegrityError), transaction.atomic():
        late.delete()


def test_only_a_late_entry_is_told_by_a_later_report(people: People, closed: ClosedPeriod) -> None:
    in_time = factories.make_activity(people.kiv, people.town)
    assert refused(in_time, reported_in=closed) == "activity_told_later_is_late"


def test_a_report_that_comes_back_takes_its_late_entries_in(people: People, closed: ClosedPeriod) -> None:
    late, told = late_entry(people), late_entry(people, title="Schon berichtet")
    later = close(people, dt.date(2022, 6, 1), dt.date(2022, 6, 30))
    Activity.objects.filter(pk=told.pk).update(reported_in=later)
    closed.delete()
    late.refresh_from_db()
    told.refresh_from_db()
    assert (late.is_late, told.is_late) == (False, True)
    assert late.events.filter(pgh_label="update", is_late=False).exists()


def test_a_late_entry_counts_in_no_period(people: People, closed: ClosedPeriod) -> None:
    late_entry(people)
    in_time = factories.make_activity(people.kiv, people.town)
    assert list(Activity.objects.in_period(factories.START, factories.END)) == [in_time]


# --- page and import ask, once


def test_the_page_asks_and_stores_it_late(client: Client) -> None:
    page: Any = client.post(NEW, entry())
    form = page.context["form"]
    (question,) = form.questions
    assert (question.label, question.why, question.answer) == ("Datum", QUESTION, "Als Nachtrag speichern")
    assert not form.errors
    assert "Als Nachtrag speichern" in page.content.decode()
    data = entry(privacy_checked=form.privacy_seen)
    assert client.post(NEW, data).status_code == 302
    assert Activity.objects.get().is_late
    # the answer holds for this day, not for another one
    assert client.post(NEW, data | {"day": "3.5.2022", "entry_key": str(uuid.uuid4())}).status_code == 200


def test_a_late_entry_is_changed_like_any_other(client: Client, people: People) -> None:
    late = late_entry(people)
    address = reverse("activity_edit", args=[late.pk])
    seen = str(client.get(address).context["form"].initial["seen"])
    assert client.post(address, entry(title="Zweite Begehung", seen=seen)).status_code == 302
    late.refresh_from_db()
    assert (late.title, late.is_late) == ("Zweite Begehung", True)
    seen = str(client.get(address).context["form"].initial["seen"])
    assert client.post(address, entry(title="Zweite Begehung", day="1.6.2022", seen=seen)).status_code == 302
    late.refresh_from_db()
    assert not late.is_late


def test_an_entry_that_moves_into_a_closed_period_asks(client: Client, people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town)
    address = reverse("activity_edit", args=[activity.pk])
    seen = str(client.get(address).context["form"].initial["seen"])
    page: Any = client.post(address, entry(seen=seen))
    assert [question.answer for question in page.context["form"].questions] == ["Als Nachtrag speichern"]
    sent = entry(seen=seen, privacy_checked=page.context["form"].privacy_seen)
    assert client.post(address, sent).status_code == 302
    activity.refresh_from_db()
    assert (activity.day, activity.is_late) == (dt.date(2022, 5, 2), True)


def test_what_a_report_holds_stays_frozen(client: Client, people: People, closed: ClosedPeriod) -> None:
    late = late_entry(people)
    Activity.objects.update(reported_in=close(people, dt.date(2022, 6, 1), dt.date(2022, 6, 30)))
    seen = Activity.objects.get().updated_at.isoformat()
    for name in ("activity_edit", "activity_delete"):
        answer: Any = client.post(reverse(name, args=[late.pk]), entry(seen=seen), follow=True)
        assert "vom 01.06.2022 bis 30.06.2022 ist abgeschlossen" in answer.content.decode()
    assert Activity.objects.get().title == late.title


def test_the_import_asks_at_the_row(people: People, closed: ClosedPeriod, monkeypatch: Any) -> None:
    woken_by(monkeypatch, "activities.import_run")
    table = [["Datum", "Titel", "Dauer", "Art"], ["2.5.2022", "Begehung", "90", "Begehung"]]
    imported = imports.open_import(people.kiv, name="x.csv", data=files.csv(table), by=people.mediator)
    run(imported)
    row = imported.rows.get()
    assert (row.verdict, row.sentences) == (RowVerdict.ASK, [QUESTION])
    accept_all(imported)
    run(imported, RunKind.STORE)
    assert Activity.objects.get().is_late


# --- list and page


def test_lists_show_it_and_count_it_apart(client: Client, people: People) -> None:
    late_entry(people, title="Zweite Begehung")
    factories.make_activity(people.kiv, people.town, title="In der Zeit")
    page = " ".join(client.get(reverse("activity_list")).content.decode().split())
    assert "2 Aktivitäten" in page
    assert "davon 1 Nachtrag" in page
    only = client.get(reverse("activity_list"), {"late": "on"})
    assert [row.title for row in only.context["page"].rows] == ["Zweite Begehung"]
    assert "Nur Nachträge" in only.content.decode()
    of_year = client.get(reverse("activity_list"), {"start": "1.5.2022", "end": "31.5.2022"})
    assert [row.title for row in of_year.context["page"].rows] == ["Zweite Begehung"]


def test_a_quick_period_of_the_list_shows_it(client: Client, people: People) -> None:
    day = timezone.localdate().replace(month=1, day=1)
    close(people, day, day)
    late_entry(people, title="Zweite Begehung", day=day)
    page: Any = client.get(reverse("activity_list"), {"period": "this_year"})
    assert page.context["filter_form"].chosen["period"] == "this_year"
    assert [row.title for row in page.context["page"].rows] == ["Zweite Begehung"]


def test_its_page_says_what_becomes_of_it(client: Client, people: People) -> None:
    late = late_entry(people)
    page = client.get(reverse("activity_detail", args=[late.pk])).content.decode()
    assert "Der nächste Bericht nennt diesen Nachtrag." in page
    assert ">Bearbeiten<" in page
    Activity.objects.update(reported_in=close(people, dt.date(2022, 6, 1), dt.date(2022, 6, 30)))
    page = client.get(reverse("activity_detail", args=[late.pk])).content.decode()
    assert "Der nächste Bericht nennt" not in page
    assert ">Bearbeiten<" not in page
    assert "Berichtigung hinzufügen" in page
