"""Files without a row go after a day; files with one never, whoever asks, and not with the wrong database."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from activities.attachments import services as attachments
from activities.imports import services as imports
from activities.models import ConcernPhoto, TrashFile
from activities.trash.services import discard
from home import stored_files
from home.stored_files import FOLDERS, StrangeDatabase, sweep_files
from home.tasks import sweep_files_task
from kiv_portal.celery import app
from reports.models import InterimReport, ReportFile, ReportSnapshot
from tests import factories
from tests.activities.attachments.test_attachments import ALT, jpeg, pdf
from tests.people import People

pytestmark = pytest.mark.django_db
IN_TWO_DAYS = timezone.now() + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored() -> set[str]:
    return set(stored_files._stored_names())


@pytest.fixture
def known(people: People) -> set[str]:
    """A file of every kind that a row points to."""
    activity = factories.make_activity(people.kiv, people.town)
    concern = factories.make_concern(people.town)
    described = {"alt_text": ALT, "is_decorative": False, "by": people.mediator}
    attachments.add_activity_photo(activity, jpeg(), **described)
    attachments.add_concern_photo(concern, jpeg(), moment="before", **described)
    attachments.add_activity_document(activity, pdf(), name="Plan", is_receipt=True, by=people.mediator)
    deleted = discard(factories.make_activity(people.kiv, people.town), by=people.mediator)
    TrashFile(item=deleted, name="activityphoto/gone.jpg").file.save("a", ContentFile(b"deleted"))
    imports.open_import(people.kiv, name="a.csv", data=factories.IMPORTED, by=people.mediator)
    snapshot = ReportSnapshot.objects.create(
        report=factories.make_report(people.town),
        number=1,
        data={"municipality": {"ags": people.town.ags}},
        taken_by=people.mediator,
    )
    file = ReportFile(snapshot=snapshot, requested_by=people.mediator)
    file.file.save("zwischenbericht.pdf", ContentFile(b"%PDF"))
    return stored()


def leave_behind(*names: str) -> set[str]:
    return {default_storage.save(name, ContentFile(b"left behind")) for name in names}


def test_what_has_a_row_stays_for_ever_and_the_rest_for_a_day(known: set[str]) -> None:
    assert {name.split("/")[0] for name in known} == set(FOLDERS)
    strays = leave_behind(
        *("concernphoto/a.jpg", "activityphoto/b.jpg", "activitydocument/c.pdf"),
        *("imports/d", "editions/08115028/e.pdf", "editions/f.pdf", "trash/g"),
    )
    elsewhere = leave_behind("operators-own/notes.txt")
    almost = timezone.now() + dt.timedelta(hours=23)
    assert (sweep_files(timezone.now()), sweep_files(almost)) == ([], [])
    assert set(sweep_files(IN_TWO_DAYS)) == strays
    assert stored() == known
    assert default_storage.exists(elsewhere.pop())
    assert sweep_files(IN_TWO_DAYS) == []


def test_an_old_file_goes_by_its_own_age(known: set[str], media: Path) -> None:
    old, young = (leave_behind(f"concernphoto/{name}.jpg").pop() for name in ("old", "young"))
    two_days_ago = (timezone.now() - dt.timedelta(days=2)).timestamp()
    os.utime(media / old, (two_days_ago, two_days_ago))
    sweep_files_task()
    assert (default_storage.exists(old), default_storage.exists(young)) == (False, True)


def test_a_photo_whose_row_is_gone_goes_though_the_history_remembers_it(
    people: People, known: set[str]
) -> None:
    photo = ConcernPhoto.objects.get()
    names = {photo.image.name, photo.preview.name}
    ConcernPhoto.objects.all().delete()
    assert ConcernPhoto.pgh_event_model.objects.filter(image__in=names).exists()
    assert set(sweep_files(IN_TWO_DAYS)) == names


def test_what_a_report_has_frozen_stays_though_its_photo_was_turned(people: People, known: set[str]) -> None:
    frozen = leave_behind("concernphoto/frozen.jpg").pop()
    pictures = [{"title": "Rampe", "pictures": [{"file": "concernphoto/other.jpg"}, {"file": frozen}]}]
    ReportSnapshot.objects.create(
        report=InterimReport.objects.get(),
        number=2,
        data={"municipality": {"ags": people.town.ags}, "photos": pictures},
        taken_by=people.mediator,
    )
    assert sweep_files(IN_TWO_DAYS) == []
    assert frozen in stored()


def test_an_empty_database_costs_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_files, "MOST", 2)
    left = leave_behind("concernphoto/a.jpg", "concernphoto/b.jpg", "imports/c")
    with pytest.raises(StrangeDatabase, match="3 files without a row, 0 with one"):
        sweep_files(IN_TWO_DAYS)
    assert stored() == left
    monkeypatch.setattr(timezone, "now", lambda: IN_TWO_DAYS)
    with pytest.raises(CommandError, match="nothing was deleted"):
        call_command("sweep_files")


def test_many_files_are_asked_for_in_pieces(
    known: set[str], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(stored_files, "BATCH", 3)
    pieces = -(-len(known) // 3)
    with django_assert_num_queries(pieces * (len(stored_files.file_fields()) + 1)):  # and the snapshots
        assert sweep_files(IN_TWO_DAYS) == []


def test_the_command_names_them_first(known: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stray = leave_behind("imports/left").pop()
    monkeypatch.setattr(timezone, "now", lambda: IN_TWO_DAYS)
    for options, said in (
        (["--dry-run"], f"{stray}\nwould be deleted: 1\n"),
        ([], f"{stray}\ndeleted: 1\n"),
        ([], "deleted: 0\n"),
    ):
        out = io.StringIO()
        call_command("sweep_files", *options, stdout=out)
        assert out.getvalue() == said


def test_it_asks_for_nothing_but_the_storage_interface(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with object storage: no paths, no folders on a disk."""
    memory = InMemoryStorage()
    monkeypatch.setattr(stored_files, "default_storage", memory)
    memory.save("concernphoto/a.jpg", ContentFile(b"1"))
    assert sweep_files(IN_TWO_DAYS) == ["concernphoto/a.jpg"]
    assert not memory.exists("concernphoto/a.jpg")


def test_every_field_with_a_file_is_known_to_the_sweep() -> None:
    """A new one needs its folder in stored_files.FOLDERS, and a file of its kind in `known`."""
    assert {field.model._meta.label + "." + field.name for field in stored_files.file_fields()} == {
        *("activities.ActivityPhoto.image", "activities.ActivityPhoto.preview"),
        *("activities.ConcernPhoto.image", "activities.ConcernPhoto.preview"),
        *("activities.ActivityDocument.file", "activities.ActivityImport.file"),
        "activities.TrashFile.file",
        *("reports.ReportFile.file", "reports.CountyReportFile.file", "reports.Certificate.file"),
        "reports.DraftPreview.file",
    }


def test_the_timetable_knows_the_sweep() -> None:
    assert sweep_files_task.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
