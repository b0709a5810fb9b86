"""Photos of the log in the report: chosen, frozen by their checksum, and a plain word when a file is gone."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.attachments.services import (
    add_activity_photo,
    add_concern_photo,
    add_reporters_photo,
    describe_photo,
    remove,
)
from activities.models import ActivityPhoto, ConcernPhoto
from kiv_portal.uploads.photo import read_photo
from reports.content.editions import build_file
from reports.editions import building
from reports.editions import services as editions
from reports.models import FileKind, InterimReport, ReportFile, ReportPhoto
from reports.steps import services as states
from reports.steps.freezing import changed_since
from reports.writing import photo_services as photos
from reports.writing.photo_queries import chosen_photos, key_of, photos_to_choose
from tests import factories
from tests.activities.attachments.test_attachments import jpeg
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def concern(people: People):
    found = factories.make_concern(people.town, is_public=True, place="Eltingen", field="verkehr")
    factories.make_step(found, "checking", dt.date(2022, 3, 5))
    return found


def photo_of(activity: Any, people: People, alt: str = "Eine Rampe führt zum Eingang.") -> ActivityPhoto:
    return add_activity_photo(activity, jpeg(), alt_text=alt, is_decorative=not alt, by=people.mediator)


def photo_at(concern: Any, people: People, moment: str) -> ConcernPhoto:
    alt = {"alt_text": f"Der Bordstein {moment}.", "is_decorative": False}
    return add_concern_photo(concern, jpeg(60 + len(moment)), moment=moment, by=people.mediator, **alt)


@pytest.fixture
def of_activity(people: People, draft: InterimReport) -> ActivityPhoto:
    return photo_of(people.kiv.activities.get(day=dt.date(2022, 3, 1)), people)


@pytest.fixture
def pair(people: People, concern: Any) -> list[ConcernPhoto]:
    return [photo_at(concern, people, moment) for moment in ("before", "after")]


def choose(report: InterimReport, people: People, *chosen: Any) -> None:
    offered = [choice.photo for choice in photos_to_choose(report)]
    photos.choose_photos(report, offered=offered, chosen=chosen, by=people.mediator)


def keys(report: InterimReport) -> set[str]:
    return {choice.key for choice in photos_to_choose(report)}


# --- choosing


def test_photos_stand_by_time_with_what_belongs_together(people: People, draft, concern) -> None:
    """Chosen and offered; before and after of a concern are one group, the newest entry is offered first."""
    second = factories.make_concern(
        people.town, is_public=True, title="Ampel", field="verkehr", reported_on=dt.date(2022, 3, 1)
    )
    factories.make_step(second, "checking", dt.date(2022, 3, 5))
    march, october = (
        photo_of(people.kiv.activities.get(day=day), people)
        for day in (dt.date(2022, 3, 1), dt.date(2021, 10, 1))
    )
    again = photo_of(march.activity, people)
    after, before, later = (photo_at(concern, people, moment) for moment in ("after", "before", "after"))
    lonely = photo_at(second, people, "after")
    ampel = photo_at(second, people, "before")
    left_out = photo_of(people.kiv.activities.get(day=dt.date(2022, 9, 30)), people)
    for days, photo in enumerate((later, after, lonely)):
        added = dt.datetime(2022, 5, 1 + days, 12, tzinfo=dt.UTC)
        ConcernPhoto.objects.filter(pk=photo.pk).update(added_at=added)
    choose(draft, people, march, october, again, after, before, later, lonely, ampel)
    assert [[key_of(photo) for photo in group] for group in chosen_photos(draft)] == [
        [key_of(october)],
        [key_of(ampel), key_of(lonely)],
        *([key_of(photo)] for photo in (march, again)),
        [key_of(before), key_of(later)],
        [key_of(after)],
    ]
    following = factories.make_report(
        people.town, period_start=dt.date(2022, 10, 1), period_end=dt.date(2023, 9, 30)
    )
    both = {choice.key: choice.is_chosen for choice in photos_to_choose(following)}  # still at work then
    assert both == {key_of(photo): False for photo in (before, later, after, ampel, lonely)}
    assert chosen_photos(following) == []
    offered = photos_to_choose(draft)
    assert [choice.key for choice in offered if not choice.is_chosen] == [key_of(left_out)]
    assert offered[0].key == key_of(left_out)
    assert offered[-1].key == key_of(october)
    assert [(choice.caption, choice.day) for choice in offered if choice.key[0] == "c"] == [
        ("Vorher: Ampel", dt.date(2022, 3, 1)),
        ("Nachher, zum Anliegen „Ampel“", dt.date(2022, 5, 3)),  # it is not done yet
        ("Vorher: Bordstein an der Kreuzung", dt.date(2022, 3, 1)),
        ("Nachher, zum Anliegen „Bordstein an der Kreuzung“", dt.date(2022, 5, 1)),
        ("Nachher, zum Anliegen „Bordstein an der Kreuzung“", dt.date(2022, 5, 2)),
    ]


def test_chosen_on_a_page_and_shown_on_the_report(people: People, draft, of_activity, pair) -> None:
    client = people.client("mediator")
    address = reverse("report_photos", args=[draft.pk])
    page = client.get(address).content.decode()
    assert "Vorher: Bordstein an der Kreuzung, 01.03.2022" in page
    assert "checked" not in page
    shown = [f"a{of_activity.pk}", *(f"c{photo.pk}" for photo in pair)]
    answer = client.post(address, {"shown": shown, "chosen": shown[:2]}, follow=True).content.decode()
    assert "2\u00a0Fotos stehen im Bericht." in answer
    assert "<p>2 Fotos stehen im Bericht.</p>" in answer
    assert client.get(address).content.decode().count("checked") == 2

    # another page of the list says nothing about these
    client.post(address, {"shown": [shown[2]], "chosen": [shown[2]]})
    client.post(address, {"shown": [shown[0]], "chosen": []})
    assert {(row.activity_photo, row.concern_photo) for row in draft.photos.all()} == {
        (None, pair[0]),
        (None, pair[1]),
    }
    assert {row.chosen_by for row in draft.photos.all()} == {people.mediator}


def test_only_what_the_report_tells_may_be_shown(people: People, draft, of_activity, concern, pair) -> None:
    other_mediator = people.stranger.mediator
    elsewhere = photo_of(factories.make_activity(other_mediator, people.other_town), people)
    later = photo_of(factories.make_activity(people.kiv, people.town, day=dt.date(2022, 10, 1)), people)
    hidden = factories.make_concern(people.town)
    factories.make_step(hidden, "checking", dt.date(2022, 3, 5))
    of_hidden = photo_at(hidden, people, "before")
    untouched = photo_at(factories.make_concern(people.town, is_public=True), people, "before")
    assert keys(draft) == {f"a{of_activity.pk}", *(f"c{photo.pk}" for photo in pair)}

    page = people.client("mediator")
    foreign = [f"a{elsewhere.pk}", f"a{later.pk}", f"c{of_hidden.pk}", f"c{untouched.pk}", "x", "a\x00"]
    page.post(reverse("report_photos", args=[draft.pk]), {"shown": foreign, "chosen": foreign})
    assert not draft.photos.exists()

    # chosen first, made private afterwards: it is not frozen
    choose(draft, people, *pair)
    concern.is_public = False
    concern.save()
    assert photos.frozen_photos(draft) == []


def test_a_photo_from_the_public_stays_inside(people: People, draft, concern) -> None:
    sent = add_reporters_photo(concern, read_photo(jpeg()), alt_text="Der Bordstein ist hoch.")
    assert keys(draft) == set()
    with pytest.raises(IntegrityError, match="another town or another time"), transaction.atomic():
        ReportPhoto.objects.create(report=draft, chosen_by=people.mediator, concern_photo=sent)


def test_a_photo_waits_for_its_description(people: People, draft, concern, of_activity) -> None:
    undescribed = {"alt_text": "", "is_decorative": False, "by": people.mediator}
    waiting = add_activity_photo(of_activity.activity, jpeg(), **undescribed)
    other = add_concern_photo(concern, jpeg(), moment="after", **undescribed)
    assert [choice.photo for choice in photos_to_choose(draft)] == [of_activity]
    url = reverse("report_photos", args=[draft.pk])
    page = people.client("mediator").get(url).content.decode()
    assert "2 Fotos fehlen hier, bis sie beschrieben sind" in page
    for kind, photo in (("activity", waiting), ("concern", other)):
        assert reverse(f"{kind}_photo_edit", args=[photo.pk]) in page
        with pytest.raises(IntegrityError, match="nobody has described"), transaction.atomic():
            ReportPhoto.objects.create(report=draft, chosen_by=people.mediator, **{f"{kind}_photo": photo})
    describe_photo(waiting, alt_text="Eine Rampe", is_decorative=False)
    assert "1 Foto fehlt hier, bis es beschrieben ist" in people.client("mediator").get(url).content.decode()
    describe_photo(other, alt_text="", is_decorative=True)
    assert {choice.photo for choice in photos_to_choose(draft)} == {of_activity, waiting, other}
    assert "hier, bis" not in people.client("mediator").get(url).content.decode()


def test_the_database_refuses_photos_of_another_town_or_time(
    people: People, draft, of_activity, pair
) -> None:
    elsewhere = photo_of(factories.make_activity(people.stranger.mediator, people.other_town), people)
    later = photo_of(factories.make_activity(people.kiv, people.town, day=dt.date(2022, 10, 1)), people)
    for wrong in (
        {"activity_photo": elsewhere},
        {"activity_photo": later},
        {},
        {"activity_photo": of_activity, "concern_photo": pair[0]},
    ):
        refusal = r"another town or another time|report_photo_of_one_kind"
        with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
            ReportPhoto.objects.create(report=draft, chosen_by=people.mediator, **wrong)


def test_a_report_is_no_album(people: People, draft, of_activity) -> None:
    for number in range(photos.MOST):
        photo_of(of_activity.activity, people, f"Foto {number}")
    client, address = people.client("contact"), reverse("report_photos", args=[draft.pk])
    shown = sorted(keys(draft))
    page = client.post(address, {"shown": shown, "chosen": shown}).content.decode()
    assert photos.TOO_MANY in page
    assert page.count("checked") == photos.MOST + 1
    assert not draft.photos.exists()
    client.post(address, {"shown": shown, "chosen": shown[1:]})
    assert draft.photos.count() == photos.MOST


def test_the_page_needs_few_queries_however_many_photos_there_are(
    people: People, draft, of_activity, pair
) -> None:
    client, address = people.client("mediator"), reverse("report_photos", args=[draft.pk])
    numbers = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        numbers.append(len(captured))
        photo_of(of_activity.activity, people, "Noch eines")
    assert numbers[0] == numbers[1] <= 11


def test_a_submitted_report_keeps_its_choice(people: People, draft, of_activity, woken) -> None:
    states.submit_report(draft, by=people.contact)
    client, address = people.client("mediator"), reverse("report_photos", args=[draft.pk])
    assert "Der Bericht ist eingereicht" in client.get(address, follow=True).content.decode()
    key = f"a{of_activity.pk}"
    page = client.post(address, {"shown": [key], "chosen": [key]}).content.decode()
    assert "Der Bericht ist eingereicht." in page
    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
        ReportPhoto.objects.create(report=draft, activity_photo=of_activity, chosen_by=people.mediator)


# --- freezing and building


def test_the_snapshot_names_the_files_by_their_checksum(
    people: People, draft, of_activity, pair, woken
) -> None:
    choose(draft, people, of_activity, *pair)
    states.submit_report(draft, by=people.contact)
    snapshot = draft.snapshots.get()
    alone, of_concern = snapshot.data["photos"]
    assert [picture["moment"] for picture in of_concern["pictures"]] == ["before", "after"]
    assert of_concern["title"] == "Bordstein an der Kreuzung"
    with of_activity.image.open("rb") as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    assert alone == {
        "title": "Begehung der Grundschule",
        "pictures": [
            {
                "moment": "",
                "day": "2022-03-01",
                "alt": "Eine Rampe führt zum Eingang.",
                "sha256": sha256,
                "file": of_activity.image.name,
            }
        ],
    }
    assert changed_since(snapshot) == []


def test_a_file_that_is_gone_is_told_before_anything_is_frozen(people: People, draft, of_activity) -> None:
    choose(draft, people, of_activity)
    default_storage.delete(of_activity.image.name)
    client = people.client("contact")
    page = client.post(reverse("report_submit", args=[draft.pk]), follow=True).content.decode()
    assert "Ein Foto lässt sich nicht lesen: „Begehung der Grundschule“." in page
    draft.refresh_from_db()
    assert draft.is_editable
    assert not draft.snapshots.exists()


@pytest.fixture
def all_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "BUILT_KINDS", (FileKind.PDF, FileKind.HTML, FileKind.JSON))


def built(report: InterimReport) -> dict[str, ReportFile]:
    for file in ReportFile.objects.filter(snapshot__report=report, state="queued"):
        building.build_file(file.pk, worker="worker@test")
    return {file.kind: file for file in editions.current_files(report)}


@pytest.mark.slow
def test_built_twice_it_is_the_same_file(people: People, draft, pair, all_kinds, woken) -> None:
    choose(draft, people, *pair)
    states.submit_report(draft, by=people.contact)
    first = built(draft)
    assert all(file.is_accessible for file in first.values())
    with first["pdf"].file.open("rb") as file:
        stored = file.read()
    snapshot = draft.snapshots.get().frozen
    again = build_file("pdf", snapshot, edition_number="1", photos=photos.stored_photos(snapshot))
    assert again.data == stored


def test_a_photo_removed_after_submission_stops_its_files_only(
    people: People, draft, pair, all_kinds, woken, django_capture_on_commit_callbacks
) -> None:
    choose(draft, people, *pair)
    states.submit_report(draft, by=people.contact)
    with django_capture_on_commit_callbacks(execute=True):
        remove(pair[1], by=people.contact)
    found = built(draft)
    assert {kind: file.state for kind, file in found.items()} == {
        "pdf": "failed",
        "html": "failed",
        "json": "done",
    }
    assert found["pdf"].attempts == 1  # trying again would not help
    page = people.client("contact").get(reverse("report_detail", args=[draft.pk])).content.decode()
    assert "Das Foto „Bordstein an der Kreuzung“ ist nicht mehr da" in page

    # the way out that the sentence names
    states.return_report(draft, by=people.contact, note="Bitte die Fotos neu auswählen.")
    draft.refresh_from_db()
    states.submit_report(draft, by=people.contact)
    assert all(file.is_accessible for file in built(draft).values())
