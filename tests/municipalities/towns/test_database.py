"""What the database refuses, whoever asks: no form, no view, only rows."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from kiv_portal.accounts.models import User
from municipalities.models import CooperationAgreement, Municipality
from tests import factories

pytestmark = pytest.mark.django_db


def refuses(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize("ags", ["0811502", "081150281", "0811502x", "O8115028"])
def test_ags_is_eight_digits(ags):
    county = factories.make_county()
    with pytest.raises(DatabaseError, match=r"municipality_ags|too long"), transaction.atomic():
        Municipality.objects.bulk_create(
            [Municipality(ags=ags, county=county, name="X", slug="x", kind="town")]
        )


def test_ags_belongs_to_its_county():
    county = factories.make_county()
    with refuses("municipality_ags_of_its_county"), transaction.atomic():
        Municipality.objects.create(ags="08235085", county=county, name="Calw", slug="calw", kind="town")


def test_wrong_ags_gets_a_sentence():
    town = Municipality(ags="08235085", county=factories.make_county(), name="Calw", slug="calw", kind="town")
    with pytest.raises(ValidationError, match="gehört nicht zu diesem Landkreis"):
        town.full_clean()


def test_term_cannot_be_reversed():
    with pytest.raises(DatabaseError, match=r"ends_after_start|range lower bound"):
        factories.make_agreement(factories.make_town(), ends_on=dt.date(2020, 1, 1))


def test_reversed_term_gets_a_sentence_at_the_field():
    agreement = CooperationAgreement(
        municipality=factories.make_town(), starts_on=dt.date(2022, 1, 1), ends_on=dt.date(2021, 1, 1)
    )
    with pytest.raises(ValidationError) as caught:
        agreement.full_clean()
    assert caught.value.message_dict == {"ends_on": ["Das Ende liegt vor dem Beginn."]}


def test_agreements_of_a_town_do_not_overlap():
    town = factories.make_town()
    first = factories.make_agreement(town, ends_on=dt.date(2022, 9, 30))
    with refuses("agreement_no_overlap"), transaction.atomic():
        factories.make_agreement(town, starts_on=first.ends_on)
    factories.make_agreement(town, starts_on=first.ends_on + dt.timedelta(days=1))
    factories.make_agreement(factories.make_town("Herrenberg", "08115021"))


def test_overlapping_agreement_gets_a_sentence():
    town = factories.make_town()
    factories.make_agreement(town)
    with pytest.raises(ValidationError, match="schon eine Kooperationsvereinbarung"):
        CooperationAgreement(municipality=town, starts_on=dt.date(2022, 1, 1)).full_clean()


def test_roles_of_one_person_do_not_overlap(people):
    with refuses("contact_no_overlap"), transaction.atomic():
        factories.make_contact(people.contact, people.town)
    with refuses("councillor_no_overlap"), transaction.atomic():
        factories.make_councillor(people.councillor, people.town)


def test_email_is_stored_in_lower_case():
    assert factories.make_user("Anna").email == "anna@kiv.example"
    with refuses("user_email_lower_case"), transaction.atomic():
        User.objects.bulk_create([User(email="Anna.Groß@kiv.example", full_name="Anna")])


def test_history_is_written_for_bulk_changes_and_cannot_be_changed():
    agreement = factories.make_agreement(factories.make_town())
    CooperationAgreement.objects.filter(pk=agreement.pk).update(reference="AZ 7")
    CooperationAgreement.objects.filter(pk=agreement.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_label, reference FROM municipalities_cooperationagreementevent ORDER BY pgh_id"
        )
        assert cursor.fetchall() == [("insert", ""), ("update", "AZ 7"), ("delete", "AZ 7")]
        for statement in ("UPDATE {} SET reference = 'x'", "DELETE FROM {}"):
            with pytest.raises(DatabaseError, match=r"[Cc]annot"), transaction.atomic():
                cursor.execute(statement.format("municipalities_cooperationagreementevent"))


def test_in_force_counts_both_ends():
    agreement = factories.make_agreement(factories.make_town(), ends_on=factories.END)
    day = dt.timedelta(days=1)
    found = [
        CooperationAgreement.objects.in_force_on(moment).exists()
        for moment in (factories.START - day, factories.START, factories.END, factories.END + day)
    ]
    assert found == [False, True, True, False]
    assert agreement.holds_on(factories.END)
