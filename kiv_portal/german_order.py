"""The order of a German list (DIN 5007-1): ä as a, ß as ss, capitals as small letters, signs as if they were not there.

By an expression: a database that is made everywhere alike has no collation of a language (kiv_portal/embedded).
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Lower, Replace

_LETTERS = {
    "a": "äàáâãåāăą",
    "c": "çćč",
    "d": "ďđ",
    "e": "èéêëēėęě",
    "g": "ğģ",
    "i": "ìíîïīįı",
    "l": "łľĺ",
    "n": "ñńňņ",
    "o": "öòóôõøōő",
    "r": "řŕ",
    "s": "śšşș",
    "t": "ťţț",
    "u": "üùúûūůűų",
    "y": "ýÿ",
    "z": "źżž",
}
_LEFT_OUT = "„“”‚‘’»«›‹\"'.,:;!?()[]…*#"
_FROM = "".join(_LETTERS.values()) + "-–—/" + _LEFT_OUT
_TO = "".join(letter * len(signs) for letter, signs in _LETTERS.items()) + "    "
_TABLE = {ord(sign): _TO[index] if index < len(_TO) else None for index, sign in enumerate(_FROM)}


def german_key(text: str) -> str:
    """For `sorted`; the same as GermanOrder."""
    return text.lower().replace("ß", "ss").translate(_TABLE).strip()


class GermanOrder(Func):
    """For `order_by`: `GermanOrder("name")`, `GermanOrder("municipality__name").desc()`."""

    function = "TRIM"
    output_field = CharField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        text = F(expression) if isinstance(expression, str) else expression
        plain = Replace(Lower(text), Value("ß"), Value("ss"))
        super().__init__(
            Func(plain, Value(_FROM), Value(_TO), function="TRANSLATE", output_field=CharField()), **extra
        )
