"""The interim report (Zwischenbericht), the states it goes through, and who took each step."""

from __future__ import annotations

import datetime as dt
from enum import nonmember
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Now
from django.utils import timezone

from kiv_portal.german_order import GermanOrder
from mediators.models import towns_of
from municipalities.models import Municipality
from municipalities.roles import town_roles

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class ReportState(models.TextChoices):
    PLANNED = "planned", "Geplant"
    DRAFT = "draft", "In Arbeit"
    SUBMITTED = "submitted", "Eingereicht"
    RETURNED = "returned", "Zurückgegeben"
    APPROVED = "approved", "Freigegeben"
    DELIVERED = "delivered", "Zugestellt"
    DECIDED = "decided", "Beschlossen"

    editable = nonmember(("planned", "draft", "returned"))
    frozen = nonmember(("submitted", "approved", "delivered", "decided"))
    at_council = nonmember(("delivered", "decided"))


# from: to. The trigger `no_jump` is written from it, so that nobody else may jump either.
STEPS: dict[str, tuple[str, ...]] = {
    ReportState.PLANNED: (ReportState.DRAFT,),
    ReportState.DRAFT: (ReportState.SUBMITTED,),
    ReportState.SUBMITTED: (ReportState.RETURNED, ReportState.APPROVED),
    ReportState.RETURNED: (ReportState.SUBMITTED,),
    ReportState.APPROVED: (ReportState.RETURNED, ReportState.DELIVERED),
    # back to work: for a new edition, or because the delivery was withdrawn
    ReportState.DELIVERED: (ReportState.DECIDED, ReportState.RETURNED),
    # back to the council: what was decided was no decision, says its correction
    ReportState.DECIDED: (ReportState.DELIVERED, ReportState.RETURNED),
}
_ALLOWED = " OR ".join(
    f"(OLD.state = {str(start)!r} AND NEW.state IN ({', '.join(repr(str(end)) for end in ends)}))"
    for start, ends in STEPS.items()
    if ends
)

# what a step may change of a report that its council has
_STEPPED = "ARRAY['state', 'public_from', 'submitted_at', 'delivered_at', 'delivered_number', 'updated_at']"


class ListChoice(models.TextChoices):
    """Which activities the files of a report list; the values are those of reports.figures.snapshot.ActivityList."""

    NONE = "none", "Keine Liste"
    MONTHS = "months", "Nach Monaten, ohne Tag und Dauer"
    COUNCIL = "council", "Nach Monaten; die ganze Liste nur für den Gemeinderat"


class InterimReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those who work on a town's report see it in every state; its council sees what is delivered."""
        return self.at_work_of(user) | self.delivered_to(user)

    def at_work_of(self, user: User) -> Self:
        return self.filter(municipality__in=towns_of(user))

    def delivered_to(self, user: User) -> Self:
        return self.filter(municipality__in=town_roles(user).councillor).at_council()

    def at_council(self) -> Self:
        """What a council has in its hands, also while a new edition of it is in work."""
        return self.filter(delivered_number__isnull=False)

    def public_at(self, moment: dt.datetime) -> Self:
        """What anybody may read: delivered, and its time has come."""
        return self.at_council().filter(public_from__lte=moment)

    def with_overdue(self, today: dt.date) -> Self:
        """Adds `is_overdue`: still in work after the day it was due."""
        late = Q(state__in=ReportState.editable, due_on__lt=today)
        return self.annotate(is_overdue=ExpressionWrapper(late, output_field=models.BooleanField()))

    def with_session(self) -> Self:
        """Adds `session_on`: when its council deals with it, the next committee first."""
        sessions = InterimReport.objects.filter(
            pk=OuterRef("pk"), consultations__deleted_at=None, consultations__session_on__isnull=False
        )
        first = sessions.order_by("consultations__session_on").values("consultations__session_on")[:1]
        return self.annotate(session_on=Subquery(first))

    def with_town(self) -> Self:
        return self.select_related("municipality__county")


@pghistory.track(exclude=["updated_at"])
class InterimReport(models.Model):
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="reports"
    )
    period_start = models.DateField("Zeitraum von")
    period_end = models.DateField("Zeitraum bis")
    due_on = models.DateField("Fällig am")
    state = models.CharField("Stand", max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    submitted_at = models.DateTimeField("eingereicht", null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField("zugestellt", null=True, blank=True, editable=False)
    # which edition the council has: the newest one may still be in work
    delivered_number = models.PositiveSmallIntegerField(
        "zugestellte Ausgabe", null=True, blank=True, editable=False
    )
    public_from = models.DateTimeField(
        "Öffentlich ab", null=True, blank=True, help_text="Ab dann kann jede Person den Bericht lesen."
    )
    paper_number = models.CharField(
        "Vorlagen-Nummer",
        max_length=40,
        blank=True,
        help_text="Die Nummer der Sitzungsvorlage, zum Beispiel 2022/184.",
    )
    author = models.CharField("Verfasst von", max_length=150, blank=True)
    dated_on = models.DateField("Datum der Vorlage", null=True, blank=True)
    activity_list = models.CharField(
        "Liste der Aktivitäten",
        max_length=8,
        choices=ListChoice.choices,
        default=ListChoice.MONTHS,
        db_default=ListChoice.MONTHS,
        help_text="Tag und Dauer verraten, wann jemand ehrenamtlich arbeitet. Öffentlich stehen sie nie im Bericht.",
    )
    created_at = models.DateTimeField(editable=False, default=timezone.now, db_default=Now())
    updated_at = models.DateTimeField(editable=False, auto_now=True, db_default=Now())

    objects = InterimReportQuerySet.as_manager()

    is_overdue: bool  # by with_overdue
    chosen_photos: int  # by with_open_matters

    class Meta:
        verbose_name = "Zwischenbericht"
        verbose_name_plural = "Zwischenberichte"
        ordering = ("-period_end", GermanOrder("municipality__name"))
        constraints = [
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
            ExclusionConstraint(
                name="report_no_overlap",
                expressions=[
                    (
                        Func(F("municipality"), F("municipality"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("period_start"), F("period_end"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Für diesen Zeitraum gibt es schon einen Bericht.",
            ),
            models.CheckConstraint(
                name="report_submitted_with_date",
                condition=Q(state__in=ReportState.editable, submitted_at__isnull=True)
                | Q(state__in=ReportState.frozen, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_delivered_with_date",
                condition=Q(delivered_at__isnull=False, delivered_number__isnull=False)
                | (
                    ~Q(state__in=ReportState.at_council)
                    & Q(delivered_at__isnull=True, delivered_number__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="report_known_activity_list", condition=Q(activity_list__in=ListChoice.values)
            ),
            models.CheckConstraint(
                name="report_public_only_at_council",
                condition=Q(public_from__isnull=True) | Q(delivered_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_jump",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=f"""
                    IF NOT ({_ALLOWED} OR (  -- the new edition is not wanted after all
                            OLD.state = 'returned' AND NEW.state = 'delivered' AND OLD.delivered_at IS NOT NULL)) THEN
                        RAISE EXCEPTION 'a report does not go from % to %', OLD.state, NEW.state
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_no_jump';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="begins_at_the_beginning",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state__in=["planned", "draft"]),
                func="""
                    RAISE EXCEPTION 'a report begins as planned or draft'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'report_begins_at_the_beginning';
                """,
            ),
            # What failed a check never leaves the house, whoever says so.
            pgtrigger.Trigger(
                name="released_only_accessible",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state__in=["approved", "delivered"])
                & ~pgtrigger.Q(old__state="decided"),
                func="""
                    IF EXISTS (SELECT 1 FROM reports_reportfile e
                               WHERE e.state = 'done' AND e.verdict ->> 'is_accessible' IS DISTINCT FROM 'true'
                                 AND e.snapshot_id = (SELECT s.id FROM reports_reportsnapshot s
                                                      WHERE s.report_id = NEW.id ORDER BY s.number DESC LIMIT 1)) THEN
                        RAISE EXCEPTION 'an edition of this report failed its check'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_released_only_accessible';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # The council has it: what was delivered stays as it was, also against raw SQL. Only a new edition that
            # is in work may change, and what is withdrawn is withdrawn by two people.
            pgtrigger.Trigger(
                name="delivered_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__delivered_at__isnull=False),
                func=f"""
                    IF TG_OP = 'DELETE' OR (OLD.state IN ('delivered', 'decided')
                            AND to_jsonb(NEW) - {_STEPPED} <> to_jsonb(OLD) - {_STEPPED}) THEN
                        RAISE EXCEPTION 'a delivered report stays as it is'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_delivered_stays';
                    END IF;
                    IF NEW.delivered_at IS DISTINCT FROM OLD.delivered_at AND NOT (NEW.delivered_at IS NULL AND EXISTS (
                            SELECT 1 FROM reports_withdrawal w WHERE w.report_id = OLD.id
                            AND w.number = OLD.delivered_number AND w.confirmed_at IS NOT NULL)) THEN
                        RAISE EXCEPTION 'a delivery is withdrawn by two people'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_withdrawn_by_two';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  names of ours, nothing that anybody typed
            ),
            pgtrigger.Trigger(
                name="every_step_is_written_down",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                timing=pgtrigger.Deferred,
                func="""
                    IF NEW.state = (SELECT r.state FROM reports_interimreport r WHERE r.id = NEW.id)
                       AND NEW.state IS DISTINCT FROM (
                            SELECT s.state FROM reports_reportstep s WHERE s.report_id = NEW.id
                            ORDER BY s.id DESC LIMIT 1) THEN
                        RAISE EXCEPTION 'nobody wrote down who took the step to %', NEW.state
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_every_step_is_written_down';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Zwischenbericht {self.municipality}"

    def clean(self) -> None:
        super().clean()
        if self.period_start and self.period_end and self.period_end < self.period_start:
            raise ValidationError({"period_end": "Das Ende liegt vor dem Beginn."})

    @property
    def is_editable(self) -> bool:
        return self.state in ReportState.editable

    @property
    def is_at_council(self) -> bool:
        """Also while a new edition of it is in work."""
        return self.delivered_number is not None

    @property
    def is_renewed(self) -> bool:
        """A new edition is in work, and the council still reads the one before."""
        return self.is_at_council and self.state not in ReportState.at_council

    @property
    def state_for_council(self) -> str:
        """What those read who see only what is delivered."""
        return ReportState.DELIVERED.label if self.is_renewed else self.get_state_display()


class ReportStep(models.Model):
    """A step of a report, with who took it and when: the history that people read. Written once."""

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="steps")
    state = models.CharField("Stand", max_length=12, choices=ReportState.choices)
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # null: the timetable
    note = models.TextField("Hinweis", max_length=2_000, blank=True)

    class Meta:
        verbose_name = "Schritt"
        verbose_name_plural = "Schritte"
        ordering = ("taken_at", "pk")
        triggers = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update),
            # The county's setting (ReviewRule): the same hand does not submit and approve.
            pgtrigger.Trigger(
                name="four_eyes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state="approved") & pgtrigger.Q(new__taken_by__isnull=False),
                declare=[("of_county", "text"), ("today", "date")],
                func="""
                    today := (now() AT TIME ZONE 'Europe/Berlin')::date;
                    SELECT m.county_id INTO of_county FROM reports_interimreport r
                        JOIN municipalities_municipality m ON m.id = r.municipality_id WHERE r.id = NEW.report_id;
                    IF NEW.taken_by_id = (SELECT s.taken_by_id FROM reports_reportstep s
                            WHERE s.report_id = NEW.report_id AND s.state = 'submitted' ORDER BY s.id DESC LIMIT 1)
                       AND COALESCE(
                            (SELECT CASE v.mode WHEN 'always' THEN true WHEN 'never' THEN false END
                             FROM reports_reviewrule v WHERE v.county_id = of_county),
                            (SELECT count(DISTINCT c.user_id) >= 2 FROM municipalities_countystaff c
                             JOIN accounts_user u ON u.id = c.user_id AND u.is_active
                             WHERE c.county_id = of_county AND c.starts_on <= today
                             AND (c.ends_on IS NULL OR c.ends_on >= today))) THEN
                        RAISE EXCEPTION 'two people submit and approve a report'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_four_eyes';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_state_display()}"
