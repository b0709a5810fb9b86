import unicodedata
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from municipalities.models import ActivityKind, County, FieldOfAction, Municipality
from municipalities.programme.file import ProgrammeRefused
from municipalities.programme.load import load_programme
from tests import factories


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


# --- other files

CALW = Path(__file__).with_name("calw.toml")
SMALL = """
[county]
key = "08235"
name = "Landkreis Calw"
administration = "Landratsamt Calw"

[[municipalities]]
ags = "08235085"
name = "Calw"
kind = "large_town"

[[fields]]
code = "bildung"
name = "Lernen"
short = "Le"

[[fields]]
code = "wohnen"
name = "Wohnen"
short = "Wo"
articles = [19]

[[kinds]]
code = "begehung"
name = "Ortstermin"
"""


@pytest.fixture
def load(tmp_path: Path):
    """`load(text)`: load a file with this text; gives what was told."""

    def loaded(text: str) -> list[str]:
        (tmp_path / "county.toml").write_text(text, encoding="utf-8")
        told: list[str] = []
        load_programme(tmp_path / "county.toml", tell=told.append)
        return told

    return loaded


def refusals(load, text: str) -> list[str]:
    with pytest.raises(ProgrammeRefused) as caught:
        load(text)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.django_db
def test_a_second_county_changes_no_row_of_the_first():
    load_programme()

    def first():
        county = County.objects.get(key="08115")
        related = (county.municipalities, county.fields, county.kinds, county.proposal_templates)
        return [list(rows.order_by("pk").values()) for rows in related]

    before = first()
    calw = load_programme(CALW)
    assert first() == before
    assert [kind.code for kind in calw.kinds.all()][:3] == ["stellungnahme", "begehung", "hausbesuch"]
    assert calw.kinds.get(code="begehung").name == "Ortstermin im Nordschwarzwald"
    assert [field.short for field in calw.fields.all()] == ["GC", "Le", "Ar", "Ur", "Wo", "BB"]
    assert calw.municipalities.get(name="Nagold").population is None
    assert calw.proposal_templates.get().text.startswith("1. Der Gemeinderat nimmt den Bericht aus")


@pytest.mark.django_db
def test_a_minimal_file_is_enough(load):
    assert load(SMALL) == []
    calw = County.objects.get()
    assert list(calw.fields.values_list("code", "articles", "position")) == [
        ("bildung", [], 1),
        ("wohnen", [19], 2),
    ]
    assert not calw.proposal_templates.exists()


EVERYTHING = """
[county]
key = "08235"
name = "Landkreis Calw"
administration = "Landratsamt Calw"
population = 161_238
population_on = 2020-12-31

[[municipalities]]
ags = "08235085"
name = "Bad Süß Ääß"
kind = "village"
population = 10_000_000
population_on = 2019-12-31
latitude = "48.5"
longitude = "-180"
council_seats = 200

[[fields]]
code = "bildung"
name = "Lernen"
short = "Le"
articles = [1, 50]

[[kinds]]
code = "begehung"
name = "Ortstermin"
"""


@pytest.mark.django_db
def test_every_key_of_the_file_is_stored(load):
    load(EVERYTHING)
    county = County.objects.get()
    assert (county.name, county.administration, county.population, str(county.population_on)) == (
        *("Landkreis Calw", "Landratsamt Calw", 161_238, "2020-12-31"),
    )
    town = county.municipalities.get()
    assert (town.ags, town.name, town.slug, town.kind, town.council_seats) == (
        *("08235085", "Bad Süß Ääß", "bad-suess-aeaess", "village", 200),
    )
    assert (town.population, str(town.population_on)) == (10_000_000, "2019-12-31")
    assert (float(town.latitude), float(town.longitude)) == (48.5, -180.0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            "= 10_000_000",
            "= 10_000_001",
            "population is 10000001, expected: a whole number from 1 to 10000000",
        ),
        ("= 161_238", "= 0", "[county]: population is 0, expected: a whole number from 1 to 10000000"),
        ('"48.5"', '"90.1"', 'latitude is "90.1", expected: degrees like "48.80139", from -90 to 90'),
        ('"-180"', '"180.1"', 'longitude is "180.1", expected: degrees like "48.80139", from -180 to 180'),
        ("= 200", "= 201", "council_seats is 201, expected: a whole number from 1 to 200"),
        ("= 200", "= 0", "council_seats is 0, expected: a whole number from 1 to 200"),
        ("[1, 50]", "[0]", "articles is [0], expected: a list of whole numbers from 1 to 50"),
        ("[1, 50]", "[51]", "articles is [51], expected: a list of whole numbers from 1 to 50"),
        ('"Le"', '"Len"', 'short is "Len", expected: a text in quotation marks, at most 2 characters'),
        ('"Lernen"', f'"{"x" * 61}"', "expected: a text in quotation marks, at most 60 characters"),
        ('"Ortstermin"', f'"{"x" * 61}"', "expected: a text in quotation marks, at most 60 characters"),
        ('"bildung"', '"abcdefghijklm"', "expected: at most 12 small letters"),
        ('"begehung"', f'"{"x" * 25}"', "expected: at most 24 small letters"),
        ('"Landkreis Calw"', f'"{"x" * 101}"', "expected: a text in quotation marks, at most 100 characters"),
        ('"Landratsamt Calw"', f'"{"x" * 101}"', "a text in quotation marks, at most 100 characters"),
        ('"Bad Süß Ääß"', f'"{"x" * 101}"', "expected: a text in quotation marks, at most 100 characters"),
        ('longitude = "-180"\n', "", "(Bad Süß Ääß): latitude and longitude belong together."),
        ('name = "Lernen"\n', "", "[[fields]] number 1 (bildung): the key name is missing."),
        ('short = "Le"\n', "", "[[fields]] number 1 (bildung): the key short is missing."),
        ('name = "Ortstermin"\n', "", "[[kinds]] number 1 (begehung): the key name is missing."),
        ('kind = "village"\n', "", "(Bad Süß Ääß): the key kind is missing."),
        ('"Lernen"', '"QUERSCHNITT"', 'the name "QUERSCHNITT" is that of the portal\'s own Querschnitt.'),
        ('"Le"', '"qu"', 'the short "qu" is that of the portal\'s own Querschnitt.'),
    ],
)
def test_the_limits_of_every_key(load, old: str, new: str, part: str):
    assert EVERYTHING.count(old) == 1
    (problem,) = refusals(load, EVERYTHING.replace(old, new))
    assert part in problem


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "row", "key"),
    [
        ("municipalities", 'ags = "08235085"\nname = "Zwei"\nkind = "town"', "ags"),
        ("fields", 'code = "bildung"\nname = "Zwei"\nshort = "Zw"', "code"),
        ("fields", 'code = "zwei"\nname = "lernen"\nshort = "Zw"', "name"),
        ("fields", 'code = "zwei"\nname = "Zwei"\nshort = "le"', "short"),
        ("kinds", 'code = "begehung"\nname = "Zwei"', "code"),
        ("kinds", 'code = "zwei"\nname = "ortstermin"', "name"),
    ],
)
def test_nothing_stands_there_twice(load, table: str, row: str, key: str):
    (problem,) = refusals(load, f"{EVERYTHING}\n[[{table}]]\n{row}\n")
    assert problem.startswith(f"[[{table}]] number 2 (")
    assert f": the {key} " in problem
    assert problem.endswith("is that of number 1, too.")


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["municipalities", "fields", "kinds"])
def test_every_table_but_the_proposals_must_be_there(load, table: str):
    before, _, after = EVERYTHING.partition(f"[[{table}]]")
    rest = after.partition("\n\n")[2]
    assert refusals(load, before + rest) == [f"The table [[{table}]] is missing."]


@pytest.mark.django_db
def test_addresses_of_towns_are_short_and_never_the_same(load):
    factories.make_town("Süß", "08115099").agreements.all()
    Municipality.objects.filter(ags="08115099").update(slug="suess")
    names = ("Süß", "!!!", "Langer-" * 9)
    towns = "".join(
        f'[[municipalities]]\nags = "0823500{n}"\nname = "{name}"\nkind = "town"\n'
        for n, name in enumerate(names)
    )
    for _ in range(2):
        load(EVERYTHING + towns)
        calw = County.objects.get(key="08235").municipalities.order_by("ags")
        assert list(calw.values_list("slug", flat=True)) == [
            *("suess-08235000", "08235001", "langer-langer-langer-langer-langer-lange", "bad-suess-aeaess")
        ]


@pytest.mark.django_db
def test_rows_change_places_and_names(load):
    load(SMALL)
    swapped = SMALL.replace('"Lernen"', '"…"').replace('"Wohnen"', '"Lernen"').replace('"…"', '"Wohnen"')
    swapped = swapped.replace('"Le"', '"…"').replace('"Wo"', '"Le"').replace('"…"', '"Wo"')
    load(swapped)
    connection.check_constraints()
    assert list(FieldOfAction.objects.values_list("code", "name", "short")) == [
        ("bildung", "Wohnen", "Wo"),
        ("wohnen", "Lernen", "Le"),
    ]


@pytest.mark.django_db
def test_what_entries_name_stays_and_the_rest_goes(load, people):
    calw = Municipality.objects.get(slug="calw")
    mediator = factories.make_mediator(people.mediator, calw)
    more = SMALL + "".join(
        f'[[fields]]\ncode = "{code}"\nname = "{code}"\nshort = "{code[:2]}"\n'
        for code in ("further", "concern", "unused")
    )
    load(more + '[[kinds]]\ncode = "hausbesuch"\nname = "Hausbesuch"\n')
    factories.make_activity(
        mediator,
        calw,
        kind="hausbesuch",
        field=calw.county.fields.get(code="bildung"),
        further_fields=["further"],
    )
    factories.make_concern(calw, field=calw.county.fields.get(code="concern"))
    assert load(SMALL) == [
        'The field "further" is not in the file, but in use. It stays.',
        'The field "concern" is not in the file, but in use. It stays.',
        'The kind "hausbesuch" is not in the file, but in use. It stays.',
    ]
    assert list(calw.county.fields.values_list("code", "position")) == [
        ("bildung", 1),
        ("wohnen", 2),
        ("further", 3),
        ("concern", 4),
    ]
    assert refusals(load, SMALL.replace('"Ortstermin"', '"HAUSBESUCH"')) == [
        'The kind "hausbesuch" is not in the file, but in use; it keeps its name "Hausbesuch", which the file gives to '
        '"begehung".'
    ]
    without_town = SMALL.replace("08235085", "08235046").replace('"Calw"', '"Nagold"')
    assert load(without_town)[0] == "The town Calw (08235085) is not in the file. It stays."


@pytest.mark.django_db
def test_proposals_are_loaded_once(load):
    proposal = '\n[[proposals]]\ntitle = "Fortführung"\ntext = "1. Weiter."\n'
    load(SMALL + proposal)
    template = County.objects.get().proposal_templates.get()
    template.text = "1. Anders."
    template.save()
    load(SMALL + proposal)
    assert County.objects.get().proposal_templates.get().text == "1. Anders."


WRONG = [
    ("[county]", "[land]", ["There is no table land. The file knows county, municipalities, fields, "
                            "kinds, legal, accessibility, proposals.",
                            "The table [county] is missing."]),
    ('key = "08235"', "key = 8235", ["[county]: key is 8235, expected: 5 digits in quotation marks."]),
    ('administration = "Landratsamt Calw"\n', "", ["[county]: the key administration is missing."]),
    ("[[kinds]]", "[kinds]", ["[[kinds]]: at least one is expected, written as [[kinds]]."]),
    ('[[kinds]]\ncode = "begehung"\nname = "Ortstermin"\n', "", ["The table [[kinds]] is missing."]),
    ('short = "Le"\n', 'short = "Le"\ncolour = "red"\n',
     ["[[fields]] number 1 (bildung): there is no key colour. It knows code, name, short, articles."]),
    ('short = "Wo"', 'short = "le"',
     ['[[fields]] number 2 (wohnen): the short "le" is that of number 1, too.']),
    ('code = "wohnen"', 'code = "bildung"',
     ['[[fields]] number 2 (bildung): the code "bildung" is that of number 1, too.']),
    ('code = "wohnen"', 'code = "quer"',
     ['[[fields]] number 2 (quer): the code "quer" is that of the portal\'s own Querschnitt.']),
    ('code = "begehung"', 'code = "Vor Ort"',
     ['[[kinds]] number 1 (Vor Ort): code is "Vor Ort", expected: at most 24 small letters from a to z, digits, "-" or '
      '"_" in quotation marks.']),
    ("[19]", '["19"]',
     ["[[fields]] number 2 (wohnen): articles is ['19'], expected: a list of whole numbers from 1 to 50, like "
      "[9, 20]."]),
    ("08235085", "08115085",
     ['[[municipalities]] number 1 (Calw): the ags "08115085" does not belong to the county, whose towns begin with '
      "08235."]),
    ('"large_town"', '"city"',
     ['[[municipalities]] number 1 (Calw): kind is "city", expected: one of "large_town", "town", "village".']),
    ('"large_town"', '"town"\npopulation = "23000"\npopulation_on = "2020-12-31"',
     ['[[municipalities]] number 1 (Calw): population is "23000", expected: a whole number from 1 to 10000000 without '
      "quotation marks.",
      '[[municipalities]] number 1 (Calw): population_on is "2020-12-31", expected: a date like 2020-12-31 without '
      "quotation marks."]),
    ('"large_town"', '"town"\nlatitude = "north"',
     ['[[municipalities]] number 1 (Calw): latitude is "north", expected: degrees like "48.80139", from -90 to 90.',
      "[[municipalities]] number 1 (Calw): latitude and longitude belong together."]),
    ('"Landratsamt Calw"', '"Landratsamt Calw"\npopulation_on = 2020-12-31T10:00:00',
     ["[county]: population_on is 2020-12-31T10:00:00, expected: a date like 2020-12-31 without quotation marks."]),
    ('"Ortstermin"', '"Orts\\u0000termin"',
     ['[[kinds]] number 1 (begehung): name is "Orts\x00termin", expected: a text in quotation marks, at most 60 '
      "characters, without control characters."]),
    ('"Ortstermin"', '" "',
     ['[[kinds]] number 1 (begehung): name is " ", expected: a text in quotation marks, at most 60 characters.']),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new", "problems"), WRONG)
def test_what_is_wrong_is_said_in_a_sentence(load, old: str, new: str, problems: list[str]):
    assert SMALL.count(old) >= 1
    assert refusals(load, SMALL.replace(old, new, 1)) == problems
    assert not County.objects.exists()


@pytest.mark.django_db
def test_all_problems_at_once(load):
    worst = SMALL
    for old, new in (("08235085", "08115085"), ('short = "Le"\n', ""), ('"Ortstermin"', "3")):
        worst = worst.replace(old, new)
    assert len(refusals(load, worst + '\n[[proposals]]\ntitle = "Fortführung"\n')) == 4


@pytest.mark.django_db
def test_a_day_that_does_not_exist_is_no_toml(load):
    (problem,) = refusals(
        load, SMALL.replace('"Landratsamt Calw"', '"Landratsamt Calw"\npopulation_on = 2021-02-30')
    )
    assert problem.startswith("The file is no TOML: Invalid date or datetime (at line 6, column ")


@pytest.mark.django_db
def test_the_command_names_the_file_and_what_is_wrong(tmp_path: Path):
    with pytest.raises(CommandError) as caught:
        call_command("load_programme", "--file", str(tmp_path / "none.toml"))
    assert str(caught.value) == (
        f"{tmp_path / 'none.toml'} is not loaded, nothing has changed:\n"
        "- The file cannot be read: No such file or directory."
    )
    (tmp_path / "latin.toml").write_bytes("[county]\nname = 'Böblingen'".encode("latin-1"))
    with pytest.raises(CommandError, match=r"- The file is not written in UTF-8\."):
        call_command("load_programme", "--file", str(tmp_path / "latin.toml"))


@pytest.mark.django_db
def test_how_an_editor_keeps_the_file_makes_no_difference(load):
    """With a byte order mark and letters in two parts, as on Windows and on a Mac."""
    load("\ufeff" + unicodedata.normalize("NFD", SMALL))
    assert County.objects.get().name == "Landkreis Calw"
    assert all(unicodedata.is_normalized("NFC", town.name) for town in Municipality.objects.all())
