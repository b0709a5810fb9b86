"""The file of a form that comes back: there for one person, at one address, for a day; never handed out."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from activities.models import Activity, ActivityDocument, ActivityPhoto, Concern, ConcernPhoto
from home.stored_files import sweep_files
from kiv_portal.uploads import kept, photo
from tests import factories
from tests.activities.attachments.test_attachments import ALT, files_on_disk, jpeg, pdf, upload
from tests.activities.concerns.test_concerns import REPORT, typed
from tests.activities.concerns.test_public_photo import with_location
from tests.kiv_portal.accounts.pages import hidden_value
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def activity(people: People) -> Activity:
    return factories.make_activity(people.kiv, people.town)


def put_aside() -> list[str]:
    """Names of the files that wait."""
    return [
        f"{folder}/{name}"
        for folder in (kept.OF_NOBODY, kept.OF_PEOPLE)
        if default_storage.exists(folder)
        for name in default_storage.listdir(folder)[1]
    ]


def asked(client: Client, address: str = REPORT, **changes: Any) -> str:
    """The word for the photo of a report that the guard asks about."""
    data = typed(description="Frau Huber kommt nicht hinüber.") | {"photo": upload(with_location())} | changes
    return hidden_value(client.post(address, data), "photo-kept")


def test_each_form_with_a_file_keeps_it(people: People, activity: Activity) -> None:
    client = people.client("mediator")
    concern = Concern.objects.create(municipality=people.town, title="Ampel", description="Stumm.")
    for name, pk, content, good, bad in (
        ("activity_photo_add", activity.pk, jpeg(), {"alt_text": ALT}, {"alt_text": "x" * 301}),
        ("activity_photo_add", activity.pk, jpeg(), {"alt_text": ALT}, {"alt_text": "Frau Huber"}),
        ("concern_photo_add", concern.pk, jpeg(), {"alt_text": ALT, "moment": "after"}, {"alt_text": ALT}),
        ("activity_document_add", activity.pk, pdf(), {"name": "Brief"}, {"name": "x" * 200}),
    ):
        address = reverse(name, args=[pk])
        assert client.get(address).context["form"].errors == {}
        page = client.post(address, bad | {"file": upload(content, "Datei 1.dat")})
        assert "„Datei 1.dat“ ist noch da." in page.content.decode()
        again = client.post(address, bad | {"file-kept": hidden_value(page, "file-kept")})
        assert "„Datei 1.dat“ ist noch da." in again.content.decode()
        answer = client.post(address, good | {"file-kept": hidden_value(again, "file-kept")})
        assert answer.status_code == 302, name
    stored = (ActivityPhoto.objects.count(), ConcernPhoto.objects.count(), ActivityDocument.objects.count())
    assert stored == (2, 1, 1)


def test_what_waits_is_written_anew(people: People) -> None:
    asked(Client())
    (name,) = put_aside()
    assert name.startswith(kept.OF_NOBODY)
    with default_storage.open(name) as file:
        content = file.read()
    assert (len(Image.open(io.BytesIO(content)).getexif()), b"Kamera" in content) == (0, False)


def test_it_is_removed_or_exchanged(people: People) -> None:
    word = {"photo-kept": asked(Client())}
    Client().post(REPORT, typed(title="Eins") | word | {"photo-removed": "on"})
    assert ConcernPhoto.objects.count() == 0
    Client().post(REPORT, typed(title="Zwei") | word | {"photo": upload(jpeg(30, 20))})
    assert ConcernPhoto.objects.get().width == 30


def test_it_is_stored_once_and_only_the_waiting_copy_is_swept(people: People, activity: Activity) -> None:
    """Pressed twice, the word is good twice, and the photo is there once."""
    client, address = people.client("mediator"), reverse("activity_photo_add", args=[activity.pk])
    page = client.post(
        address, {"alt_text": "x" * 301, "file": upload(jpeg()), "entry_key": str(uuid.uuid4())}
    )
    sent = {name: hidden_value(page, name) for name in ("file-kept", "entry_key")}
    report = typed(title="") | {"photo": upload(jpeg())}
    reported = typed(entry_key=report["entry_key"]) | {
        "photo-kept": hidden_value(client.post(REPORT, report), "photo-kept")
    }
    for _ in range(2):
        assert client.post(address, sent | {"alt_text": ALT}).status_code == 302
        assert client.post(REPORT, reported).status_code == 302
    assert (ActivityPhoto.objects.count(), Concern.objects.count(), ConcernPhoto.objects.count()) == (1, 1, 1)
    stored = files_on_disk()
    assert (len(stored), len(put_aside())) == (4, 2)
    sweep_files(timezone.now() + dt.timedelta(hours=25))
    assert (files_on_disk(), put_aside()) == (stored, [])


def test_of_several_files_for_one_place_one_is_kept(people: People) -> None:
    page = Client().post(
        REPORT, typed(title="") | {"photo": [upload(jpeg(), "a.jpg"), upload(jpeg(), "b.jpg")]}
    )
    assert (page.content.decode().count("ist noch da."), len(put_aside())) == (1, 1)


def test_nobody_else_can_use_it(people: People, settings: Any) -> None:
    word = asked(Client())
    own = asked(people.client("mediator"))
    stranger, elsewhere = people.client("stranger"), REPORT.replace("leonberg", "herrenberg")
    for client, address, sent in (
        (stranger, REPORT, own),
        (stranger, REPORT, word),
        (Client(), REPORT, own),
        (Client(), elsewhere, word),
        (Client(), REPORT, word + "x"),
        (Client(), REPORT, signing.dumps([0, REPORT, put_aside()[0], "x"], salt="another")),
    ):
        page = client.post(address, typed() | {"photo-kept": sent}).content.decode()
        assert kept.GONE in page  # never silently without it
    assert Concern.objects.count() == 0


def test_after_a_day_it_is_gone(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    word = asked(Client())
    for number in range(150):  # no flood stops the sweep
        default_storage.save(f"{kept.OF_NOBODY}/{number}", ContentFile(b""))
    sweep_files(timezone.now() + dt.timedelta(hours=23))
    assert len(put_aside()) == 151
    sweep_files(timezone.now() + dt.timedelta(hours=25))
    assert put_aside() == []
    page = Client().post(REPORT, typed() | {"photo-kept": word})
    assert kept.GONE in page.content.decode()
    assert 'name="photo-kept"' not in page.content.decode()
    assert Client().post(REPORT, typed()).status_code == 302  # then without it, and the person knows


def test_a_word_ends_with_its_day(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    word = asked(Client())
    monkeypatch.setattr(kept, "SECONDS", -1)
    assert kept.GONE in Client().post(REPORT, typed() | {"photo-kept": word}).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: jpeg()[:200], photo.DAMAGED),
        (lambda: jpeg() + bytes(photo.MAX_BYTES), photo.TOO_HEAVY),
        (pdf, photo.IS_PDF),
        (lambda: b"<svg/>", photo.IS_DRAWING),
    ],
    ids=["broken", "too big", "a document", "a drawing"],
)
def test_what_is_no_photo_is_said_at_once_and_not_kept(
    people: People, content: Callable[[], bytes], words: str
) -> None:
    page = Client().post(REPORT, typed(title="") | {"photo": upload(content())}).content.decode()
    assert words in page
    assert ("noch da.</p>" in page, put_aside()) == (False, [])


def test_a_flood_keeps_nothing_and_takes_no_room_from_people(
    people: People, activity: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_FILES", 1)
    asked(Client())
    page = Client().post(REPORT, typed(title="") | {"photo": upload(jpeg())}).content.decode()
    assert kept.CHOOSE_AGAIN in page
    address = reverse("activity_photo_add", args=[activity.pk])
    page = (
        people.client("mediator")
        .post(address, {"alt_text": "x" * 301, "file": upload(jpeg())})
        .content.decode()
    )
    assert "„rampe.jpg“ ist noch da." in page
    assert len(put_aside()) == 2


def test_one_connection_cannot_go_on_for_ever(people: People) -> None:
    for _ in range(10):
        asked(Client())
    page = Client().post(REPORT, typed(title="") | {"photo": upload(jpeg())}).content.decode()
    assert (kept.CHOOSE_AGAIN in page, len(put_aside())) == (True, 10)


def test_a_name_is_text(people: People) -> None:
    sent = typed(title="") | {"photo": upload(jpeg(), '<b>"\u202e' + "x" * 300 + ".jpg")}
    page = Client().post(REPORT, sent).content.decode()
    assert f"„{'x' * (kept.LONGEST_NAME - 4)}.jpg“ ist noch da." in page
