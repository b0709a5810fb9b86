"""What is deleted waits outside of everything, comes back as it was, and goes for good after thirty days."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from activities.attachments import services as attachments
from activities.concerns.services import delete_spam, report_concern, take_over
from activities.models import (
    Activity,
    ActivityDocument,
    ActivityOrganisation,
    ActivityPhoto,
    ClosedPeriod,
    Concern,
    ConcernPhoto,
    ConcernStep,
    Organisation,
    TrashFile,
    TrashItem,
)
from activities.search.asked import search_of
from activities.tasks import empty_trash_task
from activities.trash import services
from activities.trash.programme_use import is_in_the_bin
from activities.trash.rows import put_back
from activities.trash.services import discard, restore
from home.stored_files import sweep_files
from kiv_portal.celery import app
from mediators.models import Appointment
from tests import factories
from tests.people import People
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LIST = "/papierkorb/"
ADDRESS = "melderin@kiv.example"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def photo_of(entry: Activity | Concern, **values: Any) -> ActivityPhoto | ConcernPhoto:
    photo: ActivityPhoto | ConcernPhoto
    if isinstance(entry, Activity):
        photo = ActivityPhoto(activity=entry, added_by=entry.mediator.user)
    else:
        photo = ConcernPhoto(concern=entry)
    usual = {"width": 4, "height": 3, "alt_text": "Eine Rampe"} | values
    for name, value in usual.items():
        setattr(photo, name, value)
    photo.image.save("a.jpg", ContentFile(b"large"), save=False)
    photo.preview.save("b.jpg", ContentFile(b"small"), save=False)
    photo.save()
    return photo


def receipt_of(activity: Activity, name: str = "Fahrkarte") -> ActivityDocument:
    document = ActivityDocument(
        activity=activity, name=name, size=5, is_receipt=True, added_by=activity.mediator.user
    )
    document.file.save("c.pdf", ContentFile(b"%PDF-"))
    return document


def full_activity(people: People, **values: Any) -> Activity:
    """Everything that can hang on an entry, and every column filled."""
    factories.make_field("arbeit")
    activity = factories.make_activity(
        people.kiv,
        people.town,
        **{
            "further_fields": ["arbeit"],
            "place": "Bahnhof",
            "description": "Zeile 1\nZeile „2“",
            "internal_note": "Nur für mich",
            "starts_at": dt.time(14, 30),
            "people_reached": 3,
            "people_reached_to": 5,
            "is_estimated": True,
            "expenses_cents": 1250,
            "follow_up_on": dt.date(2022, 4, 1),
            "concern": factories.make_concern(people.town, state="checking"),
        }
        | values,
    )
    ActivityOrganisation.objects.create(activity=activity, organisation=factories.make_organisation("Amt"))
    photo_of(activity)
    receipt_of(activity)
    return activity


def everything(*kinds: type[models.Model]) -> dict[str, list[str]]:
    """The rows of some tables, as PostgreSQL prints them."""
    found = {}
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute(f"SELECT t::text FROM {kind._meta.db_table} t ORDER BY id")  # noqa: S608  our own table
            found[kind.__name__] = [row for (row,) in cursor.fetchall()]
    return found


def contents() -> dict[str, bytes]:
    """{name: content} of all files there are."""
    found, folders = {}, [""]
    while folders:
        folder = folders.pop()
        inner, names = default_storage.listdir(folder)
        folders += [f"{folder}/{name}".lstrip("/") for name in inner]
        for name in names:
            with default_storage.open(f"{folder}/{name}".lstrip("/"), "rb") as file:
                found[f"{folder}/{name}".lstrip("/")] = file.read()
    return found


def close(people: People) -> ClosedPeriod:
    return ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )


OF_ACTIVITIES = (Activity, ActivityOrganisation, ActivityPhoto, ActivityDocument)
OF_CONCERNS = (Concern, ConcernStep, ConcernPhoto)


# --- there and back


def test_an_activity_comes_back_as_it_was(people: People, committing: Any) -> None:
    activity = full_activity(people)
    rows, files = everything(*OF_ACTIVITIES), contents()
    with committing(execute=True):
        item = discard(activity, by=people.mediator)
    assert item is not None
    assert all(found == [] for found in everything(*OF_ACTIVITIES).values())
    assert not set(contents()) & set(files)  # under no name that anybody knows
    assert sorted(contents().values()) == sorted(files.values())
    with committing(execute=True):
        restore(item)
    assert everything(*OF_ACTIVITIES) == rows
    assert contents() == files
    assert (TrashItem.objects.count(), TrashFile.objects.count()) == (0, 0)
    history = activity.events.order_by("pgh_id").values_list("pgh_label", flat=True)
    assert list(history) == ["insert", "delete", "insert"]
    assert Activity.objects.mentioning(search_of("Begehung").everything).exists()


def test_a_concern_comes_back_with_its_steps_and_photo(people: People, committing: Any) -> None:
    concern = report_concern(
        Concern(municipality=people.town, title="Ampel", description="Stumm", contact_email=ADDRESS), by=None
    )
    photo_of(concern, alt_text="")
    rows, files = everything(*OF_CONCERNS), contents()
    with committing(execute=True):
        item = delete_spam(concern, by=people.contact)
    assert item is not None
    assert (sum(map(len, everything(*OF_CONCERNS).values())), set(contents()) & set(files)) == (0, set())
    with committing(execute=True):
        restore(item)
    assert (everything(*OF_CONCERNS), contents()) == (rows, files)
    take_over(concern, by=people.kiv)  # it lives


@pytest.mark.parametrize("make", [photo_of, receipt_of])
def test_a_file_comes_back(people: People, committing: Any, make: Any) -> None:
    make(factories.make_activity(people.kiv, people.town))
    row = make(Activity.objects.get())
    rows, files = everything(*OF_ACTIVITIES), contents()
    with committing(execute=True):
        item = attachments.remove(row, by=people.mediator)
    assert item is not None
    assert type(row).objects.count() == 1
    with committing(execute=True):
        restore(item)
    assert (everything(*OF_ACTIVITIES), contents()) == (rows, files)


def test_pressed_at_once_the_file_that_is_back_stays(people: People, committing: Any) -> None:
    """The old file goes after the deletion is stored. Somebody was faster and has it back: it is needed."""
    photo = photo_of(factories.make_activity(people.kiv, people.town))
    files = contents()
    with committing(execute=True):
        item = discard(photo, by=people.mediator)
        assert item is not None
        restore(item)
    assert contents() == files


def test_nothing_is_lost_when_the_deletion_fails(people: People, committing: Any) -> None:
    activity = full_activity(people)
    close(people)
    rows, files = everything(*OF_ACTIVITIES), contents()
    with committing(execute=True), pytest.raises(IntegrityError), transaction.atomic():
        discard(activity, by=people.mediator)
    assert (everything(*OF_ACTIVITIES), contents(), TrashItem.objects.count()) == (rows, files, 0)


def test_a_column_that_came_meanwhile_has_its_usual_value(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town)
    item = discard(activity, by=people.mediator)
    assert item is not None
    for gone in ("is_estimated", "further_fields", "starts_at", "created_at"):
        del item.rows[0]["row"][gone]
    put_back([{"model": "activities.activity", "row": item.rows[0]["row"] | {"no_longer": 1}}])
    activity.refresh_from_db()
    assert (activity.is_estimated, activity.further_fields, activity.starts_at) == (False, [], None)


# --- what stands against it


def refusal(item: TrashItem | None) -> str:
    assert item is not None
    with pytest.raises(services.NotRestorable) as refused:
        restore(item)
    assert TrashItem.objects.filter(pk=item.pk).exists()
    return str(refused.value)


def test_a_submitted_period_is_closed_for_the_bin_too(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town, description="Die Worte bleiben.")
    photo = photo_of(activity)
    items = [discard(photo, by=people.mediator), discard(activity, by=people.mediator)]
    period = close(people)
    sentence = "ist abgeschlossen: Bericht. Möglich ist ein Nachtrag"
    assert sentence in refusal(items[1])
    page = people.client("mediator").get(LIST).content.decode()
    assert (sentence in page, "Die Worte bleiben." in page, ">Zurückholen<" in page) == (True, True, False)
    period.delete()
    restore(items[1])  # type: ignore[arg-type]
    close(people)
    assert "Zurückholen geht erst wieder, wenn der Bericht zurückgegeben ist." in refusal(items[0])


def test_what_a_report_closed_meanwhile_comes_back_as_a_late_entry(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town)
    photo, item = discard(photo_of(activity), by=people.mediator), discard(activity, by=people.mediator)
    close(people)
    client = people.client("mediator")
    assert ">Als Nachtrag zurückholen<" in client.get(LIST).content.decode()
    client.post(reverse("trash_restore", args=[item.pk]), {"nachtrag": "ja"})  # type: ignore[union-attr]
    activity.refresh_from_db()
    assert activity.is_late
    restore(photo)  # type: ignore[arg-type]
    assert activity.photos.count() == 1


def test_a_late_entry_comes_back_in_time_when_its_report_is_returned(people: People) -> None:
    period = close(people)
    late = factories.make_activity(people.kiv, people.town, is_late=True)
    again = discard(late, by=people.mediator)
    restore(again)  # type: ignore[arg-type]  # nothing stands against it: no report has told it
    late.refresh_from_db()
    assert late.is_late
    item = discard(late, by=people.mediator)
    period.delete()
    restore(item)  # type: ignore[arg-type]
    late.refresh_from_db()
    assert not late.is_late


def test_a_photo_waits_for_its_entry(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town, title="Begehung Bahnhof")
    photo = discard(photo_of(activity), by=people.mediator)
    entry = discard(activity, by=people.mediator)
    assert refusal(photo) == "Bitte holen Sie zuerst die Aktivität „Begehung Bahnhof“ zurück."
    restore(entry)  # type: ignore[arg-type]
    restore(photo)  # type: ignore[arg-type]
    assert ActivityPhoto.objects.count() == 1


def test_an_entry_waits_for_its_concern_and_comes_without_one_that_is_gone(people: People) -> None:
    concern = factories.make_concern(people.town)
    activity = factories.make_activity(people.kiv, people.town, concern=concern)
    entry = discard(activity, by=people.mediator)
    spam = delete_spam(concern, by=people.contact)
    assert "holen Sie zuerst das Anliegen zurück" in refusal(entry)
    services.delete_for_good(spam)  # type: ignore[arg-type]
    restore(entry)  # type: ignore[arg-type]
    activity.refresh_from_db()
    assert activity.concern_id is None


def test_what_the_database_refuses_is_said(people: People) -> None:
    twin = factories.make_activity(people.kiv, people.town)
    twice = discard(twin, by=people.mediator)
    factories.make_activity(people.kiv, people.town, entry_key=twin.entry_key)
    assert refusal(twice) == services.TWICE
    Activity.objects.all().delete()
    factories.make_activity(people.kiv, people.town, minutes=1400)
    assert "mehr als 24 Stunden" in refusal(twice)
    Activity.objects.all().delete()
    Appointment.objects.filter(mediator=people.kiv).update(starts_on=dt.date(2022, 5, 1))
    assert "nicht für diese Kommune bestellt" in refusal(twice)


def test_what_it_belonged_to_may_be_gone(people: People) -> None:
    activity = full_activity(people)
    item = discard(activity, by=people.mediator)
    Organisation.objects.all().delete()
    assert refusal(item) == services.ORPHANED
    assert not Activity.objects.exists()


@pytest.mark.parametrize(("state", "chosen"), [("draft", 1), ("submitted", 0)])
def test_a_choice_for_a_report_comes_back_if_the_report_takes_it(
    people: People, state: str, chosen: int
) -> None:
    photo = photo_of(factories.make_activity(people.kiv, people.town))
    report = factories.make_report(people.town)
    report.photos.create(activity_photo=photo, chosen_by=people.mediator)
    item = discard(photo, by=people.mediator)
    assert (report.photos.count(), item is not None) == (0, True)
    if state == "submitted":
        factories.take_to(report, state, by=people.mediator)
    restore(item)  # type: ignore[arg-type]
    assert (ActivityPhoto.objects.get(), report.photos.count()) == (photo, chosen)


def test_a_full_entry_takes_no_further_photo(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town)
    item = discard(photo_of(activity), by=people.mediator)
    for _ in range(attachments.MOST):
        photo_of(activity)
    assert refusal(item).startswith("Dort stehen schon 20")


def test_the_programme_keeps_what_the_bin_names(people: People) -> None:
    activity = full_activity(people)
    county = people.town.county
    rows = [activity.kind, activity.field, county.fields.get(code="arbeit")]
    assert [is_in_the_bin(row) for row in rows] == [False] * 3
    discard(activity, by=people.mediator)
    assert [is_in_the_bin(row) for row in rows] == [True] * 3


def test_the_database_keeps_living_rows_out_of_the_bin(people: People) -> None:
    activity = factories.make_activity(people.kiv, people.town)
    item = discard(activity, by=people.mediator)
    assert item is not None
    restore(item)
    item.pk = None
    with (
        pytest.raises(IntegrityError, match="what is in the bin cannot be in its table"),
        transaction.atomic(),
    ):
        item.save(force_insert=True)


# --- who, when, how often


def binned(people: People) -> dict[str, TrashItem]:
    of_helper = factories.make_activity(people.kiv, people.town, entered_by=people.assistant, title="Helfen")
    own = factories.make_activity(people.kiv, people.town, title="Eigenes")
    concern = factories.make_concern(people.town, title="Werbung")
    entries = {"of_helper": of_helper, "own": own, "concern": concern}
    return {name: discard(entry, by=people.mediator) for name, entry in entries.items()}  # type: ignore[misc]


def test_who_may_delete_may_bring_back(people: People) -> None:
    items = binned(people)

    def reach(item: TrashItem) -> set[str]:
        return people.who(lambda user: TrashItem.objects.visible_to(user).filter(pk=item.pk).exists())

    assert reach(items["own"]) == {"mediator"}
    assert reach(items["of_helper"]) == {"mediator", "assistant"}
    assert reach(items["concern"]) == {"coordinator", "contact", "mediator"}


def test_after_the_appointment_the_towns_concerns_are_out_of_reach(people: People) -> None:
    """The own log stays the mediator's (as outside of the bin), the town's concerns do not."""
    binned(people)
    Appointment.objects.filter(mediator=people.kiv).update(ends_on=factories.END)
    titles = {item.title for item in TrashItem.objects.visible_to(people.mediator)}
    assert titles == {"Eigenes", "Helfen"}
    people.assistant.assistances.update(revoked_at=timezone.now())
    assert not TrashItem.objects.visible_to(people.assistant).exists()


def test_one_press_undoes_a_second_one_says_so(people: People) -> None:
    client = people.client("mediator")
    activity = factories.make_activity(people.kiv, people.town)
    page = client.post(reverse("activity_delete", args=[activity.pk]), follow=True).content.decode()
    undo = reverse("trash_restore", args=[TrashItem.objects.get().pk])
    assert f'form="sofort" formaction="{undo}">Rückgängig</button>' in page
    answer = client.post(undo, follow=True)
    assert answer.redirect_chain == [(reverse("activity_detail", args=[activity.pk]), 302)]
    assert "Zurückgeholt: Begehung der Grundschule" in answer.content.decode()
    again = client.post(undo, follow=True)
    assert again.redirect_chain == [(LIST, 302)]
    assert "schon zurückgeholt" in again.content.decode()
    assert people.client("stranger").post(undo).status_code == 404


def test_the_page_says_what_whose_and_until_when(people: People) -> None:
    activity = full_activity(people)
    discard(photo_of(activity), by=people.mediator)
    page = people.client("mediator").get(LIST).content.decode()
    until = timezone.localdate() + dt.timedelta(days=30)
    for words in (
        "Eine Rampe",
        "Foto zu „Begehung der Grundschule“",
        "von Vera Vermittlung",
        f"{until:%d.%m.%Y}",
    ):
        assert words in page
    assert "Nur für mich" not in page


def test_for_good_asks_first_and_takes_what_hung_on_it(people: People, committing: Any) -> None:
    activity = full_activity(people)
    with committing(execute=True):
        discard(ActivityPhoto.objects.get(), by=people.mediator)
        item = discard(activity, by=people.mediator)
        discard(factories.make_concern(people.town), by=people.mediator)
    url = reverse("trash_delete", args=[item.pk])  # type: ignore[union-attr]
    client = people.client("mediator")
    assert "Das lässt sich nicht rückgängig machen." in client.get(url).content.decode()
    with committing(execute=True):
        assert "Endgültig gelöscht: " in client.post(url, follow=True).content.decode()
    assert ([item.kind for item in TrashItem.objects.all()], contents()) == (["concern"], {})
    assert client.post(url).url == LIST
    assert client.get(url).status_code == 404


# --- for good


def test_after_thirty_days_it_is_gone_with_its_files(people: People, committing: Any) -> None:
    with committing(execute=True):
        discard(full_activity(people), by=people.mediator)
    today = timezone.localdate()
    last = dt.datetime.combine(
        today + dt.timedelta(days=30), dt.time(23, 59), timezone.get_current_timezone()
    )
    assert (services.empty_trash(last), len(contents())) == (0, 3)
    after = last + dt.timedelta(minutes=1)
    assert (services.empty_trash(after, dry_run=True), TrashItem.objects.count()) == (1, 1)
    assert not TrashItem.objects.kept_on(timezone.localdate(after)).exists()
    with committing(execute=True):
        assert services.empty_trash(after) == 1
    assert (TrashItem.objects.count(), contents()) == (0, {})


def test_it_is_emptied_every_night(people: People) -> None:
    assert empty_trash_task.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    empty_trash_task()
    out = StringIO()
    call_command("empty_trash", "--dry-run", stdout=out)
    call_command("empty_trash", stdout=out)
    assert out.getvalue() == "would be deleted: 0\ndeleted: 0\n"


def test_the_sweep_of_files_leaves_the_bin_alone(people: People, committing: Any) -> None:
    with committing(execute=True):
        item = discard(full_activity(people), by=people.mediator)
    later = timezone.now() + dt.timedelta(days=2)
    assert sweep_files(later) == []
    TrashFile.objects.all().delete()
    assert len(sweep_files(later)) == 3
    assert item is not None


def test_an_address_lives_in_the_bin_only_and_dies_with_it(people: People) -> None:
    concern = report_concern(
        Concern(municipality=people.town, title="Ampel", description="Stumm", contact_email=ADDRESS), by=None
    )
    item = delete_spam(concern, by=people.contact)
    assert item is not None
    assert tables_with(ADDRESS) == ["activities_trashitem"]
    services.delete_for_good(item)
    assert tables_with(ADDRESS) == []


def tables_with(text: str) -> list[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE %s', [f"%{text}%"])  # noqa: S608  names from the database
            found += [name] * bool(cursor.fetchone()[0])
    return found


# --- in the same moment, and in two windows


def test_deleted_in_a_second_window_it_is_in_the_bin_already(people: People) -> None:
    activity = full_activity(people)
    concern = factories.make_concern(people.town)
    photo, paper, picture = ActivityPhoto.objects.get(), ActivityDocument.objects.get(), photo_of(concern)
    addresses = {
        reverse("activity_photo_remove", args=[photo.pk]): reverse("activity_detail", args=[activity.pk]),
        reverse("activity_document_remove", args=[paper.pk]): reverse("activity_detail", args=[activity.pk]),
        reverse("concern_photo_remove", args=[picture.pk]): reverse("concern_detail", args=[concern.pk]),
        reverse("activity_delete", args=[activity.pk]): reverse("activity_list"),
        reverse("concern_delete", args=[concern.pk]): reverse("concern_list"),
    }
    client, stranger = people.client("mediator"), people.client("stranger")
    for address, back in addresses.items():
        answers = [client.post(address, follow=True) for _ in range(2)]
        assert [answer.redirect_chain for answer in answers] == [[(back, 302)]] * 2
        assert all("Gelöscht: " in answer.content.decode() for answer in answers)
        assert stranger.post(address).status_code == 404
    assert TrashItem.objects.count() == 5


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once(people: People) -> None:
    activity = full_activity(people)
    files = contents()
    found = at_once(*[lambda: discard(Activity.objects.get(pk=activity.pk), by=people.mediator)] * 2)
    item = TrashItem.objects.get()
    assert all(each == item or isinstance(each, Activity.DoesNotExist) for each in found)
    ends = at_once(lambda: restore(item), lambda: restore(item))
    assert sorted(map(str, map(type, ends))) == sorted(map(str, [type(None), services.AlreadyGone]))
    assert (Activity.objects.count(), contents()) == (1, files)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_brought_back_and_deleted_for_good_at_once(people: People) -> None:
    """One of both, never half of each."""
    activity = full_activity(people)
    item = discard(activity, by=people.mediator)
    assert item is not None
    ends = at_once(lambda: restore(item), lambda: services.delete_for_good(item))
    assert {type(end) for end in ends} == {type(None), services.AlreadyGone}
    is_back = Activity.objects.exists()
    assert (len(contents()), TrashItem.objects.count()) == (3 if is_back else 0, 0)
