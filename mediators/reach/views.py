"""Where mediators, town hall and county say how one reaches the mediators of a town; and the public calendar of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.forms import BaseForm, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.terms import not_over_on
from mediators.people.models import Appointment, towns_of
from mediators.reach.calendar import visiting_calendar
from mediators.reach.dates import is_planned, next_dates
from mediators.reach.forms import (
    MeetingRoomForm,
    OwnPhoneForm,
    PauseForm,
    TownReachForm,
    VisitingChangeForm,
    VisitingHoursForm,
)
from mediators.reach.models import MeetingRoom, VisitingChange, VisitingHours
from mediators.reach.queries import appointed_on, coming_dates, hours_of, phones_of, way_into
from mediators.reach.services import call_off
from mediators.reach.words import day_in_words, rule_in_words
from municipalities.models import Municipality

DATES_SHOWN = 8
MEANWHILE = "Inzwischen wurde hier etwas geändert. Bitte speichern Sie noch einmal."


def get_town(request: SignedInRequest, slug: str) -> Municipality:
    """Who looks after the town, and who is appointed for it, see and change this; to all others it is not there."""
    return get_object_or_404(Municipality.objects.filter(pk__in=towns_of(request.user)), slug=slug)


def get_hours(request: SignedInRequest, pk: int) -> VisitingHours:
    visible = VisitingHours.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("appointment__municipality", "appointment__mediator__user", "room"), pk=pk
    )


@require_GET
def reach_overview(request: SignedInRequest, slug: str) -> HttpResponse:
    town, today = get_town(request, slug), timezone.localdate()
    hours = VisitingHours.objects.filter(
        not_over_on(today), not_over_on(today, "appointment__ends_on"), appointment__municipality=town
    )
    hours = hours.select_related("room", "appointment__mediator__user").prefetch_related("changes")
    appointments = appointed_on(town, today)
    context = {
        "town": town,
        "is_vacant": not appointments,
        "phones": phones_of(town, appointments),
        "rules": [_rule(row, today) for row in hours],
        "ways_in": [way_into(room) for room in town.meeting_rooms.all()],
        "takes_part": Municipality.objects.taking_part_on(today).filter(pk=town.pk).exists(),
    }
    return render(request, "mediators/reach/overview.html", context)


def _rule(hours: VisitingHours, today: dt.date) -> dict[str, Any]:
    dates = next_dates(coming_dates([hours], today), 1)
    return {"hours": hours, "words": rule_in_words(hours), "next": dates[-1] if dates else None}


def _overview(town: Municipality) -> str:
    return reverse("reach_overview", args=[town.slug])


def _page(
    request: SignedInRequest,
    town: Municipality,
    title: str,
    form: BaseForm,
    template: str = "form",
    **more: Any,
) -> HttpResponse:
    context = {
        "town": town,
        "title": title,
        "lead": str(town),
        "form": form,
        "more_form": None,
        "overview_url": _overview(town),
        "back_url": _overview(town),
    } | more
    return render(request, f"mediators/reach/{template}.html", context)


def _asks(request: SignedInRequest, town: Municipality, name: str, title: str) -> HttpResponse:
    context = {"town": town, "title": title, "name": name, "overview_url": _overview(town)}
    return render(request, "mediators/reach/delete.html", context)


def _is_saved(*forms: ModelForm | None) -> bool:
    """All or none; what only the database knows becomes a sentence in the first form."""
    given = [form for form in forms if form is not None]
    if not all([form.is_valid() for form in given]):  # noqa: C419  each is asked, so that all errors show at once
        return False
    try:
        with transaction.atomic():
            for form in given:
                form.save()
    except IntegrityError:
        given[0].add_error(None, MEANWHILE)
        return False
    return True


# --- addresses


def reach_addresses(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug)
    data = request.POST or restore_unsaved(request)
    form = TownReachForm(data, instance=town)
    own = Appointment.objects.of_user(request.user).in_force_on(timezone.localdate())
    appointment = own.filter(municipality=town).first()
    phone_form = OwnPhoneForm(data, instance=appointment) if appointment else None
    if request.method == "POST" and _is_saved(form, phone_form):
        messages.success(request, "Gespeichert.")
        return redirect(_overview(town))
    return _page(request, town, "E-Mail und Telefon", form, "addresses_form", more_form=phone_form)


# --- rooms


def meeting_room_create(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug)
    return _room_page(request, MeetingRoom(municipality=town), "Raum eintragen")


def meeting_room_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    rooms = MeetingRoom.objects.visible_to(request.user).select_related("municipality")
    return _room_page(request, get_object_or_404(rooms, pk=pk), "Raum und Weg hinein")


def _room_page(request: SignedInRequest, room: MeetingRoom, title: str) -> HttpResponse:
    form = MeetingRoomForm(request.POST or restore_unsaved(request), instance=room)
    if request.method == "POST" and _is_saved(form):
        messages.success(request, f"Gespeichert: {room.name}")
        return redirect(_overview(room.municipality))
    return _page(request, room.municipality, title, form, "room_form")


def meeting_room_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    rooms = MeetingRoom.objects.visible_to(request.user).select_related("municipality")
    room = get_object_or_404(rooms, pk=pk)
    if request.method != "POST":
        return _asks(request, room.municipality, room.name, "Diesen Raum löschen?")
    try:
        room.delete()
    except ProtectedError:
        messages.error(request, f"In {room} gibt es eine Sprechstunde. Der Raum bleibt deshalb eingetragen.")
    else:
        messages.success(request, f"Gelöscht: {room.name}")
    return redirect(_overview(room.municipality))


# --- consultation hours


def visiting_hours_create(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug)
    if not Appointment.objects.filter(not_over_on(timezone.localdate()), municipality=town).exists():
        messages.info(
            request, "Eine Sprechstunde braucht jemanden, der da ist. Die Stelle ist nicht besetzt."
        )
        return redirect(_overview(town))
    return _hours_page(request, town, VisitingHours(), "Sprechstunde eintragen")


def visiting_hours_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    hours = get_hours(request, pk)
    return _hours_page(request, hours.appointment.municipality, hours, "Sprechstunde ändern")


def _hours_page(
    request: SignedInRequest, town: Municipality, hours: VisitingHours, title: str
) -> HttpResponse:
    form = VisitingHoursForm(request.POST or restore_unsaved(request), instance=hours, town=town)
    if request.method == "POST" and _is_saved(form):
        messages.success(request, f"Gespeichert: {rule_in_words(hours)}. {_next_in_words(hours)}")
        return redirect(_overview(town))
    return _page(request, town, title, form, "hours_form")


def _next_in_words(hours: VisitingHours) -> str:
    dates = next_dates(coming_dates([hours], timezone.localdate()), 1)
    coming = next((date for date in dates if not date.falls_out), None)
    return f"Der nächste Termin ist {day_in_words(coming.day)}." if coming else "Es kommt kein Termin mehr."


def visiting_hours_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    hours = get_hours(request, pk)
    words, town = rule_in_words(hours), hours.appointment.municipality
    if request.method != "POST":
        return _asks(request, town, words, "Diese Sprechstunde löschen?")
    hours.delete()
    messages.success(request, f"Gelöscht: {words}")
    return redirect(_overview(town))


def visiting_dates(request: SignedInRequest, pk: int) -> HttpResponse:
    """The coming dates of one rule, each with what may be changed; and a time in which all of them fall out."""
    hours = get_hours(request, pk)
    form = PauseForm(request.POST or restore_unsaved(request))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        number = call_off(hours, cleaned["first"], cleaned["last"], note=cleaned["note"])
        if number:
            told = "Ein Termin fällt aus." if number == 1 else f"{number} Termine fallen aus."
            messages.success(request, f"Eingetragen: {told}")
            return redirect("visiting_dates", pk=pk)
        form.add_error("first", "In dieser Zeit ist keine Sprechstunde. Bitte wählen Sie andere Tage.")
    context = {
        "hours": hours,
        "town": hours.appointment.municipality,
        "overview_url": _overview(hours.appointment.municipality),
        "words": rule_in_words(hours),
        "dates": coming_dates([hours], timezone.localdate())[:DATES_SHOWN],
        "form": form,
    }
    return render(request, "mediators/reach/dates.html", context)


def visiting_date(request: SignedInRequest, pk: int, day: str) -> HttpResponse:
    hours, planned_on = get_hours(request, pk), _day(day)
    change = hours.changes.filter(day=planned_on).first()
    if change is None and not is_planned(hours, planned_on):
        raise Http404
    row = change or VisitingChange(hours=hours, day=planned_on)
    form = VisitingChangeForm(request.POST or restore_unsaved(request), instance=row)
    if request.method == "POST" and form.is_valid() and _is_changed(form):
        messages.success(request, f"{day_in_words(planned_on)}: {_told(form)}")
        return redirect("visiting_dates", pk=pk)
    town = hours.appointment.municipality
    back_url = reverse("visiting_dates", args=[pk])
    lead = rule_in_words(hours)
    return _page(request, town, day_in_words(planned_on), form, lead=lead, back_url=back_url)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _is_changed(form: VisitingChangeForm) -> bool:
    if form.is_planned:
        VisitingChange.objects.filter(pk=form.instance.pk).delete()
        return True
    return _is_saved(form)


def _told(form: VisitingChangeForm) -> str:
    if form.is_planned:
        return "Die Sprechstunde findet statt wie immer."
    if moved_to := form.instance.moved_to:
        return f"Die Sprechstunde ist verlegt auf {day_in_words(moved_to)}."
    return "Die Sprechstunde fällt aus."


# --- for anybody


@login_not_required
@require_GET
def visiting_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of a year as a calendar, the same all day. Also while there are none: who has subscribed keeps the
    subscription.
    """
    today = timezone.localdate()
    now = timezone.make_aware(dt.datetime.combine(today, dt.time()))
    town = get_object_or_404(Municipality.objects.taking_part_on(today), slug=slug)
    content = visiting_calendar(town, coming_dates(hours_of(town, today), today), now=now)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
