"""Page, queue and import refuse the same entries in the same words, and store the same one once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from activities.imports import services as imports
from activities.log.models import Activity
from activities.log.services import EntryRefused, store_entries, store_entry
from activities.models import ActivityImport, ClosedPeriod, RunKind
from tests import factories
from tests.activities.imports import table_files as files
from tests.broker import woken_by
from tests.people import People
from tests.threads import Started, wait_until_it_waits

pytestmark = pytest.mark.django_db
COLUMNS = {
    "day": "Datum",
    "title": "Titel",
    "minutes": "Dauer",
    "travel_minutes": "Fahrzeit",
    "kind": "Art",
    "field": "Handlungsfeld",
    "people_reached": "Erreichte Personen",
    "expenses": "Auslagen",
    "result": "Ergebnis",
    "result_note": "Erläuterung",
}
GOOD = {
    "day": "1.3.2022",
    "title": "Begehung der Mensa",
    "minutes": "1:30",
    "travel_minutes": "",
    "kind": "begehung",
    "field": "bildung",
    "people_reached": "",
    "expenses": "",
    "result": "",
    "result_note": "",
}
IN_TABLE = {
    "begehung": "Begehung",
    "bildung": "Bildung und Schule",
    "refused": "abgelehnt",
    "passed_on": "weitergegeben",
}
BAD = {
    "in the future": (
        {"day": "1.1.2199"},
        "Das Datum liegt in der Zukunft. Bitte tragen Sie ein, was schon war.",
    ),
    "before the appointment": (
        {"day": "30.9.2021"},
        "An diesem Tag sind Sie nicht bestellt. Ihre Bestellung gilt seit dem 01.10.2021.",
    ),
    "no time at all": ({"minutes": "0"}, "Die Dauer liegt zwischen einer Minute und 24 Stunden."),
    "longer than a day": ({"minutes": "25 Stunden"}, "Die Dauer liegt zwischen einer Minute und 24 Stunden."),
    "longer than a day with the way": (
        {"minutes": "23h", "travel_minutes": "2h"},
        "Dauer und Fahrzeit zusammen sind mehr als 24 Stunden.",
    ),
    "longer than the rest of the day": (
        {"day": "2.3.2022", "minutes": "4h01"},
        "Ein Tag hat 24 Stunden. Für den 02.03.2022 sind schon 20 Stunden erfasst, "
        "mit dieser Aktivität wären es 24 Stunden 1 Minute.",
    ),
    "refused without a reason": (
        {"result": "refused"},
        "Zum Ergebnis fehlt die Erläuterung. Bitte schreiben Sie dazu, warum oder an wen.",
    ),
    "passed on to nobody": (
        {"result": "passed_on"},
        "Zum Ergebnis fehlt die Erläuterung. Bitte schreiben Sie dazu, warum oder an wen.",
    ),
    "too many people": ({"people_reached": "100.001"}, "Bitte geben Sie höchstens 100.000 Personen an."),
    "a range the wrong way round": (
        {"people_reached": "20-10"},
        "Bei „von … bis …“ steht die größere Zahl hinten.",
    ),
    "too expensive": ({"expenses": "10.000,01"}, "Bitte geben Sie höchstens 10.000 Euro an."),
}


@pytest.fixture(autouse=True)
def town_with_its_past(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    woken_by(monkeypatch, "activities.import_run")
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 3, 2), minutes=20 * 60)
    ClosedPeriod.objects.create(
        municipality=people.town,
        starts_on=dt.date(2022, 5, 1),
        ends_on=dt.date(2022, 5, 31),
        reason="Der Zwischenbericht ist eingereicht",
    )


def by_page(people: People, entry: dict[str, str]) -> list[str]:
    response = people.client("mediator").post(reverse("activity_create"), entry)
    errors = response.context["form"].errors if response.status_code == 200 else {}
    return [str(sentence) for sentences in errors.values() for sentence in sentences]


def by_queue(people: People, entry: dict[str, str]) -> list[str]:
    data = entry | {"account": people.mediator.pk}
    errors = people.client("mediator").post(reverse("activity_send"), data).json().get("errors", {})
    return [sentence for sentences in errors.values() for sentence in sentences]


def by_import(people: People, entry: dict[str, str]) -> list[str]:
    cells = [IN_TABLE.get(entry[name], entry[name]) for name in COLUMNS]
    imported = imports.open_import(
        people.kiv, name="x.csv", data=files.csv([list(COLUMNS.values()), cells]), by=people.mediator
    )
    run(imported, RunKind.CHECK)
    row = imported.rows.get()
    if row.verdict != "error":
        run(imported, RunKind.STORE)
    return row.sentences


def run(imported: ActivityImport, kind: RunKind) -> None:
    asked = imports.request_run(imported, kind, by=imported.uploaded_by)
    imports.do_run(asked.pk, worker="worker@test")


WAYS = [by_page, by_queue, by_import]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(("changes", "sentence"), BAD.values(), ids=BAD)
def test_a_bad_entry_gets_the_same_sentence(
    people: People, way: Any, changes: dict[str, str], sentence: str
) -> None:
    assert way(people, GOOD | changes | {"entry_key": str(uuid.uuid4())}) == [sentence]
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_same_entry_twice_is_stored_once(people: People, way: Any) -> None:
    entry = GOOD | {"entry_key": str(uuid.uuid4())}
    assert way(people, entry) == []
    way(people, entry)
    assert Activity.objects.filter(title=GOOD["title"]).count() == 1


UNSEEN = [
    ({"day": dt.date(2199, 1, 1)}, "Das Datum liegt in der Zukunft."),
    ({"day": dt.date(2021, 9, 30)}, "An diesem Tag sind Sie nicht für diese Kommune bestellt."),
    ({"day": dt.date(2022, 5, 2)}, "Der Zeitraum ist inzwischen abgeschlossen"),
    ({"day": dt.date(2022, 3, 2), "minutes": 241}, "inzwischen andere Aktivitäten erfasst"),
    ({"minutes": 0}, "Die Dauer liegt zwischen einer Minute und 24 Stunden."),
    ({"result": "refused"}, "Zum Ergebnis fehlt die Erläuterung."),
    ({"further_fields": ["raumfahrt"]}, "Ein Handlungsfeld gibt es nicht mehr."),
]


@pytest.mark.parametrize(("changes", "sentence"), UNSEEN, ids=[sentence for _, sentence in UNSEEN])
@pytest.mark.parametrize("store", [store_entry, lambda entry: store_entries([entry])], ids=["one", "many"])
def test_what_nobody_has_judged_the_database_refuses(
    people: People, store: Any, changes: dict[str, Any], sentence: str
) -> None:
    entry = Activity(**factories.activity_values(people.kiv, people.town, **changes))
    with pytest.raises(EntryRefused, match=sentence):
        store(entry)
    assert Activity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("changes", "stored"), [({}, 1), ({"title": "Am Nachmittag", "minutes": 60}, 2)])
def test_a_second_try_at_the_same_moment(people: People, changes: dict[str, Any], stored: int) -> None:
    """The first is not committed yet. With both of thirteen hours the day would be too long; the key would be twice."""
    values = factories.activity_values(
        people.kiv, people.town, minutes=13 * 60, place="", internal_note="", entry_key=uuid.uuid4()
    )
    with transaction.atomic():
        store_entry(Activity(**values))
        second = Started(lambda: store_entry(Activity(**values | changes)))
        wait_until_it_waits(second)
    assert second.join() is None
    assert Activity.objects.filter(day=values["day"]).count() == stored
