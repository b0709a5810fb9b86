"""Public reports as objects of OParl 1.1, the interface of German council information systems (docs/oparl.md).

A report is a Paper, its stations are Consultation and AgendaItem, its editions are File; committees (Organization) and
sittings (Meeting) follow from the stations. Nothing in it names a person. `created` and `modified` say since when an
object is like this *in public*: a program that asks for changes finds a report that was written long ago and published
today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from municipalities.models import Municipality
from reports.models import Consultation, ConsultationRole, EditionKind, InterimReport, ReportEdition
from reports.services.editions import content_type_of, download_name

SCHEMA = "https://schema.oparl.org/1.1/"
SINCE = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)  # since when the portal answers in OParl at all
LICENSE = "https://www.govdata.de/dl-de/by-2-0"
KINDS = list(EditionKind)


@dataclass
class Group:
    """What has no row of its own, a committee or its sitting on one day: the stations that name it."""

    town: Municipality
    slug: str
    stations: list[Consultation]

    @property
    def shown(self) -> list[Consultation]:
        return [station for station in self.stations if not station.deleted_at]

    @property
    def newest(self) -> Consultation:
        return (self.shown or self.stations)[-1]

    @property
    def created(self) -> dt.datetime:
        return min(station.created for station in self.stations)

    @property
    def modified(self) -> dt.datetime:
        return max(station.modified for station in self.stations)

    @property
    def deleted_at(self) -> dt.datetime | None:
        return None if self.shown else self.modified


# --- what is public, with `created`, `modified` and, where it is gone, `deleted_at`


def bodies(today: dt.date) -> list[Municipality]:
    """Towns that take part or took part."""
    towns = list(_towns(today))
    for town in towns:
        town.created = _first_moment(town.since)
        town.modified = max(town.created, town.changed or town.created)
    return towns


def _towns(today: dt.date) -> QuerySet[Municipality]:
    history = Municipality.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"))  # type: ignore[attr-defined]
    changed = Subquery(history.order_by("-pgh_created_at").values("pgh_created_at")[:1])
    return (
        Municipality.objects.filter(agreements__starts_on__lte=today)
        .annotate(since=Min("agreements__starts_on"), changed=changed)
        .order_by("pk")
    )


def papers(moment: dt.datetime) -> QuerySet[InterimReport]:
    """Public reports with `stations`, those to be shown. Also changed when a station or a file is."""
    mine = {"report": OuterRef("pk")}
    stations_changed = consultations(moment).filter(**mine).order_by("-modified").values("modified")[:1]
    files_changed = (
        files(moment).filter(snapshot__report=OuterRef("pk")).order_by("-modified").values("modified")[:1]
    )
    return (
        InterimReport.objects.public_at(moment)
        .select_related("municipality")
        .annotate(
            created=_public_since(),
            modified=Greatest(_changed(), Subquery(stations_changed), Subquery(files_changed)),
        )
        .order_by("pk")
        .prefetch_related(
            Prefetch(
                "consultations",
                consultations(moment)
                .filter(deleted_at=None)
                .order_by(F("session_on").asc(nulls_last=True), "pk"),
                to_attr="stations",
            )
        )
    )


def withdrawn(moment: dt.datetime) -> QuerySet[InterimReport]:
    """Reports that were public and are no more: whoever shows them is told to take them away."""
    history = InterimReport.pgh_event_model.objects  # type: ignore[attr-defined]
    next_one = history.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__gt=OuterRef("pgh_id")).order_by("pgh_id")
    was_public = (
        history.filter(pgh_obj=OuterRef("pk"))
        .annotate(ended=Subquery(next_one.values("pgh_created_at")[:1]))
        .filter(public_from__lte=F("ended"))
    )
    return (
        InterimReport.objects.at_council()
        .exclude(public_from__isnull=False, public_from__lte=moment)
        .select_related("municipality")
        .annotate(
            created=Subquery(was_public.order_by("pgh_id").values("public_from")[:1]),
            modified=Subquery(was_public.order_by("-pgh_id").values("ended")[:1]),
        )
        .filter(created__isnull=False)
        .annotate(deleted_at=F("modified"))
    )


def consultations(moment: dt.datetime) -> QuerySet[Consultation]:
    """Stations of public reports in public sittings, and those that were removed since the report is public."""
    was_shown = Q(deleted_at=None) | Q(deleted_at__gte=F("report__public_from"))
    return (
        Consultation.objects.filter(
            was_shown, report__in=InterimReport.objects.public_at(moment), is_public=True
        )
        .select_related("report__municipality")
        .annotate(
            created=Greatest("created_at", _public_since("report__")),
            modified=Greatest("updated_at", "deleted_at", _changed("report__", "report")),
        )
        .order_by("pk")
    )


def files(moment: dt.datetime) -> QuerySet[ReportEdition]:
    """The editions of public reports that passed their checks, none withdrawn."""
    return (
        ReportEdition.objects.of_newest(InterimReport.objects.public_at(moment))
        .finished()
        .filter(verdict__is_accessible=True)
        .select_related("snapshot__report__municipality")
        .defer("snapshot__data")
        .annotate(
            created=Greatest("finished_at", _public_since("snapshot__report__")),
            modified=Greatest("finished_at", _changed("snapshot__report__", "snapshot__report")),
        )
        .order_by("pk")
    )


def _public_since(report: str = "") -> Greatest:
    return Greatest(f"{report}public_from", f"{report}delivered_at")


def _changed(prefix: str = "", report: str = "pk") -> Greatest:
    """The last change of a report. Its history knows: publishing may be dated back, and then only that tells when."""
    history = InterimReport.pgh_event_model.objects.filter(pgh_obj=OuterRef(report))  # type: ignore[attr-defined]
    last = Subquery(history.order_by("-pgh_created_at").values("pgh_created_at")[:1])
    return Greatest(f"{prefix}public_from", f"{prefix}delivered_at", Coalesce(last, f"{prefix}updated_at"))


def committees(stations: Iterable[Consultation]) -> list[Group]:
    return _grouped(stations, committee_slug)


def sittings(stations: Iterable[Consultation]) -> list[Group]:
    """A committee on a day is a sitting; stations without a day are none yet."""
    return _grouped((station for station in stations if station.session_on), sitting_slug)


def _grouped(stations: Iterable[Consultation], key: Callable[[Consultation], str]) -> list[Group]:
    found = groupby(sorted(stations, key=key), key)
    return [
        Group(members[0].report.municipality, slug, members)
        for slug, members in ((slug, list(group)) for slug, group in found)
    ]


def committee_slug(station: Consultation) -> str:
    return slugify(station.committee) or "gremium"


def sitting_slug(station: Consultation) -> str:
    return f"{committee_slug(station)}-{station.session_on:%Y-%m-%d}"


# --- the objects


def system() -> dict[str, Any]:
    return {
        "id": _url("oparl_system"),
        "type": f"{SCHEMA}System",
        "oparlVersion": SCHEMA,
        "license": LICENSE,
        "body": _url("oparl_bodies"),
        "name": "KIV-Portal",
        "contactEmail": settings.FEEDBACK_EMAIL,
        "website": _url("home"),
        "created": stamp(SINCE),
        "modified": stamp(SINCE),
    }


# Body's properties that lead to lists
LISTS = (
    *("organization", "person", "meeting", "paper", "agendaItem", "consultation", "file"),
    *("legislativeTermList", "locationList", "membership"),
)


def body(town: Municipality) -> dict[str, Any]:
    return _object("Body", body_url(town), town) | {
        "system": _url("oparl_system"),
        "name": f"{town.get_kind_display()} {town.name}",
        "shortName": town.name,
        "ags": town.ags,
        "license": LICENSE,
        "classification": town.get_kind_display(),
        "legislativeTerm": [],
        **{name: _url("oparl_list", town.ags, name) for name in LISTS},
    }


def organization(committee: Group) -> dict[str, Any]:
    return _object("Organization", organization_url(committee.newest), committee) | {
        "body": body_url(committee.town),
        "name": committee.newest.committee,
        "organizationType": "Gremium",
        "membership": [],
    }


def meeting(sitting: Group) -> dict[str, Any]:
    station = sitting.newest
    return _object("Meeting", meeting_url(station), sitting) | {
        "name": f"{station.committee} am {station.session_on:%d.%m.%Y}",
        "start": stamp(
            _first_moment(station.session_on)
        ),  # OParl wants a moment, and the portal knows the day
        "organization": [organization_url(station)],
        "agendaItem": [agenda_item(item, alone=False) for item in sitting.shown],
    }


def agenda_item(station: Consultation, *, alone: bool = True) -> dict[str, Any]:
    """`alone`: with a reference to the object around it, which an embedded one leaves out."""
    around = {"meeting": meeting_url(station)} if alone else {}
    return (
        _object("AgendaItem", _url("oparl_agenda_item", station.pk), station)
        | around
        | {
            "name": paper_name(station.report),
            **({"number": station.item_number} if station.item_number else {}),
            "public": station.is_public,
            "consultation": _url("oparl_consultation", station.pk),
        }
    )


def consultation(station: Consultation, *, alone: bool = True) -> dict[str, Any]:
    around = {"paper": _url("oparl_paper", station.report_id)} if alone else {}
    there = {"agendaItem": _url("oparl_agenda_item", station.pk), "meeting": meeting_url(station)}
    return (
        _object("Consultation", _url("oparl_consultation", station.pk), station)
        | around
        | {
            **(there if station.session_on else {}),
            "organization": [organization_url(station)],
            "authoritative": station.role == ConsultationRole.DECIDE,
            "role": station.get_role_display(),
        }
    )


def paper(report: InterimReport) -> dict[str, Any]:
    """`report.files` is set by `with_files`."""
    main = [edition for edition in report.files if edition.kind == EditionKind.PDF]
    others = [edition for edition in report.files if edition.kind != EditionKind.PDF]
    return _object("Paper", _url("oparl_paper", report.pk), report) | {
        "body": body_url(report.municipality),
        "name": paper_name(report),
        **({"reference": report.paper_number} if report.paper_number else {}),
        "date": (report.dated_on or timezone.localdate(report.delivered_at)).isoformat(),
        "paperType": "Zwischenbericht",
        **({"mainFile": file(main[0], alone=False)} if main else {}),
        "auxiliaryFile": [file(edition, alone=False) for edition in others],
        "consultation": [consultation(station, alone=False) for station in report.stations],
    }


def with_files(reports: Iterable[InterimReport], moment: dt.datetime) -> list[InterimReport]:
    """The same reports with `files`, in the order in which people are offered them."""
    reports = list(reports)
    of_report: dict[int, list[ReportEdition]] = {report.pk: [] for report in reports}
    for edition in files(moment).filter(snapshot__report__in=reports):
        of_report[edition.snapshot.report_id].append(edition)
    for report in reports:
        report.files = sorted(of_report[report.pk], key=lambda edition: KINDS.index(edition.kind))
    return reports


def without_anything(reports: Iterable[InterimReport]) -> list[InterimReport]:
    """Withdrawn reports, of which nothing is told."""
    reports = list(reports)
    for report in reports:
        report.files, report.stations = [], []
    return reports


def file(edition: ReportEdition, *, alone: bool = True) -> dict[str, Any]:
    address = _url("oparl_file", edition.pk)
    around = {"paper": [_url("oparl_paper", edition.snapshot.report_id)]} if alone else {}
    return (
        _object("File", _url("oparl_edition", edition.pk), edition)
        | around
        | {
            "name": edition.get_kind_display(),
            "fileName": download_name(edition),
            "mimeType": content_type_of(edition).split(";")[0],
            "date": timezone.localdate(edition.finished_at).isoformat(),
            "size": edition.size,
            "accessUrl": address,
            "downloadUrl": address,
        }
    )


def paper_name(report: InterimReport) -> str:
    return (
        f"Zwischenbericht {report.municipality.name}, "
        f"{report.period_start:%d.%m.%Y} bis {report.period_end:%d.%m.%Y}"
    )


# --- addresses and moments


def body_url(town: Municipality) -> str:
    return _url("oparl_body", town.ags)


def organization_url(station: Consultation) -> str:
    return _url("oparl_organization", station.report.municipality.ags, committee_slug(station))


def meeting_url(station: Consultation) -> str:
    return _url("oparl_meeting", station.report.municipality.ags, sitting_slug(station))


def _url(name: str, *parts: object) -> str:
    return absolute(reverse(name, args=parts))


def absolute(path: str) -> str:
    return settings.BASE_URL + path


def _first_moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def stamp(moment: dt.datetime) -> str:
    """ISO 8601 to the second, with the offset in digits."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _object(kind: str, address: str, row: Any) -> dict[str, Any]:
    return {
        "id": address,
        "type": SCHEMA + kind,
        "created": stamp(row.created),
        "modified": stamp(row.modified),
    }


def is_deleted(row: Any) -> bool:
    return bool(getattr(row, "deleted_at", None))


def shown(row: Any, shape: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The object; of one that is gone no more than that."""
    whole = shape(row)
    if is_deleted(row):
        whole = {name: whole[name] for name in ("id", "type", "created", "modified")} | {"deleted": True}
    return whole


def without_embedded(whole: dict[str, Any]) -> dict[str, Any]:
    """For programs that read every list anyway (`omit_internal`): no object within the object."""
    return {name: value for name, value in whole.items() if not _holds_objects(value)}


def _holds_objects(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict) for v in value))


# --- lists


PAGE_SIZE = 50
FILTERS = ("created_since", "created_until", "modified_since", "modified_until")


class WrongQuestion(Exception):
    """A parameter that cannot be read. The message is for the person who writes the program."""


def listed(
    rows: Iterable[Any], shape: Callable[[Any], dict[str, Any]], query: Mapping[str, str], address: str
) -> dict[str, Any]:
    """A page of the list at `address`. What is gone stands in it only if changes are asked for.

    `query` holds the parameters that were sent; raises WrongQuestion for one that cannot be read.
    """
    moments = {name: _moment(name, query[name]) for name in FILTERS if name in query}
    found = [row for row in rows if _is_asked_for(row, moments)]
    paginator = Paginator(found, PAGE_SIZE)
    try:
        page = paginator.page(query.get("page", "1"))
    except InvalidPage:
        raise WrongQuestion("page: Diese Seite gibt es nicht.") from None
    objects = [shown(row, shape) for row in page]
    if query.get("omit_internal") == "true":
        objects = [without_embedded(whole) for whole in objects]
    return {
        "data": objects,
        "pagination": {
            "totalElements": paginator.count,
            "elementsPerPage": PAGE_SIZE,
            "currentPage": page.number,
            "totalPages": paginator.num_pages,
        },
        "links": _links(page, query, address),
    }


def _links(page: Page, query: Mapping[str, str], address: str) -> dict[str, str]:
    kept = {name: query[name] for name in (*FILTERS, "omit_internal") if name in query}

    def link(number: int) -> str:
        parameters = kept | ({"page": str(number)} if number > 1 else {})
        return f"{address}?{urlencode(parameters)}" if parameters else address

    links = {"first": link(1), "self": link(page.number), "last": link(page.paginator.num_pages)}
    if page.has_previous():
        links["prev"] = link(page.previous_page_number())
    if page.has_next():
        links["next"] = link(page.next_page_number())
    return links


def _is_asked_for(row: Any, moments: Mapping[str, dt.datetime]) -> bool:
    if is_deleted(row) and "modified_since" not in moments:
        return False
    return all(
        getattr(row, name.removesuffix("_since")) >= moment
        if name.endswith("_since")
        # shown to the second, so the whole second counts
        else getattr(row, name.removesuffix("_until")) < moment + dt.timedelta(seconds=1)
        for name, moment in moments.items()
    )


def _moment(name: str, text: str) -> dt.datetime:
    """A moment with its offset, whose plus sign an address may have turned into a space."""
    try:
        moment = dt.datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError(text)
        moment = moment.astimezone(dt.UTC)
        moment + dt.timedelta(seconds=1)  # the last second of all cannot be counted on
    except (ValueError, OverflowError):
        raise WrongQuestion(
            f"{name}: Bitte einen Zeitpunkt mit Abstand zur Weltzeit angeben, "
            "zum Beispiel 2026-11-24T08:00:00+01:00."
        ) from None
    return moment
