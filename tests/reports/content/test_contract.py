"""The invented snapshots have the shape of real ones, and nothing that is hidden gets out of a real one."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from activities.attachments.services import add_activity_photo
from activities.models import ClosedPeriod
from reports.content import open_data, tables
from reports.figures.snapshot import read_snapshot, to_json
from reports.steps.freezing import snapshot_of
from reports.writing.photo_queries import photos_to_choose
from reports.writing.photo_services import choose_photos, frozen_photos
from reports.writing.services import save_section
from tests import factories
from tests.people import People
from tests.reports.content import snapshots


@pytest.fixture
def real(people: People, settings: Any, tmp_path: Any) -> dict[str, Any]:
    """Two activities of one field: 12 and 3 people; and one of another field with 3 people."""
    settings.MEDIA_ROOT = tmp_path
    for code in ("arbeit", "wohnen", "gesundheit"):
        factories.make_field(code)
    counselling = factories.make_kind("beratung", "Beratung", 2)
    common = {"description": "Mit dem Bauamt geprüft.", "result": "done"}
    factories.make_activity(people.kiv, people.town, people_reached=12, **common)
    factories.make_activity(people.kiv, people.town, people_reached=3, kind=counselling)
    factories.make_activity(
        people.kiv,
        people.town,
        people_reached=3,
        field=factories.make_field("verkehr"),
        further_fields=["wohnen"],
        day=dt.date(2022, 4, 1),
    )
    concern = factories.make_concern(people.town, is_public=True, place="Eltingen", field="verkehr")
    factories.make_step(concern, "checking", dt.date(2022, 3, 5))
    people.kiv.appointments.update(starts_on=dt.date(2020, 10, 1))
    ClosedPeriod.objects.create(
        municipality=people.town,
        starts_on=dt.date(2020, 10, 1),
        ends_on=dt.date(2021, 9, 30),
        reason="Bericht",
    )
    factories.make_activity(people.kiv, people.town, day=dt.date(2021, 7, 14), is_late=True)
    report = factories.make_report(people.town)
    report.consultations.create(session_on=dt.date(2022, 11, 22))
    easy = save_section(report, "easy", "Das ist ein Bericht.", version=0, by=people.mediator)
    report.easy_checks.create(
        text_version=easy.version,
        checked_on=dt.date(2022, 10, 1),
        group="Prüfgruppe",
        persons=5,
        recorded_by=people.mediator,
    )
    activity = people.kiv.activities.first()
    add_activity_photo(
        activity, snapshots.TOUR, alt_text="Eine Rampe", is_decorative=False, by=people.mediator
    )
    photos = [choice.photo for choice in photos_to_choose(report)]
    choose_photos(report, offered=photos, chosen=photos, by=people.mediator)
    snapshot = snapshot_of(report, dated=dt.date(2022, 10, 12), photos=frozen_photos(report))
    return json.loads(json.dumps(to_json(snapshot)))


def paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}.{key}"
            yield from paths(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}[]")


def test_the_invented_snapshots_are_shaped_like_real_ones(real):
    assert set(paths(snapshots.newest(snapshots.normal_year()))) == set(paths(real))


def test_people_are_published_by_field_and_in_total_only(real):
    published = open_data.published(read_snapshot(real))
    told = {path for path in paths(published) if "people" in path}
    assert told == {
        ".totals.people_reached",
        ".totals.people_reached_at_least",
        ".totals.people_not_counted",
        ".totals.people_ranges",
        ".fields[].people_reached",
        ".fields[].people_not_counted",
        ".fields[].people_ranges",
    }
    by_code = {field["code"]: field["people_reached"] for field in published["fields"]}
    assert (by_code["bildung"], by_code["verkehr"]) == (15, None)
    assert published["totals"]["people_reached"] is None
    assert set(paths(published)) - set(paths(real)) == {".note", ".totals.people_reached_at_least"}
    assert set(paths(real)) - set(paths(published)) >= {".photos[].pictures[].file"}


def test_the_tables_tell_people_by_field_only(real):
    rows = [
        line.split(";") for line in tables.figures_csv(read_snapshot(real)).decode("utf-8-sig").splitlines()
    ]
    people = {(row[0], row[1]): row[4] for row in rows if row[4]}
    assert people.pop(("Gesamt", "Alle Aktivitäten")) == "mindestens 15"
    assert people.pop(("Handlungsfeld", "Verkehr und Infrastruktur")) == "unter 5"
    assert {group for group, _ in people} == {"Gliederung", "Handlungsfeld"}
    assert "Personen" not in tables.activities_csv(read_snapshot(real)).decode()
