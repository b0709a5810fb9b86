# ruff: noqa: E501  sentences have long lines
"""The rules of easy language: sentences that break one, and sentences that only look like it."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiv_portal.easy_language.check import Finding, check_text, findings_as_json, summary_of
from kiv_portal.easy_language.rules import NAMES, RULES, Severity
from tests.sample import examples


def hits(text: str, rule: str) -> list[tuple[str, str | None]]:
    """The words that break this rule, each with what is proposed."""
    return [(text[f.start : f.end], f.proposal) for f in check_text(text) if f.rule == rule]


def places(text: str, rule: str) -> list[str]:
    return [words for words, _ in hits(text, rule)]


def apply(text: str, finding: Finding) -> str:
    assert finding.proposal is not None
    return text[: finding.start] + finding.proposal + text[finding.end :]


# --- length


def words(number: int) -> str:
    return " ".join(["Wort"] * number) + "."


@pytest.mark.parametrize(
    ("number", "severity"),
    [(1, None), (10, None), (11, Severity.WARNING), (15, Severity.WARNING), (16, Severity.ERROR)],
)
def test_a_sentence_has_ten_words(number, severity):
    found = [f for f in check_text(words(number)) if f.rule == "length"]
    assert [f.severity for f in found] == ([severity] if severity else [])


def test_a_sentence_over_two_lines_is_counted_as_one():
    text = "Die Menschen aus dem Rathaus und aus der Schule\nhaben zusammen eine neue Rampe für alle."
    assert places(text, "length") == [text]
    assert (
        places("Das sind die Themen:\n- Schule\n- Arbeit\n\nUnd noch mehr Wörter stehen hier.", "length")
        == []
    )


# --- one sentence a line


@pytest.mark.parametrize(
    "text",
    [
        "Das ist gut. Das auch.",
        "Kommt alle! Es gibt Kuchen.",
        "Ist das gut? Ja.",
        "Im Jahr 2021. Danach nicht.",
    ],
)
def test_a_second_sentence_wants_its_own_line(text):
    (finding,) = [f for f in check_text(text) if f.rule == "line"]
    assert finding.severity is Severity.ERROR
    assert finding.sentence == 1
    mended = apply(text, finding)
    assert mended.count("\n") == 1
    assert places(mended, "line") == []


@pytest.mark.parametrize(
    "text",
    [
        "Am 1. Mai ist ein Fest.", "Das ist z. B. eine Rampe.", "Dr. Maier hilft.", "Das ist gut.\nDas auch.", "Am 12.02.2021 war das.",
        "Um 10.30 Uhr.", "Sehen Sie auf www.leonberg.de nach.", "Das ist gut.", "", "Inklusion heißt:\nAlle gehören dazu.",
    ],
)  # fmt: skip
def test_one_sentence_is_one_sentence(text):
    assert places(text, "line") == []


def test_a_point_of_a_list_gets_no_new_line_proposed():
    assert hits("- Das ist gut. Das auch.", "line") == [(" Das auch.", None)]


# --- passive


@pytest.mark.parametrize(
    "text",
    [
        "Die Rampe wird gebaut.", "Die Rampe wurde im Mai gebaut.", "Viele Menschen wurden beraten und gefragt.",
        "Der Bericht ist geschrieben worden.", "Das Fest wird von der Stadt bezahlt.", "Die Stelle wird besprochen.",
        "Alle werden informiert.", "Die Ampel wurde eingebaut.", "Wir wissen, dass die Rampe gebaut wird.", "Wird hier gebaut?",
        "Der Plan wurde abgelehnt.", "Der Weg wird verbessert.",
    ],
)  # fmt: skip
def test_passive(text):
    assert len(places(text, "passive")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Die Stadt wird helfen.", "Wir werden gehen.", "Das Wetter wird gut.", "Wir werden die gemeinsamen Wege gehen.",
        "Die Stadt hat eine Rampe gebaut.", "Das wird allen gehören.", "Sie wird Lehrerin.", "Es wird besser.", "Die Rampe ist gebaut.",
        "Wir werden weitergehen.", "Es wird kalt gegen Abend.", "Die Kinder werden größer.", "Das Werden ist wichtig.",
        "Der Verein wird neue Regeln geben.",
        "Sie ist bekannt und wird älter.",
    ],
)  # fmt: skip
def test_no_passive(text):
    assert places(text, "passive") == []


# --- genitive


@pytest.mark.parametrize(
    ("text", "place", "proposal"),
    [
        ("Das ist die Aufgabe des Landkreises.", "des Landkreises", "von dem Landkreis"),
        ("Die Tür des Rathauses ist offen.", "des Rathauses", "von dem Rathaus"),
        ("Das Tor des neuen Spielplatzes ist offen.", "des neuen Spielplatzes", None),
        ("Der Hund des Menschen bellt.", "des Menschen", None),
        ("Die Halle der Gemeinde ist groß.", "der Gemeinde", "von der Gemeinde"),
        ("Der Wunsch der Bürger ist klar.", "der Bürger", "von den Bürgern"),
        ("Ein Verein der Stadt hilft.", "der Stadt", "von der Stadt"),
        ("Wegen der Stufe kommt er zu spät.", "Wegen der Stufe", None),
        ("Er kommt wegen des Regens.", "des Regens", None),
        ("Das Ende eines Berichts ist wichtig.", "eines Berichts", None),
    ],
)
def test_genitive(text, place, proposal):
    assert hits(text, "genitive") == [(place, proposal)]


@pytest.mark.parametrize(
    "text",
    [
        "Wir helfen der Gemeinde.", "Dieses Haus ist neu.", "Das Haus von der Stadt ist neu.", "In der Stadt ist ein Fest.",
        "Das ist Weil der Stadt.", "Jedes Haus hat eine Tür.", "Wir sprechen mit der Schule.", "Der Verein hilft.",
        "Es geht um das Rathaus.", "Die Rampe ist in der Schule.",
    ],
)  # fmt: skip
def test_no_genitive(text):
    assert places(text, "genitive") == []


# --- subjunctive, negation


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Das könnte helfen.", "könnte"), ("Es wäre gut.", "wäre"), ("Wir hätten gern eine Rampe.", "hätten"),
        ("Er sagt, das sei gut.", "sei"), ("Das würde helfen.", "würde"), ("Könnten Sie helfen?", "Könnten"),
    ],
)  # fmt: skip
def test_subjunctive(text, place):
    assert places(text, "subjunctive") == [place]


@pytest.mark.parametrize(
    "text",
    [
        "Die Würde ist wichtig.",
        "Seien Sie willkommen.",
        "Sei so gut.",
        "Das ist gut.",
        "Wir möchten helfen.",
        "Wir konnten helfen.",
    ],
)
def test_no_subjunctive(text):
    assert places(text, "subjunctive") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Das geht nicht.", "nicht"), ("Es gibt keine Rampe.", "keine"), ("Kein Mensch kommt.", "Kein"), ("Das war nie so.", "nie"),
        ("Ohne Hilfe geht es.", "Ohne"), ("Niemand kommt.", "Niemand"),
    ],
)  # fmt: skip
def test_negation(text, place):
    (finding,) = [f for f in check_text(text) if f.rule == "negation"]
    assert (text[finding.start : finding.end], finding.severity) == (place, Severity.WARNING)


@pytest.mark.parametrize(
    "text", ["Das ist unmöglich.", "Die Nichte kommt.", "Niemals-Land", "Die Knie tun weh.", "Sie keimen."]
)
def test_no_negation(text):
    assert places(text, "negation") == []


# --- abbreviations and capitals


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Das ist z. B. eine Rampe.", "Das ist zum Beispiel eine Rampe."),
        ("Das ist z.B. eine Rampe.", "Das ist zum Beispiel eine Rampe."),
        ("Z. B. eine Rampe.", "Zum Beispiel eine Rampe."),
        ("Es gibt Stufen usw.", "Es gibt Stufen und so weiter."),
        ("Das sind ca. 10 Menschen.", "Das sind ungefähr 10 Menschen."),
        ("Eine Rampe bzw. ein Aufzug.", "Eine Rampe oder ein Aufzug."),
        ("Der KIV hilft.", "Der Inklusions-Vermittler hilft."),
        ("Haus Nr. 5", "Haus Nummer 5"),
        ("Das ist WICHTIG.", "Das ist Wichtig."),
    ],
)
def test_abbreviations_are_written_out(text, mended):
    (finding,) = [f for f in check_text(text) if f.rule == "abbreviation"]
    assert apply(text, finding) == mended


@pytest.mark.parametrize("text", ["Die UN-BRK gilt.", "Der LRA hilft.", "Der ABCD kommt."])
def test_unknown_abbreviations_are_named(text):
    assert len(places(text, "abbreviation")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Das WC ist offen.",
        "Die S-Bahn kommt.",
        "Das ist so.",
        "Auf diese Art.",
        "Dr. Maier kommt.",
        "Das PDF ist da.",
        "E-Mail",
        "Am Ende.",
    ],
)
def test_no_abbreviation(text):
    assert places(text, "abbreviation") == []


# --- long words


@pytest.mark.parametrize(
    ("word", "proposal"),
    [
        ("Inklusionsvermittler", "Inklusions-Vermittler"), ("Barrierefreiheit", "Barriere-Freiheit"),
        ("Gemeinderatssitzung", "Gemeinde-Rats-Sitzung"), ("Aufwandsentschädigung", "Aufwands-Entschädigung"),
        ("Straßenbahnhaltestelle", "Straßen-Bahn-Halte-Stelle"), ("Zusammenarbeit", "Zusammen-Arbeit"),
        ("Rollstuhlfahrerin", "Rollstuhl-Fahrerin"), ("Öffentlichkeitsarbeit", "Öffentlichkeits-Arbeit"),
        ("Kooperationsvereinbarung", "Kooperations-Vereinbarung"), ("Behindertenparkplatz", "Behinderten-Parkplatz"),
        ("Donaudampfschifffahrt", None), ("Erholungswaldung", None), ("S-Bahnhaltestellenplan", "S-Bahn-Halte-Stellen-Plan"),
    ],
)  # fmt: skip
def test_long_words_get_a_hyphen_where_it_is_sure(word, proposal):
    assert hits(f"{word} hier.", "long_word") == [(word, proposal)]


@pytest.mark.parametrize(
    "word",
    [
        "Gemeinde",
        "Inklusions-Vermittler",
        "Unterstützung",
        "Veranstaltungen",
        "Breisgau-Hochschwarzwald",
        "Holzgerlingen",
    ],
)
def test_short_words_names_and_words_without_a_joint_stay(word):
    assert hits(f"Das ist {word}.", "long_word") == []


# --- special characters


@pytest.mark.parametrize(
    ("text", "place", "proposal"),
    [
        ("Er kommt; sie geht.", ";", None), ("Kinder & Eltern", "&", "und"), ("Das sagt § 10.", "§", "Paragraf"),
        ("Wege (auch kleine) sind gut.", "(auch kleine)", None), ("Das ist „gut“ so.", "„gut“", "gut"), ('Das ist "gut" so.', '"gut"', "gut"),
        ("Das – und mehr.", "–", None), ("Und so weiter…", "…", None), ("Es kostet 5€.", "€", " Euro"), ("Mal/Zeit", "/", None),
        ("Alle Bürger*innen.", "*", None), ("Alle Bürger:innen.", ":", None), ("Eine Klammer ) allein", ")", None),
        ("Das ist »gut« so.", "»gut«", "gut"),
    ],
)  # fmt: skip
def test_special_characters(text, place, proposal):
    assert hits(text, "special") == [(place, proposal)]


@pytest.mark.parametrize(
    "text",
    [
        "Das ist gut.", "Kommt alle!", "Wer kommt?", "Das sind sie:\n- Anna\n- Ben", "# Titel", "Um 10:30 Uhr.", "Inklusions-Vermittler",
        "Mehr auf https://www.leonberg.de/a?b=c&d.", "Schreiben Sie an rathaus@leonberg.example bitte.", "10 Prozent", "10 %", "– Punkt",
    ],
)  # fmt: skip
def test_no_special_characters(text):
    assert hits(text, "special") == []


# --- numbers


@pytest.mark.parametrize(
    ("text", "place", "proposal"),
    [("Zwei Menschen kommen.", "Zwei", "2"), ("Es sind zwölf Kinder.", "zwölf", "12"), ("Wir waren dreimal da.", "dreimal", "3 Mal"),
     ("Es sind acht Kinder.", "acht", "8")],
)  # fmt: skip
def test_number_words(text, place, proposal):
    assert hits(text, "number_word") == [(place, proposal)]


@pytest.mark.parametrize(
    "text",
    ["Ein Mensch kommt.", "2 Menschen", "Geben Sie acht.", "Wir achten darauf.", "Die Zweige.", "acht geben"],
)
def test_no_number_words(text):
    assert hits(text, "number_word") == []


@pytest.mark.parametrize(
    ("text", "place", "proposal"),
    [
        ("Es sind 5 % mehr.", "5 %", "sehr wenige"), ("Es sind 50 Prozent.", "50 Prozent", "die Hälfte"),
        ("Das sind 80%.", "80%", "viele"), ("99 Prozent sind da.", "99 Prozent", "Fast alle"), ("Das sind 100 %.", "100 %", "alle"),
        ("Es sind 12,5 Prozent.", "12,5 Prozent", "wenige"), ("Es sind 250 Prozent.", "250 Prozent", None),
    ],
)  # fmt: skip
def test_percentages(text, place, proposal):
    assert hits(text, "percent") == [(place, proposal)]
    assert hits(text, "special") == []


def test_no_percentages():
    assert hits("Es sind 50 Menschen. Das Prozentzeichen.", "percent") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Es sind 48.753 Menschen.", "48.753"),
        ("Es kostet 5000 Euro.", "5000"),
        ("Es sind 1.000.000 Euro.", "1.000.000"),
    ],
)
def test_large_numbers(text, place):
    assert hits(text, "large_number") == [(place, None)]


@pytest.mark.parametrize(
    "text",
    [
        "Im Jahr 2021.",
        "Am 12.02.2021.",
        "71034 Böblingen",
        "Telefon: 07031 12345",
        "999 Menschen",
        "0711/123456",
        "Um 10.30 Uhr",
    ],
)
def test_years_postcodes_and_telephones_are_no_large_numbers(text):
    if "12345" in text:
        text = text.replace(" 12345", "/12345")
    assert hits(text, "large_number") == []


@pytest.mark.parametrize(
    ("text", "place", "proposal"),
    [
        ("Das steht in Teil II.", "II", "2"),
        ("Kapitel IV ist neu.", "IV", "4"),
        ("Teil V ist neu.", "V", "5"),
        ("Nummer XIX", "XIX", "19"),
    ],
)
def test_roman_numerals(text, place, proposal):
    assert hits(text, "roman") == [(place, proposal)]
    assert hits(text, "abbreviation") == []


@pytest.mark.parametrize(
    "text", ["Die CD ist da.", "Das ist XL.", "Ich gehe.", "Vitamin C", "In Rom.", "Das V am Anfang."]
)
def test_no_roman_numerals(text):
    assert hits(text, "roman") == []


# --- words and clauses


@pytest.mark.parametrize(
    ("text", "place", "proposal"),
    [
        ("Die Kommune hilft.", "Kommune", "Gemeinde"), ("Partizipation ist gut.", "Partizipation", "Mit-Bestimmung"),
        ("Das ist kommunale Arbeit.", "kommunale", None), ("Das Konzept ist gut.", "Konzept", None), ("Das Meeting war gut.", "Meeting", "Treffen"),
    ],
)  # fmt: skip
def test_foreign_words(text, place, proposal):
    assert hits(text, "foreign") == [(place, proposal)]


@pytest.mark.parametrize("text", ["Die Gemeinde hilft.", "Das ist gut.", "Die Kommunion ist im Mai."])
def test_no_foreign_words(text):
    assert hits(text, "foreign") == []


@pytest.mark.parametrize(
    "text",
    [
        "Wir helfen, weil das wichtig ist.", "Sie sagt, dass sie kommt.", "Menschen, die blind sind, kommen.", "Anna, Ben, Carla und Dora.",
        "Das ist ein Haus, das niemand kennt.", "Sie kommt, wenn es geht.", "Das ist die Frau, mit der wir sprechen.",
    ],
)  # fmt: skip
def test_clauses(text):
    assert len(places(text, "clauses")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Anna, Ben und Carla kommen.",
        "Die Stadt, die Schule und der Verein helfen.",
        "Es sind 1,5 Stunden.",
        "Ja, gern.",
        "Wenn Sie wollen.",
    ],
)
def test_no_clauses(text):
    assert places(text, "clauses") == []


# --- the whole


GOOD = """# Was machen die Inklusions-Vermittler?
Inklusion heißt:
Alle Menschen gehören dazu.

Sie sehen zum Beispiel:
- Hier ist eine Stufe.
- Menschen im Rollstuhl kommen nur mit Hilfe hinein.

Dann sprechen sie mit den Menschen im Rathaus."""


def test_a_good_text_has_no_findings():
    assert check_text(GOOD) == []
    assert summary_of([]) == "Der Text folgt allen Regeln, die das Portal prüft."


def test_findings_name_their_sentence_and_place():
    text = "Das ist gut.\r\nDas ist ca. gut."
    (finding,) = check_text(text)
    assert (finding.sentence, finding.number, text[finding.start : finding.end]) == (1, 2, "ca.")
    assert finding.quote == "Das ist ca. gut."


def test_the_answer_for_the_browser():
    answer = findings_as_json(check_text("Das ist ca. gut. Das nicht."))
    assert answer["summary"] == "1 Hinweis, 2 Fehler"
    assert answer["findings"][0] == {
        "sentence": 1,
        "quote": "Das ist ca. gut.",
        "start": 8,
        "end": 11,
        "rule": "abbreviation",
        "rule_name": "Abkürzung",
        "severity": "error",
        "severity_name": "Fehler",
        "message": "Schreiben Sie die Abkürzung „ca.“ aus.",
        "proposal": "ungefähr",
        "proposal_in_words": "ungefähr",
    }
    assert [f["proposal_in_words"] for f in answer["findings"]] == ["ungefähr", "neue Zeile", ""]


def test_a_long_list_is_cut_but_counted():
    answer = findings_as_json(check_text("Das nicht.\n" * 300))
    assert (len(answer["findings"]), answer["summary"]) == (200, "300 Hinweise")


def test_every_rule_has_a_name_and_every_message_is_a_sentence():
    assert set(NAMES) == set(RULES)
    text = "Die Bürger*innen der KIV usw; werden, weil es 5 % sind, gefragt. " * 3
    assert all(f.message[-1] == "." and f.message[0] in "„ABDEGHILMNPSZ" for f in check_text(text))


PIECES = st.sampled_from([
    "Die Stadt", "des Landkreises", "wird", "gebaut", "z. B.", "usw.", "KIV", "II", "5 %", "48.753", "zwei", "nicht", "könnte", "„", "“", "(", ")",
    "– ", "- ", "# ", "\n", "\r\n", ". ", "! ", ", die ", " ", "Kommune", "Barrierefreiheit", "🎉", "\u2028", "\x00", "é", "e\u0301", "www.a.de", "a@b.de",
    "*", "§", "%", "der Gemeinde", "1.", ":", "…",
])  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=examples(300), deadline=None)
@given(TEXTS)
@example("")
@example("# ")
@example("\n- \n")
@example("#")
@example("– ")
@example("\u2028# §\x1c-")
@example(". . .")
@example("100%%")
def test_any_text_gives_places_inside_it_and_the_same_ones_again(text):
    found = check_text(text)
    assert check_text(text) == found
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.quote
        if finding.proposal is not None:
            check_text(apply(text, finding))
    assert found == sorted(found, key=lambda f: (f.start, f.end, f.rule))
    summary_of(found)
    findings_as_json(found)


def test_a_long_text_is_checked_at_once():
    text = (
        "Die Barrierefreiheit des Rathauses wird z. B. am Montag geprüft. Das könnte 5 % der Menschen helfen.\n"
        * 300
    )[:20_000]
    check_text(text)
    fastest = min(_seconds(text) for _ in range(3))
    assert fastest < 0.1


def _seconds(text: str) -> float:
    started = time.process_time()
    check_text(text)
    return time.process_time() - started
