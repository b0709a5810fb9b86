"""Photos of the log that a report may show, and those it shows."""

from __future__ import annotations

import datetime as dt
from itertools import groupby, zip_longest
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from activities.concerns.queries import concerns_at_work
from activities.models import (
    ActivityPhoto,
    ConcernPhoto,
    ConcernQuerySet,
    ConcernState,
    ConcernStep,
    PhotoMoment,
)
from reports.figures.figures import activities_of, concerns_of
from reports.steps.models import InterimReport
from reports.writing.photo_models import ReportPhoto

LogPhoto = ActivityPhoto | ConcernPhoto


class Choice(NamedTuple):
    """A photo that may be chosen; `key` is what the form sends."""

    photo: LogPhoto
    is_chosen: bool

    @property
    def key(self) -> str:
        return key_of(self.photo)

    @property
    def title(self) -> str:
        return entry_of(self.photo).title

    @property
    def day(self) -> dt.date:
        return day_of(self.photo)

    @property
    def caption(self) -> str:
        """What it shows: one of after shows what was done, not what was reported."""
        photo = self.photo
        if not isinstance(photo, ConcernPhoto):
            return self.title
        if photo.moment == PhotoMoment.BEFORE:
            return f"Vorher: {self.title}"
        done = getattr(photo, "what_was_done", None)
        return f"Nachher: {done}" if done else f"Nachher, zum Anliegen „{self.title}“"


def key_of(photo: LogPhoto) -> str:
    return f"{'a' if isinstance(photo, ActivityPhoto) else 'c'}{photo.pk}"


def entry_of(photo: LogPhoto) -> Any:
    return photo.activity if isinstance(photo, ActivityPhoto) else photo.concern


def day_of(photo: LogPhoto) -> dt.date:
    """The camera's date is removed when a photo is read. So: the activity's day, the day a concern was reported, and
    for what came of it the day on which the photo was added.
    """
    if isinstance(photo, ActivityPhoto):
        return photo.activity.day
    if photo.moment == PhotoMoment.BEFORE:
        return photo.concern.reported_on
    return timezone.localdate(photo.added_at)


def named_concerns_of(report: InterimReport) -> ConcernQuerySet:
    """The concerns that stand in the report by title: public, taken up, and at work in its period."""
    at_work = concerns_at_work(concerns_of(report).published(), report.period_start, report.period_end)
    return at_work.exclude(state_then="reported")


def photos_to_choose(report: InterimReport) -> list[Choice]:
    """All described photos that may stand in the report, those of the newest entry first. Three queries."""
    chosen = set(ReportPhoto.objects.filter(report=report).values_list("activity_photo", "concern_photo"))
    found = [
        *(Choice(photo, (photo.pk, None) in chosen) for photo in _of_activities(report)),
        *(Choice(photo, (None, photo.pk) in chosen) for photo in _of_concerns(report)),
    ]
    return sorted(found, key=_in_list)


def _in_list(choice: Choice) -> tuple[Any, ...]:
    """What belongs to one entry side by side, before first."""
    photo, entry = choice.photo, entry_of(choice.photo)
    day = photo.activity.day if isinstance(photo, ActivityPhoto) else photo.concern.reported_on
    return -day.toordinal(), entry.title, entry.pk, day_of(photo), photo.pk


def _of_activities(report: InterimReport) -> QuerySet[ActivityPhoto]:
    """Without those that nobody has described: a council may read with its ears."""
    return (
        ActivityPhoto.objects.described()
        .filter(activity__in=activities_of(report))
        .select_related("activity")
    )


def _of_concerns(report: InterimReport) -> QuerySet[ConcernPhoto]:
    """Not those that came with a report from the public: they were promised to stay inside."""
    named = named_concerns_of(report).values("pk")
    done = ConcernStep.objects.filter(
        concern=OuterRef("concern"), concern__state=ConcernState.DONE, state=ConcernState.DONE
    )
    what_was_done = done.order_by("-taken_at", "-pk").values("sentence")[:1]
    photos = ConcernPhoto.objects.from_within().described().filter(concern__in=named)
    return photos.annotate(what_was_done=Subquery(what_was_done)).select_related("concern")


def undescribed_photos(report: InterimReport) -> list[LogPhoto]:
    """Those that only wait for their description. Two queries."""
    named = named_concerns_of(report).values("pk")
    of_concerns = ConcernPhoto.objects.from_within().undescribed().filter(concern__in=named)
    of_activities = ActivityPhoto.objects.undescribed().filter(activity__in=activities_of(report))
    return [*of_activities.select_related("activity"), *of_concerns.select_related("concern")]


def chosen_photos(report: InterimReport) -> list[list[LogPhoto]]:
    """What belongs together: before and after of a concern, else one photo alone; by time."""
    rows = ReportPhoto.objects.filter(report=report)
    of_activities = _of_activities(report).filter(pk__in=rows.values("activity_photo"))
    of_concerns = _of_concerns(report).filter(pk__in=rows.values("concern_photo"))
    groups: list[list[LogPhoto]] = [[photo] for photo in of_activities]
    by_concern = sorted(of_concerns, key=lambda photo: (photo.concern_id, photo.added_at, photo.pk))
    for _, photos in groupby(by_concern, key=lambda photo: photo.concern_id):
        groups += _pairs(list(photos))
    return sorted(groups, key=lambda group: (day_of(group[0]), entry_of(group[0]).title, group[0].pk))


def _pairs(photos: list[ConcernPhoto]) -> list[list[LogPhoto]]:
    before = [photo for photo in photos if photo.moment == PhotoMoment.BEFORE]
    after = [photo for photo in photos if photo.moment == PhotoMoment.AFTER]
    return [[photo for photo in pair if photo] for pair in zip_longest(before, after)]
