"""Where in a text the words of a search stand."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from activities.log.search_words import LEFT_OF_MARK, RIGHT_OF_MARK, without_invisible

BEFORE, AFTER = 50, 90  # letters shown around the first word


def places(marked: str) -> list[tuple[int, int]]:
    """Beginnings and ends of the marked words, in the text without the marks."""
    found, place = [], 0
    for number, part in enumerate(marked.replace(RIGHT_OF_MARK, LEFT_OF_MARK).split(LEFT_OF_MARK)):
        if number % 2:
            found.append((place, place + len(part)))
        place += len(part)
    return found


def excerpt(text: str, marked: str) -> SafeString | str:
    """A piece of the text around the first word, all words in it in <mark>; empty if none stands there."""
    found = places(marked)
    if not found:
        return ""
    text = without_invisible(text)
    start, end = _cut(text, *found[0])
    pieces, place = [], start
    for left, right in found:
        if right <= end:
            pieces.append((text[place:left], text[left:right]))
            place = right
    shown = format_html_join("", "{}<mark>{}</mark>", pieces)
    before = "" if text[start - 1 : start] in ("", "\n") else "… "
    after = " …" if text[end:].partition("\n")[0].strip() else ""
    return format_html("{}{}{}{}", before, shown, text[place:end].rstrip(), after)


def _cut(text: str, left: int, right: int) -> tuple[int, int]:
    """At blanks, and within the line: other lines are other fields or thoughts."""
    first, last = text.rfind("\n", 0, left) + 1, text.find("\n", right)
    start, end = max(first, left - BEFORE), min(last if last >= 0 else len(text), right + AFTER)
    if start > first:
        start = min(left, text.find(" ", start, left) + 1 or left)
    if end < len(text) and text[end : end + 1] not in (" ", "\n"):
        end = max(right, text.rfind(" ", right, end))
    return start, end
