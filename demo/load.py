"""Brings the demo into the database: people, roles, activities and concerns; the reports stand in load_reports.py."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Any

import pghistory.models
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from activities.models import (
    Activity,
    ActivityOrganisation,
    Concern,
    ConcernState,
    ConcernStep,
    Organisation,
)
from demo import concerns, terms, year
from demo.comes_again import make_series
from demo.days import DAY, working_day_before
from demo.details import organisation
from demo.later_words import let_them_answer, tell_more
from demo.legal import say_what_the_law_wants
from demo.load_reports import load_reports
from demo.moments import moment
from demo.photos import add_photos
from demo.reach import county_reach, town_reach
from demo.tables import bring_along_tables
from demo.thrown_away import throw_away
from demo.told_late import tell_late
from kiv_portal.accounts.demo import DEMO_DOMAIN, demo_users
from kiv_portal.accounts.models import User
from mediators.models import Appointment, Assistance, Mediator
from municipalities.models import (
    ActivityKind,
    CooperationAgreement,
    Councillor,
    County,
    CountyStaff,
    Departure,
    FieldOfAction,
    Municipality,
    MunicipalityContact,
)
from municipalities.programme.load import load_programme

ENTRY_KEYS = uuid.UUID("5f5ad0b4-5a0c-4f64-9d0a-3a1f5f0c7a10")  # name space of the demo's entry keys
LONGEST_ASSISTANCE = 200 * DAY
WITH_BIN = "leonberg"


class DemoRefused(Exception):
    """The demo may not be loaded here; the message is a sentence for the operator."""


def load_demo(today: dt.date | None = None) -> bool:
    """Create the county as of `today`, or keep the one that is there: then only the password follows the settings.

    True: created. The database refuses activities of days to come, so `today` may lie ahead only where its clock does,
    too (demo/clock.py).
    """
    today = today or timezone.localdate()
    if not settings.DEMO:
        raise DemoRefused("Die Demo-Daten werden nur geladen, wenn KIV_DEMO=true gesetzt ist.")
    if not settings.DEMO_PASSWORD:
        raise DemoRefused("Für die Demo-Konten fehlt ein Kennwort. Bitte setzen Sie KIV_DEMO_PASSWORD.")
    if today < year.EARLIEST:
        raise DemoRefused(f"Die Demo-Daten gibt es für Tage ab dem {year.EARLIEST:%d.%m.%Y}.")
    with transaction.atomic(), pghistory.context(source="load_demo", today=str(today)):
        county = load_programme()
        say_what_the_law_wants(county)
        if demo_users().exists():
            _follow_password()
            return False
        people = _people(today)
        _county_roles(county, people)
        words = _Words.of(county)
        county_reach(county)
        for town in year.towns(today):
            _town(town, county, people, words)
        load_reports(county, today, people)
        most_to_see = Municipality.objects.get(slug=WITH_BIN)
        tell_late(most_to_see)
        make_series(most_to_see, today)
        bring_along_tables(most_to_see, today)
        tell_more(most_to_see, today)
    return True


def loaded_for() -> dt.date | None:
    """The day as of which the demo that is there was loaded."""
    first = (
        pghistory.models.Context.objects.filter(metadata__source="load_demo").order_by("created_at").first()
    )
    return dt.date.fromisoformat(first.metadata["today"]) if first else None


def _follow_password() -> None:
    # With every start a new password may be printed; the accounts of the kept data must know it.
    one = demo_users().first()
    if one and not one.check_password(settings.DEMO_PASSWORD):
        everybody = User.objects.filter(email__endswith=DEMO_DOMAIN)
        everybody.update(password=make_password(settings.DEMO_PASSWORD))


class _Words:
    """The county's fields and kinds by their code."""

    def __init__(self, fields: dict[str, FieldOfAction], kinds: dict[str, ActivityKind]) -> None:
        self.fields, self.kinds = fields, kinds

    @classmethod
    def of(cls, county: County) -> _Words:
        return cls(
            {field.code: field for field in FieldOfAction.objects.filter(county=county)},
            {kind.code: kind for kind in ActivityKind.objects.filter(county=county)},
        )


# --- people and roles


def _people(today: dt.date) -> dict[str, User]:
    """All demo accounts, by the part of their e-mail address before the @."""
    password = make_password(settings.DEMO_PASSWORD)  # once: a hash takes a quarter of a second by intention
    names = {row["account"]: (row["name"], True) for row in year.coordinators()}
    for town in year.towns(today):
        names |= {account: (row["name"], row.get("active", True)) for account, row in _accounts_of(town)}
    users = [
        User(
            email=f"{account}{DEMO_DOMAIN}",
            full_name=name,
            password=password,
            is_active=is_active,
            date_joined=moment(dt.date(2021, 9, 13), 9),
            last_login=moment(working_day_before(today), 8),
        )
        for account, (name, is_active) in names.items()
    ]
    for user in users:
        user.clean_fields()
        if user.email.startswith("vertretung."):  # invited, and never came
            user.invited_at = user.date_joined = moment(today - 24 * DAY, 10)
            user.last_login = None
    return dict(zip(names, User.objects.bulk_create(users), strict=True))


def _accounts_of(town: year.Town) -> list[tuple[str, dict[str, Any]]]:
    data, slug = town.data, town.slug
    rows = [
        (f"ansprechperson.{slug}", data["contact"]),
        (f"gemeinderat.{slug}", {"name": data["councillor"]}),
        (f"ansprechperson.{slug}-frueher", data.get("former_contact")),
        (f"gemeinderat.{slug}-frueher", data.get("former_councillor")),
        (f"vertretung.{slug}", data.get("invited_contact")),
    ]
    rows += [(row["account"], row) for row in _assistances_of(town)]
    rows += [(row["account"], row) for row in data["mediators"]]
    return [(account, row) for account, row in rows if row]


def _assistances_of(town: year.Town) -> list[dict[str, Any]]:
    return [town.data[key] for key in ("assistance", "former_assistance") if key in town.data]


def _county_roles(county: County, people: dict[str, User]) -> None:
    for row in year.coordinators():
        _save(CountyStaff(user=people[row["account"]], county=county, starts_on=row["starts_on"]))


def _town(town: year.Town, county: County, people: dict[str, User], words: _Words) -> None:
    municipality = _municipality(town, county)
    for agreement in terms.agreements_of(town):
        row = asdict(agreement)
        row["report_interval_months"] = row.pop("months")
        _save(CooperationAgreement(municipality=municipality, **row))
    _departure(town, municipality)
    _town_hall(town, municipality, people)
    mediators = {row["account"]: _mediator(row, town, municipality, people) for row in town.data["mediators"]}
    entries = year.entries_of(town)
    reported = _concerns(town, municipality, mediators, people, words)
    activities = [_activity(entry, municipality, mediators[entry.account], words) for entry in entries]
    _link_concerns(activities, reported)
    _let_help(town, mediators, people, activities)
    Activity.objects.bulk_create(activities)
    _partners(activities, entries, municipality)
    add_photos(activities, reported, town.today)
    town_reach(town, municipality)
    let_them_answer(municipality, town.today)
    if town.slug == WITH_BIN:
        throw_away(activities, municipality)


def _departure(town: year.Town, municipality: Municipality) -> None:
    if row := town.data.get("departure"):
        told = {name: value for name, value in row.items() if name != "recorded_on"}
        agreement = CooperationAgreement.objects.filter(municipality=municipality).latest("starts_on")
        _save(Departure(agreement=agreement, recorded_at=moment(row["recorded_on"], 11), **told))


def _municipality(town: year.Town, county: County) -> Municipality:
    if row := town.data.get("municipality"):
        Municipality.objects.update_or_create(
            ags=row["ags"], defaults={**row, "slug": town.slug, "county": county}
        )
    return Municipality.objects.get(slug=town.slug)


def _town_hall(town: year.Town, municipality: Municipality, people: dict[str, User]) -> None:
    """Contact and council; who was it before, and who was invited and never came."""
    signed_on = town.data["agreement"]["signed_on"]
    function = town.data["contact"]["function"]
    ends_on = town.data.get("departure", {}).get("roles_end_on")
    contact = MunicipalityContact(
        user=people[f"ansprechperson.{town.slug}"],
        municipality=municipality,
        function=function,
        starts_on=signed_on,
        ends_on=ends_on,
    )
    if former := town.data.get("former_contact"):
        contact.starts_on = former["ends_on"] + DAY
        _save(
            MunicipalityContact(
                user=people[f"ansprechperson.{town.slug}-frueher"],
                municipality=municipality,
                function=function,
                starts_on=signed_on,
                ends_on=former["ends_on"],
            )
        )
    if town.data.get("invited_contact"):
        invited = people[f"vertretung.{town.slug}"]
        _save(
            MunicipalityContact(
                user=invited,
                municipality=municipality,
                function="Vertretung",
                starts_on=timezone.localdate(invited.invited_at),
            )
        )
    _save(contact)
    councillor = Councillor(
        user=people[f"gemeinderat.{town.slug}"],
        municipality=municipality,
        starts_on=dt.date(2021, 1, 1),
        ends_on=ends_on,
    )
    if former := town.data.get("former_councillor"):
        councillor.starts_on = former["ends_on"] + DAY
        _save(
            Councillor(
                user=people[f"gemeinderat.{town.slug}-frueher"],
                municipality=municipality,
                starts_on=dt.date(2021, 1, 1),
                ends_on=former["ends_on"],
            )
        )
    _save(councillor)


def _mediator(
    row: dict[str, Any], town: year.Town, municipality: Municipality, people: dict[str, User]
) -> Mediator:
    mediator: Mediator = _save(Mediator(user=people[row["account"]], qualified_on=row["qualified_on"]))
    _save(
        Appointment(
            mediator=mediator,
            municipality=municipality,
            form=row["form"],
            starts_on=row["starts_on"],
            ends_on=year.last_day_of(row, town.today),
        )
    )
    return mediator


def _activity(entry: year.Entry, municipality: Municipality, mediator: Mediator, words: _Words) -> Activity:
    texts = asdict(entry)
    followed_up_on = texts.pop("followed_up_on")
    # most is entered in the evening, some a few days later, nothing before it was
    later = min(len(entry.title) % 4, 1 if entry.followed_up_on else 3)
    return Activity(
        entry_key=uuid.uuid5(ENTRY_KEYS, f"{municipality.ags} {entry.day} {entry.title}"),
        municipality=municipality,
        mediator=mediator,
        field=words.fields[texts.pop("field")] if entry.field else None,
        kind=words.kinds[texts.pop("kind")],
        further_fields=list(texts.pop("further_fields")),
        created_at=moment(entry.day + later * DAY, 17 + later),
        followed_up_at=moment(followed_up_on, 18) if followed_up_on else None,
        **{name: value for name, value in texts.items() if name not in ("account", "organisations", "field")},
    )


def _save(row: Any) -> Any:
    row.full_clean()
    row.save()
    return row


# --- concerns, partners, helpers


def _concerns(
    town: year.Town,
    municipality: Municipality,
    mediators: dict[str, Mediator],
    people: dict[str, User],
    words: _Words,
) -> list[Concern]:
    invented = concerns.concerns_of(town)
    contact = people[f"ansprechperson.{town.slug}"]
    rows = [
        _concern(concern, town, municipality, mediators.get(concern.account), words) for concern in invented
    ]
    Concern.objects.bulk_create(rows)
    ConcernStep.objects.bulk_create(
        ConcernStep(
            concern=row,
            state=step.state,
            sentence=step.sentence,
            taken_at=moment(step.day, 11),
            taken_by=row.taken_over_by.user if row.taken_over_by and not step.is_by_contact else contact,
        )
        for row, concern in zip(rows, invented, strict=True)
        for step in concern.steps
    )
    return rows


def _concern(
    concern: concerns.Invented,
    town: year.Town,
    municipality: Municipality,
    mediator: Mediator | None,
    words: _Words,
) -> Concern:
    key = f"{municipality.ags} {concern.reported_on} {concern.title}"
    is_closed = concern.state in ConcernState.closed
    office = organisation(concern.office, town.places) if concern.office else ""
    is_asked = concern.state == ConcernState.CHECKING and bool(office)
    row = Concern(
        entry_key=uuid.uuid5(ENTRY_KEYS, f"concern {key}"),
        status_key=uuid.uuid5(ENTRY_KEYS, f"status {key}"),
        municipality=municipality,
        title=concern.title,
        place=concern.place,
        field=words.fields[concern.field] if concern.field else None,
        description=concern.description,
        since=concern.since,
        office=_organisation(office, municipality) if office else None,
        office_asked_on=concern.steps[-1].day if is_asked else None,
        state=concern.state,
        promised_until=concern.promised_until,
        is_public=concern.is_public,
        public_sentence=concern.steps[-1].sentence if concern.is_public else "",
        reported_on=concern.reported_on,
        reported_by=None if concern.is_by_public or mediator is None else mediator.user,
        taken_over_by=mediator,
        created_at=moment(concern.reported_on, 9),
        closed_at=moment(concern.steps[-1].day, 11) if is_closed else None,
    )
    row.clean_fields(exclude=["municipality", "field", "office", "reported_by", "taken_over_by"])
    return row


def _organisation(name: str, municipality: Municipality) -> Organisation:
    return Organisation.objects.get_or_create(county_id=municipality.county_id, name=name)[0]


def _link_concerns(activities: list[Activity], reported: list[Concern]) -> None:
    """A concern takes the first later activity of its field at its place."""
    for concern in reported:
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


def _let_help(
    town: year.Town, mediators: dict[str, Mediator], people: dict[str, User], activities: list[Activity]
) -> None:
    """Helpers enter some of what a mediator did; one still does, another did until lately."""
    for row in _assistances_of(town):
        helper, mediator = people[row["account"]], mediators[row["mediator"]]
        first = town.today - row["started_days_ago"] * DAY
        last = year.last_day_of(row, town.today) or first + LONGEST_ASSISTANCE + 100 * DAY
        _save(Assistance(mediator=mediator, helper=helper, starts_on=first, ends_on=last))
        helped = [a for a in activities if a.mediator == mediator and first <= a.day <= last]
        for activity in helped[::4]:
            activity.entered_by = helper


def counts_by_town() -> dict[str, int]:
    """{town: number of its activities in the demo}, without late ones"""
    activities = Activity.objects.filter(mediator__user__email__endswith=DEMO_DOMAIN, is_late=False)
    rows = activities.order_by().values_list("municipality__name").annotate(n=Count("*"))
    return dict(sorted(rows))
