"""The number of queries of every list is written here, and does not grow with the list."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import SavedFilter
from activities.trash.services import discard
from reports.certificates.services import request_certificate
from tests import factories
from tests.people import People

MOST = 10  # the bar for every page
# (person, page): queries. Session, account and the roles for the navigation are three to six of them.
PAGES = {
    ("anonymous", "home"): 2,
    ("anonymous", "county_page"): 5,
    ("coordinator", "start"): 10,
    ("mediator", "start"): 10,
    ("mediator", "own_year"): 10,
    ("mediator", "certificate_list"): 5,
    ("contact", "start"): 7,
    ("councillor", "start"): 5,
    ("newcomer", "start"): 3,
    ("mediator", "import_list"): 6,
    ("mediator", "offline_data"): 8,
    ("anonymous", "town_page"): 10,
    ("anonymous", "town_choice"): 3,
    ("anonymous", "take_part"): 3,
    ("mediator", "reach_overview"): 9,
    ("mediator", "concern_list"): 7,
    ("contact", "concern_list"): 7,
    ("coordinator", "concern_list"): 7,
    ("mediator", "concern_board"): 7,
    ("mediator", "office_list"): 6,
    ("coordinator", "office_list"): 6,
    ("coordinator", "concern_board"): 7,
    ("mediator", "activity_list"): 9,
    ("coordinator", "municipality_activity_list"): 9,
    ("contact", "municipality_activity_list"): 9,
    ("coordinator", "all_activity_list"): 9,
    ("contact", "all_activity_list"): 9,
    ("mediator", "saved_filter_list"): 8,
    ("mediator", "trash_list"): 8,
    ("contact", "trash_list"): 7,
    ("coordinator", "staff_list"): 6,
    ("coordinator", "report_list"): 5,
    ("mediator", "report_list"): 5,
    ("councillor", "report_list"): 5,
    ("coordinator", "municipality_detail"): 10,
    ("contact", "municipality_detail"): 10,
    ("contact", "town_figures"): 10,
    ("mediator", "town_figures"): 10,
    ("coordinator", "county_figures"): 10,
    ("coordinator", "county_reports"): 10,
    ("coordinator", "county_report_list"): 6,
    ("coordinator", "annual_account"): 5,
}

# what the navigation asks beside it: what waits for the person, and a mediator's series
WAITING = {"coordinator": 1, "contact": 1, "mediator": 2, "councillor": 1}


def rows(people: People, number: int) -> None:
    """`number` of everything a list can show: towns, people, agreements, activities, reports."""
    factories.make_field("arbeit")
    for n in range(1, number + 1):
        town = people.town if n == 1 else factories.make_town(f"Ort{n}", f"0811590{n}")
        if n > 1:
            factories.make_agreement(town)
            factories.make_mediator(people.mediator, town)
            factories.make_contact(people.contact, town)
            factories.make_councillor(people.councillor, town)
        more = factories.make_mediator(factories.make_user(f"Weitere {n}"), people.town)
        factories.make_contact(factories.make_user(f"Amt {n}"), people.town)
        factories.make_staff(factories.make_user(f"Kreis {n}"), people.town.county)
        factories.make_councillor(factories.make_user(f"Rat {n}"), people.town)
        factories.make_activity(
            people.kiv,
            town,
            field=factories.make_field(),
            further_fields=["arbeit"],
            follow_up_on=factories.END,
        )
        factories.make_activity(more, people.town, field=None)
        factories.make_import(people.kiv)
        factories.make_step(factories.make_concern(town, place=f"Ort {n}"), "checking", factories.END)
        for deleted in (factories.make_activity(people.kiv, town), factories.make_concern(people.town)):
            discard(deleted, by=people.mediator)
        factories.make_hours(more.appointments.get(), room=factories.make_room(people.town, f"Raum {n}"))
        issued_on = dt.date(2022, 10, n)
        request_certificate(people.kiv, by=people.mediator, today=issued_on)
        SavedFilter.objects.create(user=people.mediator, name=f"Filter {n}", query="q=schule")
        factories.make_report(town)
        concern = {"office": factories.make_organisation(f"Amt {n}"), "field": factories.make_field()}
        factories.make_concern(people.town, **concern)
        factories.make_concern(people.town, **concern, state="promised", promised_until=factories.END)
        factories.make_concern(people.town, **concern, state="checking", is_public=True)
        year = {"period_start": dt.date(2000 + n, 1, 1), "period_end": dt.date(2000 + n, 12, 31)}
        factories.take_to(factories.make_report(people.town, **year), "delivered", by=people.coordinator)


def queries_of(people: People, person: str, page: str, *, shows: str) -> list[str]:
    client = people.client(person)
    arguments = {"municipality": ["leonberg"], "town": ["leonberg"], "county": ["08115"], "annual": ["08115"]}
    arguments |= {"reach": ["leonberg"]}
    given = [] if page == "town_choice" else arguments.get(page.partition("_")[0], [])
    address = reverse(page, args=given)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    assert shows in answer.content.decode()
    return [query["sql"] for query in captured]


def test_every_page_is_within_the_bar() -> None:
    assert {page for page, queries in PAGES.items() if queries > MOST} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("person", "page"), list(PAGES), ids=lambda value: value)
def test_queries(people: People, person: str, page: str, number: int) -> None:
    rows(people, number)
    own = {
        "home": "Landkreis Böblingen",
        "import_list": "Meine Liste.csv",
        "concern_list": "Bordstein",
        "concern_board": "Bordstein",
        "office_list": "Amt 1",
        "activity_list": "Begehung der Grundschule",
        "all_activity_list": "Begehung der Grundschule",
        "staff_list": "Karin Koordination",
        "saved_filter_list": "Filter 1",
        "trash_list": "Bordstein",
        "certificate_list": "Nachweis vom 01.10.2022",
        "county_report_list": "Landkreis Böblingen",
        "annual_account": "Sachbericht",
    }
    shows = own.get(page, "Leonberg" if person != "newcomer" else "")
    queries = queries_of(people, person, page, shows=shows)
    navigation = WAITING.get(person, 0) if page != "offline_data" else 0  # which is no page
    assert len(queries) == PAGES[person, page] + navigation, "\n".join(queries)
