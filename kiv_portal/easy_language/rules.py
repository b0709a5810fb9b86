"""The rules of easy language that a program can see, after the rules of Netzwerk Leichte Sprache.

Each rule takes a Text and yields Hits. Where German is ambiguous a rule keeps silent: a wrong hint teaches people to
ignore the right ones.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from kiv_portal.easy_language import words
from kiv_portal.easy_language.compounds import pieces, with_hyphens
from kiv_portal.easy_language.sentences import WORD_OR_NUMBER, Text

MANY_WORDS, TOO_MANY_WORDS = 10, 15  # in a sentence
LONG_WORD = 13  # letters without a hyphen
LARGE_NUMBER = 1000
YEARS = range(1800, 2100)


class Severity(StrEnum):
    """The value is the code, `label` what people read."""

    WARNING = "warning"
    ERROR = "error"

    @property
    def label(self) -> str:
        return "Fehler" if self is Severity.ERROR else "Hinweis"


class Hit(NamedTuple):
    """text[start:end] breaks a rule; `proposal` may stand in its place as it is, None is: only a person can know."""

    start: int
    end: int
    message: str
    proposal: str | None = None
    severity: Severity = Severity.WARNING


NAMES = {
    "length": "Satz-Länge",
    "line": "1 Satz in jeder Zeile",
    "passive": "Passiv",
    "genitive": "Genitiv",
    "subjunctive": "Konjunktiv",
    "negation": "Verneinung",
    "abbreviation": "Abkürzung",
    "long_word": "Langes Wort",
    "special": "Sonder-Zeichen",
    "number_word": "Zahl als Wort",
    "percent": "Prozent-Zahl",
    "large_number": "Große Zahl",
    "roman": "Römische Zahl",
    "foreign": "Schweres Wort",
    "clauses": "Neben-Satz",
}


# --- sentences


def length(text: Text) -> Iterator[Hit]:
    for index, sentence in enumerate(text.sentences):
        count = sum(1 for _ in WORD_OR_NUMBER.finditer(text.of(index)))
        if count > MANY_WORDS:
            severity = Severity.ERROR if count > TOO_MANY_WORDS else Severity.WARNING
            message = f"Der Satz hat {count} Wörter. Machen Sie mehrere kurze Sätze daraus."
            yield Hit(sentence.start, sentence.end, message, None, severity)


def line(text: Text) -> Iterator[Hit]:
    message = "In dieser Zeile steht schon ein Satz. Beginnen Sie eine neue Zeile."
    for before, sentence in zip(text.sentences, text.sentences[1:], strict=False):
        if sentence.place:
            own = text.text[sentence.start : sentence.end]
            proposal = f"\n{own}" if sentence.kind == "lines" else None
            yield Hit(before.end, sentence.end, message, proposal, Severity.ERROR)


_TO_BECOME = re.compile(r"(?<![\w-])(?:werden|wird|wurden?|worden|werdet|wirst)(?![\w-])", re.IGNORECASE)
_LETTER = "[a-zäöüß]"
_PARTICIPLE = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(sorted(words.PREFIXES, key=len, reverse=True))})?(?P<stem>ge{_LETTER}{{2,}}(?:t|en))"
    rf"|(?:be|ver|er|ent|zer|emp|miss|über|unter){_LETTER}{{3,}}t|{_LETTER}+iert|{'|'.join(words.STRONG_PARTICIPLES)})"
    r"(?=\s*(?:[.,;:!?]|\Z|(?:und|oder|worden|werden|wird|wurden?|sein|haben)(?![\w-])))"
)
_NO_PARTICIPLES = frozenset(words.NO_PARTICIPLES)


def passive(text: Text) -> Iterator[Hit]:
    """A form of "werden" and, at the end of a clause, a participle."""
    for index, sentence in enumerate(text.sentences):
        own = text.of(index)
        if not (helper := _TO_BECOME.search(own)):
            continue
        for match in _PARTICIPLE.finditer(own):
            if match[0] in _NO_PARTICIPLES or match["stem"] in _NO_PARTICIPLES:
                continue
            start, end = min(helper.start(), match.start()), max(helper.end(), match.end())
            message = (
                "Hier steht nicht, wer etwas tut. Schreiben Sie zum Beispiel: Die Stadt baut eine Rampe."
                " Nicht: Eine Rampe wird gebaut."
            )
            yield Hit(sentence.start + start, sentence.start + end, message)
            break


_AFTER_COMMA = re.compile(
    rf",\s+(?:{'|'.join(words.SUBORDINATORS)})(?![\w-])"
    r"|,\s+(?:(?:in|mit|von|bei|für|auf|an|zu|aus)\s+)?(?:die|der|das|den|dem|denen|deren|dessen)\s+(?=[a-zäöü])"
)
_COMMA = re.compile(r",(?!\d)")
_ENUMERATION = re.compile(r"\s(?:und|oder)\s")


def clauses(text: Text) -> Iterator[Hit]:
    for index, sentence in enumerate(text.sentences):
        own = text.of(index)
        commas = [match.start() for match in _COMMA.finditer(own)]
        if len(commas) > 1:
            message = "Der Satz hat mehrere Kommas. Machen Sie kurze Sätze oder eine Liste daraus."
            yield Hit(sentence.start, sentence.end, message)
        elif commas and (match := _AFTER_COMMA.search(own)):
            is_relative = match[0].endswith(" ")
            if not (is_relative and _ENUMERATION.search(own, match.end())):
                message = "Der Satz hat einen Neben-Satz. Machen Sie 2 Sätze daraus."
                yield Hit(sentence.start + commas[0], sentence.end, message)


# --- words


_ADJECTIVES = r"(?:[a-zäöüß]+(?:en|er)\s+){0,2}"
_GENITIVE = re.compile(
    r"(?<![\w-])(?:des\s+(?!Öfteren)" + _ADJECTIVES + r"(?P<noun>[A-ZÄÖÜ][\w-]+)"
    r"|(?:eines|seines|ihres|unseres|Ihres)\s+" + _ADJECTIVES + r"[A-ZÄÖÜ][\w-]*[a-zäöüß]s"
    r"|(?:[Ww]egen|[Tt]rotz|[Ww]ährend|[Aa]ufgrund|[Ii]nnerhalb|[Aa]ußerhalb|[Aa]nstatt|[Ss]tatt)"
    r"\s+(?:der|einer|dieser)\s+" + _ADJECTIVES + r"[A-ZÄÖÜ][\w-]+)(?![\w-])",
)
_OWNERS = {name: f"von der {name}" for name in words.OWNERS_SINGULAR}
_OWNERS |= {name: f"von den {dative}" for name, dative in words.OWNERS_PLURAL.items()}
_OWNED = re.compile(
    r"(?<![\w-])(?:[Dd](?:ie|er|as|en|em)|[Ee]ine?[nmr]?|[Vv]om|[Zz]u[mr]|[Ii]m|[Aa]m|[Bb]eim|[Uu]nsere?[nmr]?)\s+"
    + _ADJECTIVES
    + rf"[A-ZÄÖÜ][\w-]+\s+(?P<owner>der\s+(?P<name>{'|'.join(_OWNERS)}))(?![\w-])"
)
_GENITIVE_HINT = "Das ist ein Genitiv. Schreiben Sie „von“: das Haus von dem Lehrer, die Halle von der Stadt."


def genitive(text: Text) -> Iterator[Hit]:
    for match in _GENITIVE.finditer(text.plain):
        noun = words.GENITIVES.get(match["noun"] or "")
        is_direct = bool(noun) and match[0].split() == ["des", match["noun"]]
        yield Hit(*match.span(), _GENITIVE_HINT, f"von dem {noun}" if is_direct else None)
    for match in _OWNED.finditer(text.plain):
        yield Hit(*match.span("owner"), _GENITIVE_HINT, _OWNERS[match["name"]])


_SUBJUNCTIVES = {form for word in words.SUBJUNCTIVES for form in (word, word.capitalize())} - {"Würde", "Sei"}
_POLITE_ORDER = re.compile(r"\s+Sie(?![\w-])")


def subjunctive(text: Text) -> Iterator[Hit]:
    message = (
        "„{}“ ist ein Konjunktiv: Etwas ist nur vielleicht so. Schreiben Sie, was ist, oder „vielleicht“."
    )
    for match in text.words:
        if match[0] in _SUBJUNCTIVES and not (
            match[0] == "Seien" and _POLITE_ORDER.match(text.plain, match.end())
        ):
            yield Hit(*match.span(), message.format(match[0]))


_NEGATIONS = frozenset(words.NEGATIONS)


def negation(text: Text) -> Iterator[Hit]:
    message = "Das Wort „{}“ überlesen viele. Schreiben Sie möglichst, was ist, und nicht, was nicht ist."
    for match in text.words:
        if match[0].lower() in _NEGATIONS:
            yield Hit(*match.span(), message.format(match[0]))


_TAKE_CARE = re.compile(r"\s*(?:[.,!?]|\Z|geb|gib|gab)")  # after "acht"


def number_word(text: Text) -> Iterator[Hit]:
    for match in text.words:
        word = match[0].lower()
        if word in words.NUMBERS and not (word == "acht" and _TAKE_CARE.match(text.plain, match.end())):
            yield Hit(*match.span(), "Schreiben Sie Zahlen als Ziffern.", words.NUMBERS[word])


_OF_ADJECTIVES = {
    f"{word}{ending}": words.Easier(easier.hint)
    for word, easier in words.FOREIGN.items()
    if word.endswith(("al", "iv", "ell", "ant", "är", "ich", "quat"))
    for ending in ("e", "en", "er", "es", "em")
}
_FOREIGN = {**words.FOREIGN, **_OF_ADJECTIVES}


def foreign(text: Text) -> Iterator[Hit]:
    for match in text.words:
        if easier := _FOREIGN.get(match[0].lower()):
            message = f"„{match[0]}“ verstehen nicht alle. Leichter ist: {easier.hint}."
            yield Hit(*match.span(), message, easier.swap or None)


def long_word(text: Text) -> Iterator[Hit]:
    for match in text.words:
        if len(match[0]) <= LONG_WORD:
            continue
        parts = match[0].split("-")
        if not any(_is_too_long(part) for part in parts):
            continue
        split = [with_hyphens(part) if _is_too_long(part) else part for part in parts]
        proposal = "-".join(split) if all(split) else None
        advice = "Trennen Sie es mit Binde-Strich" if proposal else "Nehmen Sie ein kurzes Wort"
        message = f"„{match[0]}“ ist ein langes Wort. {advice} oder erklären Sie es."
        yield Hit(*match.span(), message, proposal)


def _is_too_long(part: str) -> bool:
    if len(part) <= LONG_WORD or part.isupper() or part.lower() in words.LONG_NAMES:
        return False
    return len(pieces(part)) != 1  # a known word that has no joint


# --- signs and numbers


def _abbreviation_pattern() -> re.Pattern[str]:
    options = []
    for short in sorted(words.ABBREVIATIONS, key=len, reverse=True):
        first = short[0]
        start = f"[{first.upper()}{first}]" if first.islower() else first
        options.append(start + re.escape(short[1:]).replace(r"\ ", r"\s?"))
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(options)})(?!\w)")


_ABBREVIATION = _abbreviation_pattern()
_EXPANSIONS = {short.replace(" ", "").lower(): full for short, full in words.ABBREVIATIONS.items()}
_CAPITALS = re.compile(r"(?<![\w-])[A-ZÄÖÜ]{2,}(?:-[A-ZÄÖÜ]{2,})*(?![\w-]|\.\w)")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_SINGLE_ROMAN = re.compile(r"(?<=Teil )[IVX](?!\w)|(?<=Kapitel )[IVX](?!\w)|(?<=Band )[IVX](?!\w)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


def abbreviation(text: Text) -> Iterator[Hit]:
    for match in _ABBREVIATION.finditer(text.plain):
        full = _EXPANSIONS["".join(match[0].split()).lower()]
        if full and match[0][0].isupper():
            full = full[0].upper() + full[1:]
        ends_sentence = text.plain[match.end() : match.end() + 1] in ("", "\n", "\r")
        proposal = f"{full}{'.' if ends_sentence else ''}" if full else None
        message = f"Schreiben Sie die Abkürzung „{match[0]}“ aus."
        yield Hit(*match.span(), message, proposal, Severity.ERROR)
    for match in _CAPITALS.finditer(text.plain):
        if match[0] in words.ALLOWED_CAPITALS or _ROMAN.fullmatch(match[0]):
            continue
        if len(match[0]) > 5 and "-" not in match[0]:
            message = "Schreiben Sie ein Wort nicht ganz in großen Buchstaben."
            yield Hit(*match.span(), message, match[0].capitalize())
        else:
            message = f"Die Abkürzung „{match[0]}“ kennen nicht alle. Schreiben Sie aus, was sie heißt."
            yield Hit(*match.span(), message, words.CAPITALS.get(match[0]) or None, Severity.ERROR)


def roman(text: Text) -> Iterator[Hit]:
    whole = (match for match in _CAPITALS.finditer(text.plain) if _ROMAN.fullmatch(match[0]))
    for match in (*whole, *_SINGLE_ROMAN.finditer(text.plain)):
        digits = str(_roman_value(match[0]))
        yield Hit(*match.span(), "Schreiben Sie keine römischen Zahlen.", digits, Severity.ERROR)


def _roman_value(sign: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in sign]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


_NUMBER = r"\d+(?:\.\d{3})*(?:,\d+)?"
_PERCENT = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER})\s?(?:%|Prozent(?![\w-]))")
_SHARES = ((10, "sehr wenige"), (30, "wenige"), (45, "weniger als die Hälfte"), (55, "die Hälfte"),
           (70, "mehr als die Hälfte"), (90, "viele"), (99.9, "fast alle"), (100, "alle"))  # fmt: skip


def percent(text: Text) -> Iterator[Hit]:
    for match in _PERCENT.finditer(text.plain):
        value = float(match["number"].replace(".", "").replace(",", ".")[:20])
        share = next((word for limit, word in _SHARES if 0 < value <= limit), None)
        if share and text.begins_sentence(match.start()):
            share = share[0].upper() + share[1:]
        advice = (
            f"Schreiben Sie zum Beispiel: {share}."
            if share
            else "Schreiben Sie zum Beispiel: wenige oder viele."
        )
        yield Hit(*match.span(), f"Prozent-Zahlen sind schwer. {advice}", share, Severity.ERROR)


_GROUPED = re.compile(
    r"(?<![\w.,/:+-])(?P<number>\d{1,3}(?:\.\d{3})+|[1-9]\d{3,})(?![\w/]|[.,:-]\d)(?!\s?(?:%|Prozent))"
)
_POSTCODE = re.compile(r"\s[A-ZÄÖÜ]")


def large_number(text: Text) -> Iterator[Hit]:
    for match in _GROUPED.finditer(text.plain):
        digits = match[0].replace(".", "")
        is_year = "." not in match[0] and len(digits) == 4 and int(digits) in YEARS
        is_postcode = "." not in match[0] and len(digits) == 5 and _POSTCODE.match(text.plain, match.end())
        if not is_year and not is_postcode and (len(digits) > 12 or int(digits) >= LARGE_NUMBER):
            message = "Große Zahlen sind schwer. Schreiben Sie zum Beispiel: viele oder sehr viele."
            yield Hit(*match.span(), message)


_SPECIAL = re.compile(
    r"(?P<bracket>\([^()\n]*\)|\[[^\[\]\n]*\]|[()\[\]])"
    r"|(?P<quote>[„“](?P<inner>[^„“”\"\n]*)[“”\"]|\"(?P<plain>[^\"\n]*)\"|[»›](?P<angle>[^»«›‹\n]*)[«‹]|[„“”\"»«›‹])"
    r"|(?P<gender>(?<=[a-zäöüß])[*_:](?=in))"
    r"|(?P<dash>[–—])"
    r"|(?P<sign>[;/&§…*_=+~^<>|€$°#\\{}]|\.\.\.|(?<!\d)(?<!\d\s)%)"
)
_SIGNS = {"&": "und", "€": "Euro", "§": "Paragraf", "%": "Prozent"}


def special(text: Text) -> Iterator[Hit]:
    for match in _SPECIAL.finditer(text.plain):
        if match["bracket"] is not None:
            yield Hit(*match.span(), "Lassen Sie Klammern weg. Machen Sie einen neuen Satz daraus.")
        elif match["quote"] is not None:
            inner = match["inner"] or match["plain"] or match["angle"] or ""
            yield Hit(*match.span(), "Lassen Sie Anführungs-Zeichen weg.", inner)
        elif match["gender"] is not None:
            message = "Zeichen mitten im Wort sind schwer zu lesen. Nennen Sie zum Beispiel: Bürgerinnen und Bürger."
            yield Hit(*match.span(), message, None, Severity.ERROR)
        elif match["dash"] is not None:
            before, after = match.start() - 1, match.end()
            around = text.plain[before : before + 1] + text.plain[after : after + 1]
            if not (len(around) == 2 and around.isdigit()):  # "2021–2022"
                yield Hit(*match.span(), "Lassen Sie den Gedanken-Strich weg. Beginnen Sie einen neuen Satz.")
        else:
            message = (
                f"Das Zeichen „{match[0]}“ ist schwer zu lesen. Schreiben Sie Worte oder einen neuen Satz."
            )
            yield Hit(*match.span(), message, _spelled_out(text.plain, match), Severity.ERROR)


def _spelled_out(plain: str, match: re.Match[str]) -> str | None:
    """The sign as a word, with the space that a word needs: "5€" → "5 Euro"."""
    if (word := _SIGNS.get(match[0])) is None:
        return None
    before, after = plain[match.start() - 1 : match.start()], plain[match.end() : match.end() + 1]
    return f"{' ' if before.isalnum() else ''}{word}{' ' if after.isalnum() else ''}"


RULES: dict[str, Callable[[Text], Iterator[Hit]]] = {
    "length": length,
    "line": line,
    "passive": passive,
    "genitive": genitive,
    "subjunctive": subjunctive,
    "negation": negation,
    "abbreviation": abbreviation,
    "long_word": long_word,
    "special": special,
    "number_word": number_word,
    "percent": percent,
    "large_number": large_number,
    "roman": roman,
    "foreign": foreign,
    "clauses": clauses,
}
