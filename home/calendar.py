"""What is due, as a calendar that people subscribe to: follow-ups, promises, reports, sessions of councils."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from activities.models import Activity, Concern, ConcernState
from home.models import CalendarFeed
from home.work_list.queries import work_of
from kiv_portal.accounts.models import User
from kiv_portal.documents.calendar_file import CalendarEntry, calendar_file
from reports.models import Consultation, InterimReport, ReportState

if TYPE_CHECKING:
    from django.db.models import QuerySet

SALT = "home.calendar"
MOST = 500  # of each kind, so that no calendar grows without end


@dataclass(frozen=True)
class Due:
    """As a CalendarEntry, of one day; `path` is that of its page."""

    uid: str
    day: dt.date
    title: str
    path: str


def feed_path(user: User) -> str:
    """The private address: who has it sees the entries without signing in."""
    feed, _ = CalendarFeed.objects.get_or_create(user=user)
    return reverse("calendar_feed", args=[signing.Signer(salt=SALT).sign_object([user.pk, feed.version])])


@transaction.atomic
def renew_feed(user: User) -> None:
    """From now on the old address opens nothing."""
    feed, _ = CalendarFeed.objects.get_or_create(user=user)
    CalendarFeed.objects.filter(pk=feed.pk).update(version=F("version") + 1)


def owner_of_feed(signed: str) -> User | None:
    try:
        user_pk, version = signing.Signer(salt=SALT).unsign_object(signed)
    except (signing.BadSignature, ValueError):
        return None
    return User.objects.filter(pk=user_pk, is_active=True, calendar_feed__version=version).first()


def due_entries(user: User, today: dt.date) -> Iterator[Due]:
    """Five queries."""
    for activity in Activity.objects.filter(mediator__user=user).to_follow_up()[:MOST]:
        path = reverse("activity_detail", args=[activity.pk])
        yield Due(
            f"activity-{activity.entry_key}", activity.follow_up_on, f"Wiedervorlage: {activity.title}", path
        )
    for concern in _promised(user)[:MOST]:
        title = f"Zugesagt für heute: {concern.title} ({concern.municipality})"
        if day := concern.promised_until:
            yield Due(f"concern-{concern.entry_key}", day, title, _concern_path(concern))
    reports = InterimReport.objects.at_work_of(user).filter(state__in=ReportState.editable).with_town()
    for report in reports.order_by("due_on")[:MOST]:
        path = reverse("report_detail", args=[report.pk])
        yield Due(f"report-{report.pk}", report.due_on, f"{report} fällig", path)
    for duty in work_of(user, today):
        if duty.kind == "agreement_ends":
            yield Due(f"agreement-{duty.key}", duty.day, f"Vereinbarung mit {duty.town} endet", duty.url)
    for consultation in _sessions(user)[:MOST]:
        path = reverse("report_detail", args=[consultation.report_id])
        if day := consultation.session_on:
            yield Due(
                f"session-{consultation.pk}", day, f"Sitzung {consultation}: {consultation.report}", path
            )


def _sessions(user: User) -> QuerySet[Consultation]:
    """The newest first, so that of very many the old ones are left out."""
    consultations = Consultation.objects.filter(
        report__in=InterimReport.objects.visible_to(user), deleted_at=None, session_on__isnull=False
    )
    return consultations.select_related("report__municipality").order_by("-session_on", "pk")


def _promised(user: User) -> QuerySet[Concern]:
    promised = Concern.objects.visible_to(user).filter(
        state=ConcernState.PROMISED, promised_until__isnull=False
    )
    return promised.select_related("municipality").order_by("promised_until", "pk")


def _concern_path(concern: Concern) -> str:
    return reverse("concern_detail", args=[concern.pk])


def as_ics(entries: Iterator[Due], *, now: dt.datetime) -> bytes:
    """Each entry lasts a whole day and carries the address of its page."""
    host = settings.BASE_URL.partition("://")[2]
    days = (
        CalendarEntry(
            uid=f"{entry.uid}@{host}",
            start=entry.day,
            end=entry.day + dt.timedelta(days=1),
            title=entry.title,
            url=f"{settings.BASE_URL}{entry.path}",
        )
        for entry in entries
    )
    return calendar_file(days, name="KIV-Portal", now=now)
