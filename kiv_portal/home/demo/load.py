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

from activities.models import Activity
from kiv_portal.accounts.demo import DEMO_DOMAIN, demo_users
from kiv_portal.accounts.models import User
from kiv_portal.home.demo import year
from kiv_portal.home.programme import load_programme
from mediators.models import Appointment, Mediator
from municipalities.models import (
    CooperationAgreement,
    Councillor,
    County,
    CountyStaff,
    Municipality,
    MunicipalityContact,
)
from reports.models import EditionState, InterimReport
from reports.services import current_edition, release_report, save_section, submit_report

REPORTS = Path(__file__).parent / "reports.toml"
ENTRY_KEYS = uuid.UUID("5f5ad0b4-5a0c-4f64-9d0a-3a1f5f0c7a10")  # name space of the demo's entry keys


class DemoRefused(Exception):
    """The demo may not be loaded here; the message is a sentence for the operator."""


class DemoTown(NamedTuple):
    """A town whose report `submit_reports` hands in, and whether it is released to the council afterwards."""

    slug: str
    release: bool


def towns_to_submit() -> list[DemoTown]:
    return [DemoTown("herrenberg", release=True), DemoTown("aidlingen", release=False)]


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
    if not demo_users().first().check_password(settings.DEMO_PASSWORD):
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
    Activity.objects.bulk_create(
        _activity(entry, number, municipality, mediators[entry.account])
        for number, entry in enumerate(year.entries_of(town))
    )


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


def _activity(entry: year.Entry, number: int, municipality: Municipality, mediator: Mediator) -> Activity:
    texts = asdict(entry)
    activity = Activity(
        entry_key=uuid.uuid5(ENTRY_KEYS, f"{municipality.ags} {number}"),
        municipality=municipality,
        mediator=mediator,
        field_id=texts.pop("field") or None,
        kind_id=texts.pop("kind"),
        further_fields=list(texts.pop("further_fields")),
        created_at=_moment(entry.day + dt.timedelta(days=number % 4), 17 + number % 4),
        **{name: value for name, value in texts.items() if name != "account"},
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


# --- reports


def _reports(people: dict[str, User]) -> None:
    for row in tomllib.loads(REPORTS.read_text(encoding="utf-8"))["report"]:
        texts, writer = row.pop("texts", {}), people[row.pop("writer")]
        report = _save(
            InterimReport(
                municipality=Municipality.objects.get(slug=row.pop("slug")),
                period_start=year.START,
                period_end=year.END,
                dated_on=year.REPORTS_DATED_ON,
                **row,
            )
        )
        for key, text in texts.items():
            save_section(report, key, text.strip(), version=0, by=writer)


def demo_reports() -> QuerySet[InterimReport]:
    return InterimReport.objects.filter(
        municipality__contacts__user__in=demo_users(), period_start=year.START, period_end=year.END
    ).order_by("municipality__name")


def submit_reports(*, wait_seconds: float = 0) -> dict[str, str]:
    """Hand in the reports of `towns_to_submit`, and release those whose PDF is there within `wait_seconds`.

    A worker must be running for the PDF. What was handed in once, and perhaps taken back since, is left alone.
    Returns {town slug: state of its report}.
    """
    deadline = time.monotonic() + wait_seconds
    reports = {town: demo_reports().get(municipality__slug=town.slug) for town in towns_to_submit()}
    for town, report in reports.items():
        if not report.snapshots.exists():
            submit_report(report, by=_contact(town.slug))
    for town, report in reports.items():
        if town.release and _wait_for_pdf(report, deadline):
            release_report(report, by=_contact(town.slug))
        report.refresh_from_db()
    return {town.slug: report.state for town, report in reports.items()}


def _wait_for_pdf(report: InterimReport, deadline: float) -> bool:
    while True:
        report.refresh_from_db()
        edition = current_edition(report)
        if report.is_draft or edition is None or not edition.is_unfinished:
            return not report.is_draft and edition is not None and edition.state == EditionState.DONE
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def _contact(slug: str) -> User:
    return User.objects.get(email=f"ansprechperson.{slug}{DEMO_DOMAIN}")


def counts_by_town() -> dict[str, int]:
    """{town: number of its activities in the demo's year}"""
    activities = Activity.objects.in_period(year.START, year.END).filter(
        mediator__user__email__endswith=DEMO_DOMAIN
    )
    rows = activities.order_by().values_list("municipality__name").annotate(n=Count("*"))
    return dict(sorted(rows))
