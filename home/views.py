from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities.attachments.queries import undescribed_photos
from activities.figures.totals import totals_by_field
from activities.log.assistance_views import assistance_given
from activities.log.queries import follow_ups, may_add_entries
from activities.models import Activity, Concern
from home import queries
from home.calendar import as_ics, due_entries, feed_path, owner_of_feed, renew_feed
from home.cockpit.views import cockpit
from home.forms import PortalBarrierForm
from home.models import PortalBarrier
from home.roles import request_roles
from home.services import report_portal_barrier
from home.website_problem import nameable_path
from home.work_list.requests import request_waiting_days, request_work
from home.year.queries import own_activities, thanks_to
from home.year.texts import thanks_in_words
from kiv_portal.accounts.models import User
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.periods import Period
from mediators.models import Appointment
from municipalities.legal.models import LegalKind
from municipalities.legal.queries import live_counties, statement_of, text_of
from municipalities.models import CooperationAgreement, County, Municipality
from municipalities.towns.queries import awaited_on, invitation_trouble, people_of
from municipalities.towns.views import get_town, repeat_invitation
from reports.figures.periods import next_period
from reports.models import InterimReport

RECENT = 5
REPORTS = 3
DUTIES = 10
OWN_BLOCKS = frozenset({"concerns", "follow_ups", "series", "photos"})  # a mediator's, with their own buttons
FLOOD_PER_HOUR = 30
FLOOD = "Gerade kommen sehr viele Meldungen an. Bitte versuchen Sie es in einer Stunde noch einmal."


# --- public


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """With one county its towns stand here, with several the counties: the page does not grow with the state."""
    today = timezone.localdate()
    counties = queries.counties_taking_part(today)
    lines = queries.towns_taking_part(counties[0], today) if len(counties) == 1 else []
    former = queries.former_towns(counties[0], today) if lines else []
    return render(request, "home/home.html", {"counties": counties, "lines": lines, "former": former})


@login_not_required
@require_GET
def county_page(request: HttpRequest, key: str) -> HttpResponse:
    """The towns of one county that take part, for everybody."""
    county = get_object_or_404(County, pk=key)
    lines = queries.towns_taking_part(county, timezone.localdate())
    former = queries.former_towns(county, timezone.localdate())
    return render(request, "home/county.html", {"county": county, "lines": lines, "former": former})


@login_not_required
@require_GET
def town_choice(request: HttpRequest) -> HttpResponse:
    """Which place is it about? From here to the town's page or straight to its form."""
    return render(request, "home/town_choice.html", {"counties": _counties(timezone.localdate())})


@login_not_required
@require_GET
def take_part(request: HttpRequest) -> HttpResponse:
    """All the ways in which anybody may take part."""
    counties = _counties(timezone.localdate())
    context = {"counties": counties, "has_vacancies": any(county["vacant"] for county in counties)}
    return render(request, "home/take_part.html", context)


def _counties(today: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "county": county,
            "email": county.email or settings.FEEDBACK_EMAIL,
            "lines": lines,
            "vacant": [line.town for line in lines if line.is_vacant],
        }
        for county, lines in queries.towns_by_county(today).items()
    ]


@login_not_required
@require_GET
def page(request: HttpRequest, template: str) -> HttpResponse:
    """A public page of plain text."""
    return render(request, template, {"feedback_email": settings.FEEDBACK_EMAIL})


@login_not_required
@require_GET
def legal_page(request: HttpRequest, name: str, key: str = "") -> HttpResponse:
    """What a county says because the law wants it: without `key` that of the county whose portal it is."""
    county = get_object_or_404(County, pk=key) if key else queries.responsible_county()
    others = County.objects.filter(pk__in=[c.pk for c in live_counties(timezone.localdate())])
    context = {
        "county": county,
        "feedback_email": settings.FEEDBACK_EMAIL,
        "text": text_of(county, LegalKind(name)) if name in LegalKind.values else None,
        "statement": statement_of(county) if name == "accessibility_statement" else None,
        "others": others.exclude(pk=county.pk) if county else [],
        "address_of": f"{name}_of",
    }
    return render(request, f"home/{name}.html", context)


@login_not_required
def barrier_report(request: HttpRequest) -> HttpResponse:
    """Feedback without an account. A form that was sent leads to a page of its own, so reloading sends nothing."""
    form = PortalBarrierForm(
        request.POST or None, initial={"page": nameable_path(request.GET.get("seite", ""))}
    )
    if request.method == "POST" and form.is_valid():
        an_hour_ago = timezone.now() - dt.timedelta(hours=1)
        if PortalBarrier.objects.reported_since(an_hour_ago).count() >= FLOOD_PER_HOUR:
            form.add_error(None, FLOOD)
        else:
            report_portal_barrier(form.save(commit=False))
            messages.success(request, "Danke. Ihre Meldung ist angekommen.")
            return redirect("barrier_report")
    return render(request, "home/barrier_report.html", {"form": form})


# --- signed in


@require_GET
def start(request: SignedInRequest) -> HttpResponse:
    """One start page per role; who has several gets the one with the most to do, the others by navigation."""
    roles = request_roles(request)
    if roles.is_staff:
        return _start_staff(request)
    if roles.is_mediator:
        return _start_mediator(request)
    if roles.is_contact:
        return _start_contact(request)
    if roles.is_councillor:
        return _start_councillor(request)
    if roles.is_helper:
        return assistance_given(request)
    return render(request, "home/start_nobody.html")


def _first_duties(request: SignedInRequest, *, but_for: frozenset[str] = frozenset()) -> dict[str, Any]:
    """`but_for` are kinds that the page shows in a way of its own."""
    work = [duty for duty in request_work(request) if duty.kind not in but_for]
    return {"duties": work[:DUTIES], "all_duties": len(work)}


def _start_staff(request: SignedInRequest) -> HttpResponse:
    return render(request, "home/start_staff.html", cockpit(request) | _first_duties(request))


def _start_mediator(request: SignedInRequest) -> HttpResponse:
    is_contact = request_roles(request).is_contact
    today = timezone.localdate()
    own = own_activities(request.user)
    recent = list(own.newest_first().as_rows()[:RECENT])
    terms = Appointment.objects.of_user(request.user).select_related("municipality")
    appointments = list(terms.in_force_on(today))
    context = {
        "recent": recent,
        "thanks": thanks_in_words(thanks_to(request.user, recent[0].day.year, today)) if recent else "",
        "follow_ups": follow_ups(own, today),
        "undescribed": undescribed_photos(own),
        "waiting_days": request_waiting_days(request),
        "today": today,
        "appointments": appointments,
        "coming": None if appointments else terms.filter(starts_on__gt=today).order_by("starts_on").first(),
        "ended": None if appointments else terms.filter(ends_on__lt=today).order_by("-ends_on").first(),
        "may_add": may_add_entries(request.user, today),
        "towns": Municipality.objects.of_contact(request.user) if is_contact else (),
    }
    context |= _waiting_concerns(request, today) | _first_duties(request, but_for=OWN_BLOCKS)
    return render(request, "home/start_mediator.html", context)


def _waiting_concerns(request: SignedInRequest, today: dt.date) -> dict[str, Any]:
    """What is new or overdue in the towns of the person, the newest first."""
    concerns = Concern.objects.visible_to(request.user).needing_attention_on(today)
    found = list(
        concerns.select_related("municipality", "office").order_by("-reported_on", "-pk")[: RECENT + 1]
    )
    return {"concerns": found[:RECENT], "more_concerns": len(found) > RECENT}


def _start_contact(request: SignedInRequest) -> HttpResponse:
    towns = Municipality.objects.of_contact(request.user)
    reports = InterimReport.objects.visible_to(request.user).with_town().with_overdue(timezone.localdate())
    newest = list(reports.filter(municipality__in=towns)[: REPORTS + 1])
    context = {
        "towns": towns,
        "reports": newest[:REPORTS],
        "has_more_reports": len(newest) > REPORTS,
        "recent": Activity.objects.filter(municipality__in=towns).newest_first().as_rows()[:RECENT],
    }
    context |= _waiting_concerns(request, timezone.localdate())
    context |= _first_duties(request, but_for=frozenset({"concerns"}))
    return render(request, "home/start_contact.html", context)


def _start_councillor(request: SignedInRequest) -> HttpResponse:
    reports = InterimReport.objects.delivered_to(request.user).with_town().with_session()
    towns = Municipality.objects.of_councillor(request.user)
    context = {"reports": reports, "towns": towns} | _first_duties(request)
    return render(request, "home/start_councillor.html", context)


@require_GET
def municipality_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    visible = Municipality.objects.visible_to(request.user).select_related("county")
    town = get_object_or_404(visible, slug=slug)
    can_change = request.user.has_perm("municipalities.change_municipality", town)
    today = timezone.localdate()
    reports = list(InterimReport.objects.visible_to(request.user).filter(municipality=town))
    period = queries.current_period(Counter(Period(r.period_start, r.period_end) for r in reports), today)
    activities = Activity.objects.filter(municipality=town).in_period(period.start, period.end)
    fields = totals_by_field(activities, town.county_id)
    agreements = list(CooperationAgreement.objects.filter(municipality=town).select_related("departure"))
    appointments = list(
        Appointment.objects.filter(municipality=town)
        .select_related("mediator__user")
        .annotate(
            is_awaited=awaited_on(today, user="mediator__user"),
            trouble=invitation_trouble(user="mediator__user"),
        )
        .order_by("-starts_on")
    )
    people = people_of(town, today)
    departure = getattr(agreements[0], "departure", None) if agreements else None  # of the last one
    context: dict[str, Any] = {
        "town": town,
        "departure": departure,
        "has_left": departure is not None and departure.last_day < today,
        "agreements": agreements,
        "appointments": appointments,
        "is_vacant": not any(appointment.holds_on(today) for appointment in appointments),
        "contacts": [person for person in people if person.role == "contact"],
        "councillors": [person for person in people if person.role == "councillor"],
        "fields": fields,
        "activities": sum(f.activities for f in fields),
        "minutes": sum(f.minutes for f in fields),
        "period": period,
        "reports": reports,
        "can_change": can_change,
        "can_open_report": can_change and next_period(agreements, reports) is not None,
    }
    return render(request, "home/municipality_detail.html", context)


@require_POST
def invitation_repeat(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Once more to a person who has a role in the town and never signed in."""
    town = get_town(request, slug=slug)
    roles = queries.roles_of(town, pk, timezone.localdate())
    if not roles:
        raise Http404
    person = get_object_or_404(User, pk=pk, is_active=True)
    return repeat_invitation(request, person, " ".join(role.task for role in roles), owner=town)


# --- what is due, in people's own calendars


@never_cache
def calendar(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        renew_feed(request.user)
        messages.success(request, "Die Adresse ist neu. Die alte öffnet nichts mehr.")
        return redirect("calendar")
    return render(
        request, "home/calendar.html", {"feed_url": f"{settings.BASE_URL}{feed_path(request.user)}"}
    )


@login_not_required
@require_GET
def calendar_feed(request: HttpRequest, signed: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the address itself is the key."""
    owner = owner_of_feed(signed)
    if owner is None:
        raise Http404
    response = HttpResponse(
        as_ics(due_entries(owner, timezone.localdate()), now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
    )
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
