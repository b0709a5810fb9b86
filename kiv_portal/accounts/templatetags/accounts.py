from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kiv_portal.accounts.unsaved import OWNER_FIELD, sign_owner

register = template.Library()


@register.simple_tag(takes_context=True)
def keep_typed_text(context: Context, path: str = "") -> SafeString | str:
    """Stands beside csrf_token in forms with typed text: the text survives the end of the session.

    `path` is the page that shows the form, where it is not the current one.
    """
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return ""
    return format_html('<input type="hidden" name="{}" value="{}">', OWNER_FIELD, sign_owner(request, path))


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
