"""The report as one web page in one file: style inside, drawings inside, no script. For a browser, a screen reader, or
a phone on the evening before the session.
"""

from django.template.context import Context

from kiv_portal.documents import prose
from kiv_portal.documents.outline import Outline
from reports.content.report import engine

TEMPLATE = "reports/content/page.html"
TITLE_LIMIT = 70  # characters; search engines and tabs show no more


def web_page(outline: Outline) -> bytes:
    """The whole file, UTF-8; all typed text is escaped."""
    short = f"Zwischenbericht {outline.town}"
    context = {"report": outline, "title": prose.shorten(short, TITLE_LIMIT), "elements": outline.elements}
    html: str = engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))
    return html.encode()
