"""The agreement between a town and its county."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from kiv_portal.terms import Term, no_overlap
from municipalities.towns.models import Municipality


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

    def __str__(self) -> str:
        return f"Kooperationsvereinbarung {self.municipality}"
