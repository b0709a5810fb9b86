import pytest
from django.core.management import call_command

from municipalities.models import ActivityKind, County, FieldOfAction, Municipality
from municipalities.programme.load import load_programme


@pytest.mark.django_db
def test_ten_towns_of_one_county():
    county = load_programme()
    assert (county.key, county.administration) == ("08115", "Landratsamt Böblingen")
    towns = {town.slug: town for town in county.municipalities.all()}
    assert set(towns) == {
        "leonberg", "rutesheim", "weil-der-stadt", "aidlingen", "holzgerlingen",
        "ehningen", "gaertringen", "nufringen", "herrenberg", "jettingen",
    }  # fmt: skip
    assert towns["leonberg"].ags == "08115028"
    assert towns["leonberg"].get_kind_display() == "Große Kreisstadt"
    assert towns["rutesheim"].council_seats is None  # not found, so not guessed
    assert all(town.population and town.population_on for town in towns.values())
    for town in towns.values():
        town.full_clean()


@pytest.mark.django_db
def test_fields_and_kinds_in_their_order():
    load_programme()
    assert list(FieldOfAction.objects.values_list("code", "short", "articles")) == [
        ("bildung", "Bi", [24]),
        ("arbeit", "Ar", [27, 30]),
        ("wohnen", "Wo", [19, 28]),
        ("verkehr", "Ve", [9, 20]),
        ("gesundheit", "Ge", [25, 26]),
    ]
    assert [kind.name for kind in ActivityKind.objects.all()] == [
        "Begehung", "Beratung", "Vermittlung", "Stellungnahme", "Sprechstunde",
        "Veranstaltung", "Gremienarbeit", "Öffentlichkeitsarbeit", "Vernetzung", "Qualifizierung",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_second_run_changes_nothing(capsys):
    def everything():
        models = (County, Municipality, FieldOfAction, ActivityKind)
        return [list(model.objects.order_by("pk").values()) for model in models]

    call_command("load_programme")
    before = everything()
    call_command("load_programme")
    assert everything() == before
    assert capsys.readouterr().out.count("Landkreis Böblingen: 10 towns") == 2


@pytest.mark.django_db
def test_the_file_corrects_the_database():
    load_programme()
    Municipality.objects.filter(slug="leonberg").update(name="Löwenberg")
    load_programme()
    assert Municipality.objects.get(ags="08115028").name == "Leonberg"
