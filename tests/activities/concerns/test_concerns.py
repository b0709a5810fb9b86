"""Concerns from the report to the end: one report is one, one step is one, nobody's address stays, nothing is lost."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from functools import partial
from io import StringIO

import pytest
from django.core import signing
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.concerns import mails as concern_mails
from activities.concerns import public_forms as public_concern
from activities.concerns import reporter_services, services
from activities.models import STEPS, Concern, ConcernPhoto, ConcernState, ConcernStep, Organisation
from activities.tasks import forget_reporters_task
from kiv_portal.mails.models import Mail
from tests import factories
from tests.people import People
from tests.post import outbox, refusing, server_away, written
from tests.threads import at_once

pytestmark = pytest.mark.django_db
REPORT = "/orte/leonberg/barriere-melden/"
ADDRESS = "melderin@post.example"


def tomorrow() -> dt.date:
    """Asked anew each time: a run may pass midnight."""
    return timezone.localdate() + dt.timedelta(days=1)


def yesterday() -> dt.date:
    """Asked anew each time: a run may pass midnight."""
    return timezone.localdate() - dt.timedelta(days=1)


def started(*, seconds_ago: float = 60, asked: bool = False) -> str:
    at = timezone.now().timestamp() - seconds_ago
    return signing.dumps({"at": at, "asked": asked}, salt=public_concern.SALT)


def typed(**changes: str) -> dict[str, str]:
    return {
        "title": "Die Ampel ist stumm",
        "place": "Eltinger Straße",
        "description": "Blinde Menschen hören nicht, wann Grün ist.",
        "since": "seit dem Umbau",
        "contact_email": "",
        "website": "",
        "started": started(),
        "entry_key": str(uuid.uuid4()),
    } | changes


@pytest.fixture
def concern(people: People) -> Concern:
    return services.report_concern(
        Concern(municipality=people.town, title="Ampel", description="Sie ist stumm.", contact_email=ADDRESS),
        by=None,
    )


def step(concern: Concern, state: str, by, sentence: str = "Es geht weiter.", **more) -> ConcernStep:
    if state == "promised":
        more.setdefault("promised_until", tomorrow())
    return services.take_step(concern, state=state, sentence=sentence, by=by, **more)


# --- the public form


def test_anybody_reports_and_gets_a_private_link(people: People) -> None:
    answer = Client().post(REPORT, typed())
    concern = Concern.objects.get()
    assert answer.url == f"/anliegen/stand/{concern.status_key}/danke/"
    assert (concern.municipality, concern.title, concern.place, concern.since) == (
        people.town,
        "Die Ampel ist stumm",
        "Eltinger Straße",
        "seit dem Umbau",
    )
    assert (concern.state, concern.is_public, concern.reported_by, concern.taken_over_by) == (
        "reported",
        False,
        None,
        None,
    )
    assert [(s.state, s.taken_by) for s in concern.steps.all()] == [("reported", None)]
    assert reverse("concern_status", args=[concern.status_key]) in Client().get(answer.url).content.decode()


def test_the_same_report_sent_twice_is_one(people: People) -> None:
    entry = typed()
    answers = [Client().post(REPORT, entry) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert (Concern.objects.count(), ConcernStep.objects.count()) == (1, 1)
    assert written() == ["Neue Meldung in Leonberg: Die Ampel ist stumm"]


def test_going_back_and_changing_is_a_second_report(people: People) -> None:
    key = str(uuid.uuid4())
    for title in ("Erste Ampel", "Zweite Ampel"):
        Client().post(REPORT, typed(title=title, entry_key=key))
    assert set(Concern.objects.values_list("title", flat=True)) == {"Erste Ampel", "Zweite Ampel"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Bitte schreiben Sie in einem Satz, worum es geht."),
        ("title", "x" * 201, "200"),
        ("title", "\u200b", "unsichtbare Zeichen"),
        ("title", "Ampel\u202etmmus", "unsichtbare Zeichen"),
        ("place", "a\x00b", "unsichtbare Zeichen"),
        ("description", "", "Bitte beschreiben Sie, was schwierig ist."),
        ("description", "x" * 5_001, "5000"),
        ("since", "x" * 101, "100"),
        ("contact_email", "keine Adresse", "E-Mail"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_rest(
    people: People, field: str, value: str, sentence: str
) -> None:
    answer = Client().post(REPORT, typed(**{field: value}))
    assert answer.status_code == 200
    errors = [error for errors in answer.context["form"].errors.values() for error in errors]
    assert any(sentence in error for error in errors), errors
    kept = [name for name in ("title", "place", "description", "since") if name != field]
    assert all(typed()[name] in answer.content.decode() for name in kept)
    assert Concern.objects.count() == 0


@pytest.mark.parametrize(
    "suspicious",
    [
        {"website": "https://werbung.example"},
        {"started": started(seconds_ago=-24 * 3600)},
        {"started": ""},
        {"started": "gefälscht"},
        {"started": "x" * 10_000},
    ],
    ids=["honeypot", "too fast", "no time", "forged", "long"],
)
def test_a_program_is_asked_once_more_and_a_person_loses_nothing(
    people: People, suspicious: dict[str, str]
) -> None:
    entry = typed(**suspicious)
    answer = Client().post(REPORT, entry)
    page = answer.content.decode()
    assert public_concern.ONCE_MORE in page
    assert (entry["title"] in page, entry["description"] in page) == (True, True)
    assert Concern.objects.count() == 0
    form = answer.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert Client().post(REPORT, again).status_code == 302
    assert Concern.objects.get().title == entry["title"]


def test_the_slow_are_not_punished(people: People) -> None:
    assert Client().post(REPORT, typed(started=started(seconds_ago=3 * 24 * 3600))).status_code == 302


def test_the_honeypot_is_nobodys_field(people: People) -> None:
    page = Client().get(REPORT).content.decode()
    hidden = page[page.index("<div hidden>") :]
    assert 'name="website"' in hidden[: hidden.index("</div>\n    <input")]


def test_many_reports_from_one_address_are_stopped_with_a_sentence(people: People) -> None:
    answers = [Client().post(REPORT, typed(title=f"Ampel {n}"), REMOTE_ADDR="203.0.113.7") for n in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [200]
    page = answers[-1].content.decode()
    assert "Von Ihrem Anschluss sind gerade schon viele Meldungen gekommen." in page
    assert "Ampel 10" in page
    assert Concern.objects.count() == 10


def test_many_reports_for_one_town_are_stopped_with_a_sentence(people: People) -> None:
    for n in range(61):
        answer = Client().post(REPORT, typed(title=f"Ampel {n}"), REMOTE_ADDR=f"192.0.2.{n}")
    assert "In dieser Kommune kommen gerade sehr viele Meldungen an." in answer.content.decode()
    elsewhere = Client().post("/orte/herrenberg/barriere-melden/", typed(), REMOTE_ADDR="192.0.2.200")
    assert elsewhere.status_code == 302


def test_towns_that_do_not_take_part_have_no_page(people: People) -> None:
    people.town.agreements.update(starts_on=timezone.localdate() + dt.timedelta(days=1))
    assert {Client().get(url).status_code for url in (REPORT, "/orte/leonberg/", "/orte/nirgends/")} == {404}


def test_a_town_that_took_part_takes_no_reports_any_more(people: People) -> None:
    people.town.agreements.update(ends_on=yesterday())
    assert "nahm teil bis" in Client().get("/orte/leonberg/").content.decode()
    Client().post(REPORT, {"title": "Stufe", "description": "Zu hoch"})
    assert not Concern.objects.exists()


# --- the public pages


def test_the_town_page_shows_who_cares_and_what_is_public(people: People) -> None:
    for title, values in {
        "Öffentlich geprüft": {"is_public": True, "state": "checking"},
        "Noch nicht geprüft": {"is_public": True},
        "Nur für innen": {"is_public": False, "state": "checking"},
    }.items():
        factories.make_concern(people.town, title=title, contact_email=ADDRESS, **values)
    factories.make_concern(people.other_town, title="Anderswo", is_public=True, state="checking")
    page = Client().get("/orte/leonberg/").content.decode()
    assert "Vera Vermittlung" in page
    assert {
        t for t in ("Öffentlich geprüft", "Noch nicht geprüft", "Nur für innen", "Anderswo") if t in page
    } == {"Öffentlich geprüft"}
    assert ADDRESS not in page
    people.kiv.appointments.update(ends_on=yesterday())
    page = Client().get("/orte/leonberg/").content.decode()
    assert ("Vera Vermittlung" in page, "zurzeit nicht besetzt" in page) == (False, True)
    assert "/orte/leonberg/" in Client().get("/landkreise/08115/").content.decode()


def test_the_private_link_says_what_happened_but_not_who(people: People, concern: Concern) -> None:
    services.take_over(concern, by=people.kiv)
    step(concern, "promised", people.contact, "Das Tiefbauamt rüstet die Ampel nach.")
    url = reverse("concern_status", args=[concern.status_key])
    for person in ("anonymous", "contact"):
        answer = people.client(person).get(url)
        page = answer.content.decode()
        assert "Das Tiefbauamt rüstet die Ampel nach." in page
        assert "zugesagt" in page
        assert f"{tomorrow():%d.%m.%Y}" in page
        in_main = page.partition("<main")[2]  # above it somebody with an account finds the own name
        names = ("Vera Vermittlung", "Anton Ansprech", "Ansprech", ADDRESS)
        assert [name for name in names if name in in_main] == []
        assert answer.headers["Referrer-Policy"] == "same-origin"  # with none, its own forms would be refused
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in page
    assert Client().get(reverse("concern_status", args=[uuid.uuid4()])).status_code == 404


# --- e-mails


def addresses() -> list[str]:
    return sorted(address for message in outbox for address in message.to)


def test_mediators_hear_of_it_else_the_town_hall_else_the_county(
    people: People, django_capture_on_commit_callbacks
) -> None:
    def told() -> list[str]:
        outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            Client().post(REPORT, typed(contact_email=ADDRESS))
        assert outbox[-1].to == [ADDRESS]
        assert str(Concern.objects.latest("pk").status_key) in outbox[-1].body
        assert all(ADDRESS not in message.body for message in outbox)
        return addresses()[:-1] if addresses()[-1] == ADDRESS else [a for a in addresses() if a != ADDRESS]

    second = factories.make_user("Zoe Zweite")
    factories.make_mediator(second, people.town)
    assert told() == [people.mediator.email, second.email]
    people.town.appointments.update(ends_on=yesterday())
    assert told() == [people.contact.email]
    people.town.contacts.update(ends_on=yesterday())
    assert told() == [people.coordinator.email]


def test_whoever_reports_is_not_told_of_the_own_report(people: People) -> None:
    concern = factories.make_concern(people.town, reported_by=people.mediator)
    concern_mails.tell_people_in_charge(concern)
    assert addresses() == []


def test_the_reporter_hears_of_every_step(
    people: People, concern: Concern, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.take_over(concern, by=people.kiv)
        step(concern, "promised", people.contact, "Die Ampel bekommt einen Ton.")
        step(concern, "promised", people.contact, "Die Ampel bekommt einen Ton.")
    to_reporter = [message for message in outbox if message.to == [ADDRESS]]
    assert [message.subject for message in to_reporter] == [
        *(
            "Danke, Ihre Meldung ist bei uns angekommen",
            "Neues zu Ihrer Meldung: in Prüfung",
            "Neues zu Ihrer Meldung: zugesagt",
        )
    ]
    assert "Die Ampel bekommt einen Ton." in to_reporter[2].body
    assert f"eine Zusage bis zum {tomorrow():%d.%m.%Y}" in to_reporter[2].body
    assert "Anton" not in to_reporter[2].body


def test_a_dead_mail_server_stops_nothing_and_loses_nothing(people: People, caplog) -> None:
    with server_away():
        answer = Client().post(REPORT, typed(contact_email=ADDRESS))
        assert answer.status_code == 302
        assert outbox == []
    assert ADDRESS not in caplog.text
    Mail.objects.update(due_at=timezone.now())
    assert sorted(message.to[0] for message in outbox) == sorted([people.mediator.email, ADDRESS])


def test_whoever_works_on_it_sees_that_the_reporter_was_not_reached(people: People) -> None:
    Client().post(REPORT, typed(contact_email=ADDRESS))
    with refusing(ADDRESS):
        assert len(outbox) == 1
    page = people.client("mediator").get(reverse("concern_detail", args=[Concern.objects.get().pk]))
    assert "nicht angekommen" in page.content.decode()
    assert ADDRESS not in page.content.decode()


@pytest.mark.parametrize("forget", ["the link", "six months"])
def test_no_e_mail_keeps_an_address_that_is_forgotten(people: People, concern: Concern, forget: str) -> None:
    step(concern, "refused", people.contact, "Das geht nicht.")
    assert Mail.objects.filter(to=ADDRESS).exists()
    if forget == "the link":
        reporter_services.forget_address(concern)
    else:
        services.forget_reporters(timezone.now() + dt.timedelta(days=200))
    assert not Mail.objects.filter(to=ADDRESS).exists()


# --- taking over and steps


def test_taking_over_begins_the_check(people: People, concern: Concern) -> None:
    services.take_over(concern, by=people.kiv)
    services.take_over(concern, by=people.kiv)
    concern.refresh_from_db()
    assert (concern.state, concern.taken_over_by) == ("checking", people.kiv)
    assert [s.state for s in concern.steps.all()] == ["reported", "checking"]


def test_nobody_takes_it_from_a_mediator_who_is_still_there(people: People, concern: Concern) -> None:
    second = factories.make_mediator(factories.make_user("Zoe Zweite"), people.town)
    services.take_over(concern, by=people.kiv)
    with pytest.raises(services.ConcernRefused, match="schon jemand anderes"):
        services.take_over(concern, by=second)
    people.kiv.appointments.update(ends_on=yesterday())
    services.take_over(concern, by=second)
    concern.refresh_from_db()
    assert concern.taken_over_by == second


def test_what_is_closed_is_not_taken_over(people: People, concern: Concern) -> None:
    step(concern, "refused", people.contact)
    with pytest.raises(services.ConcernRefused, match="abgeschlossen"):
        services.take_over(concern, by=people.kiv)


def test_promise_and_end_have_their_dates(people: People, concern: Concern) -> None:
    step(concern, "checking", people.contact)
    with pytest.raises(services.ConcernRefused, match="Datum"):
        services.take_step(concern, state="promised", sentence="Ja.", by=people.contact)
    step(concern, "promised", people.contact)
    assert (concern.promised_until, concern.closed_at) == (tomorrow(), None)
    step(
        concern, "promised", people.contact, "Etwas später.", promised_until=tomorrow() + dt.timedelta(days=9)
    )
    assert concern.promised_until == tomorrow() + dt.timedelta(days=9)
    step(concern, "done", people.mediator)
    assert concern.closed_at is not None
    step(concern, "checking", people.mediator, "Es wackelt wieder.")
    assert (concern.promised_until, concern.closed_at) == (None, None)


@pytest.mark.parametrize("state", [None, *ConcernState.values])
def test_only_the_laid_ways_lead_on(people: People, state: str | None) -> None:
    """From every state into every other; the database agrees with the service."""
    for target in ConcernState.values:
        start = state or "reported"
        closed = timezone.now() if start in ConcernState.closed else None
        concern = factories.make_concern(people.town, state=start, closed_at=closed)
        if target in services.possible_states(start):
            step(concern, target, people.contact)
            assert concern.state == target
        else:
            with pytest.raises(services.ConcernRefused):
                step(concern, target, people.contact)
            if target != start and target not in STEPS[start]:
                closed = timezone.now() if target in ConcernState.closed else None
                with pytest.raises(IntegrityError), transaction.atomic():
                    Concern.objects.filter(pk=concern.pk).update(state=target, closed_at=closed)


def test_the_same_step_sent_twice_is_one(people: People, concern: Concern) -> None:
    client = people.client("contact")
    url = reverse("concern_step", args=[concern.pk])
    entry = {"state": "checking", "sentence": "Wir sehen uns die Ampel an.", "seen": "reported"}
    assert [client.post(url, entry).status_code for _ in range(2)] == [302, 302]
    answer = entry | {"seen": "checking", "sentence": "Das Amt ist gefragt."}
    assert [client.post(url, answer).status_code for _ in range(2)] == [302, 302]
    assert [s.sentence for s in concern.steps.all()][1:] == [entry["sentence"], answer["sentence"]]


def test_who_was_slower_keeps_the_text_and_sees_the_new_state(people: People, concern: Concern) -> None:
    url = reverse("concern_step", args=[concern.pk])
    people.client("contact").post(url, {"state": "refused", "sentence": "Geht nicht.", "seen": "reported"})
    slow = {"state": "checking", "sentence": "Ich sehe nach.", "seen": "reported"}
    answer = people.client("mediator").post(url, slow)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Jemand anderes war schneller. Der Stand ist jetzt: abgelehnt." in page
    assert "Ich sehe nach." in page
    again = slow | {"seen": answer.context["form"]["seen"].value()}
    assert people.client("mediator").post(url, again).status_code == 302
    concern.refresh_from_db()
    assert (concern.state, concern.steps.count()) == ("checking", 3)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sentence": ""}, "Bitte schreiben Sie einen Satz dazu."),
        ({"sentence": "a\x00"}, "unsichtbare Zeichen"),
        ({"sentence": "x" * 1_001}, "1000"),
        ({"state": ""}, "Bitte wählen Sie, wie es weitergeht."),
        ({"state": "reported"}, "aus der Liste"),
        ({"state": "\x00"}, "aus der Liste"),
        ({"promised_until": ""}, "Bitte geben Sie an, bis wann es zugesagt ist."),
        ({"promised_until": "irgendwann"}, "Dieses Datum verstehen wir nicht."),
        ({"promised_until": "1.1.2022"}, "Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren."),
        ({"promised_until": "9" * 400}, "Dieses Datum verstehen wir nicht."),
    ],
)
def test_a_bad_step_gets_a_sentence(
    people: People, concern: Concern, changes: dict[str, str], sentence: str
) -> None:
    step(concern, "checking", people.contact)
    entry = {
        "state": "promised",
        "sentence": "Bald ist es so weit.",
        "promised_until": f"{tomorrow():%d.%m.%Y}",
        "seen": "checking",
    }
    answer = people.client("contact").post(reverse("concern_step", args=[concern.pk]), entry | changes)
    errors = [error for errors in answer.context["form"].errors.values() for error in errors]
    assert any(sentence in error for error in errors), errors
    assert concern.steps.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_take_over_at_once(people: People) -> None:
    concern = factories.make_concern(people.town)
    second = factories.make_mediator(factories.make_user("Zoe Zweite"), people.town)
    outcomes = at_once(
        *(partial(services.take_over, Concern.objects.get(pk=concern.pk), by=m) for m in (people.kiv, second))
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Concern", "ConcernRefused"]
    concern.refresh_from_db()
    winner = next(outcome for outcome in outcomes if isinstance(outcome, Concern))
    assert (concern.state, concern.taken_over_by_id) == ("checking", winner.taken_over_by_id)
    assert concern.steps.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False])
def test_two_steps_at_once(people: People, same: bool) -> None:
    concern = factories.make_concern(people.town)
    others = ("checking", people.contact) if same else ("refused", people.coordinator)
    outcomes = at_once(
        *(
            partial(step, Concern.objects.get(pk=concern.pk), state, by)
            for state, by in (("checking", people.contact), others)
        )
    )
    names = sorted(type(outcome).__name__ for outcome in outcomes)
    assert names == (["ConcernStep", "ConcernStep"] if same else ["ConcernRefused", "ConcernStep"])
    concern.refresh_from_db()
    assert [s.state for s in concern.steps.all()] == [concern.state]


@pytest.mark.django_db(transaction=True)
def test_the_same_report_twice_at_once_is_one(people: People) -> None:
    entry = typed()
    outcomes = at_once(*(partial(Client().post, REPORT, entry) for _ in range(2)))
    assert [outcome.status_code for outcome in outcomes] == [302, 302]
    assert (Concern.objects.count(), ConcernStep.objects.count()) == (1, 1)


# --- publishing and deleting


def test_nothing_is_public_before_somebody_has_looked_at_it(people: People, concern: Concern) -> None:
    url = reverse("concern_publish", args=[concern.pk])
    words = {"title": "Ampel ohne Ton", "place": "Marktplatz", "description": "Sie ist stumm."}
    page = people.client("mediator").post(url, words, follow=True).content.decode()
    assert "Bitte prüfen Sie das Anliegen zuerst" in page
    step(concern, "checking", people.mediator)
    people.client("mediator").post(url, words)
    assert Concern.objects.published().get().title == "Ampel ohne Ton"
    people.client("contact").post(reverse("concern_unpublish", args=[concern.pk]))
    assert Concern.objects.published().count() == 0


def test_spam_goes_with_its_files_and_work_stays(
    people: People, concern: Concern, django_capture_on_commit_callbacks
) -> None:
    from django.core.files.base import ContentFile

    photo = ConcernPhoto(concern=concern, width=1, height=1, is_decorative=True, added_by=people.mediator)
    photo.image.save("a.jpg", ContentFile(b"1"), save=False)
    photo.preview.save("b.jpg", ContentFile(b"2"))
    url = reverse("concern_delete", args=[concern.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert people.client("contact").post(url).url == "/anliegen/"
    assert (Concern.objects.count(), photo.image.storage.exists(photo.image.name)) == (0, False)
    work = factories.make_concern(people.town)
    services.take_over(work, by=people.kiv)
    page = people.client("contact").post(reverse("concern_delete", args=[work.pk]), follow=True)
    assert "lässt sich nicht mehr löschen" in page.content.decode()
    assert Concern.objects.get() == work


def test_a_concern_with_an_activity_is_no_spam(people: People, concern: Concern) -> None:
    activity = factories.make_activity(people.kiv, people.town, concern=concern)
    with pytest.raises(services.ConcernRefused):
        services.delete_spam(concern, by=people.contact)
    page = people.client("contact").get(reverse("concern_detail", args=[concern.pk])).content.decode()
    assert reverse("activity_detail", args=[activity.pk]) in page


# --- who may what


def test_who_may_do_what(people: People, concern: Concern) -> None:
    perms = ("change", "take_step", "publish", "delete", "take_over")
    granted = {
        perm: people.who(lambda user, perm=perm: user.has_perm(f"activities.{perm}_concern", concern))
        for perm in perms
    }
    work = {"coordinator", "contact", "mediator"}
    assert granted == dict.fromkeys(perms, work) | {"take_over": {"mediator"}}
    assert people.who(lambda user: Concern.objects.visible_to(user).filter(pk=concern.pk).exists()) == work
    assert people.who(lambda user: user.has_perm("activities.add_concern")) == work | {
        "stranger",
        "other_county",
    }


def test_lists_show_the_own_towns_only(people: People) -> None:
    factories.make_concern(people.town, title="In Leonberg")
    factories.make_concern(people.other_town, title="In Herrenberg")
    seen = {}
    for page in ("concern_list", "concern_board"):
        for person in ("coordinator", "contact", "mediator", "stranger", "other_county"):
            text = people.client(person).get(reverse(page)).content.decode()
            seen[page, person] = {town for town in ("In Leonberg", "In Herrenberg") if town in text}
    own = {
        "coordinator": {"In Leonberg", "In Herrenberg"},
        "contact": {"In Leonberg"},
        "mediator": {"In Leonberg"},
        "stranger": {"In Herrenberg"},
        "other_county": set(),
    }
    assert seen == {(page, person): own[person] for page, person in seen}


# --- list, board, form


def test_filter_the_list(people: People) -> None:
    factories.make_concern(people.town, title="Neu hier", field=factories.make_field())
    factories.make_concern(people.town, title="Versprochen", state="promised", promised_until=yesterday())
    factories.make_concern(people.other_town, title="Fertig", state="done", closed_at=timezone.now())
    client = people.client("coordinator")

    def found(query: str) -> set[str]:
        page = client.get(reverse("concern_list") + query).content.decode()
        return {title for title in ("Neu hier", "Versprochen", "Fertig") if title in page}

    assert found("?state=open") == {"Neu hier", "Versprochen"}
    assert found("?state=due") == {"Neu hier", "Versprochen"}
    assert found("?state=done") == {"Fertig"}
    assert found("?field=bildung") == {"Neu hier"}
    assert found("?field=quer&town=leonberg") == {"Versprochen"}
    assert found("?state=%00&field=x&town=../..&page=-9&x[]=1") == {"Neu hier", "Versprochen", "Fertig"}


def test_the_board_has_a_column_a_state_and_a_button_a_move(people: People) -> None:
    concern = factories.make_concern(people.town, title="Neu hier")
    for n in range(14):
        factories.make_concern(people.town, title=f"In Arbeit {n}", state="checking")
    answer = people.client("contact").get(reverse("concern_board"))
    columns = [column for group in answer.context["groups"] for column in group["columns"]]
    assert [(c["label"], c["number"], len(c["cards"]), c["more"]) for c in columns] == [
        ("gemeldet", 1, 1, 0),
        ("in Prüfung", 14, 12, 2),
        ("zugesagt", 0, 0, 0),
        ("umgesetzt", 0, 0, 0),
        ("abgelehnt", 0, 0, 0),
        ("weitergegeben", 0, 0, 0),
        ("zurückgezogen", 0, 0, 0),
    ]
    moves = [(move["label"], move["url"]) for move in columns[0]["cards"][0]["moves"]]
    url = reverse("concern_step", args=[concern.pk])
    assert moves == [
        ("In Prüfung nehmen", f"{url}?stand=checking"),
        ("Ablehnen", f"{url}?stand=refused"),
        ("Weitergeben", f"{url}?stand=passed_on"),
    ]


def filled(**changes: str) -> dict[str, str]:
    return {
        "title": "Rampe fehlt",
        "place": "Rathaus",
        "field": "wohnen",
        "description": "Drei Stufen ohne Rampe.",
        "since": "",
        "office_name": "Hochbauamt",
        "reported_on": "gestern",
        "contact_email": ADDRESS,
        "entry_key": str(uuid.uuid4()),
    } | changes


def test_a_person_of_the_portal_enters_a_concern(people: People) -> None:
    factories.make_field("wohnen")
    factories.make_organisation("hochbauamt")
    entry = filled()
    answers = [people.client("mediator").post(reverse("concern_create"), entry) for _ in range(2)]
    concern = Concern.objects.get()
    assert {answer.url for answer in answers} == {f"/anliegen/{concern.pk}/"}
    assert (concern.reported_by, concern.municipality, concern.reported_on) == (
        people.mediator,
        people.town,
        yesterday(),
    )
    assert (concern.field_code, concern.office.name, Organisation.objects.count()) == (
        "wohnen",
        "hochbauamt",
        1,
    )
    assert concern.steps.get().taken_by == people.mediator


def test_the_county_chooses_the_town(people: People) -> None:
    factories.make_field("wohnen")
    client = people.client("coordinator")
    form = client.post(reverse("concern_create"), filled()).context["form"]
    assert "municipality" in form.errors
    foreign = filled(municipality=str(factories.make_town("Nagold", "08235046").pk))
    assert "municipality" in client.post(reverse("concern_create"), foreign).context["form"].errors
    client.post(reverse("concern_create"), filled(municipality=str(people.other_town.pk)))
    assert Concern.objects.get().municipality == people.other_town


def test_a_change_keeps_state_and_address(people: People, concern: Concern) -> None:
    factories.make_field("wohnen")
    url = reverse("concern_edit", args=[concern.pk])
    seen = people.client("mediator").get(url).context["form"]["seen"].value()
    assert ADDRESS not in people.client("mediator").get(url).content.decode()
    step(concern, "checking", people.contact)
    late = people.client("mediator").post(url, filled(seen=seen, contact_email="andere@post.example"))
    assert "in einem anderen Fenster geändert" in late.content.decode()
    again = filled(seen=late.context["form"]["seen"].value(), contact_email="andere@post.example")
    assert people.client("mediator").post(url, again).status_code == 302
    concern.refresh_from_db()
    assert (concern.title, concern.state, concern.contact_email, concern.office.name) == (
        "Rampe fehlt",
        "checking",
        ADDRESS,
        "Hochbauamt",
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reported_on", "1.1.2199", "Das Datum liegt in der Zukunft."),
        ("reported_on", "irgendwann", "Dieses Datum verstehen wir nicht"),
        ("field", "raumfahrt", "aus der Liste"),
        ("office_name", "x" * 151, "150"),
        ("office_name", "\u200b", "unsichtbare Zeichen"),
        ("title", "a\x00", "unsichtbare Zeichen"),
    ],
)
def test_a_bad_entry_gets_a_sentence(people: People, field: str, value: str, sentence: str) -> None:
    factories.make_field("wohnen")
    answer = people.client("mediator").post(reverse("concern_create"), filled(**{field: value}))
    errors = [error for errors in answer.context["form"].errors.values() for error in errors]
    assert any(sentence in error for error in errors), errors
    assert "Drei Stufen ohne Rampe." in answer.content.decode()
    assert Concern.objects.count() == 0


# --- start pages


def test_start_pages_name_what_waits(people: People) -> None:
    factories.make_concern(people.town, title="Ganz neu")
    factories.make_concern(people.town, title="Nicht gehalten", state="promised", promised_until=yesterday())
    factories.make_concern(people.town, title="Noch Zeit", state="promised", promised_until=tomorrow())
    for person in ("mediator", "contact"):
        page = people.client(person).get("/start/").content.decode()
        assert {t for t in ("Ganz neu", "Nicht gehalten", "Noch Zeit") if t in page} == {
            "Ganz neu",
            "Nicht gehalten",
        }
    page = people.client("coordinator").get("/start/").content.decode()
    assert "1 neue Meldung, 1 überfällige Zusage" in " ".join(page.split())
    assert "Anliegen ansehen" not in people.client("stranger").get("/start/").content.decode()


# --- forgetting


def closed(town, months: float, **values) -> Concern:
    at = services.months_before(timezone.now(), int(months)) + dt.timedelta(hours=-1 if months == 6 else 1)
    return factories.make_concern(town, state="done", closed_at=at, contact_email=ADDRESS, **values)


def test_addresses_are_forgotten_six_months_after_closing(people: People) -> None:
    old, younger = closed(people.town, 6), closed(people.town, 5)
    still_open = factories.make_concern(people.town, contact_email=ADDRESS)
    out = StringIO()
    call_command("forget_reporters", "--dry-run", stdout=out)
    assert out.getvalue() == "would be forgotten: 1\nwould be deleted: 0\n"
    assert Concern.objects.exclude(contact_email="").count() == 3
    for _ in range(2):
        forget_reporters_task()
    assert set(Concern.objects.exclude(contact_email="")) == {younger, still_open}
    out = StringIO()
    call_command("forget_reporters", stdout=out)
    assert out.getvalue() == "forgotten: 0\ndeleted: 0\n"
    old.refresh_from_db()
    assert old.state == "done"
    page = people.client("contact").get(reverse("concern_detail", args=[younger.pk])).content.decode()
    day = timezone.localdate(services.months_after(younger.closed_at, 6))
    assert f"die Adresse wird nach dem {day:%d.%m.%Y} gelöscht" in page


def test_the_timetable_knows_the_task() -> None:
    from kiv_portal.celery import app

    assert forget_reporters_task.name in {entry["task"] for entry in app.conf.beat_schedule.values()}


@pytest.mark.parametrize(
    ("moment", "months", "wanted"),
    [("2026-08-31", -6, "2026-02-28"), ("2026-03-15", -6, "2025-09-15"), ("2026-08-31", 6, "2027-02-28")],
)
def test_months_end_where_they_end(moment: str, months: int, wanted: str) -> None:
    assert services.months_after(dt.datetime.fromisoformat(moment), months) == dt.datetime.fromisoformat(
        wanted
    )


def test_the_address_is_in_no_table_of_the_history(people: People, concern: Concern) -> None:
    services.take_over(concern, by=people.kiv)
    step(concern, "done", people.kiv.user)
    Concern.objects.filter(pk=concern.pk).update(closed_at=services.months_before(timezone.now(), 7))
    services.forget_reporters(timezone.now())
    with suppress(services.ConcernRefused):
        services.delete_spam(concern, by=people.contact)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        )
        tables = [name for (name,) in cursor.fetchall()]
        leaks = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{ADDRESS}%"])  # noqa: S608  names from the database
            if cursor.fetchone()[0]:
                leaks.append(table)
    assert "activities_concernevent" in tables
    assert leaks == []
