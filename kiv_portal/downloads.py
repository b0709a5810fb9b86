"""What files are called that people keep: "2022-184_Zwischenbericht_Leonberg.pdf", and how a browser is told so."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from urllib.parse import quote

from kiv_portal.periods import ONE_DAY

LONGEST_PART = 60  # characters; Windows has trouble with long paths
_SIGNS = re.compile(r"[^\w.,-]+")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def file_name(*parts: str, extension: str) -> str:
    """The parts that are not empty, joined by "_"; within a part everything but letters, digits, ".", "," is "-"."""
    clean = (
        _SIGNS.sub("-", unicodedata.normalize("NFC", part))[:LONGEST_PART].strip("-._") for part in parts
    )
    return f"{'_'.join(filter(None, clean))}.{extension}"


def period_in_name(start: dt.date, end: dt.date) -> str:
    """ "2021-10_bis_2022-09" where it is whole months, else with days."""
    is_whole = start.day == 1 and (end + ONE_DAY).day == 1
    form = "%Y-%m" if is_whole else "%Y-%m-%d"
    return f"{start:{form}}_bis_{end:{form}}"


def content_disposition(name: str, *, is_shown: bool = False) -> str:
    """The header: in ASCII for old programs and, where that is another name, whole (RFC 6266, RFC 8187).

    `is_shown`: the browser opens the file; else it stores it.
    """
    plain = _in_ascii(name)
    header = f'{"inline" if is_shown else "attachment"}; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"


def _in_ascii(name: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).translate(_GERMAN))
    plain = "".join(sign for sign in apart if sign.isascii() and sign.isprintable() and sign not in '"\\%')
    stem, dot, extension = plain.rpartition(".")
    return plain if stem.strip(" _-") or not dot else f"Datei.{extension}"
