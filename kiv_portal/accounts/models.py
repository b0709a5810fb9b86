"""Who is signed in. Identity only: what a person may do is said by dated roles in the apps above."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from kiv_portal.german_order import GermanOrder


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, full_name: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=email.strip().lower(), full_name=full_name.strip(), **extra)
        user.set_password(password)  # None: no password, sign-in by code or passkey
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, full_name: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, full_name, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. `email` is the name at sign-in and always stored in lower case."""

    email = models.EmailField("E-Mail-Adresse", unique=True)
    full_name = models.CharField("Name", max_length=150)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField(
        "Technik", default=False, help_text="Betreibt das Portal; keine fachliche Rolle."
    )
    date_joined = models.DateTimeField("angelegt", default=timezone.now, editable=False)
    invited_at = models.DateTimeField("eingeladen", null=True, blank=True, editable=False)
    invited_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = (GermanOrder("full_name"), "pk")
        constraints = [
            models.CheckConstraint(name="user_email_lower_case", condition=models.Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def is_invitation_pending(self) -> bool:
        """Never signed in."""
        return self.last_login is None

    @property
    def needs_second_factor(self) -> bool:
        """County staff see everything of a county, so a password or a mailbox alone must not be enough."""
        return not settings.DEMO and self.county_roles.in_force_on(timezone.localdate()).exists()


class EmailChange(models.Model):
    """Somebody wants another address for their account. It changes once both mailboxes have said yes: the new one
    proves that it is theirs, the old one that nobody takes the account away. Rows go after RETENTION_DAYS.
    """

    VALID_DAYS: ClassVar[int] = 3
    RETENTION_DAYS: ClassVar[int] = 30

    user = models.ForeignKey(User, models.CASCADE, related_name="email_changes")
    old_email = models.EmailField("bisherige Adresse")
    new_email = models.EmailField("neue Adresse")
    requested_at = models.DateTimeField(default=timezone.now)
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Refused, taken back, or replaced by a later one.")

    class Meta:
        verbose_name = "Wechsel der E-Mail-Adresse"
        verbose_name_plural = "Wechsel der E-Mail-Adresse"
        ordering = ("-requested_at",)
        constraints = [
            models.UniqueConstraint(
                name="email_change_one_open",
                fields=["user"],
                condition=models.Q(done_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="email_change_done_by_both",
                condition=models.Q(done_at__isnull=True)
                | models.Q(
                    old_confirmed_at__isnull=False, new_confirmed_at__isnull=False, ended_at__isnull=True
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_email} → {self.new_email}"

    def is_open_at(self, now: dt.datetime) -> bool:
        return self.done_at is None and self.ended_at is None and now < self.valid_until

    @property
    def valid_until(self) -> dt.datetime:
        return self.requested_at + dt.timedelta(days=self.VALID_DAYS)


class AccountStepKind(models.TextChoices):
    RENAMED = "renamed", "Name geändert"
    READDRESSED = "readdressed", "E-Mail-Adresse geändert"
    LOCKED = "locked", "Konto gesperrt"
    UNLOCKED = "unlocked", "Konto entsperrt"
    FACTOR_RESET = "factor_reset", "Zweiten Schritt zurückgesetzt"


class AccountStep(models.Model):
    """What somebody else did to an account, for people to read. What stood there before is in the account's history."""

    user = models.ForeignKey(User, models.CASCADE, related_name="account_steps")
    kind = models.CharField("Was", max_length=16, choices=AccountStepKind.choices)
    reason = models.CharField("Grund", max_length=300, blank=True)
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Schritt am Konto"
        verbose_name_plural = "Schritte am Konto"
        ordering = ("-taken_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="account_step_by_another", condition=~models.Q(user=models.F("taken_by"))
            ),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
