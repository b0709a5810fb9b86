"""The photo in the form for anybody: read anew, seen by the town only, gone with the report; nobody types twice."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from PIL import Image

from activities.attachments import services as attachments
from activities.attachments.forms import DESCRIBED_ONLY
from activities.concerns import services
from activities.models import Concern, ConcernPhoto
from kiv_portal.uploads import photo
from tests import factories
from tests.activities.attachments.test_attachments import ALT, files_on_disk, jpeg, upload
from tests.activities.concerns.test_concerns import REPORT, started, typed
from tests.kiv_portal.accounts.pages import hidden_value
from tests.people import People

pytestmark = pytest.mark.django_db
LOCATION = 0x8825  # EXIF


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(content: bytes = b"", *, client: Client | None = None, **changes: Any) -> Any:
    return (client or Client()).post(REPORT, typed(**changes) | {"photo": upload(content or jpeg())})


def with_location(format: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(LOCATION).update({1: "N", 2: (48.0, 48.0, 5.0)})
    exif[0x010F] = "Kamera der Melderin"
    Image.new("RGB", (60, 40), "green").save(buffer, format, exif=exif)
    return buffer.getvalue()


@pytest.fixture
def reported(people: People) -> ConcernPhoto:
    send()
    return ConcernPhoto.objects.get()


def test_a_report_brings_one_photo_without_its_place(people: People) -> None:
    answer = send(with_location())
    concern, stored = Concern.objects.get(), ConcernPhoto.objects.get()
    assert answer.url == reverse("concern_thanks", args=[concern.status_key])
    assert (stored.concern, stored.added_by, stored.alt_text, stored.is_described) == (
        *(concern, None, "", False),
    )
    for file in (stored.image, stored.preview):
        with file.open() as data:
            content = data.read()
        assert (len(Image.open(io.BytesIO(content)).getexif()), b"Kamera" in content) == (0, False)
    assert len(files_on_disk()) == 2
    page = Client().get(answer.url).content.decode()
    assert "Ihr Foto ist auch da." in page


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_photos_of_every_phone(people: People, kind: str) -> None:
    send(with_location(kind))
    assert ConcernPhoto.objects.get().width == 60


def test_a_photo_may_come_with_its_description(people: People) -> None:
    send(alt_text=ALT)
    assert ConcernPhoto.objects.get().alt_text == ALT


def test_without_a_photo_nothing_changes(people: People) -> None:
    assert Client().post(REPORT, typed()).status_code == 302
    page = Client().get(reverse("concern_status", args=[Concern.objects.get().status_key])).content.decode()
    assert (ConcernPhoto.objects.count(), "ein Foto geschickt" in page) == (0, False)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", photo.IS_PDF),
        (b"<svg onload='alert(1)'/>", photo.IS_DRAWING),
        (b"MZ\x90\x00 a program", photo.NO_PHOTO),
        (jpeg(600, 400)[:500], photo.DAMAGED),
        (b"\xff\xd8" + b"x" * (15 * 1024 * 1024), photo.TOO_HEAVY),
        (jpeg(20_001, 1), "20.001 mal 1 Bildpunkte"),
    ],
)
def test_a_refused_photo_costs_no_word(people: People, content: bytes, sentence: str) -> None:
    answer = send(content, alt_text=ALT)
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (200, True)
    assert all(text in page for text in ("Die Ampel ist stumm", "Eltinger Straße", "Blinde Menschen", ALT))
    assert (Concern.objects.count(), files_on_disk()) == (0, set())


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"description": "Frau Huber kommt nicht hinüber."},
        {"started": ""},
        {"alt_text": "Frau Huber vor der Ampel"},
    ],
    ids=["missing", "privacy", "once more", "privacy of the photo"],
)
def test_who_is_asked_something_else_keeps_the_photo(people: People, changes: dict[str, str]) -> None:
    answer = send(with_location(), **changes)
    page = answer.content.decode()
    assert "„rampe.jpg“ ist noch da." in page
    assert (Concern.objects.count(), files_on_disk()) == (0, set())
    answer = Client().post(REPORT, typed() | {"photo-kept": hidden_value(answer, "photo-kept")})
    assert answer.url == reverse("concern_thanks", args=[Concern.objects.get().status_key])
    assert ConcernPhoto.objects.get().concern == Concern.objects.get()


def test_a_description_alone_asks_for_its_photo(people: People) -> None:
    answer = Client().post(REPORT, typed(alt_text=ALT))
    assert DESCRIBED_ONLY in answer.content.decode()
    assert Concern.objects.count() == 0


def test_limits_come_before_the_work_of_reading(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        Client().post(REPORT, typed(title=f"Ampel {number}"))
    read: list[bytes] = []
    monkeypatch.setattr(services, "read_photo", lambda data: read.append(data))
    page = send().content.decode()
    assert "Von Ihrem Anschluss sind gerade schon viele Meldungen gekommen." in page
    assert "„rampe.jpg“ ist noch da." in page
    assert (read, Concern.objects.count()) == ([], 10)


@pytest.mark.expected_errors("django.security.TooManyFilesSent|files exceeded")
def test_a_hundred_files_are_not_read(people: People) -> None:
    answer = Client().post(REPORT, typed() | {"photo": [upload(b"x") for _ in range(100)]})
    assert (answer.status_code, Concern.objects.count()) == (400, 0)


# --- once


def test_the_same_report_sent_twice_brings_one_photo(people: People) -> None:
    entry = typed()
    for _ in range(2):
        Client().post(REPORT, entry | {"photo": upload(jpeg())})
    assert (Concern.objects.count(), ConcernPhoto.objects.count(), len(files_on_disk())) == (1, 1, 2)


def test_a_photo_added_after_going_back_belongs_to_the_same_report(people: People) -> None:
    entry = typed()
    Client().post(REPORT, entry)
    Client().post(REPORT, entry | {"photo": upload(jpeg())})
    assert ConcernPhoto.objects.get().concern == Concern.objects.get()


# --- who sees it


def test_nobody_outside_sees_it_even_when_the_concern_is_public(
    people: People, reported: ConcernPhoto
) -> None:
    addresses = [reverse(f"concern_photo_{part}", args=[reported.pk]) for part in ("image", "preview")]
    services.take_over(reported.concern, by=people.kiv)
    attachments.describe_photo(reported, alt_text=ALT, is_decorative=False)
    services.publish(reported.concern, title="Ampel", place="", description="Stumm.")
    for url in ("/orte/leonberg/", reverse("concern_status", args=[reported.concern.status_key])):
        page = Client().get(url).content.decode()
        assert ("Ampel" in page, ALT in page, "/anliegen/fotos/" in page) == (True, False, False), url
    seen = set()
    for name in People.NAMES:
        answers = [people.client(name).get(address) for address in addresses]
        if {answer.status_code for answer in answers} == {200}:
            assert all(b"".join(answer).startswith(b"\xff\xd8\xff") for answer in answers)
            seen.add(name)
    assert seen == {"coordinator", "contact", "mediator"}


# --- the town describes it


def test_the_mediator_is_asked_for_the_description_and_gives_it(
    people: People, reported: ConcernPhoto
) -> None:
    client = people.client("mediator")
    page = client.get(reverse("concern_detail", args=[reported.concern_id])).content.decode()
    assert 'alt="Foto, noch nicht beschrieben"' in page
    assert ("Von der Person, die es gemeldet hat." in page, "Beschreibung fehlt" in page) == (True, True)
    take_over = reverse("concern_take_over", args=[reported.concern_id])
    assert "Bitte beschreiben Sie noch das Foto" in client.post(take_over, follow=True).content.decode()

    edit = reverse("concern_photo_edit", args=[reported.pk])
    assert "Foto, noch nicht beschrieben" in client.get(edit).content.decode()
    assert (
        "Bitte schreiben Sie, was auf dem Foto zu sehen ist"
        in client.post(edit, {"alt_text": ""}).content.decode()
    )
    page = client.post(edit, {"alt_text": ALT}, follow=True).content.decode()
    assert (f'alt="{ALT}"' in page, "Beschreibung fehlt" in page) == (True, False)


# --- it goes with the report


def test_spam_takes_its_photo_along(
    people: People, reported: ConcernPhoto, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        people.client("contact").post(reverse("concern_delete", args=[reported.concern_id]))
    assert (Concern.objects.count(), ConcernPhoto.objects.count(), files_on_disk()) == (0, 0, set())


def test_a_report_that_the_database_refuses_leaves_no_file(people: People) -> None:
    concern = Concern(municipality_id=0, title="Ampel", description="Stumm.", entry_key=uuid.uuid4())
    concern.closed_at = factories.timezone.now()  # open, but closed: refused at once
    with pytest.raises(IntegrityError):
        services.report_concern(concern, by=None, photo=jpeg())
    assert files_on_disk() == set()


def test_asked_once_more_the_photo_comes_with_the_second_try(people: People) -> None:
    form = send(started=started(seconds_ago=0)).context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert Client().post(REPORT, again | {"photo": upload(jpeg())}).status_code == 302
    assert ConcernPhoto.objects.count() == 1
