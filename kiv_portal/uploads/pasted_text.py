"""Text as it comes from a word processor, reduced to what our texts know: paragraphs and lists.

static/js/paste.js does the same in the browser, so that people see at once what will be stored; this one decides.
"""

import re
import unicodedata

_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\U000f0000-\U0010ffff]"
)
# Joiners belong into emoji and into scripts that join letters, not between Latin letters.
_JOINING = "[\u0250-\ud7ff\uf900-\U000effff]"
_JOINERS = re.compile(f"(?<!{_JOINING})[\u200c\u200d]+|[\u200c\u200d]+(?!{_JOINING})")
# The points of Word's lists. Its private signs (Symbol, Wingdings) have no glyph in any other font; letters and signs
# that also begin a sentence are points only before a gap.
_POINT = re.compile("^ *(?:[·•●○◦▪▫■□◆‣⁃➢➤►\ue000-\uf8ff] *|[o*–—-] {2,}|§ {2,}(?![0-9]))(?=[^ ])")
_NUMBER = re.compile(r"^ *(\d{1,2}[.)]) +(?=[^ ])")
_EMPTY_LINES = re.compile(r"\n{3,}")


def tidy(text: str) -> str:
    """Plain line ends and single spaces, list points as "- "; nothing invisible, no private signs, one normal form.

    Tidying twice changes nothing more.
    """
    lines = (_line(line) for line in _LINE_END.sub("\n", unicodedata.normalize("NFC", text)).split("\n"))
    return unicodedata.normalize("NFC", _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n"))


def _line(line: str) -> str:
    line = _INVISIBLE.sub("", _SPACE.sub(" ", line.replace("\t", "  ")))
    line = _JOINERS.sub("", _without(line, "Cc", "Cs", "Cn"))
    line = _NUMBER.sub(r"\1 ", _POINT.sub("- ", line))
    return " ".join(_without(line, "Co").split())


def _without(text: str, *categories: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) not in categories)
