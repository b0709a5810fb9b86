"""The worker builds a preview."""

from __future__ import annotations

from django.utils import timezone

from kiv_portal.documents.errors import RenderingError
from kiv_portal.jobs import work
from reports.content.draft import build_draft_pdf
from reports.editions.building import store
from reports.editions.models import BuildStep
from reports.editions.services import TECHNICAL_REASON
from reports.preview.models import DraftPreview
from reports.writing.photo_services import stored_photos

SENTENCE = (
    "Entwurf vom {:%d.%m.%Y, %H:%M} Uhr. Dieser Bericht ist nicht eingereicht, "
    "Zahlen und Texte können sich noch ändern."
)


def build_preview(pk: int, *, worker: str) -> None:
    """Build the file, at most once at a time. Safe to call twice: the second call finds nothing."""
    if preview := work.claim(DraftPreview, pk, worker=worker):
        work.attempt(preview, _build, refused=RenderingError, excuse=TECHNICAL_REASON)


def _build(preview: DraftPreview) -> None:
    built = build_draft_pdf(
        preview.frozen,
        sentence=SENTENCE.format(timezone.localtime(preview.requested_at)),
        progress=lambda step: work.advance(preview, BuildStep[step.name]),
        photos=stored_photos(preview.frozen),
    )
    work.advance(preview, BuildStep.STORE)
    verdict = built.verdict.as_json()
    store(preview, "entwurf", "pdf", built.pdf, pages=built.verdict.pages, verdict=verdict)
