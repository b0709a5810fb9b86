"""Brings the demo into the database: people, roles, activities, and reports in every state of work."""

from __future__ import annotations

import datetime as dt
import time
import tomllib
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import pghistory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from activities.models import (
    Activity,
    ActivityOrganisation,
    Concern,
    ConcernState,
    ConcernStep,
    Organisation,
)
from demo import concerns, year
from demo.details import organisation
from demo.photos import add_photos
from kiv_portal.accounts.demo import DEMO_DOMAIN, demo_users
from kiv_portal.accounts.models import User
from mediators.models import Appointment, Assistance, Mediator
from municipalities.models import (
    ActivityKind,
    CooperationAgreement,
    Councillor,
    County,
    CountyStaff,
    FieldOfAction,
    Municipality,
    MunicipalityContact,
)
from municipalities.programme.load import load_programme
from reports.council.services import record_decision
from reports.editions.services import current_editions
from reports.models import CouncilDecision, DecisionKind, InterimReport
from reports.steps.services import approve_report, deliver_report, submit_report
from reports.writing.photo_queries import photos_to_choose
from reports.writing.photo_services import choose_photos
from reports.writing.queries import texts_of
from reports.writing.services import save_section

REPORTS = Path(__file__).parent / "reports.toml"
ENTRY_KEYS = uuid.UUID("5f5ad0b4-5a0c-4f64-9d0a-3a1f5f0c7a10")  # name space of the demo's entry keys


class DemoRefused(Exception):
    """The demo may not be loaded here; the message is a sentence for the operator."""


class DemoTown(NamedTuple):
    """A town whose report `submit_reports` hands in, and whether it is delivered to the council afterwards."""

    slug: str
    deliver: bool


def towns_to_submit() -> list[DemoTown]:
    return [DemoTown("herrenberg", deliver=True), DemoTown("aidlingen", deliver=False)]


def load_demo() -> bool:
    """Create the demo, or keep the one that is there: then only the password follows the settings. True: created."""
    if not settings.DEMO:
        raise DemoRefused("Die Demo-Daten werden nur geladen, wenn KIV_DEMO=true gesetzt ist.")
    if not settings.DEMO_PASSWORD:
        raise DemoRefused("Für die Demo-Konten fehlt ein Kennwort. Bitte setzen Sie KIV_DEMO_PASSWORD.")
    with transaction.atomic(), pghistory.context(source="load_demo"):
        county = load_programme()
        if demo_users().exists():
            _follow_password()
            return False
        people = _people()
        _county_roles(county, people)
        for town in year.towns():
            _town(town, people)
        _reports(people)
    return True


def _follow_password() -> None:
    # With every start a new password may be printed; the accounts of the kept data must know it.
    one = demo_users().first()
    if one and not one.check_password(settings.DEMO_PASSWORD):
        everybody = User.objects.filter(email__endswith=DEMO_DOMAIN)
        everybody.update(password=make_password(settings.DEMO_PASSWORD))


# --- people and roles


def _people() -> dict[str, User]:
    """All demo accounts, by the part of their e-mail address before the @."""
    password = make_password(settings.DEMO_PASSWORD)  # once: a hash takes a quarter of a second by intention
    joined = _moment(dt.date(2021, 9, 13), 9)
    names = {row["account"]: (row["name"], True) for row in year.coordinators()}
    for town in year.towns():
        names[f"ansprechperson.{town.slug}"] = (town.data["contact"]["name"], True)
        names[f"gemeinderat.{town.slug}"] = (town.data["councillor"], True)
        if assistance := town.data.get("assistance"):
            names[assistance["account"]] = (assistance["name"], True)
        for mediator in town.data["mediators"]:
            names[mediator["account"]] = (mediator["name"], not mediator.get("left", False))
    users = [
        User(
            email=f"{account}{DEMO_DOMAIN}",
            full_name=name,
            password=password,
            is_active=is_active,
            date_joined=joined,
            # members of a council have not been here yet: there was nothing to read
            last_login=None if account.startswith("gemeinderat.") else joined,
        )
        for account, (name, is_active) in names.items()
    ]
    for user in users:
        user.clean_fields()
    return dict(zip(names, User.objects.bulk_create(users), strict=True))


def _county_roles(county: County, people: dict[str, User]) -> None:
    for row in year.coordinators():
        _save(CountyStaff(user=people[row["account"]], county=county, starts_on=row["starts_on"]))


def _town(town: year.Town, people: dict[str, User]) -> None:
    municipality = Municipality.objects.get(slug=town.slug)
    agreement = town.data["agreement"]
    signed_on = agreement["signed_on"]
    _save(CooperationAgreement(municipality=municipality, starts_on=year.START, **agreement))
    _save(
        MunicipalityContact(
            user=people[f"ansprechperson.{town.slug}"],
            municipality=municipality,
            function=town.data["contact"]["function"],
            starts_on=signed_on,
        )
    )
    _save(
        Councillor(
            user=people[f"gemeinderat.{town.slug}"], municipality=municipality, starts_on=dt.date(2021, 1, 1)
        )
    )
    mediators = {row["account"]: _mediator(row, municipality, people) for row in town.data["mediators"]}
    entries = year.entries_of(town)
    fields = {field.code: field for field in FieldOfAction.objects.filter(county=municipality.county_id)}
    kinds = {kind.code: kind for kind in ActivityKind.objects.filter(county=municipality.county_id)}
    told = _concerns(town, municipality, fields, mediators, people)
    activities = [
        _activity(entry, number, municipality, fields, kinds, mediators[entry.account])
        for number, entry in enumerate(entries)
    ]
    _link_concerns(activities, told)
    Activity.objects.bulk_create(activities)
    _partners(activities, entries, municipality)
    _assistance(town, mediators, people, activities)
    add_photos(activities, told)


def _mediator(row: dict[str, Any], municipality: Municipality, people: dict[str, User]) -> Mediator:
    mediator = _save(Mediator(user=people[row["account"]], qualified_on=row["qualified_on"]))
    _save(
        Appointment(
            mediator=mediator,
            municipality=municipality,
            form=row["form"],
            starts_on=row["starts_on"],
            ends_on=row.get("ends_on"),
        )
    )
    return mediator


def _activity(
    entry: year.Entry,
    number: int,
    municipality: Municipality,
    fields: dict[str, FieldOfAction],
    kinds: dict[str, ActivityKind],
    mediator: Mediator,
) -> Activity:
    texts = asdict(entry)
    followed_up_on = texts.pop("followed_up_on")
    activity = Activity(
        entry_key=uuid.uuid5(ENTRY_KEYS, f"{municipality.ags} {number}"),
        municipality=municipality,
        mediator=mediator,
        field=fields[code] if (code := texts.pop("field")) else None,
        kind=kinds[texts.pop("kind")],
        further_fields=list(texts.pop("further_fields")),
        created_at=_moment(entry.day + dt.timedelta(days=number % 4), 17 + number % 4),
        followed_up_at=_moment(followed_up_on, 18) if followed_up_on else None,
        **{name: value for name, value in texts.items() if name not in ("account", "organisations")},
    )
    # The rest is said by the database itself, in one statement for all rows instead of ten for each.
    activity.clean_fields(exclude=["municipality", "mediator", "field", "kind"])
    return activity


def _save(row: Any) -> Any:
    row.full_clean()
    row.save()
    return row


def _moment(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


# --- concerns, partners, assistance


def _concerns(
    town: year.Town,
    municipality: Municipality,
    fields: dict[str, FieldOfAction],
    mediators: dict[str, Mediator],
    people: dict[str, User],
) -> list[Concern]:
    invented = concerns.concerns_of(town)
    contact = people[f"ansprechperson.{town.slug}"]
    rows = [
        _concern(concern, number, town, municipality, fields, mediators.get(concern.account))
        for number, concern in enumerate(invented)
    ]
    Concern.objects.bulk_create(rows)
    ConcernStep.objects.bulk_create(
        ConcernStep(
            concern=row,
            state=step.state,
            sentence=step.sentence,
            taken_at=_moment(step.day, 11),
            taken_by=row.taken_over_by.user if row.taken_over_by and not step.is_by_contact else contact,
        )
        for row, concern in zip(rows, invented, strict=True)
        for step in concern.steps
    )
    return rows


def _concern(
    concern: concerns.Invented,
    number: int,
    town: year.Town,
    municipality: Municipality,
    fields: dict[str, FieldOfAction],
    mediator: Mediator | None,
) -> Concern:
    is_closed = concern.state in ConcernState.closed
    office = organisation(concern.office, town.places) if concern.office else ""
    row = Concern(
        entry_key=uuid.uuid5(ENTRY_KEYS, f"concern {municipality.ags} {number}"),
        status_key=uuid.uuid5(ENTRY_KEYS, f"status {municipality.ags} {number}"),
        municipality=municipality,
        title=concern.title,
        place=concern.place,
        field=fields[concern.field] if concern.field else None,
        description=concern.description,
        since=concern.since,
        office=_organisation(office, municipality) if office else None,
        state=concern.state,
        promised_until=concern.promised_until,
        is_public=concern.is_public,
        reported_on=concern.reported_on,
        reported_by=None if concern.is_by_public or mediator is None else mediator.user,
        taken_over_by=mediator,
        created_at=_moment(concern.reported_on, 9),
        closed_at=_moment(concern.steps[-1].day, 11) if is_closed else None,
    )
    row.clean_fields(exclude=["municipality", "field", "office", "reported_by", "taken_over_by"])
    return row


def _organisation(name: str, municipality: Municipality) -> Organisation:
    return Organisation.objects.get_or_create(county_id=municipality.county_id, name=name)[0]


def _link_concerns(activities: list[Activity], told: list[Concern]) -> None:
    """A concern takes the first later activity of its field at its place."""
    for concern in told:
        fitting = (
            activity
            for activity in activities
            if activity.concern_id is None
            and activity.day >= concern.reported_on
            and concern.place
            and (activity.place, activity.field_id) == (concern.place, concern.field_id)
        )
        if activity := next(fitting, None):
            activity.concern = concern


def _partners(activities: list[Activity], entries: list[year.Entry], municipality: Municipality) -> None:
    names = {name for entry in entries for name in entry.organisations}
    organisations = {name: _organisation(name, municipality) for name in sorted(names)}
    ActivityOrganisation.objects.bulk_create(
        ActivityOrganisation(activity=activity, organisation=organisations[name])
        for activity, entry in zip(activities, entries, strict=True)
        for name in entry.organisations
    )


def _assistance(
    town: year.Town, mediators: dict[str, Mediator], people: dict[str, User], activities: list[Activity]
) -> None:
    """A helper of the summer, who may help again from the day on which the demo is loaded."""
    if "assistance" not in town.data:
        return
    helper = people[town.data["assistance"]["account"]]
    mediator = mediators[town.data["assistance"]["mediator"]]
    first = town.data["assistance"]["starts_on"]
    today = timezone.localdate()
    _save(Assistance(mediator=mediator, helper=helper, starts_on=first, ends_on=year.END))
    _save(
        Assistance(mediator=mediator, helper=helper, starts_on=today, ends_on=today + dt.timedelta(days=180))
    )
    entered = [a for a in activities if a.mediator_id == mediator.pk and a.day >= first][::4]
    Activity.objects.filter(pk__in=[activity.pk for activity in entered]).update(entered_by=helper)


# --- reports


def _reports(people: dict[str, User]) -> None:
    for row in tomllib.loads(REPORTS.read_text(encoding="utf-8"))["report"]:
        texts, writer = row.pop("texts", {}), people[row.pop("writer")]
        committee, session_on = row.pop("committee"), row.pop("session_on", None)
        shows_photos = row.pop("shows_photos", False)
        report = _save(
            InterimReport(
                municipality=Municipality.objects.get(slug=row.pop("slug")),
                period_start=year.START,
                period_end=year.END,
                dated_on=year.REPORTS_DATED_ON,
                **row,
            )
        )
        report.consultations.create(committee=committee, session_on=session_on)
        for key, text in texts.items():
            save_section(report, key, text.strip(), version=0, by=writer)
        if shows_photos:
            photos = [choice.photo for choice in photos_to_choose(report)]
            choose_photos(report, offered=photos, chosen=photos, by=writer)


def demo_reports() -> QuerySet[InterimReport]:
    return InterimReport.objects.filter(
        municipality__contacts__user__in=demo_users(), period_start=year.START, period_end=year.END
    ).order_by("municipality__name")


def submit_reports(*, wait_seconds: float = 0) -> dict[str, str]:
    """Hand in the reports of `towns_to_submit`, and deliver those whose editions are there within `wait_seconds`.

    A worker must be running for the editions. What was handed in once, and perhaps taken back since, is left alone.
    Returns {town slug: state of its report}.
    """
    deadline = time.monotonic() + wait_seconds
    reports = {town: demo_reports().get(municipality__slug=town.slug) for town in towns_to_submit()}
    for town, report in reports.items():
        if not report.snapshots.exists():
            submit_report(report, by=_contact(town.slug))
    for town, report in reports.items():
        if town.deliver and _wait_for_editions(report, deadline):
            approve_report(report, by=_coordinator())
            deliver_report(report, by=_contact(town.slug), public_from=timezone.now())
            _decide(report, by=_contact(town.slug))
        report.refresh_from_db()
    return {town.slug: report.state for town, report in reports.items()}


def _decide(report: InterimReport, *, by: User) -> None:
    """A council that has decided, so that its town shows report and decision in public."""
    decision = CouncilDecision(
        report=report,
        consultation=report.consultations.first(),
        kind=DecisionKind.CONTINUED,
        decided_on=timezone.localdate(),
        votes_yes=27,
        votes_no=2,
        votes_abstained=3,
        text=texts_of(report)["proposal"],
    )
    record_decision(decision, by=by)


def _wait_for_editions(report: InterimReport, deadline: float) -> bool:
    while True:
        editions = current_editions(report)
        if not any(edition.is_unfinished for edition in editions):
            return bool(editions) and all(edition.is_accessible for edition in editions)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def _coordinator() -> User:
    return User.objects.get(email=f"koordination{DEMO_DOMAIN}")


def _contact(slug: str) -> User:
    return User.objects.get(email=f"ansprechperson.{slug}{DEMO_DOMAIN}")


def counts_by_town() -> dict[str, int]:
    """{town: number of its activities in the demo's year}"""
    activities = Activity.objects.in_period(year.START, year.END).filter(
        mediator__user__email__endswith=DEMO_DOMAIN
    )
    rows = activities.order_by().values_list("municipality__name").annotate(n=Count("*"))
    return dict(sorted(rows))
