"""The county's setting: may one person alone hand in a report and approve it?"""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import models

from municipalities.models import County, CountyStaff

ENOUGH = 2  # coordinators, from whom on two people are asked for if nothing else is said


class ReviewMode(models.TextChoices):
    AUTO = "auto", "Ja, sobald im Landratsamt zwei Personen koordinieren"
    ALWAYS = "always", "Ja, immer"
    NEVER = "never", "Nein, eine Person darf beides"


@pghistory.track()
class ReviewRule(models.Model):
    """Without a row it is AUTO."""

    county = models.OneToOneField(County, models.CASCADE, primary_key=True, related_name="review_rule")
    mode = models.CharField(
        "Braucht es für die Freigabe eine zweite Person?",
        max_length=6,
        choices=ReviewMode.choices,
        default=ReviewMode.AUTO,
    )

    class Meta:
        verbose_name = "Vier Augen"
        verbose_name_plural = "Vier Augen"

    def __str__(self) -> str:
        return f"{self.county}: {self.get_mode_display()}"


def rule_of(county: County) -> ReviewRule:
    return ReviewRule.objects.filter(county=county).first() or ReviewRule(county=county)


def coordinators_of(county: County, day: dt.date) -> list[str]:
    """Their names."""
    staff = CountyStaff.objects.in_force_on(day).filter(county=county, user__is_active=True)
    return list(staff.order_by("user__full_name").values_list("user__full_name", flat=True).distinct())


def needs_two(county: County, day: dt.date) -> bool:
    mode = rule_of(county).mode
    if mode == ReviewMode.AUTO:
        return len(coordinators_of(county, day)) >= ENOUGH
    return mode == ReviewMode.ALWAYS
