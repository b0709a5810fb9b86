"""Photos and documents: what lies stays out, only who sees the entry gets them, nothing stays behind."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from activities.attachments import services as attachments
from activities.models import ActivityDocument, ActivityPhoto, ClosedPeriod, ConcernPhoto
from kiv_portal.uploads import pdf as document
from kiv_portal.uploads import photo
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
ALT = "Eine Rampe führt zum Eingang"


def jpeg(width: int = 60, height: int = 40) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(buffer, "JPEG")
    return buffer.getvalue()


def pdf(change: object = None, **options: object) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if callable(change):
            change(made)
        made.save(buffer, **options)
    return buffer.getvalue()


def upload(content: bytes, name: str = "rampe.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def files_on_disk() -> set[str]:
    found = set()
    for folder in ("activityphoto", "concernphoto", "activitydocument"):
        if default_storage.exists(folder):
            found |= {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    return found


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def activity(people):
    return factories.make_activity(people.kiv, people.town)


@pytest.fixture
def stored(activity, people):
    return attachments.add_activity_photo(
        activity, jpeg(), alt_text=ALT, is_decorative=False, by=people.mediator
    )


def close(activity):
    return ClosedPeriod.objects.create(
        municipality=activity.municipality,
        starts_on=factories.START,
        ends_on=factories.END,
        reason="Die Zahlen stehen im Bericht",
    )


# --- photos


def test_a_photo_is_added_shown_described_and_removed(
    people: People, activity, django_capture_on_commit_callbacks
):
    client = people.client("mediator")
    add = reverse("activity_photo_add", args=[activity.pk])
    answer = client.post(add, {"file": upload(jpeg()), "alt_text": ALT}, follow=True)
    assert "Das Foto ist gespeichert." in answer.content.decode()
    stored = ActivityPhoto.objects.get()
    page = client.get(reverse("activity_detail", args=[activity.pk])).content.decode()
    assert f'alt="{ALT}"' in page
    assert reverse("activity_photo_preview", args=[stored.pk]) in page

    edit = reverse("activity_photo_edit", args=[stored.pk])
    assert ALT in client.get(edit).content.decode()
    client.post(edit, {"alt_text": "Die neue Rampe"})
    stored.refresh_from_db()
    assert (stored.alt_text, stored.is_decorative) == ("Die neue Rampe", False)
    client.post(edit, {"is_decorative": "on"})
    stored.refresh_from_db()
    assert (stored.alt_text, stored.is_decorative) == ("", True)

    remove = reverse("activity_photo_remove", args=[stored.pk])
    assert len(files_on_disk()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert "Gelöscht: Foto." in client.post(remove, follow=True).content.decode()
    assert files_on_disk() == set()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"alt_text": ALT, "is_decorative": "on"}, "Sie haben das Foto beschrieben."),
        ({"alt_text": "x\x00y"}, "Hier stehen unsichtbare Zeichen"),
        ({"alt_text": "x" * 301}, "höchstens 300 Zeichen"),
        ({"alt_text": "Frau Huber vor der Rampe"}, "Bitte kurz prüfen"),
    ],
)
def test_what_is_wrong_about_a_description_is_said(people: People, activity, typed, sentence):
    answer = people.client("mediator").post(
        reverse("activity_photo_add", args=[activity.pk]), {"file": upload(jpeg())} | typed
    )
    page = answer.content.decode()
    shown = sentence in page or ("unsichtbare Zeichen" in page and "\x00" in str(typed))
    assert (answer.status_code, shown, ActivityPhoto.objects.count()) == (200, True, 0)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"%PDF-1.7", "foto.jpg", photo.IS_PDF),
        (b"<svg onload='alert(1)'/>", "foto.jpg", photo.IS_DRAWING),
        (b"", "foto.jpg", photo.EMPTY),
        (jpeg(600, 400)[:500], "foto.jpg", photo.DAMAGED),
        (b"\xff\xd8" + b"x" * (15 * 1024 * 1024), "foto.jpg", photo.TOO_HEAVY),
        (jpeg(20_001, 1), "breit.jpg", "20.001 mal 1 Bildpunkte"),
    ],
)
def test_a_refused_photo_leaves_the_description_and_no_file(
    people: People, activity, content, name, sentence
):
    answer = people.client("mediator").post(
        reverse("activity_photo_add", args=[activity.pk]), {"file": upload(content, name), "alt_text": ALT}
    )
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, f'value="{ALT}"' in page) == (200, True, True)
    assert (ActivityPhoto.objects.count(), files_on_disk()) == (0, set())


def test_no_more_than_a_piece_of_a_huge_file_is_kept(people: People, activity):
    answer = people.client("mediator").post(
        reverse("activity_photo_add", args=[activity.pk]),
        {"file": upload(b"x" * (17 * 1024 * 1024)), "alt_text": ALT},
    )
    assert answer.context["form"].files["file"].size <= 16 * 1024 * 1024 + 64 * 1024


def test_without_a_file_the_form_says_so(people: People, activity):
    page = people.client("mediator").post(
        reverse("activity_photo_add", args=[activity.pk]), {"alt_text": ALT}
    )
    assert "Bitte wählen Sie ein Foto." in page.content.decode()


def test_the_same_photo_sent_twice_is_stored_once(people: People, activity):
    key = uuid.uuid4()
    for _ in range(2):
        people.client("mediator").post(
            reverse("activity_photo_add", args=[activity.pk]),
            {"file": upload(jpeg()), "alt_text": ALT, "entry_key": key},
        )
    assert (ActivityPhoto.objects.count(), len(files_on_disk())) == (1, 2)


def test_a_key_of_another_entry_takes_nothing_away(people: People, activity, stored):
    other = factories.make_activity(people.kiv, people.town, title="Andere")
    again = attachments.add_activity_photo(
        other, jpeg(), alt_text=ALT, is_decorative=False, by=people.mediator, entry_key=stored.entry_key
    )
    assert (again.activity, again.entry_key == stored.entry_key) == (other, False)


def test_not_more_than_twenty(people: People, activity, monkeypatch):
    monkeypatch.setattr(attachments, "MOST", 1)
    for sentence in ("Das Foto ist gespeichert.", "Hier stehen schon 20 Fotos."):
        answer = people.client("mediator").post(
            reverse("activity_photo_add", args=[activity.pk]),
            {"file": upload(jpeg()), "alt_text": ALT},
            follow=True,
        )
        assert sentence in answer.content.decode()


def test_twenty_are_not_too_many(people: People, activity, monkeypatch):
    """Of photos of an entry and of a concern, and of documents; what another one has counts for it alone."""
    monkeypatch.setattr(attachments, "MOST", 2)
    concern, other = (factories.make_concern(people.town) for _ in range(2))
    described = {"alt_text": ALT, "is_decorative": False, "by": people.mediator}
    typed = {"name": "Plan", "is_receipt": False, "by": people.mediator}
    kinds = (
        (photo.PhotoRefused, lambda: attachments.add_activity_photo(activity, jpeg(), **described)),
        (
            photo.PhotoRefused,
            lambda: attachments.add_concern_photo(concern, jpeg(), moment="after", **described),
        ),
        (document.DocumentRefused, lambda: attachments.add_activity_document(activity, pdf(), **typed)),
    )
    attachments.add_concern_photo(other, jpeg(), moment="after", **described)
    for refusal, add in kinds:
        for _ in range(2):
            add()
        with pytest.raises(refusal, match=r"^Hier stehen schon 20 "):
            add()
    stored = activity.documents.first()
    assert (stored.name, stored.is_receipt, stored.added_by) == ("Plan", False, people.mediator)
    assert stored.size == stored.file.size


def test_a_photo_that_the_database_refuses_leaves_no_file(people: People, activity):
    with pytest.raises(Exception, match="described_or_decorative"):
        attachments.add_activity_photo(activity, jpeg(), alt_text=ALT, is_decorative=True, by=people.mediator)
    assert files_on_disk() == set()


def test_a_closed_period_locks_photos_and_documents(people: People, activity, stored):
    client = people.client("mediator")
    paper = attachments.add_activity_document(
        activity, pdf(), name="Plan", is_receipt=False, by=people.mediator
    )
    close(activity)
    page = client.get(reverse("activity_detail", args=[activity.pk])).content.decode()
    assert (ALT in page, "Foto hinzufügen" in page, "Löschen" in page) == (True, False, False)
    for url, data in [
        (reverse("activity_photo_add", args=[activity.pk]), {"file": upload(jpeg()), "alt_text": ALT}),
        (reverse("activity_photo_edit", args=[stored.pk]), {"alt_text": "Anders"}),
        (reverse("activity_photo_remove", args=[stored.pk]), {}),
        (reverse("activity_document_add", args=[activity.pk]), {"file": upload(pdf(), "a.pdf")}),
        (reverse("activity_document_remove", args=[paper.pk]), {}),
    ]:
        if data:  # a form; the others ask nothing before
            assert client.get(url).url == reverse("activity_detail", args=[activity.pk])
        assert "ist abgeschlossen" in client.post(url, data, follow=True).content.decode(), url
    assert (ActivityPhoto.objects.get().alt_text, ActivityDocument.objects.count()) == (ALT, 1)


def test_deleting_the_activity_takes_its_files_along(
    people: People, activity, stored, django_capture_on_commit_callbacks
):
    attachments.add_activity_document(activity, pdf(), name="Plan", is_receipt=False, by=people.mediator)
    assert len(files_on_disk()) == 3
    with django_capture_on_commit_callbacks(execute=True):
        people.client("mediator").post(reverse("activity_delete", args=[activity.pk]))
    assert files_on_disk() == set()


def test_a_photo_is_handed_out_as_a_picture_and_nothing_else(people: People, stored):
    for part, size in (("image", (60, 40)), ("preview", (60, 40))):
        answer = people.client("contact").get(reverse(f"activity_photo_{part}", args=[stored.pk]))
        assert Image.open(io.BytesIO(b"".join(answer))).size == size
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["Cache-Control"].startswith("private")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_file_that_is_gone_is_not_found(people: People, stored):
    stored.image.storage.delete(stored.image.name)
    assert people.client("mediator").get(reverse("activity_photo_image", args=[stored.pk])).status_code == 404


def test_photos_cost_one_query(people: People, activity, django_assert_num_queries):
    for _ in range(3):
        attachments.add_activity_photo(
            activity, jpeg(), alt_text=ALT, is_decorative=False, by=people.mediator
        )
    client = people.client("mediator")
    with django_assert_num_queries(12):
        client.get(reverse("activity_detail", args=[activity.pk]))


# --- documents


def open_action(kind: str) -> object:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(kind), JS="app.alert(1)", F="calc.exe")

    return change


def annotation(made: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F="calc.exe")
    link = pikepdf.Dictionary(Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/Link"), A=action)
    made.pages[0].Annots = pikepdf.Array([link])


def attached(made: pikepdf.Pdf) -> None:
    made.attachments["geheim.exe"] = b"MZ"


INVOICE = b'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice xmlns:rsm="urn:x"/>'


def invoice(name: str, content: bytes = INVOICE) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.attachments[name] = content

    return change


def invoice_and_more(made: pikepdf.Pdf) -> None:
    invoice("factur-x.xml")(made)
    attached(made)


def form_of_its_own(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"), Fields=pikepdf.Array())


def body(made: pikepdf.Pdf) -> None:
    made.pages[0].Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/3D"))]
    )


def at_closing(made: pikepdf.Pdf) -> None:
    made.Root.AA = pikepdf.Dictionary(
        WC=pikepdf.Dictionary(S=pikepdf.Name("/URI"), URI="https://www.example.org")
    )


def first_page(made: pikepdf.Pdf) -> None:
    place = pikepdf.Array([made.pages[0].obj, pikepdf.Name("/Fit")])
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/GoTo"), D=place)


def named_script(made: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])))


def web_link(made: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name("/URI"), URI="https://www.example.org")
    link = pikepdf.Dictionary(Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/Link"), A=action)
    made.pages[0].Annots = pikepdf.Array([link])


LOCK = pikepdf.Encryption(owner="o", user="geheim")
HALF_LOCK = pikepdf.Encryption(owner="o", user="")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", document.EMPTY),
        (b"PK\x03\x04 a zip", document.NO_PDF),
        (jpeg(), document.IS_PHOTO),
        (b"<html>%PDF-1.7", document.NO_PDF),
        (b"%PDF-1.7 and nothing more", document.DAMAGED),
        (pdf()[:200], document.DAMAGED),
        (pdf(encryption=LOCK), document.LOCKED),
        (pdf(open_action("/JavaScript")), document.HAS_PROGRAM),
        (pdf(open_action("/Launch")), document.HAS_PROGRAM),
        (pdf(annotation), document.HAS_PROGRAM),
        (pdf(named_script), document.HAS_PROGRAM),
        (pdf(attached), document.HAS_FILES),
        (pdf(invoice_and_more), document.HAS_FILES),
        (pdf(invoice("rechnung.xml")), document.HAS_FILES),
        (pdf(invoice("factur-x.xml", b"MZ")), document.HAS_FILES),
        (pdf(invoice("factur-x.xml", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>')), document.HAS_FILES),
        (pdf(invoice("factur-x.xml", b"<x>" + b" " * 6_000_000)), document.HAS_FILES),
        (pdf(form_of_its_own), document.HAS_PROGRAM),
        (pdf(body), document.HAS_PROGRAM),
        (pdf(at_closing), document.HAS_PROGRAM),
        (pdf(open_action("/URI")), document.HAS_PROGRAM),
        (b"%PDF-" + b"x" * (15 * 1024 * 1024), document.TOO_HEAVY),
    ],
)
def test_a_refused_document_leaves_the_name_and_no_file(people: People, activity, content, sentence):
    answer = people.client("mediator").post(
        reverse("activity_document_add", args=[activity.pk]),
        {"file": upload(content, "plan.pdf"), "name": "Mein Plan"},
    )
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, 'value="Mein Plan"' in page) == (200, True, True)
    assert (ActivityDocument.objects.count(), files_on_disk()) == (0, set())


@pytest.mark.parametrize(
    "content",
    [
        pdf(encryption=HALF_LOCK),  # forbids printing, say, and opens like any other
        pdf(invoice("factur-x.xml")),
        pdf(invoice("ZUGFeRD-invoice.xml")),
        pdf(invoice("xrechnung.xml", b"\xef\xbb\xbf" + INVOICE)),
        pdf(first_page),
    ],
    ids=["owner's password", "Factur-X", "ZUGFeRD", "XRechnung", "first page"],
)
def test_what_programs_of_today_write_is_a_receipt(content: bytes) -> None:
    document.check_document(content)


def test_a_document_is_added_downloaded_and_removed(
    people: People, activity, django_capture_on_commit_callbacks
):
    client = people.client("mediator")
    add = reverse("activity_document_add", args=[activity.pk])
    client.post(add, {"file": upload(pdf(web_link), "Plan_der Rampe.PDF")})
    paper = ActivityDocument.objects.get()
    assert (paper.name, paper.size, paper.is_receipt) == ("Plan der Rampe", len(pdf(web_link)), False)
    assert "Plan der Rampe" in client.get(reverse("activity_detail", args=[activity.pk])).content.decode()

    answer = people.client("contact").get(reverse("activity_document", args=[paper.pk]))
    assert b"".join(answer).startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Plan der Rampe.pdf"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"

    remove = reverse("activity_document_remove", args=[paper.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(remove)
    assert (ActivityDocument.objects.count(), files_on_disk()) == (0, set())


def test_receipts_are_not_for_the_town_hall(people: People, activity):
    attachments.add_activity_document(activity, pdf(), name="Fahrkarte", is_receipt=True, by=people.mediator)
    attachments.add_activity_document(activity, pdf(), name="Plan", is_receipt=False, by=people.mediator)
    names = {
        name: sorted(
            ActivityDocument.objects.visible_to(getattr(people, name)).values_list("name", flat=True)
        )
        for name in People.NAMES
        if name != "anonymous"
    }
    both = ["Fahrkarte", "Plan"]
    assert {name for name, seen in names.items() if seen == both} == {"mediator", "coordinator"}
    assert {name for name, seen in names.items() if seen == ["Plan"]} == {"contact"}
    page = people.client("contact").get(reverse("activity_detail", args=[activity.pk])).content.decode()
    assert ("Plan" in page, "Fahrkarte" in page) == (True, False)


# --- concerns


def test_a_photo_of_a_concern_says_when_it_was_taken(people: People):
    concern = factories.make_concern(people.town)
    stored = attachments.add_concern_photo(
        concern, jpeg(), moment="after", alt_text=ALT, is_decorative=False, by=people.contact
    )
    stored.refresh_from_db()
    assert (stored.get_moment_display(), stored.width) == ("nachher", 60)
    assert (stored.concern, stored.alt_text, stored.is_decorative, stored.added_by) == (
        *(concern, ALT, False, people.contact),
    )
    attachments.describe_photo(stored, alt_text="", is_decorative=True)
    assert ConcernPhoto.objects.get().is_decorative
    key = stored.entry_key
    again = attachments.add_concern_photo(
        concern, jpeg(), moment="after", alt_text=ALT, is_decorative=False, by=people.contact, entry_key=key
    )
    assert again == stored


def test_who_sees_photos_of_concerns(people: People):
    concern = factories.make_concern(people.town)
    attachments.add_concern_photo(
        concern, jpeg(), moment="before", alt_text=ALT, is_decorative=False, by=people.contact
    )
    granted = people.who(lambda user: ConcernPhoto.objects.visible_to(user).exists())
    assert granted == {"coordinator", "contact", "mediator"}


def test_photos_with_keys_of_their_own_keep_them(people: People, activity, stored):
    key = uuid.uuid4()
    further = attachments.add_activity_photo(
        activity, jpeg(), alt_text=ALT, is_decorative=False, by=people.mediator, entry_key=key
    )
    assert further != stored
    assert further.entry_key == key
