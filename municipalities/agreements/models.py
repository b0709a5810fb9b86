"""The agreement between a town and its county, and how a town leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kiv_portal.terms import Term, no_overlap
from municipalities.towns.models import Municipality

if TYPE_CHECKING:
    import datetime as dt

LEFT = "Die Teilnahme ist zum {:%d.%m.%Y} beendet. Dieses Ende ändern Sie unter „Teilnahme beenden“."


@pghistory.track()
class CooperationAgreement(Term):
    """Kooperationsvereinbarung between a town and the county; its term is the town's participation."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="agreements"
    )
    signed_on = models.DateField("Unterschrieben am", null=True, blank=True)
    reference = models.CharField("Aktenzeichen", max_length=60, blank=True)
    report_interval_months = models.PositiveSmallIntegerField(
        "Zwischenbericht nach Monaten", default=12, help_text="Der erste Bericht behandelt so viele Monate."
    )

    class Meta(Term.Meta):
        verbose_name = "Kooperationsvereinbarung"
        verbose_name_plural = "Kooperationsvereinbarungen"
        ordering = ("-starts_on",)
        constraints = [
            *Term.Meta.constraints,
            no_overlap(
                "agreement_no_overlap",
                F("municipality"),
                message="Für diese Zeit gibt es schon eine Kooperationsvereinbarung.",
            ),
            models.CheckConstraint(
                name="agreement_interval_sensible",
                condition=Q(report_interval_months__range=(1, 60)),
                violation_error_message="Bitte geben Sie 1 bis 60 Monate an.",
            ),
        ]

        triggers = [
            # who takes the departure back first, may
            pgtrigger.Trigger(
                name="ends_by_its_departure",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("ends_on"),
                condition=pgtrigger.Q(old__ends_on__df=pgtrigger.F("new__ends_on")),
                func="""
                    IF EXISTS (SELECT 1 FROM municipalities_departure d WHERE d.agreement_id = OLD.id) THEN
                        RAISE EXCEPTION 'the town has left by this agreement'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_ends_by_its_departure';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"Kooperationsvereinbarung {self.municipality}"

    def clean(self) -> None:
        super().clean()
        stored = CooperationAgreement.objects.filter(pk=self.pk, departure__isnull=False).first()
        if stored and stored.ends_on and stored.ends_on != self.ends_on:
            raise ValidationError({"ends_on": LEFT.format(stored.ends_on)})


class DepartureReason(models.TextChoices):
    RESOLVED = "resolved", "Die Kommune hat es beschlossen"
    EXPIRED = "expired", "Die Vereinbarung läuft aus"
    PERMANENT = "permanent", "Die Kommune führt die Aufgabe ohne das Programm weiter"
    OTHER = "other", "Ein anderer Grund"


@pghistory.track()
class Departure(models.Model):
    """A town leaves the programme with the end of this agreement. What else has ended with it can be brought back:
    `before` says what stood in those rows, as [{"model", "pk", "values": {column: day or None}}].
    """

    agreement = models.OneToOneField(
        CooperationAgreement,
        models.PROTECT,
        verbose_name="Kooperationsvereinbarung",
        related_name="departure",
    )
    reason = models.CharField("Warum?", max_length=12, choices=DepartureReason.choices)
    reason_note = models.CharField("Erläuterung", max_length=300, blank=True)
    resolved_on = models.DateField("Beschlossen am", null=True, blank=True)
    reference = models.CharField("Nummer oder Aktenzeichen des Beschlusses", max_length=60, blank=True)
    roles_end_on = models.DateField("Zugang von Rathaus und Gemeinderat bis")
    before = models.JSONField(default=list, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )  # null: the demo

    class Meta:
        verbose_name = "Ende der Teilnahme"
        verbose_name_plural = "Enden der Teilnahme"
        constraints = [
            models.CheckConstraint(
                name="departure_other_reason_is_told",
                condition=~Q(reason="other") | ~Q(reason_note=""),
                violation_error_message="Bitte schreiben Sie, warum die Teilnahme endet.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_an_agreement_that_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM municipalities_cooperationagreement a
                                   WHERE a.id = NEW.agreement_id AND a.ends_on <= NEW.roles_end_on) THEN
                        RAISE EXCEPTION 'the agreement has no end, or the town hall loses its access before it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'departure_of_an_agreement_that_ends';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"Ende der Teilnahme {self.agreement.municipality}"

    @property
    def last_day(self) -> dt.date:
        if self.agreement.ends_on is None:  # the database keeps it out
            raise ValueError("an agreement by which a town has left has an end")
        return self.agreement.ends_on


def departure_of(town: Municipality) -> Departure | None:
    """How the town has left or will leave; None while it takes part without one, also again."""
    last = CooperationAgreement.objects.filter(municipality=town).select_related("departure").first()
    return getattr(last, "departure", None)
