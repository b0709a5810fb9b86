"""A draft as a PDF: marked on every page, for a day, never an edition."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from kiv_portal.documents.draft_mark import mark_as_draft
from reports.models import DraftPreview, InterimReport, ReportFile, ReportSnapshot
from reports.preview.building import build_preview
from reports.preview.services import request_preview, sweep_previews
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from reports.writing import services as texts
from tests.broker import woken_by
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def woken_previews(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return woken_by(monkeypatch, "reports.build_preview")


@pytest.fixture
def preview(draft: InterimReport, people: People, settings: Any, tmp_path: Path) -> DraftPreview:
    settings.MEDIA_ROOT = tmp_path
    texts.save_section(draft, "assessment", "Es hat sich gelohnt.", version=0, by=people.mediator)
    preview = request_preview(draft, by=people.mediator)
    build_preview(preview.pk, worker="worker@test")
    preview.refresh_from_db()
    assert preview.is_done, preview.reason
    return preview


def test_the_word_stands_before_everything_and_on_every_page() -> None:
    html = mark_as_draft(
        "<head><title>Bericht</title></head><body data-x='1'><h1>A</h1></body>", "Nur <Entwurf>."
    )
    assert "<title>Entwurf: Bericht</title>" in html
    assert "<body data-x='1'>\n<p class=\"draft-note\">Nur &lt;Entwurf&gt;.</p><h1>" in html
    assert "@page { background: url(data:image/svg+xml;base64," in html
    for broken in ("<body></body>", "<head><title></title></head>", "<title></title><body>"):
        with pytest.raises(ValueError, match="in this document"):
            mark_as_draft(broken, "Entwurf.")


@pytest.mark.slow
def test_the_draft_is_accessible_and_no_edition(preview: DraftPreview, people: People) -> None:
    assert preview.is_accessible
    answer = people.client("mediator").get(reverse("preview_download", args=[preview.pk]))
    data = b"".join(answer)
    assert 'filename="Entwurf-Zwischenbericht-leonberg.pdf"' in answer["Content-Disposition"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith("Entwurf: ")
        assert not pdf.attachments
        backgrounds = [
            page for page in pdf.pages if "/XObject" in page.Resources or "/Pattern" in page.Resources
        ]
        assert len(backgrounds) == len(pdf.pages)
    assert not ReportSnapshot.objects.exists()
    assert not ReportFile.objects.exists()
    assert preview.frozen.check_url == ""


def test_two_clicks_make_one_and_the_next_one_replaces_it(
    draft: InterimReport, people: People, woken_previews: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = request_preview(draft, by=people.mediator)
        assert request_preview(draft, by=people.contact) == first
    assert woken_previews == [first.pk]
    DraftPreview.objects.update(state="failed", reason="Auf Wunsch.")
    second = request_preview(draft, by=people.contact)
    assert list(DraftPreview.objects.all()) == [second]


@pytest.mark.slow
def test_it_goes_after_a_day_with_its_file(
    preview: DraftPreview, django_capture_on_commit_callbacks: Any
) -> None:
    name = preview.file.name
    sweep_previews(preview.requested_at + dt.timedelta(hours=23))
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        sweep_previews(preview.requested_at + dt.timedelta(hours=25))
    assert not DraftPreview.objects.exists()
    assert not default_storage.exists(name)


def test_the_page_leads_through(draft: InterimReport, people: People, woken_previews: list[int]) -> None:
    page, mediator = reverse("report_preview", args=[draft.pk]), people.client("mediator")
    assert "Vorschau erstellen" in mediator.get(page).content.decode()
    assert mediator.post(page).url == page
    waiting = mediator.get(page).content.decode()
    assert "Auftrag angenommen" in waiting
    assert "<html" not in mediator.get(page, headers={"HX-Request": "true"}).content.decode()
    DraftPreview.objects.update(
        state="failed", reason="Ein Zeichen lässt sich nicht drucken.", finished_at=timezone.now()
    )
    assert "Ein Zeichen lässt sich nicht drucken." in mediator.get(page).content.decode()


def test_what_is_handed_in_has_files_instead(draft: InterimReport, people: People, woken: list[int]) -> None:
    states.submit_report(draft, by=people.contact)
    with pytest.raises(ReportNotEditable, match="Lesen Sie bitte seine Dateien"):
        request_preview(draft, by=people.mediator)
    answer = people.client("mediator").post(reverse("report_preview", args=[draft.pk]))
    assert answer.url == reverse("report_detail", args=[draft.pk])
