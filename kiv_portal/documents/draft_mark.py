"""Marks a document as a draft, on every page and in its first line, for eyes and for screen readers."""

from __future__ import annotations

import html as html_module
from base64 import b64encode

# Pale enough to read through, dark enough for a copier; a picture behind the page, which no reader speaks.
_WORD = """<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297">
<text x="105" y="168" font-family="KIV Sans" font-weight="600" font-size="50" fill="#e6eaeb" text-anchor="middle"
transform="rotate(-52 105 150)">Entwurf</text></svg>"""
_STYLE = """<style>
@page { background: url(data:image/svg+xml;base64,%s) center / 210mm 297mm no-repeat; }
.draft-note { border: 1.5pt solid #8a1f11; padding: 2mm 3mm; margin: 0 0 5mm; font-weight: 600; }
</style>"""


def mark_as_draft(html: str, sentence: str) -> str:
    """The same document with the word on every page, in its title, and the sentence before everything else.

    Raises ValueError for what has no title or body.
    """
    style = _STYLE % b64encode(_WORD.encode()).decode()
    for mark in ("<title>", "</head>", "<body"):
        if mark not in html:
            raise ValueError(f"no {mark} in this document")
    html = html.replace("<title>", "<title>Entwurf: ", 1).replace("</head>", f"{style}\n</head>", 1)
    end = html.index(">", html.index("<body")) + 1
    note = f'\n<p class="draft-note">{html_module.escape(sentence)}</p>'
    return html[:end] + note + html[end:]
