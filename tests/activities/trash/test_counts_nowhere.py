"""What lies in the bin counts nowhere: every place that counts, lists, offers, compares or hands out is asked thrice.

Before, with twins beside what is there (a place that does not notice them proves nothing), and with the twins deleted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import F, Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from activities.concerns.queries import concern_totals
from activities.figures.totals import breakdown, totals
from activities.imports.known import known_about
from activities.log.queries import earlier_entries, earlier_places, follow_ups
from activities.models import (
    Activity,
    ActivityDocument,
    ActivityOrganisation,
    ActivityPhoto,
    Concern,
    ConcernPhoto,
    Organisation,
    TrashItem,
)
from activities.trash.services import discard
from home.calendar import as_ics, due_entries
from reports.county.figures import county_snapshot
from reports.figures.figures import report_figures
from reports.figures.snapshot import FrozenPicture, PhotoGroup
from reports.models import InterimReport
from reports.steps.freezing import snapshot_of
from reports.writing.photo_queries import photos_to_choose
from reports.writing.photo_services import stored_photos
from tests import factories
from tests.activities.imports.test_rows import EMPTY_TABLE
from tests.people import People

pytestmark = pytest.mark.django_db
START, END = factories.START, factories.END
Asked = Callable[[People], Any]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def page(person: str, name: str, *args: Any, query: str = "") -> Asked:
    def read(people: People) -> str:
        answer = people.client(person).get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        html = answer.content.decode()
        return " ".join(strip_tags(re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)).split())

    return read


def lines_of(name: str, query: str = "") -> Asked:
    """Of a file that is sent in pieces."""

    def read(people: People) -> list[bytes]:
        answer: Any = people.client("mediator").get(reverse(name) + query)
        return b"".join(answer).splitlines() if answer.streaming else answer.content.splitlines()

    return read


def by_interface(address: str) -> Asked:
    def read(people: People) -> Any:
        _, token = factories.make_api_client(
            people.coordinator, people.town.county, name=timezone.now().isoformat()
        )
        return Client(headers={"authorization": f"Bearer {token}"}).get(f"/api/v1/{address}").json()

    return read


def report(people: People) -> Any:
    return InterimReport.objects.get(municipality=people.town)


def kept_offline(people: People) -> Any:
    data = people.client("mediator").get(reverse("offline_data")).json()
    return {name: value for name, value in data.items() if "token" not in name}


def known_to_an_import(people: People) -> Any:
    known = known_about(people.kiv.imports.get(), EMPTY_TABLE)
    return known.stored, known.stored_keys, known.minutes_stored


def minutes_of_that_day(people: People) -> int:
    """For the rule of 24 hours."""
    return Activity(mediator=people.kiv, day=dt.date(2022, 3, 2))._minutes_of_others_that_day()


def calendar(people: People) -> bytes:
    return as_ics(
        due_entries(people.mediator, dt.date(2026, 1, 1)), now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )


def files_that_are_handed_out(people: People) -> dict[str, list[int]]:
    """Each by its address; a row that is gone has none any more, and the address leads nowhere (below)."""
    kinds = {"photo": ActivityPhoto, "document": ActivityDocument, "concern photo": ConcernPhoto}
    return {
        name: list(kind.objects.visible_to(people.mediator).values_list("pk", flat=True))
        for name, kind in kinds.items()
    }


COUNTERS: dict[str, Asked] = {
    "own list": page("mediator", "activity_list"),
    "search": page("mediator", "activity_list", query="?q=zwilling"),
    "town's list": page("contact", "municipality_activity_list", "leonberg"),
    "all lists": page("coordinator", "all_activity_list"),
    "export": lines_of("activity_export", "?als=csv"),
    "start page": page("mediator", "start"),
    "county's start page": page("coordinator", "start"),
    "concerns": page("contact", "concern_list"),
    "board of concerns": page("contact", "concern_board"),
    "public page of the town": page("anonymous", "town_page", "leonberg"),
    "town's figures": page("contact", "town_figures", "leonberg"),
    "county's figures": page("coordinator", "county_figures", "08115"),
    "photos for a report": lambda people: [
        photo.pk for choice in photos_to_choose(report(people)) for photo in [choice.photo]
    ],
    "interface: activities": by_interface("activities"),
    "interface: concerns": by_interface("concerns"),
    "interface: totals": by_interface("totals?start=2021-10-01&end=2022-09-30"),
    "totals": lambda people: totals(Activity.objects.all()),
    "breakdown": lambda people: breakdown(Activity.objects.all(), people.town.county_id).by_field(),
    "totals of concerns": lambda people: concern_totals(Concern.objects.all(), START, END).parts,
    "figures of a report": lambda people: report_figures(report(people)),
    "snapshot": lambda people: snapshot_of(report(people), dated=END),
    "county's snapshot": lambda people: county_snapshot(people.town.county, START, END, dated=END),
    "calendar": calendar,
    "follow-ups": lambda people: [each.pk for each in follow_ups(Activity.objects.all(), END).due],
    "suggested titles": lambda people: earlier_entries(people.kiv).titles,
    "suggested places": lambda people: earlier_places([people.town]),
    "offline": kept_offline,
    "import": known_to_an_import,
    "24 hours": minutes_of_that_day,
    "organisations": lambda people: list(
        Organisation.objects.filter(activityorganisation__isnull=False).values_list("name", flat=True)
    ),
    "photos and documents": files_that_are_handed_out,
    "expenses": lambda people: Activity.objects.aggregate(all=Sum(F("expenses_cents"))),
}


def twins(people: People) -> list[Activity | Concern]:
    concern = factories.make_concern(
        people.town,
        title="Zwilling eines Anliegens",
        is_public=True,
        state="promised",
        promised_until=dt.date(2022, 5, 1),
        reported_on=dt.date(2022, 3, 2),
    )
    factories.make_step(concern, "promised", dt.date(2022, 3, 3))
    day = timezone.localdate() - dt.timedelta(days=1)
    entries = [
        factories.make_activity(
            people.kiv,
            people.town,
            day=day,
            title="Zwilling einer Begehung",
            place="Zwillingsgasse",
            follow_up_on=END,
            expenses_cents=100,
            people_reached=7,
        )
        for day in (dt.date(2022, 3, 2), day)
    ]
    office = factories.make_organisation("Amt für Zwillinge")
    for entry in entries:
        ActivityOrganisation.objects.create(activity=entry, organisation=office)
        files_of(entry)
    picture = ConcernPhoto(concern=concern, width=4, height=3, alt_text="Rampe", added_by=people.contact)
    store(picture, "image", "preview")
    return [*entries, concern]


def files_of(entry: Activity) -> None:
    by = {"activity": entry, "added_by": entry.mediator.user}
    store(ActivityPhoto(width=4, height=3, alt_text="Rampe", **by), "image", "preview")
    store(ActivityDocument(name="Plan", size=4, **by), "file")


def store(row: Any, *names: str) -> None:
    for name in names:
        getattr(row, name).save("a.jpg", ContentFile(b"file"), save=False)
    row.save()


def test_what_lies_in_the_bin_counts_nowhere(people: People, django_capture_on_commit_callbacks: Any) -> None:
    factories.make_activity(people.kiv, people.town)
    factories.make_concern(people.town, state="checking")
    factories.make_report(people.town)
    factories.make_import(people.kiv)

    def ask() -> dict[str, Any]:
        return {name: asked(people) for name, asked in COUNTERS.items()}

    before, entries = ask(), twins(people)
    beside = ask()
    blind = [name for name in COUNTERS if beside[name] == before[name]]
    assert blind == []
    addresses = [reverse("activity_photo_image", args=[pk]) for pk in beside["photos and documents"]["photo"]]
    addresses += [
        reverse("concern_photo_image", args=[pk]) for pk in beside["photos and documents"]["concern photo"]
    ]
    addresses += [
        reverse("activity_document", args=[pk]) for pk in beside["photos and documents"]["document"]
    ]
    addresses += [reverse("concern_status", args=[entries[-1].status_key])]  # type: ignore[union-attr]
    with django_capture_on_commit_callbacks(execute=True):
        for entry in entries:
            discard(entry, by=people.mediator)
    assert TrashItem.objects.count() == 3
    after = ask()
    counted = [name for name in COUNTERS if after[name] != before[name]]
    assert counted == []
    clients = [people.client(name) for name in ("mediator", "coordinator", "contact")]
    assert {client.get(address).status_code for address in addresses for client in clients} == {404}


def test_a_report_that_named_a_photo_does_not_get_it_from_the_bin(
    people: People, django_capture_on_commit_callbacks: Any
) -> None:
    """A snapshot knows the name of the file, not its row."""
    entry = factories.make_activity(people.kiv, people.town)
    files_of(entry)
    name = ActivityPhoto.objects.get().image.name
    group = PhotoGroup(
        title="x",
        pictures=(FrozenPicture(moment="", day="2022-03-01", alt="Rampe", sha256="0" * 64, file=name),),
    )
    snapshot = snapshot_of(factories.make_report(people.town), dated=END, photos=[group])
    assert stored_photos(snapshot) == {"0" * 64: b"file"}
    with django_capture_on_commit_callbacks(execute=True):
        discard(entry, by=people.mediator)
    assert stored_photos(snapshot) == {}
