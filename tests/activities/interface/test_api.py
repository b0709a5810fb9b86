"""The JSON interface: what a county's token opens, what it never says, and that its description is true."""

import datetime as dt
import uuid

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode

from activities.interface.services import revoke_client
from activities.models import ApiClient, ApiScope, ConcernStep
from tests import factories
from tests.sample import examples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def asked(people):
    """`asked("activities", start=…)`: status and JSON, with a token of Leonberg's county that may all."""
    _, token = factories.make_api_client(people.coordinator, people.town.county)
    client = Client(headers={"authorization": f"Bearer {token}"})

    def ask(address, **query):
        response = client.get(f"/api/v1/{address}", query)
        return response.status_code, response.json()

    return ask


def test_activities_of_the_own_county_only(people, asked):
    own = factories.make_activity(people.kiv, people.town, internal_note="Frau Beispiel war dabei.")
    far_away = factories.make_town("Weil der Stadt", "08235001")
    factories.make_activity(factories.make_mediator(people.newcomer, far_away), far_away)
    status, page = asked("activities")
    assert (status, [item["key"] for item in page["items"]], page["next"]) == (
        200,
        [str(own.entry_key)],
        None,
    )
    assert page["items"][0]["municipality"] == "08115028"
    assert "Beispiel" not in str(page)
    assert people.mediator.full_name not in str(page)
    assert asked(f"activities/{own.entry_key}")[1] == page["items"][0]
    assert asked(f"activities/{uuid.UUID(int=1)}")[0] == 404


def test_pages_follow_each_other_without_gap_or_double(people, asked):
    keys = [str(factories.make_activity(people.kiv, people.town, minutes=n).entry_key) for n in range(1, 8)]
    found, after = [], 0
    while after is not None:
        page = asked("activities", limit=3, after=after)[1]
        found += [item["key"] for item in page["items"]]
        after = page["next"]
    assert found == keys


def test_filters(people, asked):
    early = factories.make_activity(people.kiv, people.town, day=dt.date(2021, 11, 1))
    late = factories.make_activity(people.kiv, people.town, day=dt.date(2022, 5, 1))

    def keys(**query):
        return [item["key"] for item in asked("activities", **query)[1]["items"]]

    assert keys(start="2022-01-01") == [str(late.entry_key)]
    assert keys(end="2022-01-01") == [str(early.entry_key)]
    assert keys(municipality="08115021") == []
    assert keys(changed_since=(timezone.now() + dt.timedelta(hours=1)).isoformat()) == []


def test_concerns_name_nobody(people, asked):
    concern = factories.make_concern(people.town, contact_email="ida@leonberg.example")
    ConcernStep.objects.create(
        concern=concern, state="reported", sentence="Gemeldet.", taken_by=people.mediator
    )
    status, page = asked("concerns")
    assert status == 200
    assert [step["sentence"] for step in page["items"][0]["steps"]] == ["Gemeldet."]
    assert "ida@" not in str(page)
    assert people.mediator.full_name not in str(page)
    assert asked(f"concerns/{concern.entry_key}")[1] == page["items"][0]


def test_totals_are_those_of_the_portal(people, asked):
    factories.make_activity(people.kiv, people.town, minutes=90, people_reached=12)
    factories.make_activity(people.kiv, people.town, minutes=30, field=None)
    status, sums = asked("totals", start="2021-10-01", end="2022-09-30")
    assert (status, sums["activities"], sums["minutes"], sums["people_reached"]) == (200, 2, 120, 12)
    assert {row["field"]: row["activities"] for row in sums["fields"]} == {"bildung": 1, "quer": 1}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer kiv_falsch", "Basic abc", "Bearer \xe4\x00", "Bearer a b"]
)
def test_a_wrong_token_opens_nothing(people, header):
    response = Client(headers={"authorization": header}).get("/api/v1/activities")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json() == {"detail": "Das Token fehlt oder gilt nicht mehr."}


def test_a_revoked_or_expired_token_opens_nothing(people, asked):
    assert asked("municipalities")[0] == 200
    client = ApiClient.objects.get()
    ApiClient.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert asked("municipalities")[0] == 401
    ApiClient.objects.update(expires_at=None)
    other, _ = factories.make_api_client(people.coordinator, people.town.county, name="Andere")
    revoke_client(other, now=timezone.now())
    assert asked("municipalities")[0] == 200
    revoke_client(client, now=timezone.now())
    assert asked("municipalities")[0] == 401


@pytest.mark.parametrize("scope", ApiScope.values)
def test_a_token_does_only_what_it_may(people, scope):
    _, token = factories.make_api_client(people.coordinator, people.town.county, scopes=[scope])
    client = Client(headers={"authorization": f"Bearer {token}"})
    period = {"totals": {"start": "2021-10-01", "end": "2022-09-30"}}
    answers = {name: client.get(f"/api/v1/{name}", period.get(name)) for name in ApiScope.values}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == {scope}


def test_a_session_is_no_token(people):
    assert people.client("coordinator").get("/api/v1/activities").status_code == 401


def test_too_many_requests_get_a_sentence(people, asked):
    statuses = [asked("municipalities")[0] for _ in range(121)]
    assert (set(statuses[:120]), statuses[120]) == ({200}, 429)


def test_the_number_of_queries_does_not_grow(people, asked):
    asked("municipalities")  # from now on the token's last use is fresh

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert asked(address)[0] == 200
        return len(captured)

    counted = []
    for number in (1, 3):
        for _ in range(number):
            concern = factories.make_concern(people.town)
            ConcernStep.objects.create(concern=concern, state="reported", sentence="Gemeldet.")
            factories.make_activity(people.kiv, people.town, minutes=5)
        counted.append((queries("activities"), queries("concerns")))
    # the token and its limit are six of them, savepoints of the cache included
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 10


# --- the pages of the county


def test_the_token_is_shown_once_and_never_stored(people):
    client = people.client("coordinator")
    entry = {"name": "Sozialplanung", "scopes": ["totals"], "expires_on": "31.12.2199"}
    page = client.post(reverse("api_client_create", args=["08115"]), entry, follow=True).content.decode()
    token = page.split('<code class="token">')[1].split("</code>")[0]
    assert token.startswith("kiv_")
    assert len(token) > 40
    assert token not in client.get(reverse("api_client_list")).content.decode()
    assert token not in str(ApiClient.objects.values())
    headers = {"authorization": f"Bearer {token}"}
    assert Client(headers=headers).get("/api/v1/totals?start=2022-01-01&end=2022-12-31").status_code == 200


def test_revoking_works_at_once_and_stays_in_the_list(people):
    row, token = factories.make_api_client(people.coordinator, people.town.county)
    client = people.client("coordinator")
    page = client.post(reverse("api_client_revoke", args=[row.pk]), follow=True).content.decode()
    assert "widerrufen" in page
    assert Client(headers={"authorization": f"Bearer {token}"}).get("/api/v1/activities").status_code == 401


def test_a_form_without_scope_or_with_a_past_day_is_refused(people):
    client = people.client("coordinator")
    response = client.post(
        reverse("api_client_create", args=["08115"]), {"name": "x", "expires_on": "1.1.2020"}
    )
    assert set(response.context["form"].errors) == {"scopes", "expires_on"}
    assert ApiClient.objects.count() == 0


@pytest.mark.parametrize(
    "address", ["municipalities", "activities", "concerns", f"activities/{uuid.UUID(int=1)}"]
)
def test_a_parameter_that_does_not_exist_is_refused(people, address):
    _, token = factories.make_api_client(people.coordinator, people.town.county)
    client = Client(headers={"authorization": f"Bearer {token}"})
    answer = client.get(f"/api/v1/{address}?munincipality=08115028")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"where": "munincipality", "message": "Diese Angabe gibt es hier nicht."}
    ]


# --- the description is true


@pytest.mark.slow
@pytest.mark.django_db(
    transaction=True
)  # the requests come as a server would get them, and close their connection
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_description_keeps_its_word(people, monkeypatch, mode):
    """Schemathesis asks what the description allows, and what it forbids; every answer must fit it."""
    monkeypatch.setattr("activities.interface.api.PerClient.allow_request", lambda self, request: True)
    factories.make_activity(people.kiv, people.town, people_reached=3, people_reached_to=9)
    concern = factories.make_concern(people.town)
    ConcernStep.objects.create(concern=concern, state="reported", sentence="Gemeldet.")
    _, token = factories.make_api_client(people.coordinator, people.town.county)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    asked = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=examples(10), deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            assume(
                None not in (case.query or {}).values()
            )  # what is null is not sent, and nothing is wrong then
            wrong = dict(case.headers or {}) if mode == GenerationMode.NEGATIVE else {}
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"} | wrong)
            asked.append(case.operation.path)

        ask()
    assert len(set(asked)) == 6
