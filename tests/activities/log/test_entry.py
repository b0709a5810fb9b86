"""The quick and the whole entry: what it offers, what it understands, what it remembers."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Organisation
from municipalities.models import Municipality
from tests import factories

pytestmark = pytest.mark.django_db
NEW = "/aktivitaeten/neu/"


@pytest.fixture
def client(people):
    for code in ("bildung", "wohnen", "verkehr"):
        factories.make_field(code)
    factories.make_kind()
    factories.make_kind("sprechstunde", "Sprechstunde", 2)
    return people.client("mediator")


def quick(**changes):
    return {
        "title": "Sprechstunde im Rathaus",
        "day": "heute",
        "minutes": "90",
        "field": "wohnen",
        "kind": "sprechstunde",
        "description": "Fünf Menschen kamen.",
        "entry_key": str(uuid.uuid4()),
    } | changes


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_six_fields_are_enough(client, people):
    assert client.post(NEW, quick()).url == "/aktivitaeten/"
    activity = Activity.objects.get()
    assert (activity.day, activity.minutes, activity.travel_minutes) == (timezone.localdate(), 90, 0)
    assert (activity.people_reached, activity.expenses_cents, activity.place) == (None, 0, "")


def test_a_new_entry_starts_today_with_the_last_choice(client, people):
    form = client.get(NEW).context["form"]
    assert (form["day"].value(), form["kind"].value(), form["field"].value()) == (
        f"{timezone.localdate():%d.%m.%Y}",
        "",
        "",
    )
    client.post(NEW, quick(day="1.3.2022"))
    client.post(NEW, quick(day="1.2.2022", title="Früher", kind="begehung", field="quer"))  # caught up later
    form = client.get(NEW).context["form"]
    assert (form["day"].value(), form["kind"].value(), form["field"].value()) == (
        f"{timezone.localdate():%d.%m.%Y}",
        "begehung",
        "quer",
    )
    assert form["minutes"].value() is None


def test_own_titles_and_the_places_of_the_town_are_suggested(client, people):
    colleague = factories.make_mediator(factories.make_user("Kai Kollege"), people.town)
    factories.make_activity(people.kiv, people.town, title="Eigener Titel", place="Bahnhof")
    factories.make_activity(people.kiv, people.town, title="Eigener Titel")
    factories.make_activity(colleague, people.town, title="Fremder Titel", place="Rathaus")
    factories.make_activity(
        people.stranger.mediator, people.other_town, title="Herrenberg", place="Stiftskirche"
    )
    response = client.get(NEW)
    assert response.context["form"].suggestions == {
        "title": ["Eigener Titel"],
        "place": ["Bahnhof", "Rathaus"],
    }
    page = response.content.decode()
    assert '<option value="Eigener Titel">' in page
    assert "Fremder Titel" not in page
    assert "Stiftskirche" not in page


@pytest.mark.parametrize(
    ("written", "chip", "minutes"),
    [("", "45", 45), ("1,5 Std.", "15", 90), (" ", "120", 120), ("1h30", "", 90), ("90", "", 90)],
)
def test_what_is_written_counts_more_than_the_chip(client, written, chip, minutes):
    client.post(NEW, quick(minutes=written, minutes_chip=chip))
    assert Activity.objects.get().minutes == minutes


def test_neither_written_nor_chosen_asks_once(client):
    assert errors_of(client.post(NEW, quick(minutes=""))) == {
        "minutes": ["Bitte geben Sie an, wie lange es gedauert hat."]
    }


def test_save_and_next_leads_to_an_empty_entry(client):
    response = client.post(NEW, quick() | {"next": "1"}, follow=True)
    assert response.redirect_chain == [(f"{NEW}#meldungen", 302)]
    assert "Gespeichert: Sprechstunde im Rathaus" in response.content.decode()
    form = response.context["form"]
    assert (form["title"].value(), form["kind"].value()) == (None, "sprechstunde")
    assert "autofocus" not in str(form["title"])  # the message is read first
    assert "autofocus" in str(client.get(NEW).context["form"]["title"])


def test_repeating_takes_over_what_is_the_same_each_time(client, people):
    office = factories.make_organisation("Sozialamt")
    source = factories.make_activity(
        people.kiv,
        people.town,
        place="Bürgersaal",
        further_fields=["wohnen"],
        travel_minutes=20,
        description="Das war nur damals so.",
        internal_note="Nur damals",
        people_reached=7,
        result="done",
    )
    source.organisations.add(office)
    form = client.get(f"{NEW}?wie={source.pk}").context["form"]
    got = {
        name: form[name].value() for name in ("title", "minutes", "place", "travel_minutes", "field", "kind")
    }
    assert got == {
        "title": source.title,
        "minutes": "1:30 h",
        "place": "Bürgersaal",
        "travel_minutes": "20 Minuten",
        "field": "bildung",
        "kind": "begehung",
    }
    assert (form["day"].value(), form["organisations"].value()) == (
        f"{timezone.localdate():%d.%m.%Y}",
        [office.pk],
    )
    assert [form[name].value() for name in ("description", "internal_note", "people_reached", "result")] == [
        None,
        None,
        None,
        None,
    ]
    assert form.shows_details


@pytest.mark.parametrize("wanted", ["x", "-1", "%00", "9" * 18, "9" * 5000, "²", "٣"])
def test_repeating_what_is_not_there_gives_an_empty_entry(client, wanted):
    response = client.get(f"{NEW}?wie={wanted}")
    assert (response.status_code, response.context["form"]["title"].value()) == (200, None)


def test_nobody_repeats_what_others_did(client, people):
    theirs = factories.make_activity(people.stranger.mediator, people.other_town, title="Geheim")
    assert "Geheim" not in client.get(f"{NEW}?wie={theirs.pk}").content.decode()


def test_all_details_are_stored_and_shown(client, people):
    office, concern = factories.make_organisation("Bauamt"), factories.make_concern(people.town)
    client.post(
        NEW,
        quick(
            place="Marktplatz",
            organisations=[office.pk],
            new_organisations="bauamt\n VdK  Ortsverband \r\nvdk ortsverband\n",
            people_reached="ca. 10 bis 20 Personen",
            further_fields=["bildung", "wohnen"],
            result="passed_on",
            result_note="An das Straßenamt",
            follow_up_on="1.12.2199",
            concern=concern.pk,
            travel_minutes="40",
            expenses="12,5 €",
            internal_note="Beim nächsten Mal früher anrufen.",
        ),
    )
    activity = Activity.objects.get()
    assert sorted(str(o) for o in activity.organisations.all()) == ["Bauamt", "VdK Ortsverband"]
    assert (activity.people, activity.further_fields) == ((10, 20, True), ["bildung"])
    assert (activity.travel_minutes, activity.expenses_cents, activity.concern) == (40, 1250, concern)
    page = client.get(reverse("activity_detail", args=[activity.pk])).content.decode()
    for shown in (
        "Marktplatz",
        "Bauamt, VdK Ortsverband",
        "ca. 10 bis 20",
        "weitergegeben: An das Straßenamt",
        "Wiedervorlage am 01.12.2199",
        "Bordstein an der Kreuzung",
        "dazu 40 Minuten Fahrzeit",
        "12,50 Euro",
        "Beim nächsten Mal früher anrufen.",
    ):
        assert shown in page
    form = client.get(reverse("activity_edit", args=[activity.pk])).context["form"]
    values = {name: form[name].value() for name in ("people_reached", "expenses", "organisations")}
    assert values["people_reached"] == "ca. 10 bis 20"
    assert values["expenses"] == "12,50"
    assert sorted(values["organisations"]) == sorted(activity.organisations.values_list("pk", flat=True))


def test_changing_details_keeps_the_others(client, people):
    client.post(NEW, quick(people_reached="10-20", expenses="3", travel_minutes="15", place="Rathaus"))
    activity = Activity.objects.get()
    edit = reverse("activity_edit", args=[activity.pk])
    form = client.get(edit).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    data["title"] = "Neuer Titel"
    assert client.post(edit, data).url == "/aktivitaeten/"
    changed = Activity.objects.get()
    assert (changed.title, changed.people, changed.expenses_cents, changed.travel_minutes, changed.place) == (
        "Neuer Titel",
        (10, 20, False),
        300,
        15,
        "Rathaus",
    )


def test_a_name_that_two_people_add_is_there_once(client, people):
    factories.make_organisation("Straßenbauamt")
    for name in ("STRASSENBAUAMT", "straßenbauamt", "Lebenshilfe", "LEBENSHILFE"):
        client.post(NEW, quick(title=name, new_organisations=name))
    assert sorted(Organisation.objects.values_list("name", flat=True)) == [
        "Lebenshilfe",
        "STRASSENBAUAMT",
        "Straßenbauamt",
    ]


def test_organisations_of_another_county_are_neither_offered_nor_taken(client, people):
    foreign = factories.make_organisation("Amt in Calw", factories.make_county("08235", "Landkreis Calw"))
    assert "Amt in Calw" not in client.get(NEW).content.decode()
    response = client.post(NEW, quick(organisations=[foreign.pk]))
    assert list(errors_of(response)) == ["organisations"]
    client.post(NEW, quick(new_organisations="Amt in Calw"))
    assert Activity.objects.get().organisations.get() != foreign


def test_of_a_long_list_the_usual_ones_are_offered(client, people):
    usual = factories.make_organisation("Amt 99")
    factories.make_activity(people.kiv, people.town).organisations.add(usual)
    for number in range(30):
        last = factories.make_organisation(f"Amt {number}")
    form = client.get(NEW).context["form"]
    assert [name for _, name in form.fields["organisations"].choices] == ["Amt 99"]
    again = client.post(NEW, quick(title="", organisations=[last.pk])).context["form"]
    assert [name for _, name in again.fields["organisations"].choices] == ["Amt 29", "Amt 99"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("people_reached", "20 bis 10", "steht die größere Zahl hinten"),
        ("people_reached", "100.001", "höchstens 100.000 Personen"),
        ("people_reached", "9" * 5000, "Bitte geben Sie eine ganze Zahl ein"),
        ("travel_minutes", "weit", "Diese Dauer verstehen wir nicht"),
        ("expenses", "viel", "Diesen Betrag verstehen wir nicht"),
        ("expenses", "10.000,01", "höchstens 10.000 Euro"),
        ("expenses", "-3", "Diesen Betrag verstehen wir nicht"),
        ("result_note", "", "warum oder an wen"),
        ("follow_up_on", "demnächst", "Dieses Datum verstehen wir nicht"),
        ("place", "x" * 201, "200"),
        ("place", "\u202e", "unsichtbare Zeichen"),
        ("internal_note", "x" * 5001, "5000"),
        ("new_organisations", "\n".join(f"Amt {n}" for n in range(11)), "höchstens 10 Namen"),
        ("new_organisations", "A" * 151, "höchstens 150 Zeichen"),
        ("organisations", "99999999999999999999", "aus dieser Liste"),
        ("concern", "99999999999999999999", "aus"),
        ("minutes_chip", "7", "aus der Liste"),
        ("title", "Titel\x00", "unsichtbare Zeichen"),
    ],
)
def test_details_that_cannot_be_get_a_sentence_at_their_field(client, field, value, sentence):
    data = quick(result="refused", result_note="Kein Geld") | {field: value}
    response = client.post(NEW, data)
    errors = errors_of(response)
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    assert response.context["form"].shows_details or field in ("title", "minutes_chip")
    assert Activity.objects.count() == 0
    assert Organisation.objects.count() == 0


def test_more_than_24_hours_on_one_day_says_how_much_is_there(client, people):
    factories.make_activity(people.kiv, people.town, minutes=1200, travel_minutes=90)
    entry = quick(day="1.3.2022", minutes="3h", travel_minutes="")
    assert errors_of(client.post(NEW, entry)) == {
        "minutes": [
            "Ein Tag hat 24 Stunden. Für den 01.03.2022 sind schon 21 Stunden 30 Minuten erfasst, "
            "mit dieser Aktivität wären es 24 Stunden 30 Minuten."
        ]
    }
    assert client.post(NEW, entry | {"minutes": "2h30"}).status_code == 302
    alone = quick(day="1.3.2022", minutes="23h", travel_minutes="2h")
    assert errors_of(client.post(NEW, alone)) == {
        "minutes": ["Dauer und Fahrzeit zusammen sind mehr als 24 Stunden."]
    }


def test_a_long_day_sent_twice_is_stored_once(client):
    entry = quick(minutes="13h")
    entry["privacy_checked"] = client.post(NEW, entry).context["form"].privacy_seen
    assert [client.post(NEW, entry).status_code for _ in range(2)] == [302, 302]
    assert Activity.objects.count() == 1


def test_a_concern_belongs_to_the_town_of_the_activity(client, people):
    factories.make_mediator(people.mediator, people.other_town)
    elsewhere = factories.make_concern(people.other_town, title="Aufzug am Bahnhof")
    closed = factories.make_concern(
        people.town, state="done", closed_at=timezone.now(), title="Längst umgesetzt"
    )
    foreign = factories.make_concern(factories.make_town("Weissach", "08115051"), title="Fremdes Anliegen")
    page = client.get(NEW).content.decode()
    assert ["Aufzug am Bahnhof" in page, closed.title in page, foreign.title in page] == [True, False, False]
    wrong = quick(municipality=people.town.pk, concern=elsewhere.pk)
    assert errors_of(client.post(NEW, wrong)) == {
        "concern": [
            "Dieses Anliegen gehört zu einer anderen Kommune. Bitte wählen Sie eines aus der Kommune der Aktivität."
        ]
    }
    for unknown in (closed, foreign):
        assert list(errors_of(client.post(NEW, wrong | {"concern": unknown.pk}))) == ["concern"]


def test_a_concern_that_was_closed_meanwhile_stays_linked(client, people):
    closed = factories.make_concern(people.town, state="done", closed_at=timezone.now())
    activity = factories.make_activity(people.kiv, people.town, concern=closed)
    form = client.get(reverse("activity_edit", args=[activity.pk])).context["form"]
    assert closed.pk in [pk for pk, _ in form.fields["concern"].choices]


def test_who_reads_the_internal_note(client, people):
    helper = people.newcomer
    factories.make_assistance(people.kiv, helper)
    activity = factories.make_activity(
        people.kiv, people.town, internal_note="Unter uns gesagt", entered_by=helper
    )
    page = reverse("activity_detail", args=[activity.pk])
    answers = {name: people.client(name).get(page) for name in people.NAMES}
    seen = {name for name, answer in answers.items() if answer.status_code == 200}
    readers = {name for name in seen if "Unter uns gesagt" in answers[name].content.decode()}
    assert seen == {"coordinator", "contact", "mediator", "newcomer"}
    assert readers == {"coordinator", "mediator", "newcomer"}


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_asks_the_database_the_same_few_times(client, people, number):
    for n in range(number):
        activity = factories.make_activity(people.kiv, people.town, place=f"Ort {n}", title=f"Titel {n}")
        activity.organisations.add(factories.make_organisation(f"Amt {n}"))
        factories.make_concern(people.town)
    for address in (NEW, f"{NEW}?wie={activity.pk}", f"/aktivitaeten/{activity.pk}/bearbeiten/"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        queries = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
        assert len(queries) == 12, (address, "\n".join(queries))


def test_a_day_before_the_appointment_and_a_wrong_detail_are_said_together(client):
    errors = errors_of(client.post(NEW, quick(day="1.3.2021", result="refused", minutes="25h")))
    assert sorted(errors) == ["day", "minutes", "result_note"]
    assert dt.date(2021, 3, 1) < factories.START


# --- towns in two counties


@pytest.fixture
def calw(client, people):
    town = Municipality.objects.get(slug="calw")
    factories.make_mediator(people.mediator, town)
    factories.make_field("bildung", town.county)
    town.county.fields.create(code="tourismus", name="Urlaub für alle", short="Ur", articles=[], position=9)
    town.county.kinds.create(code="hausbesuch", name="Hausbesuch", position=1)
    town.county.kinds.create(code="begehung", name="Ortstermin", position=2)
    return town


def test_the_form_offers_what_the_towns_counties_have(client, calw):
    form = client.get(NEW).context["form"]
    assert dict(form.fields["kind"].choices) == {
        "": "Bitte wählen",
        "begehung": "Begehung / Ortstermin",
        "sprechstunde": "Sprechstunde",
        "hausbesuch": "Hausbesuch",
    }
    assert {"bildung", "wohnen", "tourismus", "quer"} <= set(dict(form.fields["field"].choices))


def test_codes_mean_what_they_mean_in_the_chosen_town(client, people, calw):
    codes = {"field": "bildung", "kind": "begehung", "day": "1.3.2022", "minutes": "30"}
    for town in (people.town, calw):
        client.post(NEW, quick(municipality=town.pk, title=town.name, **codes))
    stored = Activity.objects.order_by("pk").values_list("title", "field__county", "kind__name")
    assert list(stored) == [("Leonberg", "08115", "Begehung"), ("Calw", "08235", "Ortstermin")]


def test_what_the_towns_county_does_not_have_is_refused(client, people, calw):
    only_calw = {"field": "tourismus", "kind": "hausbesuch", "further_fields": ["bildung", "tourismus"]}
    errors = errors_of(client.post(NEW, quick(municipality=people.town.pk, **only_calw)))
    again = "gibt es im Landkreis Böblingen nicht. Bitte wählen Sie noch einmal."
    assert errors == {"field": [f"„Urlaub für alle“ {again}"], "kind": [f"„Hausbesuch“ {again}"]}
    further = {"field": "bildung", "kind": "hausbesuch", "further_fields": ["wohnen", "tourismus"]}
    errors = errors_of(client.post(NEW, quick(municipality=calw.pk, **further)))
    again = "gibt es im Landkreis 08235 nicht. Bitte wählen Sie noch einmal."
    assert errors == {"further_fields": [f"„Leben und Wohnen“ {again}"]}
    assert not Activity.objects.exists()


def test_an_entry_opens_as_it_was_stored(client, people, calw):
    entry = factories.make_activity(
        people.kiv, calw, kind="hausbesuch", field=None, further_fields=["tourismus"]
    )
    form = client.get(reverse("activity_edit", args=[entry.pk])).context["form"]
    assert [form[name].value() for name in ("kind", "field", "further_fields")] == [
        "hausbesuch",
        "quer",
        ["tourismus"],
    ]
    again = client.get(f"{NEW}?wie={entry.pk}").context["form"]
    assert [again[name].value() for name in ("kind", "field")] == ["hausbesuch", "quer"]
    page = client.get(reverse("activity_detail", args=[entry.pk])).content.decode()
    assert "Urlaub für alle" in page
    assert "field-sign--other" in page  # a code without a colour of its own


# --- what people say of time


@pytest.mark.parametrize(
    ("sent", "starts_at", "minutes"),
    [
        ({"minutes": "14:30–16 Uhr"}, dt.time(14, 30), 90),
        ({"minutes": "14-16 Uhr", "starts_at": "14 Uhr"}, dt.time(14), 120),
        ({"minutes": "90", "starts_at": "9.15"}, dt.time(9, 15), 90),
        ({"minutes": "anderthalb Stunden"}, None, 90),
        ({"minutes": "2", "minutes_asked": "2", "minutes_meant": "2 Stunden"}, None, 120),
    ],
)
def test_duration_and_beginning_are_read_from_what_was_written(client, sent, starts_at, minutes):
    client.post(NEW, quick(**sent))
    activity = Activity.objects.get()
    assert (activity.starts_at, activity.minutes) == (starts_at, minutes)


def test_two_beginnings_are_asked_about(client):
    page = client.post(NEW, quick(minutes="14-16 Uhr", starts_at="15:00"))
    assert errors_of(page) == {
        "starts_at": ["Oben bei der Dauer beginnt es um 14:00 Uhr, hier um 15:00 Uhr. Was ist richtig?"]
    }


def test_the_box_of_the_beginning_follows_a_new_duration(client, people):
    activity = factories.make_activity(people.kiv, people.town, starts_at=dt.time(14), minutes=120)
    form = client.get(f"/aktivitaeten/{activity.pk}/bearbeiten/").context["form"]
    shown = {name: value for name in form.fields if (value := form[name].value())}
    assert (shown["starts_at"], shown["minutes"]) == ("14:00", "2:00 h")
    page = client.post(f"/aktivitaeten/{activity.pk}/bearbeiten/", shown | {"minutes": "15-16 Uhr"})
    assert page.status_code == 302, errors_of(page)
    activity.refresh_from_db()
    assert (activity.starts_at, activity.minutes) == (dt.time(15), 60)


def test_it_says_what_was_understood_and_leads_on(client):
    page = client.post(NEW, quick(title="<Treffen>", minutes="14-15:30 Uhr"), follow=True).content.decode()
    pk = Activity.objects.get().pk
    assert "Gespeichert: &lt;Treffen&gt;, heute, ab 14:00 Uhr, 1 Stunde 30 Minuten." in page
    for path in (
        f"/aktivitaeten/{pk}/bearbeiten/",
        f"/aktivitaeten/{pk}/fotos/neu/",
    ):
        assert f'<a href="{path}">' in page
    undo = f"/aktivitaeten/{pk}/loeschen/"
    assert f'formaction="{undo}">Rückgängig</button>' in page
    client.post(undo)
    assert not Activity.objects.exists()


def test_a_change_is_not_undone_by_a_deletion(client, people):
    edit = reverse("activity_edit", args=[factories.make_activity(people.kiv, people.town).pk])
    seen = client.get(edit).context["form"]["seen"].value()
    page = client.post(edit, quick(day="1.3.2022", seen=seen), follow=True).content.decode()
    assert ("Geändert: " in page, "Rückgängig" in page) == (True, False)


# --- back to the list as it was left


def test_after_saving_one_is_back_in_the_same_list(client, people):
    for minutes in (15, 30):
        factories.make_activity(people.kiv, people.town, minutes=minutes)
    activity = Activity.objects.first()
    left = "/aktivitaeten/?sort=oldest&q=begehung"
    assert client.get(left).status_code == 200
    for path in (f"/aktivitaeten/{activity.pk}/", f"/aktivitaeten/{activity.pk}/bearbeiten/"):
        assert f'href="{left.replace("&", "&amp;")}"' in client.get(path).content.decode()
    form = client.get(f"/aktivitaeten/{activity.pk}/bearbeiten/").context["form"]
    shown = {name: value for name in form.fields if (value := form[name].value())}
    assert client.post(f"/aktivitaeten/{activity.pk}/bearbeiten/", shown).url == left
    client.get("/aktivitaeten/")  # the whole list, seen later, is where one came from then
    assert client.post(NEW, quick()).url == "/aktivitaeten/"


def test_no_address_is_kept_without_end(client, people):
    factories.make_activity(people.kiv, people.town)
    client.get("/aktivitaeten/", {"q": "x" * 3000})
    assert client.post(NEW, quick()).url == "/aktivitaeten/"
