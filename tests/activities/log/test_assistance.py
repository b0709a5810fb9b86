"""A helper enters for a mediator, sees nothing but that, and is out the moment the mediator says so."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityPhoto, ClosedPeriod
from kiv_portal.accounts.models import User
from mediators.models import Assistance
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db


def today() -> dt.date:
    """Asked anew each time: a run may pass midnight."""
    return timezone.localdate()


@pytest.fixture
def assistance(people: People) -> Assistance:
    factories.make_field()
    factories.make_kind()
    return people.assistant.assistances.get()


@pytest.fixture
def helper(people: People, assistance: Assistance):
    return people.client("assistant")


def create_url(assistance: Assistance) -> str:
    return f"{reverse('activity_create')}?fuer={assistance.pk}"


def filled(**changes):
    return {
        "title": "Begehung der Mensa",
        "kind": "begehung",
        "day": "1.3.2022",
        "minutes": "1h30",
        "field": "bildung",
        "entry_key": str(uuid.uuid4()),
    } | changes


def entered(people: People, **values) -> Activity:
    return factories.make_activity(people.kiv, people.town, entered_by=people.assistant, **values)


# --- the mediator allows and ends


def test_a_helper_is_invited_until_a_day(people: People, django_capture_on_commit_callbacks):
    until = today() + dt.timedelta(days=30)
    typed = {"full_name": "Hanna Hilfe", "email": "Hanna@kiv.example", "ends_on": f"{until:%d.%m.%Y}"}
    with django_capture_on_commit_callbacks(execute=True):
        page = (
            people.client("mediator").post(reverse("assistance_create"), typed, follow=True).content.decode()
        )
    assert "Hanna Hilfe bekommt jetzt eine Einladung per E-Mail." in page
    allowed = Assistance.objects.get(helper__email="hanna@kiv.example")
    assert (allowed.mediator, allowed.starts_on, allowed.ends_on) == (people.kiv, today(), until)
    letter = outbox[0]
    assert letter.to == ["hanna@kiv.example"]
    assert f"im Auftrag von Vera Vermittlung ein, bis zum {until:%d.%m.%Y}" in letter.body


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ends_on": ""}, "Bitte geben Sie ein Datum an."),
        ({"ends_on": "1.1.2020"}, "Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren."),
        ({"ends_on": f"{today() + dt.timedelta(days=400):%d.%m.%Y}"}, "Assistenz gilt höchstens ein Jahr."),
        ({"ends_on": "irgendwann"}, "Dieses Datum verstehen wir nicht."),
        ({"email": "vera.vermittlung@kiv.example"}, "Das ist Ihre eigene E-Mail-Adresse."),
        ({"email": "alma.assistenz@kiv.example"}, "Diese Person hilft Ihnen schon."),
        ({"email": "keine Adresse"}, "E-Mail-Adresse"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(people: People, typed, sentence):
    good = {"full_name": "Hanna Hilfe", "email": "hanna@kiv.example", "ends_on": "31.12.2099"}
    good["ends_on"] = f"{today() + dt.timedelta(days=30):%d.%m.%Y}"
    page = people.client("mediator").post(reverse("assistance_create"), good | typed).content.decode()
    assert (sentence in page, "Hanna Hilfe" in page) == (True, True)
    assert Assistance.objects.count() == 1
    assert not User.objects.filter(email="hanna@kiv.example").exists()


def test_the_database_knows_no_assistance_without_end(people: People):
    with pytest.raises(IntegrityError):
        factories.make_assistance(people.kiv, people.newcomer, ends_on=today() + dt.timedelta(days=400))


def test_the_list_shows_what_holds_and_what_is_over(people: People, assistance):
    client = people.client("mediator")
    page = client.get(reverse("assistance_list")).content.decode()
    assert ("Alma Assistenz" in page, "Das gilt jetzt" in page, "Das ist vorbei" in page) == (
        True,
        True,
        False,
    )
    end = reverse("assistance_end", args=[assistance.pk])
    assert "kann dann sofort nichts mehr" in client.get(end).content.decode()
    for _ in range(2):  # a double click
        page = client.post(end, follow=True).content.decode()
        assert "Beendet: Alma Assistenz kann nichts mehr für Sie eintragen." in page
    assert ("Das gilt jetzt" in page, "von Ihnen beendet" in page) == (False, True)


# --- the helper


def test_the_start_page_says_whom_one_helps(helper, assistance):
    page = helper.get(reverse("start")).content.decode()
    assert "Sie helfen Vera Vermittlung" in page
    assert create_url(assistance) in page
    assert "Noch nichts eingetragen" in page


def test_an_entry_on_behalf_is_the_mediators_and_says_who_entered_it(helper, people: People, assistance):
    page = helper.get(create_url(assistance)).content.decode()
    assert "Im Auftrag von Vera Vermittlung." in page
    page = helper.post(create_url(assistance), filled(), follow=True).content.decode()
    assert ("Gespeichert: Begehung der Mensa" in page, "Von Ihnen eingetragen" in page) == (True, True)
    activity = Activity.objects.get()
    assert (activity.mediator, activity.entered_by) == (people.kiv, people.assistant)
    mediator = people.client("mediator")
    assert "im Auftrag erfasst" in mediator.get(reverse("activity_list")).content.decode()
    detail = mediator.get(reverse("activity_detail", args=[activity.pk])).content.decode()
    assert "Alma Assistenz, im Auftrag erfasst für Vera Vermittlung" in detail
    assert reverse("activity_edit", args=[activity.pk]) in detail


def test_the_next_entry_is_for_the_same_mediator(helper, assistance):
    assert helper.post(create_url(assistance), filled(next="1")).url == create_url(assistance) + "#meldungen"


def test_the_mediators_own_entries_are_marked_by_nobody(people: People, assistance):
    people.client("mediator").post(reverse("activity_create"), filled())
    assert Activity.objects.get().entered_by is None


def test_the_helper_changes_and_deletes_what_they_entered(helper, people: People, assistance):
    activity = entered(people)
    edit = reverse("activity_edit", args=[activity.pk])
    seen = helper.get(edit).context["form"]["seen"].value()
    answer = helper.post(edit, filled(title="Geändert", seen=seen))
    assert answer.url == reverse("assistance_given")
    activity.refresh_from_db()
    assert (activity.title, activity.entered_by) == ("Geändert", people.assistant)
    repeat = helper.get(reverse("activity_detail", args=[activity.pk])).context["repeat_url"]
    assert helper.get(repeat).context["form"]["title"].value() == "Geändert"
    assert helper.post(reverse("activity_delete", args=[activity.pk])).url == reverse("assistance_given")
    assert not Activity.objects.exists()


def test_a_closed_period_is_closed_for_the_helper_too(helper, people: People):
    activity = entered(people)
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )
    page = helper.get(reverse("activity_edit", args=[activity.pk]), follow=True).content.decode()
    assert "ist abgeschlossen" in page
    helper.post(reverse("activity_delete", args=[activity.pk]))
    assert Activity.objects.count() == 1


def test_the_helper_corrects_and_follows_up_what_they_entered_and_nothing_else(helper, people: People):
    mine = entered(people, follow_up_on=dt.date(2022, 4, 1))
    own = factories.make_activity(people.kiv, people.town, title="Eigener", follow_up_on=dt.date(2022, 4, 1))
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )
    page = helper.get(reverse("activity_detail", args=[mine.pk])).content.decode()
    correct = reverse("activity_correct", args=[mine.pk])
    assert (correct in page, "Erledigt" in page) == (True, True)
    assert reverse("assistance_given") in helper.get(correct).content.decode()
    page = helper.post(correct, {"text": "Die Dauer stimmt nicht."}, follow=True).content.decode()
    assert ("Die Dauer stimmt nicht." in page, "Alma Assistenz" in page) == (True, True)
    helper.post(reverse("activity_follow_up_done", args=[mine.pk]), {"bleiben": "1"})
    mine.refresh_from_db()
    assert mine.followed_up_at is not None
    for name in ("activity_correct", "activity_follow_up_done"):
        assert helper.post(reverse(name, args=[own.pk]), {"text": "Fremd"}).status_code == 404


def test_entries_of_a_helper_do_not_come_from_a_queue(helper, people: People, assistance):
    """They would be the mediator's own, with no word of who entered them."""
    for_mediator = f"?fuer={assistance.pk}"
    sent = filled(account=people.assistant.pk)
    assert helper.post(reverse("activity_send") + for_mediator, sent).status_code == 403
    assert helper.get(reverse("offline_data") + for_mediator).status_code == 403
    assert not Activity.objects.exists()


def test_nothing_else_is_there_for_the_helper(helper, people: People, assistance):
    own = factories.make_activity(
        people.kiv, people.town, title="Geheimer Titel", place="Geheimer Ort", internal_note="Geheim"
    )
    pages = [reverse("start"), reverse("assistance_given"), create_url(assistance)]
    for url in pages:
        assert "Geheim" not in helper.get(url).content.decode()
    statuses = {
        name: helper.get(reverse(name, args=[own.pk])).status_code
        for name in ("activity_detail", "activity_edit")
    }
    statuses["activity_delete"] = helper.post(reverse("activity_delete", args=[own.pk])).status_code
    assert set(statuses.values()) == {404}
    assert helper.get(f"{create_url(assistance)}&wie={own.pk}").context["form"]["title"].value() is None


def take_back(assistance: Assistance) -> None:
    Assistance.objects.filter(pk=assistance.pk).update(revoked_at=timezone.now())


def run_out(assistance: Assistance) -> None:
    yesterday = today() - dt.timedelta(days=1)
    Assistance.objects.filter(pk=assistance.pk).update(starts_on=yesterday, ends_on=yesterday)


@pytest.mark.parametrize("over", [take_back, run_out])
def test_it_is_over_at_once(helper, people: People, assistance, over):
    activity = entered(people)
    photo = ActivityPhoto.objects.create(
        activity=activity, image="x.jpg", preview="y.jpg", width=1, height=1, is_decorative=True,
        added_by=people.assistant,
    )  # fmt: skip
    urls = [
        create_url(assistance),
        reverse("assistance_given"),
        reverse("activity_detail", args=[activity.pk]),
        reverse("activity_edit", args=[activity.pk]),
        reverse("activity_photo_add", args=[activity.pk]),
        reverse("activity_photo_edit", args=[photo.pk]),
    ]
    assert {helper.get(url).status_code for url in urls} == {200}
    assert helper.get(reverse("trash_list")).status_code == 200
    over(assistance)
    assert {helper.get(url).status_code for url in urls} == {404}
    assert helper.get(reverse("trash_list")).status_code == 403
    assert helper.post(create_url(assistance), filled()).status_code == 404
    assert "keine Aufgabe im Portal" in helper.get(reverse("start")).content.decode()
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("wanted", ["", "abc", "-1", "0", "9" * 40, "%00", "1%20OR%201", "٣"])
def test_an_address_that_leads_nowhere(helper, people: People, wanted):
    url = f"{reverse('activity_create')}?fuer={wanted}"
    assert helper.get(url).status_code == 404
    assert people.client("mediator").get(url).status_code == 404


def test_nobody_enters_by_another_persons_assistance(people: People, assistance):
    statuses = {name: people.client(name).get(create_url(assistance)).status_code for name in People.NAMES}
    assert {name for name, status in statuses.items() if status == 200} == {"assistant"}
    assert statuses["stranger"] == statuses["mediator"] == 404


def test_who_may_change_what_a_helper_entered(people: People):
    activity = entered(people)
    granted = people.who(lambda user: user.has_perm("activities.change_activity", activity))
    assert granted == {"mediator", "assistant"}


def test_own_data_and_other_roles_stay(people: People):
    """A mediator who also helps somebody: the own log is the own one, the other by its address."""
    allowed = factories.make_assistance(people.stranger.mediator, people.mediator)
    factories.make_field()
    factories.make_kind()
    client = people.client("mediator")
    client.post(create_url(allowed), filled(title="Für andere"))
    client.post(reverse("activity_create"), filled(title="Für mich"))
    whose = dict(Activity.objects.values_list("title", "mediator__user__full_name"))
    assert whose == {"Für andere": "Fritz Fremd", "Für mich": "Vera Vermittlung"}
    answer = client.get(reverse("activity_list"))
    assert [row.title for row in answer.context["page"].rows] == ["Für mich"]
    assert "Im Auftrag erfassen" in answer.content.decode()  # the way to the other page


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_helpers_page(helper, people: People, number, django_assert_num_queries):
    for n in range(number):
        entered(people, title=f"Eintrag {n}")
    with django_assert_num_queries(6):
        assert "Eintrag 0" in helper.get(reverse("assistance_given")).content.decode()
