"""The legal texts of a county. What is saved is public; what stood there before is in the history."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from municipalities.towns.models import County


class LegalKind(models.TextChoices):
    IMPRINT = "imprint", "Impressum"
    PRIVACY = "privacy", "Datenschutz"


@pghistory.track()
class LegalText(models.Model):
    county = models.ForeignKey(County, models.PROTECT, related_name="legal_texts", db_index=False)
    kind = models.CharField(max_length=8, choices=LegalKind.choices)
    text = models.TextField("Text", max_length=20_000)
    dated_on = models.DateField("Stand")

    class Meta:
        verbose_name = "Rechtstext"
        verbose_name_plural = "Rechtstexte"
        ordering = ("county_id", "kind")
        constraints = [
            models.UniqueConstraint(name="legal_text_once_a_county", fields=["county", "kind"]),
            models.CheckConstraint(name="legal_text_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.county}"


class Method(models.TextChoices):
    SELF = "self", "Selbstbewertung der Verwaltung"
    OTHERS = "others", "Prüfung durch eine unabhängige Stelle"


class Conformity(models.TextChoices):
    FULL = "full", "vollständig vereinbar"
    PARTIAL = "partial", "teilweise vereinbar"
    NONE = "none", "nicht vereinbar"


@pghistory.track()
class AccessibilityStatement(models.Model):
    """Erklärung zur Barrierefreiheit: what § 10 L-BGG and the EU's model statement ask for."""

    county = models.OneToOneField(County, models.PROTECT, related_name="accessibility_statement")
    prepared_on = models.DateField("Erklärung erstellt am")
    checked_on = models.DateField("Zuletzt überprüft am")
    method = models.CharField("Wie wurde geprüft?", max_length=8, choices=Method.choices)
    method_note = models.CharField("Wer hat geprüft, und womit?", max_length=1_000, blank=True)
    conformity = models.CharField(
        "Ist das Portal mit den Anforderungen vereinbar?", max_length=8, choices=Conformity.choices
    )
    gaps = models.TextField("Was ist nicht barrierefrei?", max_length=5_000, blank=True)
    arbitration = models.TextField("Schlichtungsstelle", max_length=1_000)
    arbitration_url = models.URLField("Internetseite der Schlichtungsstelle", blank=True)

    class Meta:
        verbose_name = "Erklärung zur Barrierefreiheit"
        verbose_name_plural = "Erklärungen zur Barrierefreiheit"
        constraints = [
            models.CheckConstraint(
                name="statement_names_its_gaps",
                condition=Q(conformity="full") | ~Q(gaps=""),
                violation_error_message="Bitte schreiben Sie, was nicht barrierefrei ist.",
            ),
            models.CheckConstraint(
                name="statement_checked_after_prepared",
                condition=Q(checked_on__gte=models.F("prepared_on")),
                violation_error_message="Die Überprüfung liegt vor der Erklärung.",
            ),
            models.CheckConstraint(name="statement_names_arbitration", condition=~Q(arbitration="")),
        ]

    def __str__(self) -> str:
        return f"Erklärung zur Barrierefreiheit, {self.county}"
