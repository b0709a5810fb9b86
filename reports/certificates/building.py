"""The worker builds an Ehrenamtsnachweis."""

from __future__ import annotations

from kiv_portal.documents.errors import RenderingError
from kiv_portal.jobs import work
from reports.certificates.models import Certificate
from reports.content.certificate import build_certificate_pdf
from reports.editions.building import judge, store
from reports.editions.models import BuildStep
from reports.editions.services import TECHNICAL_REASON


def build_certificate(pk: int, *, worker: str) -> None:
    """Build the file, at most once at a time. Safe to call twice: the second call finds nothing."""
    if certificate := work.claim(Certificate, pk, worker=worker):
        work.attempt(certificate, _build, refused=RenderingError, excuse=TECHNICAL_REASON)


def _build(certificate: Certificate) -> None:
    built = build_certificate_pdf(
        certificate.frozen, progress=lambda step: work.advance(certificate, BuildStep[step.name])
    )
    verdict = judge(built.pdf, built.verdict.as_json())
    if not verdict["is_accessible"]:  # nobody releases it after this: it is not stored
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict['problems'][0]}")
    work.advance(certificate, BuildStep.STORE)
    store(certificate, "ehrenamtsnachweis", "pdf", built.pdf, pages=built.verdict.pages, verdict=verdict)
