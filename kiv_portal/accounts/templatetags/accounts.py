from django import template
from django.forms import BaseForm
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kiv_portal.accounts.stored_drafts import draft_marks
from kiv_portal.accounts.unsaved import OWNER_FIELD, sign_owner

register = template.Library()


@register.simple_tag(takes_context=True)
def keep_typed_text(context: Context, form: BaseForm | None = None, path: str = "") -> SafeString | str:
    """Stands beside csrf_token in forms with typed text, for people with an account and without: the text survives
    the end of the session (unsaved.py), and everything that may happen to the window (static/js/drafts).

    `form` is the one that stands around it, by default the page's `form`; `path` is the page that shows it when it
    comes back, where that is not the current one.
    """
    request = context.get("request")
    if request is None:
        return ""
    draft = draft_marks(request, form or context.get("form"), path)
    if not request.user.is_authenticated:
        return format_html("<span hidden{}></span>", draft)
    return format_html(
        '<input type="hidden" name="{}" value="{}"{}>', OWNER_FIELD, sign_owner(request, path), draft
    )


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@register.filter
def browser_name(user_agent: str) -> str:
    """ "Firefox auf Windows" from what a browser sends; good enough to recognise one's own devices."""
    browser = next((name for part, name in BROWSERS if part in user_agent), "Unbekannter Browser")
    system = next((name for part, name in SYSTEMS if part in user_agent), "")
    return f"{browser} auf {system}" if system else browser
