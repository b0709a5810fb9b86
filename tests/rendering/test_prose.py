from kiv_portal.rendering import german, prose


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
    assert german.enumeration(["a", "b", "c"]) == "a, b und c"


def test_paragraph_after_a_list_stands_alone():
    assert prose.blocks("Zwei Punkte:\n\n- eins\n- zwei\ngeht weiter\n\nDanach ein Absatz.") == [
        ("p", ["Zwei Punkte:"]),
        ("ul", ["eins", "zwei geht weiter"]),
        ("p", ["Danach ein Absatz."]),
    ]
