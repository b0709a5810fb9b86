"""Open data are what the allow-lists name, byte by byte as they have been since the first of them was handed out."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest

from reports.content import open_data
from reports.content.data_files import csv_file, json_file, xlsx_file
from reports.content.listed import for_everybody
from reports.content.report import report_attachments
from reports.county.content import county_tables
from reports.county.content.county import county_attachments
from reports.county.snapshot import CountySnapshot, TownSums, read_county_snapshot
from reports.figures.snapshot import Snapshot, Sums, Town, read_snapshot, to_json
from reports.figures.typed_json import read
from tests.reports.content import snapshots
from tests.reports.county.content import county_snapshots

SECRET = "Geheimzeichen 4711"
# what the lists leave out: judged one by one before it is given, or nobody's matter
NOT_BY_ITSELF = {
    ("Totals", "people_reached"),
    ("TownFieldSums", "people_reached"),
    ("GroupCheck", "persons"),
    *(("MonthSums", name) for name in ("people_reached", "people_not_counted", "people_ranges")),
    *(("NamedSums", name) for name in ("people_reached", "people_not_counted", "people_ranges")),
    ("ListedActivity", "people_reached"),
    ("FrozenPicture", "file"),
}
NOT_BY_ITSELF_IN_THE_COUNTY = {
    ("Sums", "people_reached"),
    ("FieldSums", "people_reached"),
    ("TownSums", "people_reached"),
    ("TownSums", "people_by_field"),
    *(("MonthSums", name) for name in ("people_reached", "people_not_counted", "people_ranges")),
    *(("NamedSums", name) for name in ("people_reached", "people_not_counted", "people_ranges")),
}


@pytest.mark.parametrize(
    ("allowed", "left_out"),
    [
        (open_data.PUBLISHED, NOT_BY_ITSELF),
        (county_tables.PUBLISHED, NOT_BY_ITSELF_IN_THE_COUNTY),
    ],
)
def test_somebody_has_decided_about_every_field(allowed: Any, left_out: set[tuple[str, str]]) -> None:
    """A new field of the snapshot stands in a list, or here."""
    known = {(kind.__name__, field.name) for kind in allowed for field in fields(kind)}
    named = {(kind.__name__, name) for kind, names in allowed.items() for name in names}
    assert named <= known
    assert known - named == left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterTown(Town):
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterSnapshot(Snapshot):
    municipality: LaterTown
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterTownSums(TownSums):
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterCountySnapshot(CountySnapshot):
    towns: tuple[LaterTownSums, ...]
    totals: Sums
    secret: str


def test_a_new_field_of_the_snapshot_does_not_get_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = snapshots.newest(snapshots.normal_year())
    before = dict(files_of(read_snapshot(data)))
    later = {**data, "secret": SECRET, "municipality": {**data["municipality"], "secret": SECRET}}
    snapshot = read(LaterSnapshot, later, "Snapshot")
    assert SECRET in str(to_json(snapshot))
    for new, old in ((LaterSnapshot, Snapshot), (LaterTown, Town)):
        monkeypatch.setitem(open_data.PUBLISHED, new, open_data.PUBLISHED[old])  # type: ignore[arg-type]
    assert dict(files_of(snapshot)) == before


def test_a_new_field_of_the_countys_snapshot_does_not_get_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = county_snapshots.ten_towns()
    before = [file.data for file in county_attachments(read_county_snapshot(data))]
    later = {**data, "secret": SECRET, "towns": [{**town, "secret": SECRET} for town in data["towns"]]}
    snapshot = read(LaterCountySnapshot, later, "Snapshot")
    for new, old in ((LaterCountySnapshot, CountySnapshot), (LaterTownSums, TownSums)):
        monkeypatch.setitem(county_tables.PUBLISHED, new, county_tables.PUBLISHED[old])  # type: ignore[arg-type]
    assert [file.data for file in county_attachments(snapshot)] == before


def files_of(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Every file with data of a report, an XLSX part by part."""
    yield "csv", csv_file(snapshot)
    yield "json", json_file(snapshot)
    with zipfile.ZipFile(io.BytesIO(xlsx_file(snapshot))) as book:
        yield from ((name, book.read(name)) for name in sorted(book.namelist()))
    yield from ((file.name, file.data) for file in report_attachments(snapshot))


@pytest.mark.parametrize(("confirmed", "told"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_a_few_who_say_that_it_is_good_are_no_number(confirmed: int, told: int | None) -> None:
    data = snapshots.as_of_schema_6(snapshots.normal_year())
    data["concerns"]["confirmed"] = confirmed
    assert open_data.published(read_snapshot(data))["concerns"]["confirmed"] == told


# SHA-256 over CSV, JSON and the PDF's attachments of a normal year, as they were when they were first handed out
HANDED_OUT = {
    1: "9439314e02c5111bfe572797b518256e0ca66bfd2c13ad7cf2fe4b6e56dd1229",
    2: "496b73485276958b70b466754d2567e99a0e4c5b9f77b6e081bde39b75833987",
    3: "1af5dce778f68fa1de4f019d8f164eccb40804d231746a86bd638802c00ff129",
    4: "34dbd832f0f0cd61d82f63455e1c9c1bc43fefeb135d7c72606ba562e6e2ceae",
    5: "6886d9cc1ed242851cd493fe1a70a5c848cd05b1b80ae3b4f9192c9cdc6a14dd",
    6: "f91d07f61b31f86341d0076b6c13cc25ec894495891702544ad0078f8df926f0",
    7: "f38d3c88799ade7b55de4569fb6db942b3d6ed9ccc0143ddb7bdbcfba229bec0",
}
HANDED_OUT_BY_THE_COUNTY = "be13fed2e9776d5e22fea71366fee8e31db6fbd2f20db3b181e08e1115b12427"


@pytest.mark.parametrize("schema", HANDED_OUT)
def test_open_data_are_the_same_bytes_as_ever(schema: int) -> None:
    as_of = {
        1: snapshots.as_of_schema_1,
        3: snapshots.as_of_schema_3,
        4: snapshots.as_of_schema_4,
        5: snapshots.as_of_schema_5,
        6: snapshots.as_of_schema_6,
        7: snapshots.as_of_schema_7,
    }
    data = snapshots.normal_year()
    snapshot = for_everybody(read_snapshot(as_of[schema](data) if schema in as_of else data))
    files = [csv_file(snapshot), json_file(snapshot), *(file.data for file in report_attachments(snapshot))]
    assert hashlib.sha256(b"\0".join(files)).hexdigest() == HANDED_OUT[schema]


def test_open_data_of_the_county_are_the_same_bytes_as_ever() -> None:
    files = [file.data for file in county_attachments(read_county_snapshot(county_snapshots.ten_towns()))]
    assert hashlib.sha256(b"\0".join(files)).hexdigest() == HANDED_OUT_BY_THE_COUNTY
