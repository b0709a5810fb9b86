"""What who reported a concern may do by the private link: add, withdraw, answer, be forgotten. Each once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.concerns import reporter_services as reporter
from activities.concerns import reporter_views, services
from activities.concerns.queries import asked_step, concern_totals
from activities.models import Concern, ConcernPhoto, ConcernStep, ReporterMessage
from activities.tasks import forget_reporters_task
from activities.trash.services import discard, restore
from tests import factories
from tests.activities.attachments.test_attachments import jpeg, upload
from tests.people import People
from tests.post import outbox
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ADDRESS = "melderin@post.example"
Callbacks = Callable[..., Any]
Url = Callable[[Concern], str]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def concern(people: People) -> Concern:
    return services.report_concern(
        Concern(municipality=people.town, title="Ampel", description="Stumm.", contact_email=ADDRESS), by=None
    )


@pytest.fixture
def done(people: People, concern: Concern) -> Concern:
    for state in ("checking", "done"):
        services.take_step(concern, state=state, sentence="Ein Satz.", by=people.contact)
    return concern


def page(concern: Concern, name: str = "concern_status") -> str:
    return reverse(name, args=[concern.status_key])


def read(concern: Concern) -> str:
    return Client().get(page(concern)).content.decode()


def post(concern: Concern, name: str, **typed: Any) -> Any:
    return Client().post(page(concern, name), typed)


@contextmanager
def mails_of(run: Callbacks) -> Iterator[list[Any]]:
    outbox.clear()
    with run(execute=True):
        yield outbox


def now(concern: Concern) -> Concern:
    return Concern.objects.get(pk=concern.pk)


# --- adding


def test_an_addition_is_read_by_those_in_charge_and_by_nobody_else(
    people: People, concern: Concern, django_capture_on_commit_callbacks: Callbacks
) -> None:
    with mails_of(django_capture_on_commit_callbacks) as sent:
        answer = post(concern, "concern_say_more", text="Auch abends nicht.", entry_key=uuid.uuid4())
    assert answer.url == f"{page(concern)}?getan=ergaenzt"
    assert [(m.to, m.subject) for m in sent] == [([people.mediator.email], "Ergänzung zu: Ampel")]
    assert "Auch abends nicht." in sent[0].body
    assert ADDRESS not in sent[0].body
    inside = people.client("contact").get(reverse("concern_detail", args=[concern.pk])).content.decode()
    assert "Auch abends nicht." in inside
    assert "die Person, die es gemeldet hat" in inside
    assert "Danke. Ihre Ergänzung ist bei uns angekommen." in Client().get(answer.url).content.decode()
    assert "Auch abends nicht." in read(concern)
    services.take_step(concern, state="checking", sentence="Ja.", by=people.contact)
    Concern.objects.filter(pk=concern.pk).update(is_public=True)
    town = Client().get(reverse("town_page", args=["leonberg"])).content.decode()
    assert ("Stumm." in town, "Auch abends nicht." in town) == (True, False)


def test_sent_twice_it_is_one_and_changed_it_is_another(concern: Concern) -> None:
    key = uuid.uuid4()
    for text in ("Erstens.", "Erstens.", "Zweitens."):
        assert post(concern, "concern_say_more", text=text, entry_key=key).status_code == 302
    assert [message.text for message in concern.messages.all()] == ["Erstens.", "Zweitens."]


def test_a_key_of_another_concern_takes_nothing_from_it(people: People, concern: Concern) -> None:
    key, other = uuid.uuid4(), factories.make_concern(people.town)
    for each in (concern, other):
        post(each, "concern_say_more", text="Satz.", entry_key=key)
    assert (concern.messages.count(), other.messages.count()) == (1, 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(concern: Concern) -> None:
    key = uuid.uuid4()
    at_once(*[lambda: post(concern, "concern_say_more", text="Satz.", entry_key=key)] * 3)
    assert concern.messages.count() == 1


def test_a_photo_survives_the_privacy_question_and_stays_inside(people: People, concern: Concern) -> None:
    client, url = Client(), page(concern, "concern_say_more")
    typed = {"text": "Frau Huber ist blind.", "entry_key": uuid.uuid4()}
    asked = client.post(url, typed | {"photo": upload(jpeg())})
    form = asked.context["form"]
    assert asked.status_code == 200
    assert form.asks_privacy
    assert "Dieser Text soll nicht verraten" in asked.content.decode()
    kept = form.fields["photo"].widget.kept
    again = client.post(url, typed | {"privacy_checked": form.privacy_seen, "photo-kept": kept.token})
    assert again.status_code == 302
    photo = ConcernPhoto.objects.get()
    assert (photo.concern, photo.added_by, photo.alt_text, photo.moment) == (concern, None, "", "before")


def test_what_is_no_photo_or_one_too_many_is_said_at_the_place(concern: Concern, monkeypatch: Any) -> None:
    monkeypatch.setattr("activities.attachments.services.MOST", 0)
    answer = post(concern, "concern_say_more", text="Satz.", photo=upload(jpeg()))
    assert "schon viele Fotos" in str(answer.context["form"].errors["photo"])
    assert not ReporterMessage.objects.exists()
    answer = post(concern, "concern_say_more", text="", alt_text="Eine Ampel")
    assert set(answer.context["form"].errors) == {"text", "photo"}


def test_after_it_was_done_a_photo_shows_how_it_is_now(done: Concern) -> None:
    post(done, "concern_say_more", text="So sieht es aus.", photo=upload(jpeg()))
    assert ConcernPhoto.objects.get().moment == "after"


# --- withdrawing


def test_withdrawn_before_anybody_looked_it_counts_nowhere_and_goes_after_thirty_days(
    people: People, concern: Concern, django_capture_on_commit_callbacks: Callbacks
) -> None:
    asked = Client().get(page(concern, "concern_withdraw")).content.decode()
    assert "Nach 30 Tagen löschen wir die ganze Meldung." in asked
    with mails_of(django_capture_on_commit_callbacks) as sent:
        answers = [post(concern, "concern_withdraw", reason="Geht wieder.") for _ in range(2)]
    assert [answer.url for answer in answers] == [f"{page(concern)}?getan=zurueckgezogen"] * 2
    after = now(concern)
    assert (after.state, after.contact_email, after.closed_at is None) == ("withdrawn", "", False)
    assert [(s.state, s.taken_by) for s in concern.steps.all()] == [("reported", None), ("withdrawn", None)]
    assert [m.to for m in sent] == [[ADDRESS], [people.mediator.email]]
    assert "letzte E-Mail" in sent[0].body
    assert "Geht wieder." in sent[1].body
    today = timezone.localdate()
    assert concern_totals(Concern.objects.all(), today, today).total == 0
    for days, left in ((29, 1), (31, 0)):
        Concern.objects.update(closed_at=timezone.now() - dt.timedelta(days=days))
        forget_reporters_task()
        assert Concern.objects.count() == left


def test_withdrawn_after_work_it_stays_counted_and_leaves_the_towns_page(
    people: People, concern: Concern
) -> None:
    services.take_over(concern, by=people.kiv)
    services.publish(concern, title="Ampel", place="", description="Stumm.")
    assert "Auf der öffentlichen Seite" in Client().get(page(concern, "concern_withdraw")).content.decode()
    post(concern, "concern_withdraw", reason="")
    after = now(concern)
    assert (after.state, after.is_public, concern.messages.count()) == ("withdrawn", False, 0)
    shown = Client().get(reverse("town_page", args=["leonberg"])).context["page"].object_list
    assert list(shown) == []
    today = timezone.localdate()
    found = concern_totals(Concern.objects.all(), today, today)
    assert {code: n for code, n in found.outcomes().items() if n} == {"withdrawn": 1}
    Concern.objects.update(closed_at=timezone.now() - dt.timedelta(days=400))
    forget_reporters_task()
    assert Concern.objects.exists()
    client = people.client("contact")
    detail = client.get(reverse("concern_detail", args=[concern.pk]))
    names = (
        "can_act",
        "can_take_over",
        "can_publish",
        "can_unpublish",
        "can_delete",
        "can_remind",
        "answer_url",
    )
    assert [name for name in names if detail.context[name]] == ["can_act"]
    assert [move["label"] for move in detail.context["moves"]] == ["Wieder aufnehmen"]
    with pytest.raises(services.ConcernRefused, match="zurückgezogen"):
        services.publish(after, title="Ampel", place="", description="Stumm.")


def test_what_is_closed_is_not_withdrawn(done: Concern) -> None:
    answer = post(done, "concern_withdraw", reason="")
    assert reporter.CLOSED in answer.content.decode()
    assert (now(done).state, now(done).contact_email) == ("done", ADDRESS)
    assert "Meldung zurückziehen" not in read(done)


def test_nothing_is_added_to_what_was_withdrawn(concern: Concern) -> None:
    post(concern, "concern_withdraw", reason="")
    answer = post(concern, "concern_say_more", text="Doch.")
    assert reporter.TAKEN_BACK in answer.content.decode()
    assert concern.messages.count() == 0
    assert "Etwas ergänzen" not in read(concern)


def test_the_database_lets_only_who_reported_it_withdraw_and_keeps_it_private(
    people: People, concern: Concern
) -> None:
    with pytest.raises(IntegrityError, match="withdrawn_by_who_reported_it"), transaction.atomic():
        concern.steps.create(state="withdrawn", sentence="Weg.", taken_by=people.contact)
    with pytest.raises(services.ConcernRefused):
        services.take_step(concern, state="withdrawn", sentence="Weg.", by=people.contact)
    post(concern, "concern_withdraw", reason="")
    with pytest.raises(IntegrityError, match="withdrawn_is_not_public"), transaction.atomic():
        Concern.objects.update(is_public=True)


# --- the address


def test_the_address_goes_at_once_and_no_more_e_mails_come(
    people: People, concern: Concern, django_capture_on_commit_callbacks: Callbacks
) -> None:
    assert "Ihre E-Mail-Adresse löschen" in read(concern)
    answers = [post(concern, "concern_forget_address") for _ in range(2)]
    assert [answer.url for answer in answers] == [f"{page(concern)}?getan=adresse"] * 2
    assert now(concern).contact_email == ""
    text = Client().get(answers[0].url).content.decode()
    assert "Sie bekommen keine E-Mails mehr." in text
    assert "Ihre E-Mail-Adresse löschen" not in text
    with mails_of(django_capture_on_commit_callbacks) as sent:
        services.take_step(now(concern), state="checking", sentence="Ja.", by=people.contact)
    assert sent == []


# --- is it good?


@pytest.mark.parametrize(
    ("kind", "text", "state", "subject"),
    [
        ("yes", "", "done", "Es ist gut so: Ampel"),
        ("partly", "Der Ton ist leise.", "done", "Erst teilweise gut: Ampel"),
        ("no", "Sie ist noch stumm.", "checking", "Noch nicht gut, bitte noch einmal nachsehen: Ampel"),
    ],
)
def test_an_answer_is_given_once_and_told(
    people: People,
    done: Concern,
    kind: str,
    text: str,
    state: str,
    subject: str,
    django_capture_on_commit_callbacks: Callbacks,
) -> None:
    assert "Ist es gut so?" in read(done)
    with mails_of(django_capture_on_commit_callbacks) as sent:
        for _ in range(2):
            assert post(done, "concern_answer", kind=kind, text=text).url == f"{page(done)}?getan=geantwortet"
        post(done, "concern_answer", kind="yes", text="")
    assert [(m.to, m.subject) for m in sent] == [([people.mediator.email], subject)]
    assert [(m.kind, m.text) for m in done.messages.all()] == [(kind, text)]
    assert now(done).state == state
    assert (now(done).closed_at is None) == (state == "checking")
    assert "Rückmeldung senden" not in read(done)
    detail = people.client("contact").get(reverse("concern_detail", args=[done.pk]))
    assert detail.context["answer"].kind == kind


def test_no_needs_a_sentence(done: Concern) -> None:
    answer = post(done, "concern_answer", kind="no", text="")
    assert list(answer.context["form"].errors) == ["text"]
    assert list(post(done, "concern_answer", text="Hm").context["form"].errors) == ["kind"]
    assert (now(done).state, done.messages.count()) == ("done", 0)


def test_the_words_of_who_reported_it_are_no_step_that_a_report_prints(done: Concern) -> None:
    post(done, "concern_answer", kind="no", text="Herr Maier stolpert.")
    assert done.steps.last().sentence == reporter.OPENED_AGAIN
    assert not ConcernStep.objects.filter(sentence__contains="Maier").exists()


def test_done_again_it_is_asked_again_and_only_the_new_answer_counts(people: People, done: Concern) -> None:
    today = timezone.localdate()

    def confirmed() -> int:
        return concern_totals(Concern.objects.all(), today, today).confirmed

    first = asked_step(done)
    services.take_step(done, state="done", sentence="Noch ein Wort.", by=people.contact)
    assert asked_step(done) == first  # a word is no second "done"
    reporter.answer(done, kind="yes", text="")
    assert (asked_step(done), confirmed()) == (None, 1)
    for state in ("checking", "done"):
        services.take_step(done, state=state, sentence="Noch einmal.", by=people.contact)
    assert confirmed() == 0
    assert asked_step(done) == done.steps.last()
    reporter.answer(done, kind="partly", text="")
    assert confirmed() == 0
    assert done.messages.count() == 2


def test_nobody_asks_while_it_is_not_done(people: People, concern: Concern) -> None:
    assert Client().get(page(concern, "concern_answer")).url == page(concern)
    answer = post(concern, "concern_answer", kind="yes")
    assert reporter.NOT_ASKED in answer.content.decode()
    assert "Ist es gut so?" not in read(concern)


def test_the_database_keeps_one_answer_a_step_and_only_to_done(people: People, done: Concern) -> None:
    step = done.steps.last()
    done.messages.create(kind="yes", step=step)
    other = factories.make_concern(people.town)
    for wrong in (
        {"concern": done, "kind": "no", "text": "Nein.", "step": step},
        {"concern": done, "kind": "yes", "step": done.steps.first()},
        {"concern": other, "kind": "yes", "step": step},
        {"concern": done, "kind": "yes"},
        {"concern": done, "kind": "more", "text": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReporterMessage.objects.create(**wrong)


# --- what all of them have in common


FORMS = {
    "concern_say_more": {"text": "Satz."},
    "concern_withdraw": {"reason": "Satz."},
    "concern_answer": {"kind": "yes", "text": "Satz."},
}


@pytest.mark.parametrize("name", FORMS)
def test_a_flood_is_told_and_what_was_typed_stays(done: Concern, name: str, monkeypatch: Any) -> None:
    if name == "concern_withdraw":
        services.take_step(done, state="checking", sentence="Doch.", by=done.steps.last().taken_by)
    state = now(done).state
    monkeypatch.setattr(reporter_views.ratelimit, "consume", lambda *_, **__: None)
    answer = post(done, name, **FORMS[name])
    text = answer.content.decode()
    assert reporter_views.FLOOD in text
    assert "Satz." in text
    assert (now(done).state, done.messages.count()) == (state, 0)


@pytest.mark.parametrize("name", [*FORMS, "concern_forget_address"])
def test_a_form_of_another_site_is_refused_and_the_own_one_needs_no_session(done: Concern, name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(page(done))
    token = strict.cookies["csrftoken"].value
    assert "sessionid" not in strict.cookies
    typed = FORMS.get(name, {})
    assert strict.post(page(done, name), typed).status_code == 403
    own = {"headers": {"origin": "http://testserver"}}
    assert strict.post(page(done, name), typed | {"csrfmiddlewaretoken": token}, **own).status_code in (
        200,
        302,
    )
    assert "sessionid" not in strict.cookies
    null = {"headers": {"origin": "null"}}  # as with a policy of no referrer at all
    assert strict.post(page(done, name), typed | {"csrfmiddlewaretoken": token}, **null).status_code == 403


@pytest.mark.parametrize("name", [*FORMS, "concern_status", "concern_forget_address"])
def test_whoever_does_not_know_the_link_finds_nothing(people: People, name: str) -> None:
    url = reverse(name, args=[uuid.uuid4()])
    answer = Client().post(url) if name == "concern_forget_address" else Client().get(url)
    assert answer.status_code == 404


def test_out_of_the_bin_it_comes_back_with_every_word(people: People, done: Concern) -> None:
    reporter.answer(done, kind="partly", text="Leise.")
    reporter.say_more(done, text="Mehr.", entry_key=uuid.uuid4())
    before = list(ReporterMessage.objects.values())
    item = discard(done, by=people.contact)
    assert not ReporterMessage.objects.exists()
    assert item is not None
    restore(item)
    assert list(ReporterMessage.objects.values()) == before


@pytest.mark.parametrize("kind", ["more", "no"])
def test_a_text_that_tells_of_a_person_is_removed_for_good(people: People, done: Concern, kind: str) -> None:
    text = "Herr Maier ist blind."
    step = None if kind == "more" else done.steps.last()
    message = done.messages.create(kind=kind, text=text, step=step)
    client, url = people.client("contact"), reverse("reporter_text_remove", args=[message.pk])
    detail = reverse("concern_detail", args=[done.pk])
    assert url in client.get(detail).content.decode()
    assert text in client.get(url).content.decode()
    for _ in range(2):
        assert client.post(url).url == detail
    message.refresh_from_db()
    assert (message.text, message.kind) == ("", kind)
    for shown in (client.get(detail).content.decode(), read(done)):
        assert (text in shown, url in shown, "Dieser Text ist entfernt." in shown) == (False, False, True)
    assert not asked_step(done) or kind == "more"


def test_what_was_said_is_not_changed_and_a_removed_text_does_not_come_back(done: Concern) -> None:
    message = done.messages.create(kind="more", text="Satz.")
    rows, now_ = ReporterMessage.objects.filter(pk=message.pk), timezone.now()
    for change in (
        {"text": "Anders."},
        {"kind": "withdrawal"},
        {"text": "Anders.", "text_removed_at": now_},
        {"text": "", "text_removed_at": now_, "kind": "withdrawal"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    rows.update(text="", text_removed_at=now_)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(text="Satz.", text_removed_at=None)


def test_the_history_keeps_no_words_of_who_reported_it() -> None:
    event = ReporterMessage.pgh_event_model  # type: ignore[attr-defined]
    names = {field.name for field in event._meta.fields}
    assert ("kind" in names, "text" in names) == (True, False)
