"""Plain text, as people type it, to paragraphs and lists."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kiv_portal.documents.german import MONTHS

_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")  # Word and web pages have their own
_ODD_SPACE = re.compile("[\t\u1680\u2000-\u200a\u205f\u3000]")
_BULLET = re.compile(r"[-–•*]\s+")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_UNIT_SPACE = re.compile(
    r"(?<=\d) (?=(?:Uhr|Euro|Prozent|Stunden?|Minuten|Tagen?|Monaten?|Jahren?|Kilometer|Meter|Zentimeter|km|m|cm"
    r"|Quadratmeter|Personen|Menschen)\b|[€%])"
)
_LAW_SPACE = re.compile(r"(§§?|Artikel|Absatz|Nummer|Seite|Kapitel|Anlage) (?=\d)")
_ABBREVIATION_SPACE = re.compile(r"\b([zdui])\. ?([BhaÄd])\.")
_DATE_SPACE = re.compile(rf"\b(\d{{1,2}}\.) (?=(?:{'|'.join(MONTHS)})\b)")
_SENTENCE_END = re.compile("[.!?][“”\"‘’')»«\\]]*(?= |$)")
_WORD_BEFORE = re.compile("[^ \u00a0\u202f]*$")
_YEAR_OR_DATE = re.compile(r"(\d{1,2}\.\d{1,2}\.)?(19|20)\d\d")
_ROMAN = re.compile("[IVXLCDM]+")
_ABBREVIATION = re.compile(
    "abs|abt|allg|anl|art|aufl|bes|betr|bsp|bspw|bzw|ca|dipl|einschl|etc|evtl|exkl|fam|geb|gegr|gem|ggf|hrsg|inkl|insb"
    "|jan|feb|apr|jun|jul|aug|sep|sept|okt|nov|dez|kap|lfd|max|min|mind|mio|mrd|nr|pos|prof|rd|sog|std|stellv|tel|usw"
    "|verf|vgl|vors|ziff|zzgl"
)
LEAD_SHORTEST, LEAD_LONGEST = 20, 240  # characters
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


class Block(NamedTuple):
    """`kind` is "p", "ul" or "ol"; a paragraph has one item. The items are not escaped yet."""

    kind: str
    items: list[str]


def clean(text: str) -> str:
    """One normal form, plain line ends and spaces, no control characters; right-to-left text is isolated."""
    text = "".join(
        c for c in _plain(text) if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn")
    ).strip()
    if _RIGHT_TO_LEFT.search(text) and "\n" not in text:
        text = f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return hold_together(text)


def _plain(text: str) -> str:
    return _ODD_SPACE.sub(" ", _LINE_END.sub("\n", unicodedata.normalize("NFC", text)))


def hold_together(text: str) -> str:
    """Non-breaking spaces where a line must not end: "5 Uhr", "§ 10", "z. B.", "1. Oktober"."""
    text = _UNIT_SPACE.sub("\u00a0", text)
    text = _LAW_SPACE.sub("\\1\u00a0", text)
    text = _ABBREVIATION_SPACE.sub("\\1.\u202f\\2.", text)
    return _DATE_SPACE.sub("\\1\u00a0", text)


def blocks(text: str) -> list[Block]:
    """Blank line = new paragraph; lines "- …" = list; lines "1. …" = numbered list, also with blank lines between."""
    found: list[Block] = []
    open_block: Block | None = None
    after_gap = False
    for line in _plain(text).split("\n"):
        line = line.strip()
        if not line:
            after_gap = True
            continue
        kind, content = _kind(line)
        if open_block is not None and open_block.kind == kind and kind != "p":
            open_block.items.append(content)
        elif open_block is not None and kind == "p" and not after_gap:
            open_block.items[-1] += f" {content}"  # a continued line belongs to what is above it
        else:
            open_block = Block(kind, [content])
            found.append(open_block)
        after_gap = False
    return [Block(block.kind, [clean(item) for item in block.items]) for block in found]


def _kind(line: str) -> tuple[str, str]:
    if match := _BULLET.match(line):
        return "ul", line[match.end() :]
    if match := _NUMBERED.match(line):
        return "ol", line[match.end() :]
    return "p", line


def lead_of(found: Sequence[Block]) -> tuple[str, list[Block]]:
    """The first sentence, if it can stand alone in bold, and the blocks without it. Else "" and all blocks.

    It can if it opens a paragraph, is neither a word nor a page, and surely ends where it seems to: in doubt about a
    full stop ("Nr. 3", "1. Oktober") the sentence goes on.
    """
    if not found or found[0].kind != "p":
        return "", list(found)
    sentence, rest = _first_sentence(found[0].items[0])
    if not LEAD_SHORTEST <= len(sentence) <= LEAD_LONGEST:
        return "", list(found)
    return sentence, [*([Block("p", [rest])] if rest else []), *found[1:]]


def _first_sentence(text: str) -> tuple[str, str]:
    if FIRST_STRONG_ISOLATE in text:  # its two ends belong together
        return "", text
    for match in _SENTENCE_END.finditer(text):
        sentence, rest = text[: match.end()], text[match.end() :].lstrip()
        is_stop = text[match.start()] != "." or _is_full_stop(text[: match.start()])
        if is_stop and not rest[:1].islower() and _is_balanced(sentence):
            return sentence, rest
    return (text, "") if text.endswith(":") and _is_balanced(text) else ("", text)


def _is_full_stop(before: str) -> bool:
    """Whether a "." after this text ends a sentence, and not only an abbreviation or an ordinal number."""
    word = _WORD_BEFORE.search(before)[0].lstrip("(„“\"»«‚'")  # type: ignore[index]  # matches everything
    if not word or _ROMAN.fullmatch(word):
        return False
    if "." in word or word[-1].isdigit():
        return bool(_YEAR_OR_DATE.fullmatch(word))
    short = word.lower()
    return not (
        _ABBREVIATION.fullmatch(short)
        or short.endswith("str")  # Bahnhofstr.
        or (short.isalpha() and (len(short) == 1 or (len(short) <= 5 and not set(short) & set("aeiouyäöü"))))
    )


def _is_balanced(sentence: str) -> bool:
    """Whether no quotation and no bracket is left open."""
    count = Counter(sentence)
    return (
        count["("] == count[")"]
        and count["["] == count["]"]
        and count["„"] + count["”"] == count["“"]  # „so“ and “so”
        and count["»"] == count["«"]
        and count['"'] % 2 == 0
    )


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rsplit(" ", 1)[0] if " " in text[: limit - 1] else text[: limit - 2]
    tail = POP_ISOLATE if FIRST_STRONG_ISOLATE in cut and POP_ISOLATE not in cut else ""
    return f"{cut.rstrip(' ,;:–-.')}{tail}\u202f…"
