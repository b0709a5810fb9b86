"""What a council resolved about a report, and what was put right of it since."""

from __future__ import annotations

from enum import nonmember
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from reports.council.models import SESSION_FITS, Consultation
from reports.steps.models import InterimReport

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

# what people say of a decision: two that agree in all of it are one, sent twice; and what a correction keeps
TOLD = (
    *("kind", "decided_on", "consultation", "votes_yes", "votes_no", "votes_abstained"),
    *("text", "conditions", "reason", "next_report_due"),
)
_TOLD_COLUMNS = tuple("consultation_id" if name == "consultation" else name for name in TOLD)
MAYORS_VOTE = 1  # beside the seats: who leads the town hall votes, too (§ 25, § 37 GemO Baden-Württemberg)
NOTHING_DECIDED = "Hier ist noch nichts beschlossen. Was dazu gesagt wurde, gehört in „Grund oder Auftrag“."
MOST_VOTES = 200  # of a council whose seats nobody has entered


def _told(row: str) -> str:
    """SQL: the told columns of a row as JSON."""
    pairs = ", ".join(f"{name!r}, {row}.{name}" for name in _TOLD_COLUMNS)
    return f"jsonb_build_object({pairs})"


class DecisionKind(models.TextChoices):
    NOTED = "noted", "Kenntnisnahme"
    CONTINUED = "continued", "Fortführung unverändert"
    CHANGED = "changed", "Fortführung mit Änderungen"
    PERMANENT = "permanent", "Verstetigung"
    ENDED = "ended", "Beendigung"
    ADJOURNED = "adjourned", "Vertagung"
    REFERRED = "referred", "Verweisung in einen Ausschuss"
    OFF_AGENDA = "off_agenda", "Von der Tagesordnung abgesetzt"
    WITHDRAWN = "withdrawn", "Vorlage zurückgezogen"

    # after these the council still owes a decision
    open = nonmember(("adjourned", "referred", "off_agenda", "withdrawn"))
    goes_on = nonmember(("continued", "changed", "permanent"))


class CouncilDecisionQuerySet(models.QuerySet):
    def final(self) -> Self:
        return self.exclude(kind__in=DecisionKind.open)

    def visible_to(self, user: User) -> Self:
        return self.filter(report__in=InterimReport.objects.visible_to(user))


@pghistory.track()
class CouncilDecision(models.Model):
    """What a council resolved about a report. Adjournments are kept too; at most one decision is final."""

    report = models.ForeignKey(InterimReport, models.PROTECT, related_name="decisions")
    consultation = models.ForeignKey(
        Consultation, models.SET_NULL, null=True, blank=True, verbose_name="Beratung", related_name="+"
    )
    kind = models.CharField("Ergebnis", max_length=10, choices=DecisionKind.choices)
    decided_on = models.DateField("Datum der Sitzung")
    votes_yes = models.PositiveSmallIntegerField("Ja-Stimmen", null=True, blank=True)
    votes_no = models.PositiveSmallIntegerField("Nein-Stimmen", null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField("Enthaltungen", null=True, blank=True)
    text = models.TextField("Wortlaut des Beschlusses", max_length=10_000, blank=True)
    conditions = models.TextField("Auflagen oder Änderungen", max_length=5_000, blank=True)
    reason = models.TextField(
        "Grund oder Auftrag",
        max_length=2_000,
        blank=True,
        help_text="Nur, wenn noch nichts beschlossen ist: Warum nicht, und was bis zur nächsten Sitzung zu tun ist.",
    )
    next_report_due = models.DateField("Nächster Bericht fällig am", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    corrected_at = models.DateTimeField(null=True, editable=False)
    followed_up_at = models.DateTimeField(null=True, editable=False)  # staff confirmed what comes next
    followed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = CouncilDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "Beschluss"
        verbose_name_plural = "Beschlüsse"
        ordering = ("decided_on", "pk")
        constraints = [
            models.UniqueConstraint(
                name="decision_final_once",
                fields=["report"],
                condition=~Q(kind__in=DecisionKind.open),
            ),
            models.CheckConstraint(
                name="decision_votes_all_or_none",
                condition=Q(votes_yes__isnull=True, votes_no__isnull=True, votes_abstained__isnull=True)
                | Q(votes_yes__isnull=False, votes_no__isnull=False, votes_abstained__isnull=False),
                violation_error_message="Bitte geben Sie alle drei Zahlen an oder keine.",
            ),
            models.CheckConstraint(
                name="decision_changed_says_how",
                condition=~Q(kind="changed") | ~Q(conditions=""),
                violation_error_message="Bitte schreiben Sie, was sich ändert.",
            ),
            # published as the words of a resolution: where nothing is resolved, there are none
            models.CheckConstraint(
                name="decision_words_only_if_decided",
                condition=~Q(kind__in=DecisionKind.open)
                | Q(text="", conditions="", next_report_due__isnull=True),
                violation_error_message=NOTHING_DECIDED,
            ),
            models.CheckConstraint(
                name="decision_followed_up_by_somebody",
                condition=Q(followed_up_at__isnull=True, followed_up_by__isnull=True)
                | Q(followed_up_at__isnull=False, followed_up_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_before_delivery",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("decided_on", "report_id"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM reports_interimreport r WHERE r.id = NEW.report_id
                                   AND NEW.decided_on >= (r.delivered_at AT TIME ZONE 'Europe/Berlin')::date) THEN
                        RAISE EXCEPTION 'a council decides only about what it has'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_not_before_delivery';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="no_more_votes_than_seats",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("votes_yes", "votes_no", "votes_abstained"),
                func=f"""
                    IF NEW.votes_yes + NEW.votes_no + NEW.votes_abstained > (
                            SELECT COALESCE(m.council_seats + {MAYORS_VOTE}, {MOST_VOTES}) FROM reports_interimreport r
                            JOIN municipalities_municipality m ON m.id = r.municipality_id
                            WHERE r.id = NEW.report_id) THEN
                        RAISE EXCEPTION 'more votes than seats'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_no_more_votes_than_seats';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  names of ours, nothing that anybody typed
            ),
            pgtrigger.Trigger(
                name="on_the_day_of_its_session",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=SESSION_FITS.format(where="d.id = NEW.id"),
            ),
            # The correction is written first, and its `before` by the database: nothing changes without a trace.
            pgtrigger.Trigger(
                name="corrected_with_trace",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF TG_OP = 'DELETE' OR ({_told("NEW")} <> {_told("OLD")} AND {_told("OLD")} IS DISTINCT FROM (
                            SELECT c.before FROM reports_decisioncorrection c WHERE c.decision_id = OLD.id
                            ORDER BY c.id DESC LIMIT 1)) THEN
                        RAISE EXCEPTION 'a decision is corrected with a trace'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_corrected_with_trace';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  names of ours, nothing that anybody typed
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.decided_on:%d.%m.%Y}"

    @property
    def is_final(self) -> bool:
        return self.kind not in DecisionKind.open

    @property
    def votes(self) -> tuple[int, int, int] | None:
        """Yes, no, abstained; None where nobody said."""
        if self.votes_yes is None or self.votes_no is None or self.votes_abstained is None:
            return None
        return self.votes_yes, self.votes_no, self.votes_abstained

    @property
    def wording(self) -> str:
        """What was resolved, with its conditions; "" where nothing was."""
        return "\n\n".join(filter(None, (self.text, self.conditions))) if self.is_final else ""


class DecisionCorrection(models.Model):
    """What stood in a decision before somebody put it right, with who and why. Written once."""

    decision = models.ForeignKey(CouncilDecision, models.PROTECT, related_name="corrections")
    before = models.JSONField(editable=False, default=dict)  # by TOLD; the database writes it
    reason = models.TextField(
        "Was war falsch?",
        max_length=1_000,
        help_text="Dieser Satz steht auch dort, wo der Beschluss zu lesen ist, ohne Ihren Namen.",
    )
    corrected_at = models.DateTimeField(default=timezone.now, editable=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "Berichtigung"
        verbose_name_plural = "Berichtigungen"
        ordering = ("corrected_at", "pk")
        triggers = [
            pgtrigger.Trigger(
                name="keeps_what_stood_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    NEW.before := (SELECT {_told("d")} FROM reports_councildecision d WHERE d.id = NEW.decision_id);
                    RETURN NEW;
                """,  # noqa: S608  names of ours, nothing that anybody typed
            ),
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Berichtigung vom {timezone.localdate(self.corrected_at):%d.%m.%Y}"
