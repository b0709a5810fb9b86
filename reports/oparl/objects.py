"""The shape of every object of OParl 1.1. Nothing in it names a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Municipality
from reports.council.models import Consultation, ConsultationRole
from reports.editions.models import FileKind
from reports.editions.services import content_type_of, download_name
from reports.oparl.published import (
    Body,
    Group,
    PublicConsultation,
    PublicFile,
    PublicReport,
    WithdrawnReport,
    committee_slug,
    decision_at,
    files,
    first_moment,
    is_deleted,
    sitting_slug,
)
from reports.steps.models import InterimReport

SCHEMA = "https://schema.oparl.org/1.1/"
SINCE = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)  # since when the portal answers in OParl at all
LICENSE = "https://www.govdata.de/dl-de/by-2-0"
KINDS = FileKind.values


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


def body(row: Body) -> dict[str, Any]:
    town = row.town
    return _object("Body", body_url(town), row) | {
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
    newest = sitting.newest
    day = cast("dt.date", newest.session_on)  # without one it is no sitting
    return _object("Meeting", meeting_url(newest), sitting) | {
        "name": f"{newest.committee} am {newest.session_on:%d.%m.%Y}",
        "start": stamp(first_moment(day)),  # OParl wants a moment, and the portal knows the day
        "organization": [organization_url(newest)],
        "agendaItem": [agenda_item(item, alone=False) for item in sitting.shown],
    }


def agenda_item(row: Consultation, *, alone: bool = True) -> dict[str, Any]:
    """`alone`: with a reference to the object around it, which an embedded one leaves out."""
    around = {"meeting": meeting_url(row)} if alone else {}
    return (
        _object("AgendaItem", _url("oparl_agenda_item", row.pk), row)
        | around
        | {
            "name": paper_name(row.report),
            **({"number": row.item_number} if row.item_number else {}),
            "public": row.is_public,
            "consultation": _url("oparl_consultation", row.pk),
            **_outcome(row),
        }
    )


def _outcome(row: Consultation) -> dict[str, str]:
    """OParl has a place for the kind of a decision and for its words, none for votes. What was put off has no words."""
    decision = decision_at(row)
    if decision is None:
        return {}
    words = {"resolutionText": decision.wording} if decision.wording else {}
    return {"result": decision.get_kind_display(), **words}


def consultation(row: Consultation, *, alone: bool = True) -> dict[str, Any]:
    around = {"paper": _url("oparl_paper", row.report_id)} if alone else {}
    there = {"agendaItem": _url("oparl_agenda_item", row.pk), "meeting": meeting_url(row)}
    return (
        _object("Consultation", _url("oparl_consultation", row.pk), row)
        | around
        | {
            **(there if row.session_on else {}),
            "organization": [organization_url(row)],
            "authoritative": row.role == ConsultationRole.DECIDE,
            "role": row.get_role_display(),
        }
    )


@dataclass(frozen=True)
class Paper:
    """A report with its files, in the order in which people are offered them, and its consultations."""

    report: InterimReport
    created: dt.datetime
    modified: dt.datetime
    deleted_at: dt.datetime | None = None
    consultations: Sequence[PublicConsultation] = ()
    files: Sequence[PublicFile] = ()


def paper(row: Paper) -> dict[str, Any]:
    report = row.report
    main = [one for one in row.files if one.kind == FileKind.PDF and one.replaced_by is None]
    others = [one for one in row.files if one not in main]
    return _object("Paper", _url("oparl_paper", report.pk), row) | {
        "body": body_url(report.municipality),
        "name": paper_name(report),
        **({"reference": report.paper_number} if report.paper_number else {}),
        "date": (report.dated_on or timezone.localdate(report.delivered_at)).isoformat(),
        "paperType": "Zwischenbericht",
        **({"mainFile": file(main[0], alone=False)} if main else {}),
        "auxiliaryFile": [file(one, alone=False) for one in others],
        "consultation": [consultation(one, alone=False) for one in row.consultations],
    }


def with_files(reports: Iterable[PublicReport], moment: dt.datetime) -> list[Paper]:
    reports = list(reports)
    of_report: dict[int, list[PublicFile]] = {report.pk: [] for report in reports}
    for one in files(moment).filter(snapshot__report__in=reports):
        of_report[one.snapshot.report_id].append(one)
    return [
        Paper(
            *(report, report.created, report.modified),
            consultations=report.shown_consultations,
            files=sorted(of_report[report.pk], key=_place),
        )
        for report in reports
    ]


def _place(one: PublicFile) -> tuple[bool, int]:
    """By kind, what is replaced last."""
    return one.replaced_by is not None, KINDS.index(one.kind)


def without_anything(reports: Iterable[WithdrawnReport]) -> list[Paper]:
    """Of a withdrawn report nothing is told."""
    return [Paper(report, report.created, report.modified, report.deleted_at) for report in reports]


REPLACED = "ersetzt"  # a file's keyword: OParl has no property for it


def file(row: PublicFile, *, alone: bool = True) -> dict[str, Any]:
    address = _url("oparl_file", row.pk)
    around = {"paper": [_url("oparl_paper", row.snapshot.report_id)]} if alone else {}
    return (
        _object("File", _url("oparl_edition", row.pk), row)
        | around
        | {
            "name": _name_of(row),
            **({"keyword": [REPLACED]} if row.replaced_by else {}),
            "fileName": download_name(row),
            "mimeType": content_type_of(row).split(";")[0],
            "date": timezone.localdate(row.finished_at).isoformat(),
            "size": row.size,
            "accessUrl": address,
            "downloadUrl": address,
        }
    )


def _name_of(row: PublicFile) -> str:
    if row.replaced_by is None:
        return row.get_kind_display()
    return f"{row.get_kind_display()}, Ausgabe {row.snapshot.number}, ersetzt durch Ausgabe {row.replaced_by}"


def paper_name(report: InterimReport) -> str:
    return (
        f"Zwischenbericht {report.municipality.name}, "
        f"{report.period_start:%d.%m.%Y} bis {report.period_end:%d.%m.%Y}"
    )


# --- addresses and moments


def body_url(town: Municipality) -> str:
    return _url("oparl_body", town.ags)


def organization_url(row: Consultation) -> str:
    return _url("oparl_organization", row.report.municipality.ags, committee_slug(row))


def meeting_url(row: Consultation) -> str:
    return _url("oparl_meeting", row.report.municipality.ags, sitting_slug(row))


def _url(name: str, *parts: object) -> str:
    return absolute(reverse(name, args=parts))


def absolute(path: str) -> str:
    return settings.BASE_URL + path


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
