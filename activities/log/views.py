from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from activities.attachments.models import ActivityPhoto
from activities.attachments.sections import document_section, photo_section
from activities.concerns.models import Concern
from activities.figures.totals import CROSS_CUTTING
from activities.log.assistance_views import WANTED, given_today, helped_mediator, own_list
from activities.log.fields import REPEATED
from activities.log.forms import ActivityForm
from activities.log.last_list import as_left
from activities.log.models import Activity, ActivityOrganisation
from activities.log.new_entry import NewEntryForm
from activities.log.queries import EarlierEntries, earlier_entries, earlier_places, may_add_entries
from activities.log.services import EntryRefused, refused_in_words
from activities.series.on_a_day import day_asked_for, initial_of
from activities.series.queries import WaitingDay
from activities.series.services import settle
from activities.trash.models import TrashItem, TrashKind
from activities.trash.services import discard
from activities.trash.undo import press, tell_deleted, told_already
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.uploads.kept import UploadKeeper
from kiv_portal.written.days import as_said
from kiv_portal.written.durations import hours_and_minutes
from mediators.models import Mediator
from mediators.people.views import get_own_mediator
from mediators.roles import mediator_roles
from municipalities.models import FieldOfAction

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from kiv_portal.accounts.models import User


NEW = "Gespeichert"
ABOUT = "anliegen"  # in the address: the id of the concern that is worked on


def get_activity(request: SignedInRequest, pk: int, *, perm: str = "", lock: bool = False) -> Activity:
    """Not visible: 404. Visible, but not allowed: 403."""
    # Not the field: with an eighth table in the join the database would plan longer than it reads.
    activities = Activity.objects.visible_to(request.user).select_related(
        "municipality", "mediator__user", "kind", "concern", "entered_by"
    )
    if lock:
        activities = activities.select_for_update(of=("self",))
    activity = get_object_or_404(activities, pk=pk)
    if perm and not request.user.has_perm(perm, activity):
        raise PermissionDenied
    return activity


def get_mediator(request: SignedInRequest) -> Mediator:
    """For whom the person enters: the mediator whom they help (by the page's address), or themselves."""
    return helped_mediator(request) or get_own_mediator(request)


def activity_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    activity = get_activity(request, pk)
    is_own = request.user.has_perm("activities.change_activity", activity)
    closed = activity.closed_by()
    fields = list(
        FieldOfAction.objects.filter(
            Q(pk=activity.field_id)
            | Q(county=activity.municipality.county_id, code__in=activity.further_fields)
        )
    )
    activity.field = next((field for field in fields if field.pk == activity.field_id), None)
    repeat_url = _repeat_url(request, activity) if is_own and _may_add(request, activity) else ""
    context = {
        "activity": activity,
        "further_fields": [field for field in fields if field != activity.field],
        "organisations": activity.organisations.all(),
        "corrections": activity.corrections.select_related("written_by"),
        "is_own": is_own,
        "can_change": is_own and closed is None,
        "can_correct": closed is not None and request.user.has_perm("activities.correct_activity", activity),
        "can_follow_up": request.user.has_perm("activities.follow_up_activity", activity),
        "internal_note": _internal_note(request, activity),
        "closed": closed,
        "photo_section": photo_section(activity, can_change=is_own and closed is None, can_describe=is_own),
        "document_section": document_section(request, activity, can_change=is_own and closed is None),
        "own_list": own_list(request, activity.mediator),
        "can_repeat": bool(repeat_url) and activity.mediator.user_id == request.user.pk,
        "repeat_url": repeat_url,
        "back_url": "" if is_own else _list_url(request, activity),
    }
    return render(request, "activities/log/detail.html", context)


def _may_add(request: SignedInRequest, activity: Activity) -> bool:
    """A helper may as long as the assistance is in force, which `is_own` has asked."""
    is_helping = activity.mediator.user_id != request.user.pk
    return is_helping or may_add_entries(request.user, timezone.localdate())


def _repeat_url(request: SignedInRequest, activity: Activity) -> str:
    query = {"wie": activity.pk}
    if activity.mediator.user_id != request.user.pk and (
        helped := given_today(request).filter(mediator=activity.mediator).first()
    ):
        query[WANTED] = helped.pk
    return f"{reverse('activity_create')}?{urlencode(query)}"


def _internal_note(request: SignedInRequest, activity: Activity) -> str:
    may_read = request.user.has_perm("activities.view_internal_note", activity)
    return activity.internal_note if may_read else ""


def _list_url(request: SignedInRequest, activity: Activity) -> str:
    """The list the person may see: the town's, or the own one."""
    if request.user.has_perm("municipalities.view_municipality", activity.municipality):
        return as_left(request, reverse("municipality_activity_list", args=[activity.municipality.slug]))
    return as_left(request, reverse("activity_list"))


def activity_create(request: SignedInRequest) -> HttpResponse:
    """The whole entry is one form: six fields are enough, the details below them fold out. One page instead of two
    steps, because nothing is stored half, a screen reader meets every field in one order, and who wants details on
    a phone opens them without a wait for the network.
    """
    mediator = get_mediator(request)
    today = timezone.localdate()
    repeated = _repeated(request, mediator)
    is_helping = mediator.user_id != request.user.pk
    # a helper sees nothing of the mediator's own log, not even as a suggestion
    earlier = EarlierEntries() if repeated or is_helping else earlier_entries(mediator)
    concern = _concern_worked_on(request, mediator)
    series_day = None if is_helping else day_asked_for(request)
    initial = _initial_of(repeated) if repeated else {"kind": earlier.kind, "field": earlier.field}
    if concern:
        initial |= _initial_about(concern)
    if series_day:
        initial |= initial_of(series_day)
    form = NewEntryForm(
        request.POST or restore_unsaved(request),
        request.FILES or None,
        keeper=UploadKeeper(request),
        mediator=mediator,
        # after the last appointment it was some day before: which one, only the person knows
        initial={"day": today if is_helping or mediator_roles(request.user).appointed else None} | initial,
    )
    form.instance.entered_by = request.user if is_helping else None
    if request.method == "POST" and _stored(form, series_day, by=request.user):
        messages.success(request, saved(NEW, form.instance, form.stored_photo))
        if "next" in request.POST:
            return redirect(_next_entry(request))
        return redirect(
            reverse("concern_detail", args=[concern.pk]) if concern else own_list(request, mediator)["url"]
        )
    form.keep_files()
    form.suggest(titles=earlier.titles, places=[] if is_helping else earlier_places(form.towns))
    if not form.is_bound and not get_messages(request):  # a message is to be read first
        form.fields["title"].widget.attrs["autofocus"] = True
    context = {
        "form": form,
        "activity": None,
        "own_list": own_list(request, mediator),
        "helped": mediator if is_helping else None,
        "concern": concern,
    }
    return render(request, "activities/log/form.html", context)


def _stored(form: NewEntryForm, series_day: WaitingDay | None, *, by: User) -> bool:
    """With its day of a series, or neither: a day that went on waiting would be stored a second time."""
    with transaction.atomic():
        is_stored = form.store_with_photo(by=by)
        if is_stored and series_day:
            settle(series_day, took_place=True)
    return is_stored


def _concern_worked_on(request: SignedInRequest, mediator: Mediator) -> Concern | None:
    """Of the address; one that leads nowhere gives an empty form. A helper does not see concerns."""
    wanted = request.GET.get(ABOUT, "")
    if not (wanted.isdecimal() and len(wanted) < 19):
        return None
    of_towns = Concern.objects.visible_to(request.user).open().filter(municipality__in=mediator.towns())
    return of_towns.select_related("field").filter(pk=int(wanted)).first()


def _initial_about(concern: Concern) -> dict[str, Any]:
    return {
        "concern": concern.pk,
        "municipality": concern.municipality_id,
        "place": concern.place,
        "field": concern.field.code if concern.field else CROSS_CUTTING,
    }


def _next_entry(request: SignedInRequest) -> str:
    """An empty form, for the same mediator. With a part of its own: else the browser keeps the one of an error's
    link, and unfolds and focuses that field.
    """
    for_whom = f"?{urlencode({WANTED: request.GET[WANTED]})}" if WANTED in request.GET else ""
    return f"{reverse('activity_create')}{for_whom}#meldungen"


def saved(word: str, activity: Activity, photo: ActivityPhoto | None = None) -> SafeString:
    """What was understood, and what one may want to do about it. A change is not undone by a deletion."""
    pk = [
        activity.pk or Activity.objects.values_list("pk").get(entry_key=activity.entry_key)[0]
    ]  # sent twice
    is_new = word == NEW
    return format_html(
        '{}: {}, {}, {}{}{}. <a href="{}">Ändern</a> · {}{}{}',
        *(word, activity.title, as_said(activity.day, timezone.localdate())),
        f"ab {activity.starts_at:%H:%M} Uhr, " if activity.starts_at else "",
        hours_and_minutes(activity.minutes),
        ", mit Foto" if photo else "",
        reverse("activity_edit", args=pk),
        _photo_link(pk[0], photo),
        *(
            " · " if is_new else "",
            press("Rückgängig", reverse("activity_delete", args=pk)) if is_new else "",
        ),
    )


def _photo_link(activity_pk: int, photo: ActivityPhoto | None) -> SafeString:
    """What comes next: a photo, or the description that is missing, or a further one."""
    if photo is None:
        url, words = reverse("activity_photo_add", args=[activity_pk]), "Foto dazu"
    elif photo.is_described:
        url, words = reverse("activity_photo_add", args=[activity_pk]), "Weiteres Foto"
    else:
        url, words = reverse("activity_photo_edit", args=[photo.pk]), "Foto beschreiben"
    return format_html('<a href="{}">{}</a>', url, words)


class OrganisationPks(TypedDict):
    organisation_pks: list[int]


def _repeated(
    request: SignedInRequest, mediator: Mediator
) -> WithAnnotations[Activity, OrganisationPks] | None:
    """The own entry that is to be done once more; an address that leads nowhere gives an empty form."""
    wanted = request.GET.get("wie", "")
    if not (wanted.isdecimal() and len(wanted) < 19):
        return None
    own = Activity.objects.visible_to(request.user).filter(mediator=mediator).select_related("field", "kind")
    took_part = ActivityOrganisation.objects.filter(activity=OuterRef("pk")).values("organisation")
    return own.annotate(organisation_pks=ArraySubquery(took_part)).filter(pk=int(wanted)).first()


def _initial_of(activity: WithAnnotations[Activity, OrganisationPks]) -> dict[str, Any]:
    """What is the same each time. What happened, who came and what became of it is written anew."""
    from_elsewhere = {
        "field": activity.field_code or CROSS_CUTTING,
        "kind": activity.kind.code,
        "organisations": activity.organisation_pks,
    }
    columns = {
        column.name: getattr(activity, column.attname)
        for column in Activity._meta.concrete_fields
        if column.name in REPEATED
    }
    return columns | from_elsewhere


@transaction.atomic
def activity_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    activity = get_activity(request, pk, perm="activities.change_activity", lock=request.method == "POST")
    closed = activity.closed_by()
    form = ActivityForm(
        request.POST or restore_unsaved(request), instance=activity, mediator=activity.mediator
    )
    if closed and not form.is_bound:
        messages.error(request, closed.sentence)
        return redirect("activity_detail", pk=pk)
    if request.method == "POST" and form.store():
        messages.success(request, saved("Geändert", activity))
        return redirect(own_list(request, activity.mediator)["url"])
    is_helping = activity.mediator.user_id != request.user.pk
    form.suggest(places=[] if is_helping else earlier_places(form.towns))
    context = {
        "form": form,
        "activity": activity,
        "own_list": own_list(request, activity.mediator),
        "helped": activity.mediator if is_helping else None,
    }
    return render(request, "activities/log/form.html", context)


def _own_list_of(request: SignedInRequest, item: TrashItem) -> str:
    return own_list(request, get_object_or_404(Mediator, pk=item.mediator_id))["url"]


@require_POST
def activity_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks nothing: it goes into the bin, and comes back as easily."""
    if told := told_already(request, TrashKind.ACTIVITY, pk, lambda item: _own_list_of(request, item)):
        return told
    activity = get_activity(request, pk, perm="activities.delete_activity")
    if closed := activity.closed_by():
        messages.error(request, closed.sentence)
        return redirect("activity_detail", pk=pk)
    try:
        with refused_in_words():
            item = discard(activity, by=request.user)
    except EntryRefused as refused:  # the report was submitted in this moment
        messages.error(request, str(refused))
        return redirect("activity_detail", pk=pk)
    tell_deleted(request, item)
    return redirect(own_list(request, activity.mediator)["url"])
