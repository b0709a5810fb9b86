"""A photo comes with the entry, its description may follow, and it can be turned."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from activities.attachments import services as attachments
from activities.attachments.forms import DESCRIBED_ONLY
from activities.models import Activity, ActivityPhoto, ConcernPhoto
from kiv_portal.uploads.photo import NO_PHOTO
from tests import factories
from tests.activities.attachments.test_attachments import ALT, close, files_on_disk, jpeg, upload
from tests.people import People

pytestmark = pytest.mark.django_db
NEW = "/aktivitaeten/neu/"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def entry(people: People) -> dict[str, Any]:
    return {
        "title": "Begehung am Bahnhof",
        "day": "1.3.2022",
        "minutes": "90",
        "field": factories.make_field("wohnen").code,
        "kind": factories.make_kind().code,
        "description": "Die Rampe ist steil.",
        "entry_key": str(uuid.uuid4()),
    }


@pytest.fixture
def undescribed(people: People) -> ActivityPhoto:
    activity = factories.make_activity(people.kiv, people.town)
    return attachments.add_activity_photo(
        activity, jpeg(), alt_text="", is_decorative=False, by=people.mediator
    )


def content_of(answer: Any) -> str:
    return str(answer.content.decode())


# --- with the entry


def test_a_photo_comes_with_the_entry_and_its_description_later(
    people: People, entry: dict[str, Any]
) -> None:
    answer = people.client("mediator").post(NEW, entry | {"photo": upload(jpeg())}, follow=True)
    photo = ActivityPhoto.objects.get()
    assert (photo.alt_text, photo.is_described, photo.added_by) == ("", False, people.mediator)
    page = content_of(answer)
    assert "1 Stunde 30 Minuten, mit Foto." in page
    assert f'<a href="{reverse("activity_photo_edit", args=[photo.pk])}">Foto beschreiben</a>' in page


def test_described_at_once_a_further_photo_is_offered(people: People, entry: dict[str, Any]) -> None:
    sent = entry | {"photo": upload(jpeg()), "photo_alt": ALT}
    page = content_of(people.client("mediator").post(NEW, sent, follow=True))
    assert ActivityPhoto.objects.get().alt_text == ALT
    assert ("Weiteres Foto</a>" in page, "Foto beschreiben</a>" in page) == (True, False)


def test_sent_twice_entry_and_photo_are_stored_once(people: People, entry: dict[str, Any]) -> None:
    for _ in range(2):
        people.client("mediator").post(NEW, entry | {"photo": upload(jpeg()), "photo_alt": ALT})
    assert (Activity.objects.count(), ActivityPhoto.objects.count(), len(files_on_disk())) == (1, 1, 2)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"photo": b"kein Foto"}, NO_PHOTO),
        ({"photo_alt": ALT}, DESCRIBED_ONLY),
        ({"photo": jpeg(), "photo_alt": "Frau Huber vor der Rampe"}, "Bitte kurz prüfen"),
    ],
)
def test_what_is_wrong_about_the_photo_stores_no_entry(
    people: People, entry: dict[str, Any], sent: dict[str, Any], sentence: str
) -> None:
    files = {name: upload(value) if isinstance(value, bytes) else value for name, value in sent.items()}
    page = content_of(people.client("mediator").post(NEW, entry | files))
    assert (sentence in page, 'value="Begehung am Bahnhof"' in page) == (True, True)
    assert (Activity.objects.count(), ActivityPhoto.objects.count()) == (0, 0)


def test_a_photo_that_is_none_is_told_also_where_the_entry_is_stored_already(
    people: People, entry: dict[str, Any]
) -> None:
    client = people.client("mediator")
    client.post(NEW, entry)
    assert NO_PHOTO in content_of(client.post(NEW, entry | {"photo": upload(b"kein Foto")}))
    assert (Activity.objects.count(), ActivityPhoto.objects.count()) == (1, 0)


def test_a_photo_survives_what_is_wrong_about_the_rest(people: People, entry: dict[str, Any]) -> None:
    client = people.client("mediator")
    answer = client.post(NEW, entry | {"title": "", "photo": upload(jpeg(), "am Bahnhof.jpg")})
    assert "„am Bahnhof.jpg“ ist noch da." in content_of(answer)
    kept = answer.context["form"].fields["photo"].widget.kept
    client.post(NEW, entry | {"photo-kept": kept.token})
    assert ActivityPhoto.objects.get().activity.title == "Begehung am Bahnhof"


def test_without_a_photo_nothing_is_asked_for(people: People, entry: dict[str, Any]) -> None:
    page = content_of(people.client("mediator").post(NEW, entry, follow=True))
    assert (", mit Foto." in page, "Foto dazu</a>" in page, ActivityPhoto.objects.count()) == (False, True, 0)


@pytest.mark.expected_errors("disk full", "Internal Server Error")
def test_an_entry_that_is_refused_leaves_no_photo(
    people: People, entry: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("activities.log.new_entry.add_photo_of_new_entry", broken)
    with pytest.raises(OSError, match="disk full"):
        people.client("mediator").post(NEW, entry | {"photo": upload(jpeg())})
    assert (Activity.objects.count(), files_on_disk()) == (0, set())


# --- later


def test_what_is_missing_stands_on_the_start_page_until_it_is_there(
    people: People, undescribed: ActivityPhoto
) -> None:
    client = people.client("mediator")
    edit = reverse("activity_photo_edit", args=[undescribed.pk])
    assert edit in content_of(client.get("/start/"))
    page = content_of(client.get(reverse("activity_detail", args=[undescribed.activity_id])))
    assert ("Beschreibung fehlt" in page, "Foto, noch nicht beschrieben" in page) == (True, True)
    assert "Bitte schreiben Sie, was auf dem Foto zu sehen ist" in content_of(
        client.post(edit, {"alt_text": ""})
    )
    client.post(edit, {"alt_text": ALT})
    assert edit not in content_of(client.get("/start/"))


def test_the_start_page_shows_three_and_says_that_there_are_more(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town)
    for number in range(1, 5):
        photo = attachments.add_activity_photo(
            activity, jpeg(), alt_text="", is_decorative=False, by=people.mediator
        )
        page = content_of(people.client("mediator").get("/start/"))
        assert (page.count("Foto beschreiben: "), "sobald diese" in page) == (min(number, 3), number > 3)
    assert reverse("activity_photo_edit", args=[photo.pk]) in page  # the newest


def test_a_report_in_between_does_not_keep_anybody_from_describing(
    people: People, undescribed: ActivityPhoto
) -> None:
    close(undescribed.activity)
    client = people.client("mediator")
    edit = reverse("activity_photo_edit", args=[undescribed.pk])
    assert edit in content_of(client.get(reverse("activity_detail", args=[undescribed.activity_id])))
    assert "drehen" not in content_of(client.get(edit))
    client.post(edit, {"alt_text": ALT})
    undescribed.refresh_from_db()
    assert undescribed.alt_text == ALT
    client.post(edit, {"alt_text": "Anders gesagt"})
    undescribed.refresh_from_db()
    assert undescribed.alt_text == ALT


@pytest.mark.parametrize("kind", ["activity", "concern"])
def test_what_is_described_stays_described(people: People, kind: str) -> None:
    described = {"alt_text": ALT, "is_decorative": False, "by": people.mediator}
    if kind == "activity":
        activity = factories.make_activity(people.kiv, people.town)
        photo: Any = attachments.add_activity_photo(activity, jpeg(), **described)
    else:
        concern = factories.make_concern(people.town)
        photo = attachments.add_concern_photo(concern, jpeg(), moment="after", **described)
    with pytest.raises(IntegrityError, match="stays described"), transaction.atomic():
        attachments.describe_photo(photo, alt_text="", is_decorative=False)
    attachments.describe_photo(photo, alt_text="", is_decorative=True)
    assert type(photo).objects.described().get() == photo
    assert not type(photo).objects.undescribed().exists()


# --- turning


def test_a_photo_is_turned_and_what_was_typed_stays(people: People, undescribed: ActivityPhoto) -> None:
    client = people.client("mediator")
    edit = reverse("activity_photo_edit", args=[undescribed.pk])
    seen = undescribed.version
    turned = {"turn": "right", "seen": seen, "alt_text": "Halb geschrieben"}
    page = content_of(client.post(edit, turned))
    undescribed.refresh_from_db()
    assert (undescribed.width, undescribed.height, undescribed.alt_text) == (40, 60, "")
    assert ('value="Halb geschrieben"' in page, f"?v={undescribed.version}" in page) == (True, True)
    client.post(edit, turned)  # pressed twice, or loaded again
    again = ActivityPhoto.objects.get()
    assert (again.width, again.version) == (40, undescribed.version)


def test_left_and_right_are_two_ways(people: People) -> None:
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("red", (0, 0, 30, 40))  # the left half
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=95)
    concern = factories.make_concern(people.town)
    for turn, red_end in (("right", 10), ("left", 50)):
        photo = attachments.add_concern_photo(
            concern, buffer.getvalue(), moment="before", alt_text=ALT, is_decorative=False, by=people.mediator
        )
        url = reverse("concern_photo_edit", args=[photo.pk])
        people.client("mediator").post(url, {"turn": turn, "seen": photo.version})
        photo.refresh_from_db()
        for file in (photo.image, photo.preview):
            with default_storage.open(str(file.name)) as content, Image.open(content) as stored:
                assert stored.size == (40, 60)
                red, green, _ = stored.getpixel((20, red_end))  # type: ignore[misc]
                assert (red > 200, green < 80) == (True, True), turn


def test_a_closed_period_keeps_its_photos_as_they_are(people: People, undescribed: ActivityPhoto) -> None:
    close(undescribed.activity)
    edit = reverse("activity_photo_edit", args=[undescribed.pk])
    sent = {"turn": "left", "seen": undescribed.version}
    assert "ist abgeschlossen" in content_of(people.client("mediator").post(edit, sent, follow=True))
    assert ActivityPhoto.objects.get().version == undescribed.version


def test_turning_is_for_who_may_change_the_entry(people: People, undescribed: ActivityPhoto) -> None:
    edit = reverse("activity_photo_edit", args=[undescribed.pk])
    sent = {"turn": "left", "seen": undescribed.version}
    assert [people.client(who).post(edit, sent).status_code for who in ("contact", "stranger")] == [403, 404]


def test_a_concern_s_photo_may_wait_for_its_words_too(people: People) -> None:
    concern = factories.make_concern(people.town)
    url = reverse("concern_photo_add", args=[concern.pk])
    people.client("mediator").post(url, {"file": upload(jpeg()), "moment": "after"})
    assert ConcernPhoto.objects.undescribed().get().moment == "after"
