"""Each thing one can do with a concern: what it changes, in which words it refuses, and that it changes no other."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from activities.concerns import services
from activities.models import STEPS, Concern, ConcernState, Organisation
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC)
UNTIL = dt.date(2099, 12, 31)
WORDS = {"title": "Ampel ohne Ton", "place": "Marktplatz", "description": "Sie ist stumm."}


def concern_in(people: People, state: str, **values: Any) -> Concern:
    concern = factories.make_concern(people.town, **values)
    if state == "promised":
        concern.promised_until = UNTIL
    if state != "reported":
        for step in dict.fromkeys(("checking", state)):
            factories.make_step(concern, step, dt.date(2022, 4, 1))
    Concern.objects.filter(pk=concern.pk).update(updated_at=LONG_AGO)
    concern.refresh_from_db()
    return concern


def row(concern: Concern) -> dict[str, Any]:
    values = Concern.objects.filter(pk=concern.pk).values().get()
    return {name: value for name, value in values.items() if name != "search_document"}  # made of the others


def changed(concern: Concern, before: dict[str, Any]) -> dict[str, Any]:
    """The columns that are not as they were; that it was changed just now is said as "now"."""
    found = {name: value for name, value in row(concern).items() if value != before[name]}
    assert all(
        timezone.now() - found[name] < dt.timedelta(minutes=1)
        for name in ("updated_at", "closed_at")
        if found.get(name)
    )
    return {name: "now" if isinstance(value, dt.datetime) else value for name, value in found.items()}


ACTS = {
    "take over": (
        "reported",
        lambda c, p: services.take_over(c, by=p.kiv),
        {"taken_over_by_id": "kiv", "state": "checking", "updated_at": "now"},
    ),
    "take over what is promised": (
        "promised",
        lambda c, p: services.take_over(c, by=p.kiv),
        {"taken_over_by_id": "kiv", "updated_at": "now"},
    ),
    "check": (
        "reported",
        lambda c, p: services.take_step(c, state="checking", sentence="Ja.", by=p.contact),
        {"state": "checking", "updated_at": "now"},
    ),
    "promise": (
        "checking",
        lambda c, p: services.take_step(
            c, state="promised", sentence="Ja.", by=p.contact, promised_until=UNTIL
        ),
        {"state": "promised", "promised_until": UNTIL, "updated_at": "now"},
    ),
    "answer": (
        "checking",
        lambda c, p: services.take_step(
            c, state="checking", sentence="Noch nicht.", by=p.contact, promised_until=UNTIL
        ),
        {"updated_at": "now"},
    ),
    "do": (
        "checking",
        lambda c, p: services.take_step(c, state="done", sentence="Fertig.", by=p.contact),
        {"state": "done", "closed_at": "now", "updated_at": "now"},
    ),
    "take up again": (
        "done",
        lambda c, p: services.take_step(c, state="checking", sentence="Doch.", by=p.contact),
        {"state": "checking", "closed_at": None, "updated_at": "now"},
    ),
    "break a promise": (
        "promised",
        lambda c, p: services.take_step(c, state="checking", sentence="Doch nicht.", by=p.contact),
        {"state": "checking", "promised_until": None, "updated_at": "now"},
    ),
    "publish": (
        "checking",
        lambda c, p: services.publish(c, **WORDS),
        {"is_public": True, "updated_at": "now", **WORDS},
    ),
    "unpublish": (
        "done",
        lambda c, p: services.unpublish(c),
        {"is_public": False, "updated_at": "now"},
    ),
}


@pytest.mark.parametrize(("state", "act", "changes"), ACTS.values(), ids=ACTS)
def test_what_changes_and_that_no_other_does(
    people: People, state: str, act: Any, changes: dict[str, Any]
) -> None:
    is_public = state == "done"
    before, concern, after = (concern_in(people, state, is_public=is_public) for _ in range(3))
    rows = [row(one) for one in (before, concern, after)]
    act(concern, people)
    wanted = {name: people.kiv.pk if value == "kiv" else value for name, value in changes.items()}
    assert changed(concern, rows[1]) == wanted
    assert [row(before), row(after)] == [rows[0], rows[2]]


def refusal(concern: Concern, **step: Any) -> str:
    with pytest.raises(services.ConcernRefused) as refused:
        services.take_step(concern, **step)
    return str(refused.value)


def test_in_which_words_a_step_is_refused(people: People) -> None:
    concern = concern_in(people, "checking")
    by = {"by": people.contact, "sentence": "Ja."}
    impossible = "Dieser Schritt ist jetzt nicht möglich. Bitte öffnen Sie das Anliegen noch einmal."
    assert refusal(concern, state="reported", **by) == impossible
    assert refusal(concern, state="promised", **by) == "Zu einer Zusage gehört ein Datum."
    services.take_step(concern, state="promised", promised_until=UNTIL, **by)
    services.take_step(concern, state="promised", sentence="Bald.", by=people.contact)  # the day stays
    concern.refresh_from_db()
    assert concern.promised_until == UNTIL
    assert refusal(concern, state="done", seen="checking", sentence="x", by=people.kiv.user) == (
        "Jemand anderes war schneller. Der Stand ist jetzt: zugesagt."
    )
    new = concern_in(people, "reported")
    with pytest.raises(services.ConcernRefused) as refused:
        services.publish(new, **WORDS)
    assert str(refused.value) == "Bitte prüfen Sie das Anliegen zuerst: Der Stand ist noch „gemeldet“."
    with pytest.raises(services.ConcernRefused) as refused:
        services.delete_spam(concern, by=people.contact)
    assert str(refused.value) == "Das Anliegen ist schon in Arbeit. Es lässt sich nicht mehr löschen."


def test_where_a_step_may_lead() -> None:
    for state in ConcernState.values:
        stays = () if state in ("reported", "withdrawn") else (state,)
        others = tuple(following for following in STEPS[state] if following != "withdrawn")
        assert services.possible_states(state) == (*others, *stays)
    assert services.possible_states("quatsch") == ("quatsch",)


def test_spam_goes_and_its_neighbour_stays(people: People) -> None:
    spam, neighbour = (concern_in(people, "reported") for _ in range(2))
    services.delete_spam(spam, by=people.contact)
    assert list(Concern.objects.all()) == [neighbour]


def test_a_concern_is_stored_with_its_first_step_and_by_whom(people: People) -> None:
    key = uuid.uuid4()

    def sent(**values: Any) -> Concern:
        usual = {"municipality": people.town, "title": "Ampel", "description": "Stumm.", "entry_key": key}
        return services.report_concern(Concern(**usual | values), by=people.contact)

    first = sent()
    (step,) = first.steps.all()
    assert (step.state, step.sentence, step.taken_by) == ("reported", services.REPORTED, people.contact)
    assert first.reported_by == people.contact
    assert sent() == first
    others = [
        sent(**{name: value})
        for name, value in (
            *(("title", "Anders"), ("place", "Markt"), ("description", "Anders"), ("since", "gestern")),
            *(("contact_email", "a@post.example"), ("field", factories.make_field())),
            ("municipality", people.other_town),
        )
    ]
    assert len({one.pk for one in (first, *others)}) == 8
    assert len({one.entry_key for one in (first, *others)}) == 8
    anonymous = services.report_concern(
        Concern(municipality=people.town, title="Ampel", description="Stumm.", entry_key=key), by=None
    )
    assert anonymous != first
    assert anonymous.reported_by is None


def test_the_reporter_hears_of_each_step_where_an_address_is_known(
    people: People, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        known, unknown = (
            concern_in(people, "checking", contact_email="a@post.example"),
            concern_in(people, "checking"),
        )
        for concern in (known, unknown):
            services.take_step(concern, state="done", sentence="Fertig.", by=people.contact)
    assert [message.to for message in outbox] == [["a@post.example"]]


def test_an_office_is_that_of_the_county_whatever_its_case(people: People) -> None:
    county = people.town.county
    bauamt = factories.make_organisation("Bauamt")
    far = Organisation.objects.create(name="Tiefbau", county=factories.make_county("08235", "Landkreis Calw"))
    assert services.office_named(people.town, "") is None
    assert services.office_named(people.town, "BAUAMT") == bauamt
    new = services.office_named(people.town, "Tiefbau")
    assert new is not None
    assert (new.name, new.county) == ("Tiefbau", county)
    assert new != far
    assert services.office_named(people.other_town, "tiefbau") == new


def test_addresses_are_kept_for_six_months_after_the_end(people: People) -> None:
    now = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
    minute = dt.timedelta(minutes=1)
    old, young = (
        factories.make_concern(people.town, state="done", closed_at=closed, contact_email="a@post.example")
        for closed in (dt.datetime(2026, 5, 28, 12, tzinfo=dt.UTC) - minute, now - minute)
    )
    assert services.forget_reporters(now, dry_run=True) == 1
    old.refresh_from_db()
    assert old.contact_email == "a@post.example"
    assert [services.forget_reporters(now) for _ in range(2)] == [1, 0]
    for concern, address in ((old, ""), (young, "a@post.example")):
        concern.refresh_from_db()
        assert concern.contact_email == address


@pytest.mark.parametrize(
    ("moment", "months", "after"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-01-01", -1, "2025-12-01"),
        ("2026-06-30", 12, "2027-06-30"),
    ],
)
def test_months_later(moment: str, months: int, after: str) -> None:
    found = services.months_after(dt.datetime.fromisoformat(moment), months)
    assert found == dt.datetime.fromisoformat(after)
    assert services.months_before(dt.datetime.fromisoformat(moment), -months) == found
