"""Names of people: after "Frau" and "Herr", and by word lists of given names and surnames (docs/adr/0022)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kiv_portal.privacy.persons import RELATIVE
from kiv_portal.privacy.reading import word_list

Span = tuple[int, int]

# --- after a form of address

UPPER = r"[^\W\d_a-zäöüßçğışéèáàíóúñłśźżčćđ]"
TITLES = r"(?:(?:Dr|Prof|Dipl|Ing|Dr\.[ ]?med)\.?(?:-Ing\.)?[ ]){0,3}"
ADDRESSED = re.compile(
    rf"\b(?:Frau|FRAU|Herrn?|HERRN?|Fräulein|Fr\.|Hr\.|Hrn\.|Familie|Fam\.|Eheleute|Ehepaar"
    rf"|Geschwister)[ \u00a0]{{1,2}}{TITLES}"
    rf"((?:von[ ]|v\.[ ]?|van[ ]|van der[ ]|de[ ]|zu[ ]){{0,2}}{UPPER}[\w’]{{0,40}}(?:-{UPPER}\w{{0,40}})?)"
)
# How offices are called. Who holds one is in public anyhow.
OFFICES = re.compile(
    r"(?:Ober|Alt|Erste|Ersten|Erster)?(?:bürger|Bürger)meister(?:in|innen|s)?|Beigeordnete[rn]?"
    r"|(?:Stadt|Gemeinde|Kreis|Land|Ortschafts|Regierungs|Schul|Kirchen|Bau)r(?:at|ats|ätin|äte)"
    r"|(?:\w*[Mm]inister|\w*[Pp]räsident|\w*[Dd]irektor|\w*[Rr]ektor|\w*[Ll]eiter|\w*[Vv]orsteher"
    r"|Kämmer(?:er)?|Dezernent"
    r"|\w*[Kk]oordinator|Professor|Doktor|Pfarrer|Dekan|Diakon|Pastor|Bischof|Architekt|Staatssekretär"
    r"|Abgeordnet|Notar|Moderator)"
    r"(?:in|s|e|er|en)?"
    r"|\w*[Vv]orsitzende[rn]?|\w*[Bb]eauftragte[rn]?|\w*[Aa]bgeordnete[rn]?|Landrätin"
)
NO_SURNAME = re.compile(
    r"(?:Nachbar|Lehrer|Kolleg|Ober|Wirt)(?:in|innen|n|e|en)?|und|Mutter|Vater|Mond|Sonne|Gott"
)
AFTER_DAYS = ("Vormittag", "Nachmittag", "Mittag", "Abend", "Morgen", "Uhr", "Ruhetag")
DAYS_BEFORE = re.compile(r"(?:Mo|Di|Mi|Do|Sa|So)\.?\s?(?:[-–/,]|und|bis)\s?$")


def _addressed(text: str) -> Iterator[Span]:
    for match in ADDRESSED.finditer(text):
        is_office = OFFICES.fullmatch(match[1]) or NO_SURNAME.fullmatch(match[1])
        if not is_office and not _is_friday(text, match):
            yield match.span()


def _is_friday(text: str, match: re.Match[str]) -> bool:
    """ "Fr." is a day of the week, too."""
    before = text[max(0, match.start() - 8) : match.start()]
    return match[0].startswith("Fr.") and (
        match[1].startswith(AFTER_DAYS) or bool(DAYS_BEFORE.search(before))
    )


# --- by the lists

TOKEN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
INITIAL = re.compile(r" ([^\W\d_a-zäöüß])\.(?!\w)")
MONTHS = frozenset(("April", "Mai", "Juni", "Juli", "August"))
REPORTED = re.compile(
    r" hat (?:\w+ ){0,6}(?:angerufen|gefragt|gemeldet|gebeten|erzählt|geschrieben|beschwert)\b"
)
INSTITUTION = re.compile(
    r"(?!(?:rathaus|krankenhaus|bahnhof|schulhof|bauhof|wohnhaus)$)(?:\w*(?:café|cafe|hotel|gasthaus"
    r"|gasthof|gaststätte|restaurant|pizzeria|eisdiele|pension|bäckerei|metzgerei|fleischerei|konditorei"
    r"|gärtnerei|schreinerei|tischlerei|druckerei|brauerei|buchhandlung|apotheke|praxis|zahnarztpraxis"
    r"|kanzlei|salon|friseur|optik|optiker"
    r"|autohaus|modehaus|möbelhaus|kaufhaus|schuhhaus|sanitätshaus|haus|heim|stift|villa|schloss|hof|firma"
    r"|fa|unternehmen"
    r"|betrieb|markt|laden|geschäft|elektro|blumen|mode|moden|foto|radio|fahrrad|reisen|busreisen|taxi"
    r"|spedition|stiftung|verein|kapelle"
    r"|kirche|kloster|dom|münster|gemeinde|pfarrei|kita|krippe|hort|zentrum|theater|zirkus|circus|puppe"
    r"|roboter|sturm|orkan|tief|hoch"
    r"|sturmtief|schiff|boot|bürgerbus|app|projekt|chor|band|film|buch|roman|musical|oper|märchen|stück"
    r"|theaterstück|figur|marke"
    r"|modell|hund|blindenhund|therapiehund|hündin|katze|kater|pony|pferd|esel|kuh|weingut|verlag|druck"
    r"|bau|holzbau|stahlbau|seniorenheim"
    r"|könig|königin|kaiser|kaiserin|papst|prinz|prinzessin|ritter|sankt|heiliger|heilige|heiligen|hexe"
    r"|clown|zauberer|räuber|bischof"
    r"|sorte|software|insel|fluss|fähre|radler|orgel|glocke)|st|hl)",
    re.IGNORECASE,
)
ABBREVIATED = re.compile(r"\.\s?[-–a-zäöü\d]")  # "Jan. 2024", "max. 8"
COMPANY_AFTER = re.compile(
    r"(?: [^\W\d_a-zäöüß][\w-]*){0,2},? (?:GmbH|gGmbH|AG|KG|OHG|GbR|UG|SE|eG|mbH|Co\b|& |\+ |e\. ?V|e\. ?K"
    r"|und Söhne|und Partner|und Sohn)"
    r"|(?: [^\W\d_a-zäöüß][\w-]*){0,1} (?:Stiftung|Schule|Straße|Str\.|Platz|Kirche|Halle|Haus|Heim|Saal"
    r"|Apotheke|Stadion|Preis|Zentrum|Kindergarten"
    r"|Gymnasium|Realschule|Grundschule|Werkstatt|Werkstätten|Weg|Allee|Gasse|Ring|Park|Gruppe|Werke"
    r"|Verlag|Klinik|Krankenhaus)(?!\w)"
)
NO_SURNAME_END = re.compile(
    r"\w*(?:ung|heit|keit|schaft|ion|tät|nis|stuhl|platz|hilfe|termin|rampe|lift|begleitung|assistenz|tag"
    r"|woche|monat|abend|morgen|mittag"
    r"|jahr|uhr|fest|angst|rat|recht|geld|zeit|weg|haus|schule|bus|auto|hund|brille|gerät|gerät[es]|karte"
    r"|ausweis|antrag|unterricht)",
    re.IGNORECASE,
)
PERSON_BEFORE = re.compile(
    rf"(?:{RELATIVE}|(?:\w+[-])?(?:Kolleg|Freund|Schüler|Klient|Bewohner|Anwohner|Rentner|Patient"
    rf"|Mitarbeiter|Lehrer|Bürger|Betreuer|Helfer"
    r"|Assistent|Vermieter|Mieter|Rollstuhlfahrer|Besucher|Teilnehmer)(?:in|e|en|s|n)?|Junge|Mädchen|Baby"
    r"|Bub|Dame|Herr|Familie|Geschwister"
    r"|Eheleute|Ehepaar|Dr|Prof|kleine|kleiner|kleinen|alte|alter|junge|junger)"
)
LETTER_AND_DOT = re.compile(r"\w\.\s?$")
TITLED = frozenset(("Dr", "Prof", "Ehepaar", "Eheleute", "Geschwister"))


@cache
def _given() -> frozenset[str]:
    return frozenset(word_list("given_names"))


@cache
def _words_too() -> frozenset[str]:
    return frozenset(word_list("words_too"))


@cache
def _surnames() -> frozenset[str]:
    return frozenset(word_list("surnames"))


@cache
def _determiners() -> frozenset[str]:
    return frozenset(word_list("determiners"))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(word_list("verbs"))


@cache
def _verbs_of_speech() -> frozenset[str]:
    return frozenset(word_list("verbs_of_speech"))


@dataclass(frozen=True)
class Token:
    word: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        return self.word[0].isupper()


NONE = Token("·", 0, 0)


class Row:
    """The words of a sentence, and what stands beside each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [Token(match[0], *match.span()) for match in TOKEN.finditer(text)]

    def after(self, i: int) -> Token:
        """The next word, where nothing but a space is between."""
        return self._beside(i, i + 1, " ")

    def before(self, i: int) -> Token:
        """The word before, where at most the dot of an abbreviation and a quotation mark are between."""
        return self._beside(i - 1, i, " .„“\"»'·")

    def _beside(self, i: int, j: int, allowed: str) -> Token:
        if i < 0 or j >= len(self.tokens):
            return NONE
        between = self.text[self.tokens[i].end : self.tokens[j].start]
        is_beside = bool(between) and len(between) <= 3 and not between.strip(allowed)
        return (self.tokens[j] if allowed == " " else self.tokens[i]) if is_beside else NONE


def names(text: str) -> list[Span]:
    """Of one sentence, in its order. Places that touch are one name."""
    row = Row(text)
    found = sorted(
        [
            *_addressed(text),
            *_given_names(row),
            *_surnames_of_people(row),
            *_in_capitals(row),
            *_initials(text),
        ]
    )
    joined: list[Span] = []
    for start, end in found:
        if joined and start <= joined[-1][1] + 1 and not text[joined[-1][1] : start].strip(" "):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _given_names(row: Row) -> Iterator[Span]:
    done = -1
    for i, token in enumerate(row.tokens):
        if i <= done or not token.is_capital:
            continue
        if _is_given(token.word) or _is_genitive(row, i):
            last = _end_of_name(row, i)
            if not _is_of_a_thing(row, i, last):
                yield token.start, _with_initial(row, last)
            done = last
        elif token.word in _words_too() and _is_shown_a_person(row, i):
            last = _end_of_name(row, i)
            yield token.start, _with_initial(row, last)
            done = last


def _is_given(word: str) -> bool:
    """Also "Anna-Lena", but not "Albert-Schweitzer-Schule"."""
    parts = word.split("-")
    known = _given()
    if len(parts) == 1:
        return word in known and word not in _words_too()
    return len(parts) == 2 and parts[0] in known and (parts[1] in known or parts[1] in _surnames())


def _is_genitive(row: Row, i: int) -> bool:
    """ "Hannas Mutter"."""
    word = row.tokens[i].word
    stem = word[:-1].rstrip("’'")
    if not word.endswith("s") or len(stem) < 4 or stem in _words_too() or stem not in _given():
        return False
    following = row.after(i)
    return following.is_capital and following.word != "·"


def _end_of_name(row: Row, i: int) -> int:
    """The last word of the name: further given names, and a surname."""
    last = i
    while _is_given(row.after(last).word) and row.text[row.tokens[last].end] == " ":
        last += 1
    following = row.after(last)
    if following.word in ("von", "van", "de", "der", "zu", "Al", "El") and row.after(last + 1).is_capital:
        step = row.after(last + 1)
        return last + 2 if not NO_SURNAME_END.fullmatch(step.word) else last
    if _may_be_surname(following):
        last += 1
    return last


def _may_be_surname(token: Token) -> bool:
    return (
        token is not NONE
        and token.is_capital
        and len(token.word) > 1
        and not NO_SURNAME_END.fullmatch(token.word)
    )


def _with_initial(row: Row, last: int) -> int:
    """ "Erika M." """
    token = row.tokens[last]
    initial = INITIAL.match(row.text, token.end)
    return initial.end() if initial else token.end


def _is_of_a_thing(row: Row, i: int, last: int) -> bool:
    """A café, a church, a company, a book, or who holds an office."""
    first, end = row.tokens[i], row.tokens[last].end
    before = row.before(i)
    if INSTITUTION.fullmatch(before.word) or OFFICES.fullmatch(before.word):
        return True
    if ABBREVIATED.match(row.text, end):
        return True
    if before.word in (
        "Zum",
        "Zur",
        "zum",
        "zur",
        "Am",
        "Da",
        "Bei",
        "Chez",
        "und",
        "u",
    ) and INSTITUTION.fullmatch(row.before(i - 1).word):
        return True
    if COMPANY_AFTER.match(row.text, first.end) or COMPANY_AFTER.match(row.text, end):
        return True
    return row.text[first.start - 1 : first.start] in ("„", "»", '"') and row.text[end : end + 1] in (
        "“",
        "«",
        '"',
    )


def _is_shown_a_person(row: Row, i: int) -> bool:
    token, following, before = row.tokens[i], row.after(i), row.before(i)
    if INSTITUTION.fullmatch(before.word) or OFFICES.fullmatch(before.word):
        return False
    if INITIAL.match(row.text, token.end) or following.word in _surnames():
        return before.word.lower() not in _determiners() or token.word not in MONTHS
    if before is not NONE and PERSON_BEFORE.fullmatch(before.word) and before.is_capital:
        return True
    return (
        token.word not in MONTHS and before.word.lower() not in _determiners() and following.word in _verbs()
    )


def _surnames_of_people(row: Row) -> Iterator[Span]:
    for i, token in enumerate(row.tokens):
        if not token.is_capital:
            continue
        before = row.before(i)
        if before.word in TITLED:
            is_said = _may_be_surname(token) and not OFFICES.fullmatch(token.word)
            if is_said and not _has_institution_before(row, i):
                yield before.start, token.end
        elif _is_surname(token.word):
            start = _start_of_surname(row, i, before)
            if start is not None:
                yield start, token.end
        elif _is_at_somebodys(token, before) and not row.after(i).is_capital:
            yield token.start, token.end


def _is_surname(word: str) -> bool:
    """Also "Schmidt-Weber"."""
    parts = word.split("-")
    return len(parts) <= 2 and all(part in _surnames() for part in parts)


def _is_at_somebodys(token: Token, before: Token) -> bool:
    """ "bei Müllers"."""
    return before.word in ("bei", "Bei") and token.word.endswith("s") and token.word[:-1] in _surnames()


def _start_of_surname(row: Row, i: int, before: Token) -> int | None:
    """Where the name begins, None where nothing shows that a person is meant."""
    token = row.tokens[i]
    if before.is_capital:
        if PERSON_BEFORE.fullmatch(before.word) or _is_initial(row, before):
            return before.start
        return None
    if before.word.lower() in _determiners():
        return None
    is_person = row.after(i).word in _verbs_of_speech() or REPORTED.match(row.text, token.end)
    return token.start if is_person else None


def _is_initial(row: Row, token: Token) -> bool:
    """ "H. Maier", but not "z. B. Maier"."""
    is_one = len(token.word) == 1 and row.text[token.end : token.end + 1] == "."
    return is_one and not LETTER_AND_DOT.search(row.text[max(0, token.start - 3) : token.start])


def _has_institution_before(row: Row, i: int) -> bool:
    """ "Praxis Dr. Weber", "Praxis Prof. Dr. Weber"."""
    return any(INSTITUTION.fullmatch(row.tokens[j].word) for j in range(max(0, i - 3), i))


TWO_INITIALS = re.compile(
    rf"(?:(?<=mit )|(?<=bei )|(?<=von )|(?<=für )|(?<=Bei )|(?<=Mit )|(?<=in )|(?<=er )"
    rf"|^)(?!N\.){UPPER}\.[ ]?{UPPER}\.(?![ ]?\w\.)"
)


def _initials(text: str) -> Iterator[Span]:
    """ "M. K.", of somebody one speaks with, or of a "Schülerin", a "Schüler"."""
    return (match.span() for match in TWO_INITIALS.finditer(text))


def _in_capitals(row: Row) -> Iterator[Span]:
    """ "PETER SCHMIDT"."""
    for i, token in enumerate(row.tokens):
        following = row.after(i)
        is_loud = min(len(token.word), len(following.word)) > 2 and (token.word + following.word).isupper()
        if is_loud and token.word.capitalize() in _given() and following.word.capitalize() in _surnames():
            yield token.start, following.end
