"""What a browser must be allowed to show a report that is one web page."""

import base64
import hashlib
import re

from kiv_portal.documents.errors import RenderingError

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def style_hash(page: bytes) -> str:
    """What a Content-Security-Policy must allow for this file: "sha256-…", for `style-src`. The drawings need
    `img-src data:` besides. Raises RenderingError for a file that has no style element, or several.
    """
    styles = _STYLE.findall(page)
    if len(styles) != 1:
        raise RenderingError("Die Datei hat nicht genau ein Stil-Element.")
    return f"sha256-{base64.b64encode(hashlib.sha256(styles[0]).digest()).decode()}"
