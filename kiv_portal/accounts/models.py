"""Who is signed in. Identity only: what a person may do is said by dated roles in the apps above."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
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
        """Never signed in. `invited_at` says beside it whether an invitation has left by e-mail."""
        return self.last_login is None

    @property
    def needs_second_factor(self) -> bool:
        """County staff see everything of a county, so a password or a mailbox alone must not be enough."""
        return not settings.DEMO and self.county_roles.in_force_on(timezone.localdate()).exists()
