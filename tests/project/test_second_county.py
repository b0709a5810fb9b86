"""A second county comes and works: nothing of the first one changes, and neither sees anything of the other."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from activities.models import Concern
from mediators.models import Mediator
from municipalities.models import ActivityKind, County, FieldOfAction, Municipality
from municipalities.programme.load import load_programme
from reports.content.editions import build_file
from reports.county.figures import county_snapshot
from reports.figures.figures import report_figures
from reports.figures.snapshot import read_snapshot
from reports.models import InterimReport, ReportSnapshot
from reports.steps.freezing import snapshot_of
from reports.steps.services import submit_report
from tests import factories
from tests.people import People, signed_in
from tests.project.test_access import TABLE, asked, things  # noqa: F401  a fixture

pytestmark = pytest.mark.slow

CALW = Path(__file__).parent.parent / "municipalities" / "programme" / "calw.toml"
DAY = dt.date(2022, 3, 1)
MASKS = (  # what is another value at every visit
    r'name="(?:csrfmiddlewaretoken|_typed_by|started)" value="[^"]+',
    r'(?<="csrf_token": ")[^"]+',
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    r"\d\d:\d\d Uhr",
    r"(?<=<updated>)[^<]+",
)
OF_ALL_COUNTIES = {"oparl_bodies", "town_choice", "take_part"}  # list the towns of both
# beside the plain addresses of the table: what they show by field and kind, and as files
ALSO = {
    "activity_list": ("?field=bildung", "?field=quer&kind=begehung"),
    "all_activity_list": ("?field=verkehr", "?kind=beratung"),
    "municipality_activity_list": ("?field=gesundheit",),
    "activity_export": ("?format=csv", "?format=csv&field=arbeit"),
    "concern_list": ("?field=bildung",),
    "town_figures": ("?von=2021-10-01&bis=2022-09-30",),
    "county_figures": ("?von=2021-10-01&bis=2022-09-30",),
}
OF_BOEBLINGEN = ("Bildung und Schule", "Arbeit und Freizeit", "Leben und Wohnen", "Verkehr und Infrastruktur")
OF_CALW = (
    *("Gesund im Kreis Calw", "Lernen ein Leben lang", "Urlaub für alle", "Bus und Bahn", "Hausbesuch"),
    *("Ortstermin im Nordschwarzwald", "Gespräch unter vier Augen", "Offene Stunde"),
)


def work(mediator: Mediator, town: Municipality) -> None:
    """An activity of every kind, round the fields of the county, each touching the next field; a concern a field."""
    fields = [*FieldOfAction.objects.filter(county=town.county), None]
    for number, kind in enumerate(ActivityKind.objects.filter(county=town.county)):
        field, following = fields[number % len(fields)], fields[(number + 1) % len(fields)]
        factories.make_activity(
            mediator,
            town,
            day=DAY + dt.timedelta(days=number),
            field=field,
            further_fields=[following.code] if field and following else [],
            kind=kind,
            title=f"{kind.name} in {town.name}",
            description="Der Eingang bekommt eine Rampe.",
            minutes=30 + number,
            people_reached=5 + number,
            result="done",
        )
    for field in fields:
        factories.make_concern(
            town, field=field, state="checking", is_public=True, title=f"{field} in {town.name}"
        )


@pytest.fixture
def two(people: People, things: dict[str, Any]) -> dict[str, Any]:  # noqa: F811  the fixture
    """Böblingen at work, Calw taking part with a mediator, but without a programme yet."""
    load_programme()
    work(people.kiv, people.town)
    County.objects.filter(key="08235").update(name="Landkreis Calw")  # the home page names who takes part
    calw = Municipality.objects.get(slug="calw")
    factories.make_mediator(factories.make_user("Cem Calwer"), calw)
    _, token = factories.make_api_client(people.coordinator, people.town.county, name="Vergleich")
    return things | {"token": token}


def calw_comes(people: People) -> InterimReport:
    load_programme(CALW)
    calw = Municipality.objects.get(slug="calw")
    work(calw.appointments.get().mediator, calw)
    report = factories.make_report(calw)
    submit_report(report, by=people.other_county)
    return report


def masked(content: bytes) -> str:
    if content.startswith(b"PK"):  # a workbook: all but the moment at which it was made
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = sorted(set(file.namelist()) - {"docProps/core.xml"})
            content = b"\n".join(name.encode() + file.read(name) for name in parts)
    text = content.decode("utf-8", "replace")
    for mask in MASKS:
        text = re.sub(mask, "…", text)
    return text


def visited(people: People, names: set[str], things: dict[str, Any]) -> dict[tuple[str, str], str]:  # noqa: F811
    """{(person, address): what stands there}, of all pages that the person may read. What everybody reads is visited
    without and with an account.
    """
    found = {}
    windows = {person: people.client(person) for person in sorted(names)}
    for name, row in TABLE.items():
        if name in OF_ALL_COUNTIES:
            continue
        is_public = all(row.expected("get", person) == 200 for person in People.NAMES)
        url = reverse(name, kwargs={key: things.get(value, value) for key, value in row.kwargs.items()})
        for person, window in windows.items():
            if row.expected("get", person) != 200 or (is_public and person not in ("anonymous", "mediator")):
                continue
            for query in ("", *ALSO.get(name, ())):
                response = asked(window, "get", url + query)
                body = b"".join(response) if response.streaming else response.content
                found[person, url + query] = masked(body)
    return found


def figures_and_files(people: People, token: str) -> dict[str, Any]:
    """Everything that is counted, frozen or sent for Böblingen, by its name."""
    report = InterimReport.objects.get(municipality=people.town, period_end=factories.END)
    snapshot = snapshot_of(report, dated=DAY)
    found: dict[str, Any] = {
        "figures": report_figures(report),
        "snapshot": snapshot,
        "frozen": [row.data for row in ReportSnapshot.objects.filter(report__municipality=people.town)],
        "county": county_snapshot(people.town.county, factories.START, factories.END, dated=DAY),
    }
    for kind in ("csv", "json", "html"):
        found[kind] = build_file(kind, snapshot, edition_number="1").data
    bearer = {"authorization": f"Bearer {token}"}
    client = people.client("anonymous")
    for name, query in (
        ("api_activities", ""),
        ("api_concerns", ""),
        ("api_totals", "?start=2021-10-01&end=2022-09-30"),
    ):
        found[name] = client.get(reverse(name) + query, headers=bearer).json()
    return found


@pytest.mark.django_db
def test_a_second_county_changes_nothing_of_the_first(people: People, two: dict[str, Any]) -> None:
    names = set(People.NAMES) - {"other_county", "former", "newcomer"}
    counted, pages = figures_and_files(people, two["token"]), visited(people, names, two)
    assert len(pages) > 150
    assert any("Bildung und Schule" in page for page in pages.values())
    calw_comes(people)
    after = visited(people, names, two)
    assert [where for where in pages if pages[where] != after[where]] == []
    assert figures_and_files(people, two["token"]) == counted
    assert not [where for where, page in after.items() if any(word in page for word in OF_CALW)]
    assert not [name for name in counted if any(word in str(counted[name]) for word in OF_CALW)]


@pytest.mark.django_db
def test_each_county_sees_its_own_only(people: People, two: dict[str, Any]) -> None:
    report = calw_comes(people)
    calw = report.municipality
    cem = calw.appointments.get().mediator
    activity = factories.make_activity(
        cem, calw, day=dt.date(2022, 10, 5), kind="hausbesuch", field="bildung"
    )
    concern = Concern.objects.filter(municipality=calw).last()
    pages = {
        "mediator": [
            reverse("start"),
            reverse("activity_list"),
            reverse("activity_create"),
            reverse("activity_edit", args=[activity.pk]),
            reverse("activity_detail", args=[activity.pk]),
            reverse("offline_data"),
            reverse("concern_create"),
            reverse("report_detail", args=[report.pk]),
        ],
        "coordinator": [
            reverse("start"),
            reverse("all_activity_list"),
            reverse("activity_export"),
            reverse("concern_list"),
            reverse("concern_detail", args=[concern.pk]),
            reverse("municipality_detail", args=["calw"]),
            reverse("town_figures", args=["calw"]) + "?von=2021-10-01&bis=2022-09-30",
            reverse("county_figures", args=["08235"]) + "?von=2021-10-01&bis=2022-09-30",
            reverse("county_reports", args=["08235"]),
        ],
    }
    windows = {"mediator": signed_in(cem.user), "coordinator": signed_in(people.other_county)}
    for person, urls in pages.items():
        for url in urls:
            response = windows[person].get(url)
            body = b"".join(response) if response.streaming else response.content
            assert response.status_code == 200, url
            page = json.dumps(response.json(), ensure_ascii=False) if "daten" in url else body.decode()
            assert not [word for word in OF_BOEBLINGEN if word in page], url
    form = windows["mediator"].get(reverse("activity_create")).content.decode()
    assert [word for word in OF_CALW if word not in form] == []
    data = ReportSnapshot.objects.get(report=report).data
    assert [field["name"] for field in data["fields"]] == [
        *("Gesund im Kreis Calw", "Lernen ein Leben lang", "Arbeit und Beruf", "Urlaub für alle"),
        *("Wohnen auf dem Land", "Bus und Bahn", "Querschnitt"),
    ]
    assert {kind["code"] for kind in data["kinds"]} == set(calw.county.kinds.values_list("code", flat=True))
    for kind in ("csv", "json", "html"):
        text = build_file(kind, read_snapshot(data), edition_number="1").data.decode()
        assert not [word for word in OF_BOEBLINGEN if word in text], kind
        assert "Urlaub für alle" in text, kind


@pytest.mark.django_db
def test_one_code_is_a_row_of_each_county(people: People, two: dict[str, Any]) -> None:
    load_programme(CALW)
    names = dict(FieldOfAction.objects.filter(code="bildung").values_list("county", "name"))
    assert names == {"08115": "Bildung und Schule", "08235": "Lernen ein Leben lang"}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert County.objects.get(key="08235").kinds.count() == County.objects.get(key="08115").kinds.count() + 1
