"""Every town of a county as it stands today, over all its periods."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, DateField, F, OuterRef, Q, Subquery, When

from activities.concerns.models import is_overdue_on, waits_for_reply_on
from activities.models import Activity, ConcernState
from home.work_list.kinds import Duty
from home.work_list.queries import work_in
from kiv_portal.documents import german
from kiv_portal.german_order import GermanOrder, german_key
from mediators.models import Appointment
from municipalities.models import CooperationAgreement, Municipality, MunicipalityQuerySet
from reports.models import CouncilDecision, DecisionKind, InterimReport, ReportState

# of the last result of a report
TOLD = ("votes_yes", "votes_no", "votes_abstained", "text", "conditions", "reason")


@dataclass
class TownRow:
    """`vacant_since` is the day after the last appointment, None where there never was one or the post is held;
    `report` has `is_overdue`, `session_on` and `decided`, `duties` is what waits in this town.
    """

    town: Municipality
    last_activity: dt.date | None = None
    open_concerns: int = 0
    overdue_concerns: int = 0
    agreement: CooperationAgreement | None = None
    takes_part: bool = False
    mediators: list[str] = field(default_factory=list)
    last_term_ended: dt.date | None = None
    report: InterimReport | None = None
    duties: list[Duty] = field(default_factory=list)

    @property
    def is_vacant(self) -> bool:
        return self.takes_part and not self.mediators

    @property
    def vacant_since(self) -> dt.date | None:
        if self.is_vacant and self.last_term_ended:
            return self.last_term_ended + dt.timedelta(days=1)
        return None

    @property
    def overdue_text(self) -> str:
        return f"{self.overdue_concerns} überfällig"

    @property
    def decision_name(self) -> str:
        kind = self.report.decided if self.report else None  # type: ignore[attr-defined]
        return DecisionKind(kind).label if kind else ""

    @property
    def votes(self) -> str:
        """Of the last result; "" where nobody said."""
        yes, no, abstained = (self._told(f"votes_{name}") for name in ("yes", "no", "abstained"))
        if yes is None or no is None or abstained is None:
            return ""
        return f"{yes} Ja, {no} Nein, {german.count(abstained, 'Enthaltung', 'Enthaltungen')}"

    @property
    def wording(self) -> str:
        """What was resolved last, with its conditions; of what was put off the reason."""
        return "\n".join(filter(None, (self._told(name) for name in ("text", "conditions", "reason"))))

    def _told(self, name: str) -> Any:
        return getattr(self.report, f"decided_{name}", None)

    @property
    def owes_decision(self) -> bool:
        return self.has("decision_record")

    @property
    def owes_session(self) -> bool:
        return self.has("session_enter")

    @property
    def agreement_ends_soon(self) -> bool:
        return self.has("agreement_ends")

    def has(self, *kinds: str) -> bool:
        return any(duty.kind in kinds for duty in self.duties)

    @property
    def _urgency(self) -> tuple[bool, dt.date, str]:
        late = bool(self.overdue_concerns) or any(duty.is_late for duty in self.duties)
        oldest = min((duty.day for duty in self.duties), default=dt.date.max)
        return not late, oldest, german_key(self.town.name)


def towns_today(towns: MunicipalityQuerySet, today: dt.date) -> list[TownRow]:
    """All towns with an agreement, what is overdue first, then what has waited longest. Five queries."""
    rows = {town.pk: TownRow(town, *_counts(town)) for town in _with_counts(towns, today)}
    _add_agreements(rows, today)
    rows = {pk: row for pk, row in rows.items() if row.agreement}
    _add_people(rows, today)
    _add_reports(rows, today)
    by_slug = {row.town.slug: row for row in rows.values()}
    for duty in work_in(rows, today):
        if duty.slug in by_slug:
            by_slug[duty.slug].duties.append(duty)
    return sorted(rows.values(), key=lambda row: row._urgency)


def without_agreement(towns: MunicipalityQuerySet) -> MunicipalityQuerySet:
    agreed = CooperationAgreement.objects.values("municipality")
    return towns.exclude(pk__in=agreed).order_by(GermanOrder("name"))


def _with_counts(towns: MunicipalityQuerySet, today: dt.date) -> MunicipalityQuerySet:
    late = is_overdue_on(today, "concerns__") | waits_for_reply_on(today, "concerns__")
    newest = Activity.objects.filter(municipality=OuterRef("pk")).order_by("-day")
    return towns.annotate(
        last_activity=Subquery(newest.values("day")[:1]),
        open_concerns=Count("concerns", filter=Q(concerns__state__in=ConcernState.open)),
        overdue_concerns=Count("concerns", filter=late),
    )


def _counts(town: Municipality) -> tuple[dt.date | None, int, int]:
    return town.last_activity, town.open_concerns, town.overdue_concerns  # type: ignore[attr-defined]


def _add_agreements(rows: dict[int, TownRow], today: dt.date) -> None:
    """The newest of each."""
    for agreement in CooperationAgreement.objects.filter(municipality__in=rows).order_by("starts_on"):
        row = rows[agreement.municipality_id]
        row.agreement = agreement
        row.takes_part = row.takes_part or agreement.holds_on(today)


def _add_people(rows: dict[int, TownRow], today: dt.date) -> None:
    terms = Appointment.objects.filter(municipality__in=rows, starts_on__lte=today)
    in_order = terms.order_by("starts_on", GermanOrder("mediator__user__full_name"))
    for town, ends_on, name in in_order.values_list("municipality", "ends_on", "mediator__user__full_name"):
        row = rows[town]
        if ends_on is None or ends_on >= today:
            row.mediators.append(name)
        else:
            row.last_term_ended = max(ends_on, row.last_term_ended or ends_on)


def _add_reports(rows: dict[int, TownRow], today: dt.date) -> None:
    """The oldest that somebody still owes something for, so that a later one never hides it; else the newest."""
    decisions = CouncilDecision.objects.filter(report=OuterRef("pk")).order_by("-decided_on", "-pk")
    reports = InterimReport.objects.filter(municipality__in=rows).order_by(
        "municipality_id",
        _end_while_owed().asc(nulls_last=True),
        _is_planned(),
        "-period_end",
        "-period_start",
    )
    with_all = (
        reports.with_overdue(today)
        .with_session()
        .annotate(decided=Subquery(decisions.values("kind")[:1]))
        .annotate(**{f"decided_{name}": Subquery(decisions.values(name)[:1]) for name in TOLD})
    )
    for report in with_all.distinct("municipality_id"):
        rows[report.municipality_id].report = report


def _end_while_owed() -> Case:
    done = (ReportState.DECIDED, ReportState.PLANNED)
    return Case(When(~Q(state__in=done), then=F("period_end")), output_field=DateField())


def _is_planned() -> Case:
    """A report that only grows by itself comes after those that people have had in their hands."""
    return Case(When(state=ReportState.PLANNED, then=1), default=0)
