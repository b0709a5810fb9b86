import datetime as dt

import pytest
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiv_portal.documents import german, prose
from tests.sample import examples


def test_plain_text_becomes_paragraphs_and_lists():
    text = "Erster Absatz\ngeht weiter.\n\nZweiter.\n- eins\n- zwei\n  noch zwei\n\n1. a\n2) b"
    assert prose.blocks(text) == [
        ("p", ["Erster Absatz geht weiter."]),
        ("p", ["Zweiter."]),
        ("ul", ["eins", "zwei noch zwei"]),
        ("ol", ["a", "b"]),
    ]
    assert prose.blocks("") == []
    assert prose.blocks(" \r\n \n") == []


def test_units_stay_with_their_number():
    held = prose.hold_together("um 9 Uhr, 5.000 Euro, 12 %, § 10, z. B. am 2. Februar, 3 Stunden")
    assert (
        held
        == "um 9\u00a0Uhr, 5.000\u00a0Euro, 12\u00a0%, §\u00a010, z.\u202fB. am 2.\u00a0Februar, 3\u00a0Stunden"
    )


def test_accents_typed_apart_are_joined():
    assert prose.clean("u\u0308ber") == "über"


def test_line_ends_and_spaces_of_other_programs_become_plain():
    assert prose.clean("a\u2028b\u2029c\vd\x85e\r\nf") == "a\nb\nc\nd\ne\nf"
    assert prose.clean("a\tb\u2003c\u3000d\u2009e") == "a b c d e"
    assert prose.clean("5\u00a0%\u202fx") == "5\u00a0%\u202fx"
    assert prose.blocks("Es gibt:\u2028- eins\u2028- zwei\u2029\u2029Ende") == [
        ("p", ["Es gibt:"]),
        ("ul", ["eins", "zwei"]),
        ("p", ["Ende"]),
    ]


def test_shortening_cuts_between_words():
    assert prose.shorten("Ein Satz, der zu lang ist", 12) == "Ein Satz\u202f…"
    assert prose.shorten("kurz", 12) == "kurz"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Zwölf lang.", 11, "Zwölf lang."),
        ("Zwölf Zeichen", 12, "Zwölf\u202f…"),
        ("Wort, und mehr", 8, "Wort\u202f…"),
        ("Ohnezwischenraum und", 10, "Ohnezwis\u202f…"),  # a space only behind the cut
        ("Ohnezwischenraum", 10, "Ohnezwis\u202f…"),
        ("ab cd ef gh", 7, "ab cd\u202f…"),
        ("ab cd ef gh", 8, "ab cd\u202f…"),  # "ab cd ef" and the ellipsis would be too long
        ("ab cd ef gh", 10, "ab cd ef\u202f…"),
        ("\u2068שלום לכולם\u2069", 8, "\u2068שלום\u2069\u202f…"),
        ("\u2068שלום\u2069 und mehr Worte", 12, "\u2068שלום\u2069 und\u202f…"),
    ],
)
def test_shortened_texts_keep_whole_words_and_both_ends_of_a_direction(text, limit, short):
    assert prose.shorten(text, limit) == short
    assert len(short.replace("\u2069", "")) <= limit


def test_text_from_right_to_left_is_kept_to_itself_on_one_line():
    assert prose.clean(" שלום 5 Uhr ") == "\u2068שלום 5\u00a0Uhr\u2069"
    assert prose.clean("مرحبا") == "\u2068مرحبا\u2069"
    assert prose.clean("שלום\nzwei") == "שלום\nzwei"
    assert prose.clean("eins\nzwei") == "eins\nzwei"
    assert prose.clean("a\x00b\ue000c\ud800") == "abc"


def test_german_numbers():
    assert german.number(1234.5, 1) == "1.234,5"
    assert german.number(1_234_567) == "1.234.567"
    assert german.number(0.05, 1) == "0,1"
    assert german.number(-3) == "−3"
    assert german.hours(1234) == "20,6"
    assert [german.whole_hours(minutes) for minutes in (0, 29, 30, 89, 90, 150, 210)] == [0, 0, 1, 1, 2, 3, 4]
    assert german.hours_with_unit(60) == "1\u00a0Stunde"
    assert german.hours_with_unit(90) == "1,5\u00a0Stunden"
    assert german.hours_with_unit(9840) == "164\u00a0Stunden"
    assert german.percent(1, 3) == "33\u00a0%"
    assert german.date("2021-10-01") == "01.10.2021"
    assert german.long_date("2021-10-01") == "1.\u00a0Oktober\u00a02021"
    assert german.month("2022-03") == "März\u00a02022"
    assert [german.people(n) for n in (None, 0, 1, 4, 5)] == [
        "nicht gezählt",
        "0",
        "unter\u00a05",
        "unter\u00a05",
        "5",
    ]
    assert [german.enumeration(list(parts)) for parts in ("", "a", "ab", "abc")] == [
        *("", "a", "a und b", "a, b und c")
    ]
    assert [german.number(value, 2) for value in (-0.001, -0.005, 0, 1.999)] == [
        "0,00",
        "−0,01",
        "0,00",
        "2,00",
    ]
    assert [german.in_words(n) for n in (-1, 0, 1, 12, 13)] == ["−1", "keine", "eine", "zwölf", "13"]
    assert german.hours_with_unit(599) == "10\u00a0Stunden"
    assert german.hours_with_unit(629) == "10\u00a0Stunden"
    assert german.hours_with_unit(630) == "11\u00a0Stunden"
    assert german.hours_with_unit(0) == "0\u00a0Stunden"
    assert [german.euros(cents) for cents in (0, 5, 14_000, 14_050)] == [
        *("0\u00a0Euro", "0,05\u00a0Euro", "140\u00a0Euro", "140,50\u00a0Euro")
    ]
    assert [german.count(n, "Tag", "Tage") for n in (0, 1, 1234)] == [
        *("0\u00a0Tage", "1\u00a0Tag", "1.234\u00a0Tage")
    ]
    assert german.short_month("2022-03") == "Mär 2022"
    assert german.date(dt.date(2021, 10, 1)) == "01.10.2021"


def test_paragraph_after_a_list_stands_alone():
    assert prose.blocks("Zwei Punkte:\n\n- eins\n- zwei\ngeht weiter\n\nDanach ein Absatz.") == [
        ("p", ["Zwei Punkte:"]),
        ("ul", ["eins", "zwei geht weiter"]),
        ("p", ["Danach ein Absatz."]),
    ]


NEXT = " Danach ging es weiter."


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Rampe an der Realschule ist fertig.",
        "Wer hilft, wenn der Aufzug steht?",
        "Endlich kommen alle hinein!",
        "Es gab viele Anlässe, z. B. die Begehung am Markt.",
        "Es gab viele Anlässe, z.B. die Begehung am Markt.",
        "Laut Vorlage Nr. 3 ist der Umbau beschlossen.",
        "Am 1. Oktober begann die Arbeit in Leonberg.",
        "Am 1. Mai und am 3. 10. war der Stand am Markt.",
        "Das galt bis zum 30. September 2022.",
        "Das galt bis zum 30.09.2022.",
        "Nach Art. 9 Abs. 2 UN-BRK gilt das für alle.",
        "Frau Dr. Müller und Prof. Maier haben beraten.",
        "In der Bahnhofstr. Nord fehlt ein Bordstein.",
        "Es kamen ca. 120 Personen, u. a. aus St. Johann.",
        "Kapitel II. Teil eins ist fertig geworden.",
        "Die Kosten (s. Anlage 2. Teil B) sind gedeckt.",
        "Eine Frau sagte: „Ich komme wieder. Ganz sicher.“",
        "Eine Frau sagte: “Ich komme wieder. Ganz sicher.”",
        "Eine Frau sagte: »Ich komme wieder. Ganz sicher.«",
        'Eine Frau sagte: "Ich komme wieder. Ganz sicher."',
        "Es kamen 50 %, im Jahr davor 5.000 Personen.",
        "Der Anteil stieg auf 50 %.",
    ],
)
def test_the_first_sentence_becomes_the_lead(sentence):
    (held,) = prose.blocks(sentence)[0].items
    text = sentence + NEXT + "\n\nZweiter Absatz.\n- Punkt"
    rest = [("p", [NEXT.strip()]), ("p", ["Zweiter Absatz."]), ("ul", ["Punkt"])]
    assert prose.lead_of(prose.blocks(text)) == (held, rest)
    assert prose.lead_of(prose.blocks(sentence)) == (held, [])


def test_in_doubt_a_sentence_goes_on():
    text = "Es ging um Treppen, Türen, Wege usw. Alle Wünsche sind notiert. Ende."
    assert prose.lead_of(prose.blocks(text))[0] == text.removesuffix(" Ende.")


def test_the_sentence_before_a_list_is_a_lead():
    found = prose.blocks("Vier Schwerpunkte sind vorgesehen:\n- Wege\n- Türen")
    assert prose.lead_of(found) == ("Vier Schwerpunkte sind vorgesehen:", found[1:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- Ein Punkt, der eine Liste beginnt.",
        "1. Ein Punkt, der zählt.",
        "Ja. Das ist zu kurz für eine Botschaft.",
        "Eine Überschrift ohne Satzzeichen",
        "Ein Satz ohne Ende " * 20 + ".",
        "Er sagte „Das geht nicht. Und niemand schließt die Anführung.",
        "Ein Satz (mit offener Klammer. Und noch einer.",
        "ברוכים הבאים לעיר. ברוכים הבאים.",
        "wort" * 200,
    ],
)
def test_what_is_no_message_stays_where_it_is(text):
    assert prose.lead_of(prose.blocks(text)) == ("", prose.blocks(text))


@settings(deadline=None, max_examples=examples(300))
@given(st.text(st.sampled_from("aB3.!?:„“”()»« \n-z. B. Nr\u05d0"), max_size=120))
@example("Ein Satz, der lang genug ist.  Noch einer.")
@example("Ein Satz, der lang genug ist.\n\nNoch einer.")
def test_a_lead_loses_and_repeats_nothing(text):
    found = prose.blocks(text)
    lead, rest = prose.lead_of(found)
    words = [word for block in found for item in block.items for word in item.split()]
    assert [
        *lead.split(),
        *(word for block in rest for item in block.items for word in item.split()),
    ] == words
    assert prose.lead_of(found) == (lead, rest)


def test_months_have_their_german_names():
    with translation.override("de"):
        wanted = [
            f"{date_format(dt.date(2022, number, 1), 'F')}\N{NO-BREAK SPACE}2022" for number in range(1, 13)
        ]
    assert [german.month(f"2022-{number:02}") for number in range(1, 13)] == wanted


@pytest.mark.parametrize(("length", "is_lead"), [(19, False), (20, True), (240, True), (241, False)])
def test_a_lead_is_neither_a_cry_nor_a_paragraph(length, is_lead):
    sentence = f"W{'o' * (length - 2)}."
    lead, rest = prose.lead_of(prose.blocks(sentence))
    assert (lead == sentence, rest == []) == (is_lead, is_lead)
