"""What people write, and whether they are asked: sentences.toml, and what else the guard reads in each of its parts."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

from kiv_portal.privacy.guard import Kind, hits

TABLE = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
ASKED = [(Kind(kind), text) for kind, texts in TABLE["asked"].items() for text in texts]
HARMLESS = [text for texts in TABLE["harmless"].values() for text in texts]
# Those of the issue have to be right, each of them.
ISSUE = [
    ("Hanna ist blind und wohnt über der Apotheke", {"Hanna", "blind", "wohnt über der Apotheke"}),
    (
        "Ein 34-jähriger Rollstuhlfahrer aus der Mühlgasse",
        {"34-jähriger Rollstuhlfahrer", "aus der Mühlgasse"},
    ),
    ("Peter Schmidt hat angerufen", {"Peter Schmidt"}),
    ("Erika M. aus der Lindenstraße 4", {"Erika M.", "aus der Lindenstraße 4"}),
    ("Wohnt Hauptstr. 12", {"Hauptstr. 12"}),
    ("Leidet an Multiplen Sklerose", {"Multiplen Sklerose"}),
    ("hat MS", {"MS"}),
    ("Junge mit Down-Syndrom, Klasse 2b", {"Down-Syndrom", "Klasse 2b"}),
    ("Parkinson, 82 Jahre", {"Parkinson", "82 Jahre"}),
    ("Besuch im Café Schmidt", set()),
    ("Frau Holle im Kindergarten", set()),
    ("Begehung der Lindenstraße", set()),
    ("Rollstuhlparcours beim Schulfest", set()),
    ("Vortrag über Multiple Sklerose", set()),
    ("Apotheke am Markt, Stufe am Eingang", set()),
    ("Bürgermeister eröffnet den Spielplatz", set()),
    ("Kinder der Klassen 2 bis 4", set()),
]
TEN_THOUSAND_SIGNS = (". ".join([text for _, text in ASKED] + HARMLESS) * 2)[:10_000]


def kinds(text: str) -> set[Kind]:
    return {hit.kind for hit in hits(text)}


def test_the_table_is_long_and_half_of_it_is_harmless() -> None:
    assert (len(ASKED) >= 100, len(HARMLESS) >= 100) == (True, True)
    assert {kind for kind, _ in ASKED} == set(Kind)
    assert len({text for _, text in ASKED} | set(HARMLESS)) == len(ASKED) + len(HARMLESS)


def test_of_what_tells_who_somebody_is_nearly_all_is_asked() -> None:
    missed = [text for kind, text in ASKED if kind not in kinds(text)]
    assert len(missed) <= 0.05 * len(ASKED), missed


def test_of_what_is_harmless_hardly_anything_is_asked() -> None:
    asked = [(text, [hit.excerpt for hit in hits(text)]) for text in HARMLESS if hits(text)]
    assert len(asked) <= 0.05 * len(HARMLESS), asked


@pytest.mark.parametrize(("text", "excerpts"), ISSUE)
def test_the_village_case(text: str, excerpts: set[str]) -> None:
    assert {hit.excerpt for hit in hits(text)} == excerpts


def test_a_long_text_takes_a_moment_only() -> None:
    """ADR 0022: some 40 ms. Twenty times that is another algorithm."""
    hits(TEN_THOUSAND_SIGNS)
    started = time.process_time()
    hits(TEN_THOUSAND_SIGNS)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("DE89 3704 0044 0532 0130 00", Kind.IBAN),
        ("DE89 3704 0044 0532 0130 01", Kind.IBAN),  # one digit mistyped
        ("de89370400440532013000", Kind.IBAN),
        ("FR14 2004 1010 0505 0001 3M02 606 bitte", Kind.IBAN),
        ("IBAN: FR14 2004 1010 0505 0001 3M02 607", Kind.IBAN),
        ("0711 1234567", Kind.PHONE),
    ],
)
def test_an_account_is_no_telephone(text: str, kind: Kind) -> None:
    assert kinds(text) == {kind}


def test_any_other_long_number_is_no_account() -> None:
    assert Kind.IBAN not in kinds("Bestellung FR14 2004 1010 0505 0001 3M02 607")


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("Hannas Mutter rief an", ["Hannas Mutter"]),
        ("Anna-Lena kommt mit", ["Anna-Lena"]),
        ("Gespräch mit Anna Maria Weber", ["Anna Maria Weber"]),
        ("PETER SCHMIDT sucht Hilfe", ["PETER SCHMIDT"]),
        ("Nachbarin Weber hilft", ["Nachbarin Weber"]),
        ("H. Maier war da", ["H. Maier"]),
        ("Gespräch mit M. K. über die Rampe", ["M. K."]),
        ("Schmidt ruft morgen zurück", ["Schmidt"]),
        ("Ernst Wolf sucht eine Wohnung", ["Ernst Wolf"]),
        ("Tante Rosa war dabei", ["Rosa"]),
        ("Kai M. kommt", ["Kai M."]),
        ("Im Ernst: Rosa Luftballons am Kai", []),
        ("Praxis Dr. Weber", []),
        ("Bürgermeisterin Anna Maier eröffnet", []),
        ("Schreinerei Hans Berger & Söhne", []),
        ("Hans Berger GmbH", []),
        ("Lesung „Anton“", []),
        ("Anna-Seghers-Bücherei", []),
        ("Jan. bis März geschlossen", []),
        ("Peter Pan und Frau Holle", []),
    ],
)
def test_names(text: str, excerpts: list[str]) -> None:
    assert [hit.excerpt for hit in hits(text) if hit.kind == Kind.NAME] == excerpts


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("Die 76-Jährige möchte nicht ins Heim", ["76-Jährige"]),
        ("Eine zwölfjährige Schülerin", ["zwölfjährige Schülerin"]),
        ("Ein Herr (81) kam", ["81"]),
        ("Mitte 50", ["Mitte 50"]),
        ("Mit 8 Jahren bekam er eine Brille", ["8 Jahren"]),
        ("12-jährige Kinder", []),
        ("Der Sohn fährt mit, zwei 12-jährige Mitschüler auch", []),
        ("Der 12-jährige Mitschüler fährt mit", ["12-jährige Mitschüler"]),
        ("für die 10-Jährigen", []),
        ("10-jähriges Bestehen", []),
        ("Mitte der 50er Jahre", []),
        ("Eine Frau sagt, der Aufzug sei seit 30 Jahren kaputt", []),
        ("Er spielt seit 5 Jahren mit", []),
    ],
)
def test_ages(text: str, excerpts: list[str]) -> None:
    assert [hit.excerpt for hit in hits(text) if hit.kind == Kind.AGE] == excerpts


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("Gartenweg 3a", ["Gartenweg 3a"]),
        ("Sie wohnt am Bahnhof 7", ["wohnt am Bahnhof 7"]),
        ("Am Bahnhof 7", ["Am Bahnhof 7"]),
        ("Ulmer Straße 33, 2. OG", ["Ulmer Straße 33"]),
        ("Karl-Marx-Str. 17b", ["Karl-Marx-Str. 17b"]),
        ("Bücherei, Gartenweg 3a", []),
        ("Bordstein vor der Hauptstraße 12", []),
        ("Am Montag 14 Personen, im Raum 12", []),
        ("Radweg 3 m breit, Parkplatz 14", []),
        ("Die Frau wohnt in Leonberg", []),
    ],
)
def test_dwellings(text: str, excerpts: list[str]) -> None:
    assert [hit.excerpt for hit in hits(text) if hit.kind == Kind.ADDRESS] == excerpts


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("Wegen ihrer Epilepsie fährt sie nicht", ["Epilepsie"]),
        ("an Krebs erkrankt", ["Krebs"]),
        ("Ein Mann mit u. a. Parkinson", ["Parkinson"]),
        ("Ein Kind fand einen Krebs im Bach", []),
        ("Ein Mann hielt einen Vortrag über Demenz", []),
        ("Gespräch mit der Mutter über die Epilepsie ihrer Tochter", ["Epilepsie"]),
        ("Ein Mann leitet die MS-Gruppe", []),
        ("Eine Frau betreut Menschen mit Demenz", []),
        ("Der Nachbar ist seit der Geburt blind", ["blind"]),
        ("Unser Nachbar führt blinde Menschen", []),
        ("Eine taube Frau wohnt in der Bachgasse", ["taube"]),
        ("Der Gehweg ist behindert durch parkende Autos", []),
    ],
)
def test_health(text: str, excerpts: list[str]) -> None:
    assert [hit.excerpt for hit in hits(text) if hit.kind == Kind.DIAGNOSIS] == excerpts


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("Ein Kind der 3b", ["3b"]),
        ("Klasse 10 c, ein Junge", ["Klasse 10 c"]),
        ("Die Klasse 4b besucht das Rathaus", []),
        ("Klassen 5a und 6b", []),
        ("Umbau in der 2. Klasse", []),
    ],
)
def test_school_classes(text: str, excerpts: list[str]) -> None:
    assert [hit.excerpt for hit in hits(text) if hit.kind == Kind.SCHOOL_CLASS] == excerpts
