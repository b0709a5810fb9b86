"""A time of day as people write it: "14:30", "14.30 Uhr", "14h30", "14"."""

from __future__ import annotations

import datetime as dt
import re

from kiv_portal.written.reading import Unclear, spelled

NOT_UNDERSTOOD = "Diese Uhrzeit verstehen wir nicht. Bitte schreiben Sie zum Beispiel 14:30."
_TIME = re.compile(
    r"(?:um |ab |gegen )?(\d{1,2})(?:[:.h ]? ?(\d{2}))?(?::\d{2})?(?: ?(?:uhr|h))?(?: ?(\d{2}))?"
)


def read_time(text: str) -> dt.time | Unclear:
    match = _TIME.fullmatch(spelled(text))
    if match is None or (match[2] and match[3]):
        return Unclear(NOT_UNDERSTOOD)
    try:
        return dt.time(int(match[1]), int(match[2] or match[3] or 0))
    except ValueError:
        return Unclear(NOT_UNDERSTOOD)
