"""Rows for tests. Names say what matters; everything else is filled in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from activities.interface.services import create_client
from activities.models import (
    Activity,
    ActivityImport,
    ActivitySeries,
    ApiClient,
    ApiScope,
    Concern,
    ConcernState,
    ConcernStep,
    Organisation,
)
from kiv_portal.accounts.models import User
from mediators.models import Appointment, Assistance, Mediator, MeetingRoom, VisitingHours
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
from reports.models import InterimReport, ReportState
from reports.steps.record import take_step
from reports.steps.services import approve_report, deliver_report

START = dt.date(2021, 10, 1)
END = dt.date(2022, 9, 30)
IMPORTED = b"Datum;Titel;Dauer\r\n1.3.2022;Begehung der Grundschule;90\r\n"


def make_user(name: str, **extra: Any) -> User:
    return User.objects.create_user(f"{name.lower().replace(' ', '.')}@kiv.example", name, **extra)


def make_users(*names: str) -> list[User]:
    """As `make_user`, with one statement for all."""
    users = [User(email=f"{name.lower().replace(' ', '.')}@kiv.example", full_name=name) for name in names]
    for user in users:
        user.set_unusable_password()
    return User.objects.bulk_create(users)


def make_county(key: str = "08115", name: str = "Landkreis Böblingen") -> County:
    return County.objects.get_or_create(
        key=key, defaults={"name": name, "administration": name.replace("Landkreis", "Landratsamt")}
    )[0]


def make_town(name: str = "Leonberg", ags: str = "08115028") -> Municipality:
    county = make_county(
        ags[:5], "Landkreis Böblingen" if ags.startswith("08115") else f"Landkreis {ags[:5]}"
    )
    return Municipality.objects.create(ags=ags, county=county, name=name, slug=name.lower(), kind="town")


def make_agreement(town: Municipality, **extra: Any) -> CooperationAgreement:
    return CooperationAgreement.objects.create(**({"municipality": town, "starts_on": START} | extra))


def make_staff(user: User, county: County, **extra: Any) -> CountyStaff:
    return CountyStaff.objects.create(**({"user": user, "county": county, "starts_on": START} | extra))


def make_contact(user: User, town: Municipality, **extra: Any) -> MunicipalityContact:
    return MunicipalityContact.objects.create(
        **({"user": user, "municipality": town, "starts_on": START} | extra)
    )


def make_councillor(user: User, town: Municipality, **extra: Any) -> Councillor:
    return Councillor.objects.create(**({"user": user, "municipality": town, "starts_on": START} | extra))


def make_mediator(user: User, town: Municipality, **term: Any) -> Mediator:
    mediator, _ = Mediator.objects.get_or_create(user=user)
    Appointment.objects.create(**({"mediator": mediator, "municipality": town, "starts_on": START} | term))
    return mediator


def make_room(town: Municipality, name: str = "Rathaus, Zimmer 3", **values: Any) -> MeetingRoom:
    return MeetingRoom.objects.create(municipality=town, name=name, **values)


def make_hours(appointment: Appointment, **values: Any) -> VisitingHours:
    """Every Tuesday, in the town hall."""
    usual = {
        "appointment": appointment,
        "room": values.get("room") or make_room(appointment.municipality),
        "rhythm": "weekly",
        "weekday": 2,
        "starts_on": appointment.starts_on,
        "starts_at": dt.time(15),
        "ends_at": dt.time(17),
    }
    return VisitingHours.objects.create(**usual | values)


def make_field(code: str = "bildung", county: County | None = None) -> FieldOfAction:
    names = {
        "bildung": ("Bildung und Schule", "Bi", [24], 1),
        "arbeit": ("Arbeit und Freizeit", "Ar", [27, 30], 2),
        "wohnen": ("Leben und Wohnen", "Wo", [19, 28], 3),
        "verkehr": ("Verkehr und Infrastruktur", "Ve", [9, 20], 4),
        "gesundheit": ("Gesundheit", "Ge", [25, 26], 5),
    }
    name, short, articles, position = names[code]
    return FieldOfAction.objects.get_or_create(
        county=county or make_county(),
        code=code,
        defaults={"name": name, "short": short, "articles": articles, "position": position},
    )[0]


def make_kind(
    code: str = "begehung", name: str = "Begehung", position: int = 1, county: County | None = None
) -> ActivityKind:
    return ActivityKind.objects.get_or_create(
        county=county or make_county(), code=code, defaults={"name": name, "position": position}
    )[0]


def _of_county(county: County, values: dict[str, Any]) -> dict[str, Any]:
    """A field or kind may be given by its code; the kind is there already."""
    values = values.copy()
    if isinstance(values.get("field"), str):
        values["field"] = make_field(values["field"], county)
    if isinstance(values.get("kind"), str):
        values["kind"] = county.kinds.get(code=values["kind"])
    return values


def activity_values(mediator: Mediator, town: Municipality, **values: Any) -> dict[str, Any]:
    usual = {
        "mediator": mediator,
        "municipality": town,
        "day": dt.date(2022, 3, 1),
        "title": "Begehung der Grundschule",
        "minutes": 90,
    }
    if "field" not in values:
        usual["field"] = make_field(county=town.county)
    if "kind" not in values:
        usual["kind"] = make_kind(county=town.county)
    return usual | _of_county(town.county, values)


def make_activity(mediator: Mediator, town: Municipality, **values: Any) -> Activity:
    return Activity.objects.create(**activity_values(mediator, town, **values))


def make_report(town: Municipality, **extra: Any) -> InterimReport:
    return InterimReport.objects.create(
        **(
            {"municipality": town, "period_start": START, "period_end": END, "due_on": dt.date(2022, 10, 31)}
            | extra
        )
    )


def take_to(report: InterimReport, state: str, *, by: User | None = None) -> InterimReport:
    """Step by step from work to the council, without files and without anybody being told."""
    way = ["submitted", "approved", "delivered", "decided"]
    for step in way[: way.index(state) + 1]:
        # approved by nobody, so that it never matters whether a county asks for a second person
        take_step(report, ReportState(step), by=None if step == "approved" else by)
    return report


def deliver(report: InterimReport, *, by: User, snapshot_id: int | None = None) -> None:
    """Approved and handed to the council by the same person."""
    approve_report(report, by=by, snapshot_id=snapshot_id, despite_gaps=True)
    deliver_report(report, by=by)


def make_organisation(name: str = "Bauamt", county: County | None = None) -> Organisation:
    return Organisation.objects.get_or_create(name=name, county=county or make_county())[0]


def make_concern(town: Municipality, **values: Any) -> Concern:
    return Concern.objects.create(
        **(
            {
                "municipality": town,
                "title": "Bordstein an der Kreuzung",
                "description": "Mit dem Rollstuhl kommt man nicht auf den Gehweg.",
                "reported_on": dt.date(2022, 3, 1),
            }
            | _of_county(town.county, values)
        )
    )


def make_step(
    concern: Concern, state: str, day: dt.date, sentence: str = "Das Bauamt sieht nach."
) -> ConcernStep:
    """The concern comes to `state` at noon of `day`."""
    taken_at = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    concern.state, concern.closed_at = state, taken_at if state in ConcernState.closed else None
    concern.save()
    return ConcernStep.objects.create(concern=concern, state=state, sentence=sentence, taken_at=taken_at)


def make_assistance(mediator: Mediator, helper: User, **values: Any) -> Assistance:
    today = timezone.localdate()
    return Assistance.objects.create(
        **(
            {
                "mediator": mediator,
                "helper": helper,
                "starts_on": today,
                "ends_on": today + dt.timedelta(days=90),
            }
            | values
        )
    )


def make_api_client(user: User, county: County, **values: Any) -> tuple[ApiClient, str]:
    """The client and its token."""
    chosen = {"name": "Sozialplanung", "scopes": list(ApiScope.values), "expires_at": None} | values
    return create_client(county, by=user, **chosen)


def make_import(mediator: Mediator, **values: Any) -> ActivityImport:
    """An imported table of one row, marked as checked."""
    imported = ActivityImport(
        **{
            "mediator": mediator,
            "uploaded_by": mediator.user,
            "name": "Meine Liste.csv",
            "kind": "csv",
            "encoding": "utf-8",
            "row_count": 1,
            "columns": [{"header": name, "samples": [], "words": []} for name in ("Datum", "Titel", "Dauer")],
            "targets": ["day", "title", "minutes"],
            "defaults": {"kind": make_kind().code},
        }
        | values
    )
    imported.file.save("tabelle", ContentFile(IMPORTED))
    imported.runs.create(kind="check", state="done", requested_by=mediator.user)
    return imported


def make_series(
    mediator: Mediator, town: Municipality, *, starts_on: dt.date = START, weekday: int = 2, **values: Any
) -> ActivitySeries:
    """Every Tuesday, if nothing else is said."""
    defaults: dict[str, Any] = {
        "title": "Sprechstunde im Rathaus",
        "minutes": 120,
        "rhythm": "weekly",
        "kind": make_kind(),
    }
    return ActivitySeries.objects.create(
        mediator=mediator,
        municipality=town,
        starts_on=starts_on,
        weekday=weekday,
        **defaults | values,
    )
