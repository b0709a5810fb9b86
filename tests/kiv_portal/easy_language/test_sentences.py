"""Where sentences begin and end, in one line and over two, and what belongs to none."""

from __future__ import annotations

import pytest

from kiv_portal.easy_language.check import Finding, check_text, summary_of
from kiv_portal.easy_language.compounds import pieces, with_hyphens
from kiv_portal.easy_language.rules import NAMES, Severity
from kiv_portal.easy_language.sentences import Text
from kiv_portal.easy_language.words import FOREIGN


def words(number: int) -> str:
    return " ".join(["Wort"] * number) + "."


def cut(text: str) -> list[tuple[str, str, int]]:
    return [(text[s.start : s.end], s.kind, s.place) for s in Text(text).sentences]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n\n", []),
        ("Das ist gut.", [("Das ist gut.", "lines", 0)]),
        (
            "Eins.  Zwei! Drei? Vier",
            [("Eins.", "lines", 0), ("Zwei!", "lines", 1), ("Drei?", "lines", 2), ("Vier", "lines", 3)],
        ),
        ("Er sagt: „Ja.“ Dann geht er.", [("Er sagt: „Ja.“", "lines", 0), ("Dann geht er.", "lines", 1)]),
        ("Was? nein", [("Was? nein", "lines", 0)]),
        ("# Titel\n- eins. Zwei.\nEnde", [
            ("Titel", "heading", 0), ("eins.", "list", 0), ("Zwei.", "list", 1), ("Ende", "lines", 0),
        ]),
        # a line without an end goes on in the next one
        ("Die Stadt\nbaut.", [("Die Stadt\nbaut.", "lines", 0)]),
        ("Die Stadt\nbaut\nviel.\nAlle.", [("Die Stadt\nbaut\nviel.", "lines", 0), ("Alle.", "lines", 0)]),
        ("Die Stadt\nbaut:\nviel", [("Die Stadt\nbaut:", "lines", 0), ("viel", "lines", 0)]),
        ("Die Stadt\nBaut.", [("Die Stadt", "lines", 0), ("Baut.", "lines", 0)]),
        ("Die Stadt\n\nbaut.", [("Die Stadt", "lines", 0), ("baut.", "lines", 0)]),
        ("Die Stadt\n- baut.", [("Die Stadt", "lines", 0), ("baut.", "list", 0)]),
        ("Die Stadt.\nbaut.", [("Die Stadt.", "lines", 0), ("baut.", "lines", 0)]),
        ("# Die Stadt\nbaut.", [("Die Stadt", "heading", 0), ("baut.", "lines", 0)]),
        ("Eins. Die Stadt\nbaut.", [("Eins.", "lines", 0), ("Die Stadt", "lines", 1), ("baut.", "lines", 0)]),
        ("Die Stadt\nbaut", [("Die Stadt\nbaut", "lines", 0)]),
        ("Die Stadt", [("Die Stadt", "lines", 0)]),
        # what is no full stop
        ("Am 1. Mai. Gut.", [("Am 1. Mai.", "lines", 0), ("Gut.", "lines", 1)]),
        ("Am 12. Mai.", [("Am 12. Mai.", "lines", 0)]),
        ("Im Jahr 202. Gut.", [("Im Jahr 202.", "lines", 0), ("Gut.", "lines", 1)]),
        ("Das ist z. B. Das. Gut.", [("Das ist z. B. Das.", "lines", 0), ("Gut.", "lines", 1)]),
        ("Prof. Maier (Dr. Huber) hilft.", [("Prof. Maier (Dr. Huber) hilft.", "lines", 0)]),
        ("Haus B. Dort.", [("Haus B. Dort.", "lines", 0)]),
        (". Dort.", [(". Dort.", "lines", 0)]),
    ],
)  # fmt: skip
def test_sentences_and_their_place_in_the_line(text: str, sentences: list[tuple[str, str, int]]) -> None:
    assert cut(text) == sentences


def test_addresses_and_markers_are_no_language_and_keep_their_room() -> None:
    text = "# Titel\n- Mehr auf HTTPS://leonberg.de/a und WWW.b.de oder An@B.example heute.\n-"
    parsed = Text(text)
    assert parsed.plain == (f"  Titel\n  Mehr auf {' ' * 21} und {' ' * 8} oder {' ' * 12} heute.\n ")
    assert len(parsed.plain) == len(text)
    assert [match[0] for match in parsed.words] == ["Titel", "Mehr", "auf", "und", "oder", "heute"]


def test_which_sentence_holds_a_place() -> None:
    parsed = Text("Eins. Zwei.\n Drei.")
    assert [parsed.index_at(place) for place in (0, 4, 5, 6, 10, 12, 13, 99)] == [0, 0, 0, 1, 1, 1, 2, 2]
    assert [place for place in range(18) if parsed.begins_sentence(place)] == [0, 6, 13]
    assert [parsed.of(index) for index in range(3)] == ["Eins.", "Zwei.", "Drei."]
    assert not Text("").begins_sentence(0)
    assert Text(" a").index_at(0) == 0


# --- how findings are shown


def finding(**values: object) -> Finding:
    usual = {"sentence": 0, "start": 0, "end": 1, "rule": "length", "severity": Severity.WARNING}
    return Finding(**usual | {"message": "", "proposal": None, "quote": ""} | values)  # type: ignore[arg-type]


def test_a_proposal_in_words() -> None:
    for rule, proposal, said in (
        ("special", None, ""),
        ("special", "", "weglassen"),
        ("special", " Euro ", "Euro"),
        ("line", "\nZwei.", "neue Zeile"),
        ("line", None, ""),
    ):
        found = finding(rule=rule, proposal=proposal)
        assert (found.proposal_in_words, found.has_proposal) == (said, proposal is not None)
        assert (found.number, found.rule_name) == (1, NAMES[rule])


@pytest.mark.parametrize(
    ("hints", "errors", "said"),
    [
        (1, 0, "1 Hinweis"),
        (2, 0, "2 Hinweise"),
        (0, 1, "1 Fehler"),
        (1, 2, "1 Hinweis, 2 Fehler"),
        (3, 1, "3 Hinweise, 1 Fehler"),
    ],
)
def test_the_summary(hints: int, errors: int, said: str) -> None:
    found = [finding()] * hints + [finding(severity=Severity.ERROR)] * errors
    assert summary_of(found) == said
    assert (Severity.WARNING.label, Severity.ERROR.label) == ("Hinweis", "Fehler")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("nicht " + "x" * 84, "nicht " + "x" * 84),
        ("nicht " + "x" * 85, "nicht " + "x" * 83 + "…"),
        ("nicht " + "x" * 82 + " yy", "nicht " + "x" * 82 + "…"),
        ("nicht   so", "nicht so"),
    ],
)
def test_a_quote_is_cut(sentence: str, quote: str) -> None:
    assert {found.quote for found in check_text(sentence)} == {quote}


# --- the rules where they begin and end


def rules(text: str) -> list[tuple[str, str, str | None, str]]:
    return [(f.rule, text[f.start : f.end], f.proposal, f.severity.value) for f in check_text(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Es sind 10 Prozent.", ("percent", "10 Prozent", "sehr wenige", "error")),
        ("Es sind 10,1 Prozent.", ("percent", "10,1 Prozent", "wenige", "error")),
        ("Es sind 30 Prozent.", ("percent", "30 Prozent", "wenige", "error")),
        ("Es sind 45 Prozent.", ("percent", "45 Prozent", "weniger als die Hälfte", "error")),
        ("Es sind 46 Prozent.", ("percent", "46 Prozent", "die Hälfte", "error")),
        ("Es sind 55 Prozent.", ("percent", "55 Prozent", "die Hälfte", "error")),
        ("Es sind 56 Prozent.", ("percent", "56 Prozent", "mehr als die Hälfte", "error")),
        ("Es sind 71 Prozent.", ("percent", "71 Prozent", "viele", "error")),
        ("Es sind 91 Prozent.", ("percent", "91 Prozent", "fast alle", "error")),
        ("Es sind 0 Prozent.", ("percent", "0 Prozent", None, "error")),
        ("100 Prozent kommen.", ("percent", "100 Prozent", "Alle", "error")),
        ("Es sind 1000 Menschen.", ("large_number", "1000", None, "warning")),
        ("Im Jahr 2100.", ("large_number", "2100", None, "warning")),
        ("Im Jahr 1799.", ("large_number", "1799", None, "warning")),
        ("Es sind 12345 Menschen am Tag.", None),  # as a postcode before a name
        ("Es sind 12345 gute Tage.", ("large_number", "12345", None, "warning")),
        ("Im Jahr 2099.", None),
        ("Im Jahr 1800.", None),
        ("Es sind 999 gute Tage.", None),
        ("Teil IX ist neu.", ("roman", "IX", "9", "error")),
        ("Band I ist neu.", ("roman", "I", "1", "error")),
        ("Nummer XXXVIII gilt.", ("roman", "XXXVIII", "38", "error")),
        ("Das ist WICHTI.", ("abbreviation", "WICHTI", "Wichti", "warning")),
        ("Das ist WICHT.", ("abbreviation", "WICHT", None, "error")),
        ("Das gilt seit 2021–2022.", None),
        ("Das gilt 5–x Mal.", ("special", "–", None, "warning")),
        ("Das gilt – immer.", ("special", "–", None, "warning")),
        ("5%", ("percent", "5%", "Sehr wenige", "error")),
        ("Kinder&Eltern kommen.", ("special", "&", " und ", "error")),
        ("Kinder&E kommen.", ("special", "&", " und ", "error")),
        ("Es gibt Stufen usw.\nUnd mehr.", ("abbreviation", "usw.", "und so weiter.", "error")),
        ("Es gibt Stufen usw.\r\nUnd mehr.", ("abbreviation", "usw.", "und so weiter.", "error")),
        ("Das ist gut...", ("special", "...", None, "error")),
        ("Das sind 5 €.", ("special", "€", "Euro", "error")),
    ],
)
def test_the_limits_of_the_rules(text: str, found: tuple[str, str, str | None, str] | None) -> None:
    assert rules(text) == ([found] if found else [])


@pytest.mark.parametrize(
    ("text", "is_clause"),
    [
        ("Menschen, die blind sind und kommen.", False),  # may be a list
        ("Menschen und Kinder, die blind sind.", True),
        ("Sie helfen und sagen, dass sie kommen.", True),
    ],
)
def test_a_list_is_no_subordinate_clause(text: str, is_clause: bool) -> None:
    assert [name for name, *_ in rules(text) if name == "clauses"] == ["clauses"] * is_clause


def test_a_hard_adjective_is_hard_with_every_ending() -> None:
    adjectives = [word for word in FOREIGN if word.endswith(("al", "iv", "ell", "ant", "är", "ich", "quat"))]
    assert len(adjectives) > 5
    for word in adjectives:
        for ending in ("e", "en", "er", "es", "em"):
            assert [name for name, *_ in rules(f"{word}{ending}") if name == "foreign"] == ["foreign"], word


def test_a_long_word_gets_its_own_advice() -> None:
    said = [found.message for found in check_text("Donaudampfschifffahrt und Barrierefreiheit.")]
    assert said == [
        "„Donaudampfschifffahrt“ ist ein langes Wort. Nehmen Sie ein kurzes Wort oder erklären Sie es.",
        "„Barrierefreiheit“ ist ein langes Wort. Trennen Sie es mit Binde-Strich oder erklären Sie es.",
    ]


def test_every_rule_says_a_sentence() -> None:
    text = (
        "Die Halle der Gemeinde könnte nicht z. B. zwei Kommunen helfen. Der LRA ist WICHTIGER.\n"
        "Es sind 5 Prozent, 48.753 Menschen, Teil IX und das Haus des Landkreises.\n"
        "Die Rampe wird gebaut, weil das hilft.\n"
        "Donaudampfschifffahrt; (so) „gut“ Bürger*innen – & hier.\n" + words(11) + "\n" + words(16)
    )
    found = check_text(text)
    assert {one.rule for one in found} == set(NAMES)
    assert len({(one.rule, one.message) for one in found}) >= 20
    for one in found:
        assert isinstance(one.message, str)
        assert one.message.endswith("."), one.message
        assert "{" not in one.message
        assert one.rule_name in NAMES.values()


# --- compounds


@pytest.mark.parametrize(
    ("word", "parts", "hyphened"),
    [
        ("Inklusionsvermittler", ("Inklusions", "vermittler"), "Inklusions-Vermittler"),
        ("gemeinderat", ("gemeinde", "rat"), "gemeinde-rat"),
        ("Schule", ("Schule",), ""),
        ("Quatschwort", (), ""),
        ("x" * 61, (), ""),
    ],
)
def test_the_parts_of_a_word(word: str, parts: tuple[str, ...], hyphened: str) -> None:
    assert pieces(word) == parts
    assert with_hyphens(word) == hyphened
