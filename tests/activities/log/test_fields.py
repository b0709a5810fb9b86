"""The table of an entry's fields: whole, without contradictions, and read by everybody who says so."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import models
from django.db.models import CharField, TextField

from activities.imports.columns import BY_KEY, guess_target
from activities.interface.api import ActivityOut
from activities.log.fields import BY_NAME, FIELDS, GUARDED, SEARCHED, Part, asked_in, form_order
from activities.log.forms import ActivityForm
from activities.models import Activity
from activities.search.exports import columns
from municipalities.programme.queries import Codes
from reports.steps.freezing import snapshot_of
from tests import factories
from tests.people import People

NO_FIELDS = Codes([])


def model_fields() -> dict[str, models.Field]:
    return {field.name: field for field in (*Activity._meta.concrete_fields, *Activity._meta.many_to_many)}


@pytest.mark.parametrize("name", model_fields())
def test_every_field_of_the_model_has_a_row(name: str) -> None:
    assert name in BY_NAME, (
        f"Activity.{name} has no row in activities/log/fields.py. Add one: its label, and who may read it. What the "
        'row does not say is no. CONTRIBUTING.md, "A field of an activity", names the other files.'
    )


def test_no_row_is_left_over_or_there_twice() -> None:
    assert sorted(field.name for field in FIELDS) == sorted(model_fields())


@pytest.mark.parametrize("field", [field for field in FIELDS if field.label], ids=lambda field: field.name)
def test_a_row_calls_its_field_as_the_model_does(field) -> None:
    assert field.label == model_fields()[field.name].verbose_name or field.name == "organisations"


def test_a_public_text_is_guarded_and_nothing_else() -> None:
    texts = {
        name
        for name, field in model_fields().items()
        if isinstance(field, CharField | TextField) and not field.choices
    }
    assert set(GUARDED) == {name for name in texts if BY_NAME[name].is_public}
    assert set(SEARCHED) <= set(GUARDED)  # the internal note is found by nobody


def test_inner_fields_go_nowhere_else() -> None:
    inner = {field.name for field in FIELDS if field.is_inner}
    assert inner == {"expenses_cents", "internal_note"}
    assert not [field.name for field in FIELDS if field.is_inner and (field.is_public or field.is_searched)]
    assert not [field.name for field in FIELDS if field.annex and not field.is_public]


@pytest.mark.django_db
def test_the_annex_of_a_report_holds_what_the_table_says(people: People) -> None:
    factories.make_activity(people.kiv, people.town)
    snapshot = snapshot_of(factories.make_report(people.town), dated=dt.date(2022, 10, 1))
    (listed,) = snapshot.activities
    assert {part.name for part in dataclasses.fields(listed)} == {
        field.annex for field in FIELDS if field.annex
    }


def test_columns_of_an_export_are_the_tables_and_have_names_of_their_own() -> None:
    headings = [column.heading.name for column in columns(NO_FIELDS, shows_inner=True)]
    assert sorted(headings) == sorted({column.heading for field in FIELDS for column in field.exported})
    assert headings[-2:] == ["Auslagen in Euro", "Interne Notiz"]
    assert [column.heading.name for column in columns(NO_FIELDS)] == headings[:-2]


def test_an_import_knows_every_column_by_its_label_and_each_of_its_words() -> None:
    expected = {target.key for target in BY_KEY.values()}
    assert {guess_target(target.label) for target in BY_KEY.values()} == expected
    for target in BY_KEY.values():
        assert {guess_target(word) for word in target.words} == {target.key}


def test_the_interface_says_what_the_table_says() -> None:
    shown = {field.shown.name or field.name for field in FIELDS if field.shown}
    assert set(ActivityOut.model_fields) == shown
    assert not shown & {"mediator", "entered_by", "internal_note", "followed_up_at"}


@pytest.mark.django_db
def test_the_form_asks_what_the_table_says_in_its_order(people: People) -> None:
    factories.make_mediator(people.mediator, people.other_town)  # two towns: else the form does not ask
    form = ActivityForm(mediator=people.kiv)
    assert tuple(form.fields) == (*form_order(), "seen", "entry_key")
    asked = [field.name for part in Part for field in asked_in(part)]
    assert set(asked) == {field.name for field in FIELDS if field.asked}
    assert form.fields["place"].help_text == "Zum Beispiel Rathaus oder Bahnhof."
    rows = [[box.name for box in row] for _, rows in form.details() for row in rows]
    assert ["travel_minutes", "expenses"] in rows
    assert ["concern"] not in rows  # nothing to choose
    assert [heading for heading, _ in form.details()] == [part.value for part in Part if part]
