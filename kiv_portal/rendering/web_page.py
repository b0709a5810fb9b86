"""The report as one web page in one file: style inside, drawings inside, no script. For a browser, a screen reader, or
a phone on the evening before the session.
"""

import base64
import hashlib
import re

from django.template.context import Context

from . import prose
from .errors import RenderingError
from .outline import Outline
from .report import engine

TEMPLATE = "reports/edition/page.html"
TITLE_LIMIT = 70  # characters; search engines and tabs show no more
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def web_page(outline: Outline) -> bytes:
    """The whole file, UTF-8; all typed text is escaped."""
    short = f"Zwischenbericht {outline.town}"
    context = {"report": outline, "title": prose.shorten(short, TITLE_LIMIT), "elements": outline.elements}
    html: str = engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))
    return html.encode()


def style_hash(page: bytes) -> str:
    """What a Content-Security-Policy must allow for this file: "sha256-…", for `style-src`. The drawings need
    `img-src data:` besides. Raises RenderingError for a file that has no style element, or several.
    """
    styles = _STYLE.findall(page)
    if len(styles) != 1:
        raise RenderingError("Die Datei hat nicht genau ein Stil-Element.")
    return f"sha256-{base64.b64encode(hashlib.sha256(styles[0]).digest()).decode()}"
