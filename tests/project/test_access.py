"""Every URL × every person × GET and POST → the status, from one table. A URL without a row fails.

200: may. 302: led on (to the sign-in, or after a action). 403: sees the thing but may not do this. 404: to this person
the thing does not exist. 405: not by this method.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from activities.models import ActivityDocument, ActivityPhoto, ConcernPhoto, SavedFilter
from activities.trash.services import discard
from reports.certificates.services import request_certificate
from reports.council import services as council
from reports.county.services import request_county_report
from reports.editions.models import BuiltFile
from reports.models import ReportFile
from reports.preview.services import request_preview
from reports.renewals.services import ask_to_withdraw
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from tests import factories
from tests.people import People

EVERYBODY = set(People.NAMES)
SIGNED_IN = EVERYBODY - {"anonymous"}
LEONBERG_STAFF = {"coordinator"}
LEONBERG_HALL = {"coordinator", "contact"}
LEONBERG_WORK = {"coordinator", "contact", "mediator"}
LEONBERG_ALL = {"coordinator", "contact", "mediator", "councillor"}
MEDIATORS = {"mediator", "stranger"}
STAFF = {"coordinator", "other_county"}
LOOKING_AFTER = {"coordinator", "contact", "stranger", "other_county"}  # each after towns of their own
CONCERNED = LEONBERG_WORK | {"stranger", "other_county"}


class Row:
    """Who gets which status. Whoever is not named gets 404, anonymous people are led to the sign-in."""

    def __init__(self, kwargs: dict[str, str] | None = None, **by_method: dict[int, set[str]]) -> None:
        self.kwargs = kwargs or {}
        self.by_method = by_method

    def expected(self, method: str, name: str) -> int:
        for status, names in self.by_method[method].items():
            if name in names:
                return status
        return 302 if name == "anonymous" else 404


def public(*, kwargs: dict[str, str] | None = None) -> Row:
    return Row(kwargs, get={200: EVERYBODY}, post={405: EVERYBODY})


def hidden(kwargs: dict[str, str]) -> Row:
    """A public address behind which nothing is public."""
    return Row(kwargs, get={404: EVERYBODY}, post={405: EVERYBODY})


def readable(to: set[str], *, forbidden: set[str] | None = None, kwargs: dict[str, str] | None = None) -> Row:
    statuses = {200: to, 403: forbidden or set()}
    # a method that a page does not know says nothing about the thing behind it
    return Row(kwargs, get=statuses, post={405: SIGNED_IN})


def listed(to: set[str], *, forbidden: set[str] | None = None, kwargs: dict[str, str] | None = None) -> Row:
    """A page that reads only, whatever the method."""
    statuses = {200: to, 403: forbidden or set()}
    return Row(kwargs, get=statuses, post=statuses)


def form(to: set[str], *, forbidden: set[str] | None = None, kwargs: dict[str, str] | None = None) -> Row:
    """GET shows the form; an empty POST shows it again with errors."""
    return listed(to, forbidden=forbidden, kwargs=kwargs)


def action(to: set[str], *, forbidden: set[str] | None = None, kwargs: dict[str, str] | None = None) -> Row:
    """Only POST, which does something and leads on."""
    return Row(kwargs, get={405: SIGNED_IN}, post={302: to, 403: forbidden or set()})


def confirmed(
    to: set[str], *, forbidden: set[str] | None = None, kwargs: dict[str, str] | None = None
) -> Row:
    """GET asks, POST does and leads on."""
    return Row(kwargs, get={200: to, 403: forbidden or set()}, post={302: to, 403: forbidden or set()})


TOWN = {"slug": "leonberg"}
COUNTY = {"key": "08115"}
YEAR = {"period": "2021-10-01_2022-09-30"}
NOTHING = "00000000-0000-4000-8000-000000000000"  # a key that nothing has
THEIRS = LEONBERG_HALL | {"mediator"}
PUBLIC = {
    "home": public(),
    "calendar": confirmed(SIGNED_IN),
    "calendar_feed": Row({"signed": "nobody"}, get={404: EVERYBODY}, post={405: EVERYBODY}),
    "api_client_list": listed(STAFF, forbidden=SIGNED_IN - STAFF),
    "api_client_create": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"key": "08115"}),
    "api_client_revoke": confirmed(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "api_client"}),
    "api_openapi": public(),
    **{
        name: Row(
            {"key": NOTHING} if name in ("api_activity", "api_concern") else None,
            get={401: EVERYBODY},
            post={405: EVERYBODY},
        )
        for name in (
            "api_municipalities",
            "api_activities",
            "api_activity",
            "api_concerns",
            "api_concern",
            "api_totals",
        )
    },
    "county_page": Row({"key": "08115"}, get={200: EVERYBODY}, post={405: EVERYBODY}),
    "help": public(),
    "help_chapter": public(kwargs={"name": "fotos"}),
    "easy_language": public(),
    "sign_language": public(),
    "accessibility_statement": public(),
    "privacy": public(),
    "imprint": public(),
    "accessibility_statement_of": public(kwargs={"key": "08115"}),
    "privacy_of": public(kwargs={"key": "08115"}),
    "imprint_of": public(kwargs={"key": "08115"}),
    "barrier_report": Row(get={200: EVERYBODY}, post={200: EVERYBODY}),
    "offline": public(),
    "service_worker": public(),
    "manifest": public(),
    "town_page": public(kwargs={"slug": "leonberg"}),
    "concern_report": Row({"slug": "leonberg"}, get={200: EVERYBODY}, post={200: EVERYBODY}),
    "concern_status": public(kwargs={"status_key": "status_key"}),
    "town_choice": public(),
    "take_part": public(),
    "visiting_feed": public(kwargs={"slug": "leonberg"}),
    # nobody has chosen it for the public
    "public_concern_photo": hidden({"slug": "leonberg", "pk": "concern_photo"}),
    "concern_thanks": public(kwargs={"status_key": "status_key"}),
    "concern_say_more": Row({"status_key": "status_key"}, get={200: EVERYBODY}, post={200: EVERYBODY}),
    "concern_withdraw": Row({"status_key": "status_key"}, get={200: EVERYBODY}, post={302: EVERYBODY}),
    # nothing is asked while it is not done: back to the status
    "concern_answer": Row({"status_key": "status_key"}, get={302: EVERYBODY}, post={302: EVERYBODY}),
    "concern_forget_address": Row({"status_key": "status_key"}, get={405: EVERYBODY}, post={302: EVERYBODY}),
    "council_page": Row({"signed": "council_address"}, get={200: EVERYBODY}, post={200: EVERYBODY}),
    "council_edition": public(kwargs={"signed": "council_address", "kind": "pdf"}),
    "public_report_list": public(kwargs={"slug": "leonberg"}),
    "public_report_feed": Row({"slug": "leonberg"}, get={200: EVERYBODY}, post={200: EVERYBODY}),
    # nobody has said yet from when on it is public
    "public_report": Row({"slug": "leonberg", "pk": "released"}, get={404: EVERYBODY}, post={405: EVERYBODY}),
    "public_edition": Row(
        {"slug": "leonberg", "pk": "released", "kind": "pdf"}, get={404: EVERYBODY}, post={405: EVERYBODY}
    ),
    "check": Row(get={200: EVERYBODY}, post={200: EVERYBODY}),
    "check_code": Row({"code": "abcdefghjk"}, get={404: EVERYBODY}, post={404: EVERYBODY}),
    "oparl_system": public(),
    "oparl_bodies": public(),
    "oparl_body": public(kwargs={"key": "08115028"}),
    "oparl_list": public(kwargs={"key": "08115028", "slug": "paper"}),
    # delivered but not public: here it does not exist, for the council neither
    "oparl_organization": hidden({"key": "08115028", "slug": "gemeinderat"}),
    "oparl_meeting": hidden({"key": "08115028", "slug": "gemeinderat-2021-11-16"}),
    "oparl_paper": hidden({"pk": "released"}),
    "oparl_agenda_item": hidden({"pk": "released_consultation"}),
    "oparl_consultation": hidden({"pk": "released_consultation"}),
    "oparl_edition": hidden({"pk": "file"}),
    "oparl_file": hidden({"pk": "file"}),
}
TABLE = PUBLIC | {
    "start": readable(SIGNED_IN),
    "work_list": readable(SIGNED_IN),
    "cockpit_file": readable(STAFF, forbidden=SIGNED_IN - STAFF),
    # the own log's pages: for those with a log, never for who helps them
    "own_year": readable(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "own_year_of": readable(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS, kwargs={"year": "2022"}),
    "certificate_list": confirmed(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "certificate_download": readable({"mediator"}, kwargs={"pk": "certificate"}),
    "municipality_detail": readable(LEONBERG_HALL, kwargs=TOWN),
    # a neighbour sees a town's figures too, without small numbers
    "town_figures": readable(LEONBERG_WORK | {"stranger"}, kwargs=TOWN),
    "county_figures": readable(LEONBERG_STAFF, kwargs={"key": "08115"}),
    "legal_texts": readable(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs=COUNTY),
    "legal_text_edit": form(
        LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs=COUNTY | {"name": "impressum"}
    ),
    "accessibility_edit": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs=COUNTY),
    "kind_list": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs=COUNTY),
    "kind_edit": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "kind"}),
    "kind_move": action(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "kind"}),
    # activities are of it, so it stays
    "kind_delete": confirmed(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "kind"}),
    "person_account": readable(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "councillor"}),
    "person_name": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "councillor"}),
    "person_email": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "councillor"}),
    "person_lock": confirmed(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "councillor"}),
    "person_unlock": confirmed(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "councillor"}),
    "person_factor_reset": confirmed(
        LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "councillor"}
    ),
    "town_leaving": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN),
    # the town takes part without an end: nothing to take back or to hand on
    "town_leaving_undo": Row(TOWN, get={403: {"contact"}}, post={403: {"contact"}}),
    "town_leaving_concerns": Row(TOWN, get={403: {"contact"}}, post={403: {"contact"}}),
    "town_join": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs=COUNTY),
    "town_edit": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN),
    "agreement_create": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN),
    "agreement_edit": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs={"pk": "agreement"}),
    "contact_invite": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN),
    "contact_edit": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs={"pk": "contact_role"}),
    "councillor_invite": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN),
    "councillor_edit": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs={"pk": "council_role"}),
    "appointment_create": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN),
    # the mediator sees the own appointment, but the town's inner pages are the county's and the town hall's
    "appointment_edit": form(LEONBERG_STAFF, forbidden={"contact"}, kwargs={"pk": "appointment"}),
    "county_reach": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs=COUNTY),
    "reach_overview": readable(LEONBERG_WORK, kwargs=TOWN),
    "reach_addresses": form(LEONBERG_WORK, kwargs=TOWN),
    "meeting_room_create": form(LEONBERG_WORK, kwargs=TOWN),
    "meeting_room_edit": form(LEONBERG_WORK, kwargs={"pk": "room"}),
    # somebody is there at times, so it stays
    "meeting_room_delete": confirmed(LEONBERG_WORK, kwargs={"pk": "room"}),
    "visiting_hours_create": form(LEONBERG_WORK, kwargs=TOWN),
    "visiting_hours_edit": form(LEONBERG_WORK, kwargs={"pk": "hours"}),
    "visiting_hours_delete": confirmed(LEONBERG_WORK, kwargs={"pk": "hours"}),
    "visiting_dates": form(LEONBERG_WORK, kwargs={"pk": "hours"}),
    "visiting_date": form(LEONBERG_WORK, kwargs={"pk": "hours", "day": "2026-12-01"}),
    "staff_list": listed(STAFF, forbidden=SIGNED_IN - STAFF),
    "staff_invite": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"key": "08115"}),
    "staff_edit": form(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "staff_role"}),
    "staff_invite_again": action(LEONBERG_STAFF, forbidden=SIGNED_IN - STAFF, kwargs={"pk": "staff_role"}),
    "invitation_repeat": action(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN | {"pk": "councillor"}),
    "activity_list": listed(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "activity_create": form(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "activity_detail": listed(LEONBERG_WORK, kwargs={"pk": "activity"}),
    "activity_edit": form({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "activity"}),
    "activity_delete": action({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "activity"}),
    "import_list": form(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "import_template": readable(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "import_detail": readable({"mediator"}, kwargs={"pk": "import"}),
    "import_columns": form({"mediator"}, kwargs={"pk": "import"}),
    # nothing is left open, so a POST leads on to the check
    "import_words": confirmed({"mediator"}, kwargs={"pk": "import"}),
    # nothing is under way: on to its page
    "import_progress": Row({"pk": "import"}, get={302: {"mediator"}}, post={405: SIGNED_IN}),
    "import_check": action({"mediator"}, kwargs={"pk": "import"}),
    "import_answer": action({"mediator"}, kwargs={"pk": "import"}),
    "import_answer_all": action({"mediator"}, kwargs={"pk": "import"}),
    "import_store": action({"mediator"}, kwargs={"pk": "import"}),
    "import_cancel": action({"mediator"}, kwargs={"pk": "import"}),
    "import_marked": readable({"mediator"}, kwargs={"pk": "import"}),
    "import_delete": confirmed({"mediator"}, kwargs={"pk": "import"}),
    "offline_data": Row(get={200: MEDIATORS, 403: SIGNED_IN - MEDIATORS}, post={405: SIGNED_IN}),
    # an empty POST names no account: the entry is nobody's
    "activity_send": Row(get={405: SIGNED_IN}, post={409: MEDIATORS, 403: SIGNED_IN - MEDIATORS}),
    "activity_follow_up_done": action({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "activity"}),
    # nothing to correct: the entry itself can still be changed
    "activity_correct": Row(
        {"pk": "activity"},
        get={302: {"mediator"}, 403: LEONBERG_HALL},
        post={302: {"mediator"}, 403: LEONBERG_HALL},
    ),
    "municipality_activity_list": listed(LEONBERG_HALL, kwargs=TOWN),
    "all_activity_list": listed(LOOKING_AFTER, forbidden=SIGNED_IN - LOOKING_AFTER),
    "series_list": listed(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "series_create": Row(
        {"pk": "activity"},
        get={200: {"mediator"}, 403: SIGNED_IN - MEDIATORS},
        post={200: {"mediator"}, 403: SIGNED_IN - MEDIATORS},
    ),
    "series_edit": form({"mediator"}, forbidden=SIGNED_IN - MEDIATORS, kwargs={"pk": "series"}),
    "series_answer": action(
        {"mediator"}, forbidden=SIGNED_IN - MEDIATORS, kwargs={"pk": "series", "day": "2022-03-01"}
    ),
    "activity_print": readable(LOOKING_AFTER | MEDIATORS, forbidden=SIGNED_IN - LOOKING_AFTER - MEDIATORS),
    "activity_export": readable(LOOKING_AFTER | MEDIATORS, forbidden=SIGNED_IN - LOOKING_AFTER - MEDIATORS),
    "saved_filter_list": listed(LOOKING_AFTER | MEDIATORS, forbidden=SIGNED_IN - LOOKING_AFTER - MEDIATORS),
    # nothing is filtered: on to the list
    "saved_filter_create": Row(
        get={302: LOOKING_AFTER | MEDIATORS, 403: SIGNED_IN - LOOKING_AFTER - MEDIATORS},
        post={302: LOOKING_AFTER | MEDIATORS, 403: SIGNED_IN - LOOKING_AFTER - MEDIATORS},
    ),
    "saved_filter_delete": confirmed({"coordinator"}, kwargs={"pk": "saved_filter"}),
    "concern_list": readable(CONCERNED, forbidden=SIGNED_IN - CONCERNED),
    "concern_board": readable(CONCERNED, forbidden=SIGNED_IN - CONCERNED),
    "concern_create": form(CONCERNED, forbidden=SIGNED_IN - CONCERNED),
    "concern_detail": readable(LEONBERG_WORK, kwargs={"pk": "concern"}),
    "concern_edit": form(LEONBERG_WORK, kwargs={"pk": "concern"}),
    "concern_take_over": action({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "concern"}),
    "concern_step": form(LEONBERG_WORK, kwargs={"pk": "concern"}),
    "concern_publish": form(LEONBERG_WORK, kwargs={"pk": "concern"}),
    "reporter_text_remove": confirmed(LEONBERG_WORK, kwargs={"pk": "message"}),
    "office_remind": form(LEONBERG_WORK, kwargs={"pk": "concern"}),
    "office_list": readable(CONCERNED, forbidden=SIGNED_IN - CONCERNED),
    # an office is the whole county's
    "office_edit": form(LEONBERG_WORK | {"stranger"}, kwargs={"pk": "office"}),
    "concern_unpublish": action(LEONBERG_WORK, kwargs={"pk": "concern"}),
    # it is somebody's work already: back to its page with a sentence
    "concern_delete": action(LEONBERG_WORK, kwargs={"pk": "concern"}),
    "activity_photo_add": form({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "activity"}),
    "activity_photo_image": readable(LEONBERG_WORK, kwargs={"pk": "photo"}),
    "activity_photo_preview": readable(LEONBERG_WORK, kwargs={"pk": "photo"}),
    "activity_photo_edit": form({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "photo"}),
    "activity_photo_remove": action({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "photo"}),
    "activity_document_add": form({"mediator"}, forbidden=LEONBERG_HALL, kwargs={"pk": "activity"}),
    "activity_document": readable(LEONBERG_WORK - {"contact"}, kwargs={"pk": "receipt"}),
    "activity_document_remove": action({"mediator"}, forbidden={"coordinator"}, kwargs={"pk": "receipt"}),
    "concern_photo_add": form(LEONBERG_WORK, kwargs={"pk": "concern"}),
    "concern_photo_image": readable(LEONBERG_WORK, kwargs={"pk": "concern_photo"}),
    "concern_photo_preview": readable(LEONBERG_WORK, kwargs={"pk": "concern_photo"}),
    "concern_photo_edit": form(LEONBERG_WORK, kwargs={"pk": "concern_photo"}),
    "concern_photo_remove": action(LEONBERG_WORK, kwargs={"pk": "concern_photo"}),
    "trash_list": readable(CONCERNED | {"assistant"}, forbidden=SIGNED_IN - CONCERNED - {"assistant"}),
    "trash_restore": action({"mediator"}, kwargs={"pk": "trash"}),
    "trash_delete": confirmed({"mediator"}, kwargs={"pk": "trash"}),
    "assistance_list": listed(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "assistance_create": form(MEDIATORS, forbidden=SIGNED_IN - MEDIATORS),
    "assistance_end": confirmed({"mediator"}, forbidden={"assistant"}, kwargs={"pk": "assistance"}),
    "assistance_given": readable({"assistant"}),
    "report_list": readable(SIGNED_IN),
    "report_detail": readable(LEONBERG_WORK, kwargs={"pk": "report"}),
    # nothing is being built for a draft: on to its page
    "report_progress": Row({"pk": "report"}, get={302: LEONBERG_WORK}, post={405: SIGNED_IN}),
    "report_section": form(LEONBERG_WORK, kwargs={"pk": "report", "key": "outlook"}),
    # a draft is not filed: back to its page
    "report_case_file": Row(
        {"pk": "report"}, get={302: LEONBERG_HALL, 403: {"mediator"}}, post={405: SIGNED_IN}
    ),
    "report_paper": form(LEONBERG_WORK, kwargs={"pk": "report"}),
    "report_photos": Row({"pk": "report"}, get={200: LEONBERG_WORK}, post={302: LEONBERG_WORK}),
    "section_autosave": Row(
        {"pk": "report", "key": "outlook"}, get={405: SIGNED_IN}, post={409: LEONBERG_WORK}
    ),
    "section_versions": Row(
        {"pk": "report", "key": "outlook"}, get={200: LEONBERG_WORK}, post={404: LEONBERG_WORK}
    ),
    "easy_text": form(LEONBERG_WORK, kwargs={"pk": "report"}),
    "easy_findings": Row({"pk": "report"}, get={405: SIGNED_IN}, post={200: LEONBERG_WORK}),
    # no text yet: back to the report
    "easy_check": Row({"pk": "report"}, get={302: LEONBERG_WORK}, post={302: LEONBERG_WORK}),
    "report_comments": form(LEONBERG_WORK, kwargs={"pk": "report"}),
    "comment_settle": action(LEONBERG_WORK, kwargs={"pk": "comment"}),
    "consultation_create": form(LEONBERG_WORK, kwargs={"pk": "report"}),
    "consultation_edit": form(LEONBERG_WORK, kwargs={"pk": "consultation"}),
    "consultation_delete": confirmed(LEONBERG_WORK, kwargs={"pk": "consultation"}),
    "notice_choice": listed(SIGNED_IN),
    "report_submit": confirmed(LEONBERG_WORK, kwargs={"pk": "report"}),
    "report_delete": confirmed(LEONBERG_STAFF, forbidden={"contact", "mediator"}, kwargs={"pk": "report"}),
    # a draft is neither checked nor handed over: on to its page, but not with a note that somebody has written
    "report_return": Row(
        {"pk": "report"},
        get={302: LEONBERG_HALL, 403: {"mediator"}},
        post={200: LEONBERG_HALL, 403: {"mediator"}},
    ),
    "report_approve": Row(
        {"pk": "report"},
        get={302: LEONBERG_STAFF, 403: {"contact", "mediator"}},
        post={302: LEONBERG_STAFF, 403: {"contact", "mediator"}},
    ),
    "report_deliver": Row(
        {"pk": "report"},
        get={302: LEONBERG_HALL, 403: {"mediator"}},
        post={302: LEONBERG_HALL, 403: {"mediator"}},
    ),
    # the council sees it too, but does not say since when everybody may
    "report_publish": form(LEONBERG_HALL, forbidden={"mediator", "councillor"}, kwargs={"pk": "released"}),
    "council_link_list": form(LEONBERG_HALL, forbidden={"mediator", "councillor"}, kwargs={"pk": "released"}),
    "council_link_withdraw": confirmed(LEONBERG_HALL, forbidden={"mediator"}, kwargs={"pk": "council_link"}),
    "question_list": listed(LEONBERG_ALL, kwargs={"pk": "released"}),
    "question_answer": form(LEONBERG_HALL, forbidden={"mediator"}, kwargs={"pk": "question"}),
    "question_shorten": form(LEONBERG_HALL, forbidden={"mediator"}, kwargs={"pk": "question"}),
    "question_refuse": form(LEONBERG_HALL, forbidden={"mediator"}, kwargs={"pk": "question"}),
    "new_edition_create": form(
        LEONBERG_STAFF, forbidden={"contact", "mediator", "councillor"}, kwargs={"pk": "released"}
    ),
    # nothing is in work: back to the report
    "new_edition_drop": Row(
        {"pk": "released"},
        get={302: LEONBERG_STAFF, 403: {"contact", "mediator", "councillor"}},
        post={302: LEONBERG_STAFF, 403: {"contact", "mediator", "councillor"}},
    ),
    # its session came after it was frozen
    "paper_renew": form(LEONBERG_HALL, forbidden={"mediator", "councillor"}, kwargs={"pk": "released"}),
    # somebody has asked already: on to that
    "withdrawal_ask": Row(
        {"pk": "released"},
        get={302: LEONBERG_HALL, 403: {"mediator", "councillor"}},
        post={302: LEONBERG_HALL, 403: {"mediator", "councillor"}},
    ),
    "withdrawal_confirm": confirmed(LEONBERG_HALL, forbidden={"mediator"}, kwargs={"pk": "withdrawal"}),
    "withdrawal_refuse": action(LEONBERG_HALL, forbidden={"mediator"}, kwargs={"pk": "withdrawal"}),
    "decision_correct": form(LEONBERG_HALL, forbidden={"mediator", "councillor"}, kwargs={"pk": "decision"}),
    "decision_create": form(LEONBERG_HALL, forbidden={"mediator", "councillor"}, kwargs={"pk": "released"}),
    # no final decision yet, so there is nothing that follows from it
    "decision_follow_up": Row({"pk": "decision"}, get={404: SIGNED_IN}, post={404: SIGNED_IN}),
    "proposal_template_list": form(LEONBERG_STAFF, kwargs={"key": "08115"}),
    "proposal_template_edit": form(LEONBERG_STAFF, kwargs={"pk": "template"}),
    "proposal_template_delete": confirmed(LEONBERG_STAFF, kwargs={"pk": "template"}),
    "report_build": action(LEONBERG_WORK, kwargs={"pk": "report"}),
    "report_create": action(LEONBERG_STAFF, forbidden={"contact"}, kwargs=TOWN),
    "edition_download": readable(LEONBERG_ALL, kwargs={"pk": "file"}),
    "edition_read": readable(LEONBERG_ALL, kwargs={"pk": "web_page"}),
    "county_reports": readable(LEONBERG_STAFF, kwargs=COUNTY),
    "county_reports_file": readable(LEONBERG_STAFF, kwargs=COUNTY),
    "county_editions": readable(LEONBERG_STAFF, kwargs=COUNTY | YEAR),
    "county_editions_build": action(LEONBERG_STAFF, kwargs=COUNTY | YEAR),
    "county_editions_zip": readable(LEONBERG_STAFF, kwargs=COUNTY | YEAR),
    "county_report_list": form(LEONBERG_STAFF, kwargs=COUNTY),
    "county_report_detail": readable(LEONBERG_STAFF, kwargs={"pk": "county_report"}),
    "county_report_release": action(LEONBERG_STAFF, kwargs={"pk": "county_report"}),
    "county_report_delete": confirmed(LEONBERG_STAFF, kwargs={"pk": "county_report"}),
    "review_rule": form(LEONBERG_STAFF, kwargs=COUNTY),
    "report_preview": confirmed(LEONBERG_WORK, kwargs={"pk": "report"}),
    "preview_download": readable(LEONBERG_WORK, kwargs={"pk": "preview"}),
    "county_report_build": action(LEONBERG_STAFF, kwargs={"pk": "county_report"}),
    "county_report_download": readable(LEONBERG_STAFF, kwargs={"pk": "county_file"}),
    "annual_account": readable(LEONBERG_STAFF, kwargs=COUNTY),
}


@pytest.fixture
def things(people: People) -> dict[str, int]:
    """One of each thing, all Leonberg's: a draft report of the year, a released one of the half-year before."""
    appointment = people.kiv.appointments.get()
    earlier = factories.make_report(
        people.town, period_start=dt.date(2021, 4, 1), period_end=dt.date(2021, 9, 30)
    )
    states.submit_report(earlier, by=people.coordinator)
    for each in ReportFile.objects.all():
        _finish(each)
    pdf = ReportFile.objects.get(kind="pdf")
    factories.deliver(earlier, by=people.coordinator)
    released_consultation = earlier.consultations.create(session_on=dt.date(2021, 11, 16))
    report = factories.make_report(people.town)
    link = earlier.council_links.create(
        created_by=people.contact, expires_at=timezone.now() + dt.timedelta(days=1)
    )
    span = (factories.START, factories.END)
    county_file = request_county_report(people.town.county, *span, by=people.coordinator).editions.get()
    _finish(county_file)
    preview = request_preview(report, by=people.mediator)
    _finish(preview)
    office = factories.make_organisation()
    concern = factories.make_concern(people.town, state="checking", office=office)
    activity = factories.make_activity(people.kiv, people.town)
    files = {"image": "photo/1.jpg", "preview": "photo/2.jpg", "width": 4, "height": 3, "is_decorative": True}
    for name in ("photo/1.jpg", "photo/2.jpg", "document/1.pdf"):
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(b"Leonberg"))
    by = {"added_by": people.mediator}
    deleted = factories.make_activity(people.kiv, people.town, day=dt.date(2022, 3, 2))
    hours = factories.make_hours(appointment)
    certificate = request_certificate(people.kiv, by=people.mediator, today=dt.date(2022, 10, 15))
    _finish(certificate)
    return {
        "certificate": certificate.pk,
        "series": factories.make_series(people.kiv, people.town).pk,
        "trash": discard(deleted, by=people.mediator).pk,
        "photo": ActivityPhoto.objects.create(activity=activity, **files, **by).pk,
        "concern_photo": ConcernPhoto.objects.create(concern=concern, **files, **by).pk,
        "receipt": ActivityDocument.objects.create(
            activity=activity, file="document/1.pdf", name="Fahrkarte", size=8, is_receipt=True, **by
        ).pk,
        "hours": hours.pk,
        "room": hours.room_id,
        "assistance": people.assistant.assistances.get().pk,
        "concern": concern.pk,
        "office": office.pk,
        "message": concern.messages.create(kind="more", text="Auch abends nicht.").pk,
        "status_key": concern.status_key,
        "agreement": people.town.agreements.get().pk,
        "staff_role": people.coordinator.county_roles.get().pk,
        "contact_role": people.contact.contact_roles.get().pk,
        "council_role": people.councillor.council_roles.get().pk,
        "councillor": people.councillor.pk,
        "appointment": appointment.pk,
        "api_client": factories.make_api_client(people.coordinator, people.town.county)[0].pk,
        "import": factories.make_import(people.kiv).pk,
        "activity": activity.pk,
        "kind": activity.kind_id,
        "report": report.pk,
        "council_link": link.pk,
        "council_address": council.signed(link),
        "question": earlier.questions.create(text="Was kostet die Rampe?").pk,
        "withdrawal": ask_to_withdraw(earlier, reason="Falsche Zahlen.", by=people.contact).pk,
        "decision": earlier.decisions.create(
            kind="adjourned", decided_on=timezone.localdate(), recorded_by=people.contact
        ).pk,
        "template": people.town.county.proposal_templates.create(title="Fortführung", text="1. Weiter.").pk,
        "consultation": report.consultations.create(role="prepare").pk,
        "comment": report.comments.create(text="Bitte Zahlen prüfen", author=people.contact).pk,
        "file": pdf.pk,
        "web_page": ReportFile.objects.get(kind="html", snapshot__report=earlier).pk,
        "released": earlier.pk,
        "released_consultation": released_consultation.pk,
        "preview": preview.pk,
        "county_report": county_file.report_id,
        "county_file": county_file.pk,
        "saved_filter": SavedFilter.objects.create(
            user=people.coordinator, name="Schulen", query="q=schule"
        ).pk,
    }


def _finish(file: BuiltFile) -> None:
    from django.core.files.base import ContentFile

    file.file.save("zwischenbericht.pdf", ContentFile(b"<style>p{}</style>"), save=False)
    file.state, file.size, file.sha256, file.verdict = (
        "done",
        17,
        "0" * 64,
        {"is_accessible": True},
    )
    file.save()


def names_of(patterns: list[Any] | None = None) -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


# Pages of one's own account: the same for everybody who is signed in.
# name: (GET signed in, POST signed in, GET anonymous, POST anonymous); the things behind a key are nobody's here
OWN, OWN_FORM, OWN_ABSENT = (200, 405, 302, 302), (200, 200, 302, 302), (404, 404, 302, 302)
ENTRANCE = (302, 302, 200, 200)
CONFIRMING = (403, 403, 302, 302)  # nothing to confirm with: neither password nor second factor
ACCOUNT = {
    "account_login": ENTRANCE,
    "account_signup": ENTRANCE,
    "account_request_login_code": (302, 302, 302, 200),
    "account_confirm_login_code": (302, 302, 302, 302),
    "mfa_authenticate": (302, 302, 302, 302),
    "mfa_login_webauthn": (302, 302, 302, 302),
    "account_demo_login": (405, 404, 405, 404),  # no demo here
    "openid_connect_login": (405, 404, 405, 404),  # no county login configured here
    "openid_connect_callback": (404, 404, 404, 404),
    "account_inactive": (200, 405, 200, 405),
    "account_logout": (200, 302, 302, 302),
    "account_overview": OWN,
    "account_name": OWN_FORM,
    "account_email": OWN_FORM,
    "account_email_cancel": (405, 302, 302, 302),
    "account_email_answer": (404, 404, 404, 404),  # a word that nobody was sent
    "account_export": OWN,
    "account_change_password": OWN_FORM,
    "usersessions_list": (200, 302, 302, 302),
    "account_reauthenticate": CONFIRMING,
    "mfa_reauthenticate": CONFIRMING,
    "mfa_reauthenticate_webauthn": CONFIRMING,
    "mfa_index": OWN,
    "account_second_factor": OWN,
    "mfa_activate_totp": OWN_FORM,
    "mfa_deactivate_totp": OWN_ABSENT,
    "mfa_view_recovery_codes": (404, 405, 302, 302),
    "mfa_generate_recovery_codes": OWN_FORM,
    "mfa_download_recovery_codes": OWN_ABSENT,
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": OWN_FORM,
    "mfa_edit_webauthn": OWN_ABSENT,
    "mfa_remove_webauthn": OWN_ABSENT,
}
ACCOUNT_KWARGS: dict[str, dict[str, Any]] = {
    "account_email_answer": {"signed": "wort"},
    "account_demo_login": {"pk": 1},
    "openid_connect_login": {"provider_id": "verwaltung"},
    "openid_connect_callback": {"provider_id": "verwaltung"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}


def test_every_url_has_a_row():
    assert sorted(names_of()) == sorted([*TABLE, *ACCOUNT])


def test_access_to_account_pages(people: People) -> None:
    """The same for everybody who has an account, so one of each sort will do."""
    windows = {person: people.client(person) for person in ("coordinator", "mediator", "former", "anonymous")}
    wrong = {}
    for name, (*signed_in, anonymous_get, anonymous_post) in ACCOUNT.items():
        url = reverse(name, kwargs=ACCOUNT_KWARGS.get(name))
        for person, window in windows.items():
            wanted = [anonymous_get, anonymous_post] if person == "anonymous" else signed_in
            got = [asked(window, method, url).status_code for method in ("get", "post")]
            if got != wanted:
                wrong[name, person] = f"{got} instead of {wanted}"
    assert not wrong


def asked(window: Client, method: str, url: str) -> HttpResponse:
    """The answer to a visit that leaves no trace: everybody meets the thing as it was, signed in as before."""
    cookies = {name: morsel.value for name, morsel in window.cookies.items()}
    with transaction.atomic():
        response = getattr(window, method)(url)
        if response.streaming:
            b"".join(response)  # read to the end, so that the file is closed
        transaction.set_rollback(True)
    window.cookies = SimpleCookie(cookies)
    return response


@pytest.mark.parametrize("method", ["get", pytest.param("post", marks=pytest.mark.slow)])
def test_access(people: People, things: dict[str, int], method: str) -> None:
    windows = {person: people.client(person) for person in People.NAMES}
    wrong = {}
    for name, row in TABLE.items():
        url = reverse(name, kwargs={key: things.get(value, value) for key, value in row.kwargs.items()})
        for person, window in windows.items():
            response, wanted = asked(window, method, url), row.expected(method, person)
            if response.status_code != wanted:
                wrong[name, person] = f"{response.status_code} instead of {wanted}"
            elif (
                response.status_code == 200 and not response.streaming and b">---------<" in response.content
            ):
                wrong[name, person] = "Django's dashes in a choice instead of words"
            elif wanted == 302 and person == "anonymous" and name not in PUBLIC:
                assert response.url.startswith(reverse("account_login")), name
    assert not wrong


def test_council_reads_the_released_report_and_nothing_else(people: People, things: dict[str, int]) -> None:
    council = people.client("councillor")
    page = council.get(reverse("report_list")).content.decode()
    assert reverse("report_detail", args=[things["released"]]) in page
    assert reverse("report_detail", args=[things["report"]]) not in page
    released = {
        name: people.client(name).get(reverse("report_detail", args=[things["released"]])).status_code
        for name in SIGNED_IN
    }
    assert {name for name, status in released.items() if status == 200} == LEONBERG_ALL
    assert {status for name, status in released.items() if name not in LEONBERG_ALL} == {404}


def test_council_gets_no_file_of_a_withdrawn_edition(people: People) -> None:
    report = factories.make_report(people.town)
    pdfs = []
    for _ in range(2):
        pdfs.append(states.submit_report(report, by=people.coordinator))
        for each in ReportFile.objects.filter(snapshot=pdfs[-1].snapshot):
            _finish(each)
        if len(pdfs) == 1:
            states.return_report(report, by=people.coordinator, note="Bitte ändern")
    with pytest.raises(ReportNotEditable, match="andere Ausgabe"):
        factories.deliver(report, by=people.coordinator, snapshot_id=pdfs[0].snapshot_id)
    factories.deliver(report, by=people.coordinator, snapshot_id=pdfs[1].snapshot_id)
    got = {}
    for person in ("councillor", "contact"):
        answers = [people.client(person).get(reverse("edition_download", args=[pdf.pk])) for pdf in pdfs]
        got[person] = [answer.status_code for answer in answers]
        for answer in answers:
            b"".join(answer)
    assert got == {"councillor": [404, 200], "contact": [200, 200]}


def test_pages_of_signed_in_people_are_private(people: People) -> None:
    client = people.client("mediator")
    assert client.get(reverse("start")).headers["Cache-Control"] == "private, no-cache"
    assert client.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache"'


def test_unfinished_file_cannot_be_downloaded(people: People, things: dict[str, int]) -> None:
    states.submit_report(factories.InterimReport.objects.get(pk=things["report"]), by=people.coordinator)
    waiting = ReportFile.objects.get(state="queued", kind="pdf")
    assert people.client("coordinator").get(reverse("edition_download", args=[waiting.pk])).status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, 9_223_372_036_854_775_808])
def test_unknown_ids_are_not_found(people: People, pk: int) -> None:
    for name in ("activity_detail", "activity_edit", "report_detail", "edition_download", "agreement_edit"):
        assert people.client("coordinator").get(reverse(name, args=[pk])).status_code == 404
