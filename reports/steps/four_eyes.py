"""Four eyes: whoever handed a report in does not approve it, where the county asks for two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from kiv_portal.documents import german
from reports.steps.models import InterimReport, ReportState
from reports.steps.review_models import coordinators_of, needs_two

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


def refusal_of_one(report: InterimReport, *, by: User) -> str:
    """Why this person does not approve the report, and who may; "" where nothing is in the way."""
    county, today = report.municipality.county, timezone.localdate()
    last = report.steps.filter(state=ReportState.SUBMITTED).last()
    if last is None or last.taken_by_id != by.pk or not needs_two(county, today):
        return ""
    others = [name for name in coordinators_of(county, today) if name != by.full_name]
    if not others:
        return (
            "Sie haben den Bericht selbst eingereicht, und Ihr Landkreis verlangt vier Augen. Zurzeit koordiniert "
            "sonst niemand. Laden Sie eine zweite Person ein, oder ändern Sie die Einstellung „Vier Augen“."
        )
    return (
        "Sie haben den Bericht selbst eingereicht, und Ihr Landkreis verlangt vier Augen. "
        f"Freigeben kann ihn {german.enumeration(others, last='oder')}."
    )
