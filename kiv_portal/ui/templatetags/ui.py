from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, cast

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.template import Context
from django.template.defaultfilters import floatformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kiv_portal.documents import german
from kiv_portal.documents.charts import look_of
from kiv_portal.ui.icons import ICONS
from kiv_portal.ui.modules import imports_of
from kiv_portal.ui.renderer import PortalBoundField

register = template.Library()

BADGE_ICONS = {
    "success": "success",
    "info": "info",
    "warning": "warning",
    "danger": "danger",
    "neutral": "",
}
BADGE_DOT = format_html('<span class="badge__dot" aria-hidden="{}"></span>', "true")
MESSAGE_KINDS = {
    "debug": ("info", "Hinweis"),
    "info": ("info", "Hinweis"),
    "success": ("success", "Erledigt"),
    "warning": ("warning", "Achtung"),
    "error": ("danger", "Fehler"),
}
STEP_WORDS = {
    "done": "erledigt",
    "current": "läuft gerade",
    "todo": "kommt noch",
    "failed": "fehlgeschlagen",
}
STEP_ICONS = {"done": "check", "failed": "close"}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decorative icon; the word beside it carries the meaning. ValueError for a name not in ui/icons.py."""
    if name not in ICONS:
        raise ValueError(f"unknown icon {name!r}, add it to kiv_portal/ui/icons.py")
    return format_html('<span class="kern-icon kern-icon--{}" aria-hidden="true"></span>', name)


@register.simple_tag
def modules(*scripts: str) -> SafeString:
    """Scripts of ours. What they import is asked for at once, not one after the other."""
    imported = dict.fromkeys(file for script in scripts for file in imports_of(script) if file not in scripts)
    link, script = '<link rel="modulepreload" href="{}">', '<script src="{}" type="module"></script>'
    return format_html(
        "{}{}",
        format_html_join("", link, ((static(file),) for file in imported)),
        format_html_join("", script, ((static(file),) for file in scripts)),
    )


@register.simple_tag
def address(name: str, key: int | str) -> SafeString:
    """As {% url %} for a page about one row by its number or slug, for lists: asked once a page, not once a row."""
    before, after = _around_key(name)
    return format_html("{}{}{}", before, key, after)


@cache
def _around_key(name: str) -> tuple[str, str]:
    some_key = "1020304050"
    before, _, after = reverse(name, args=[some_key]).partition(some_key)
    return before, after


# Badge, bar and sign stand in every row of a list: put together here, as a template each would be most of the page.


@register.simple_tag
def badge(text: str, kind: str = "neutral") -> SafeString:
    name = BADGE_ICONS[kind]
    sign = icon(name) if name else BADGE_DOT
    return format_html('<span class="badge badge--{}">{}<span>{}</span></span>', kind, sign, text)


@register.simple_tag
def bar(percent: int, code: str) -> SafeString:
    """A bar beside its number, which says the same; `code` names its pattern (home/figures/_patterns.html): that of a
    field, or "alle".
    """
    return format_html(
        '<svg class="bar bar--{1}" width="100%" height="16" aria-hidden="true" focusable="false">'
        '<rect width="{0}%" height="16" rx="2" fill="url(#muster-{1})"/></svg>',
        *(percent, code if code == "alle" else look_of(code)),
    )


@register.simple_tag
def number_cells(cells: Iterable[tuple[str, int]], css_class: str = "") -> SafeString:
    """The numbers of a row of a table, each with the name of its column for narrow windows."""
    classes = f"num {css_class}".strip()
    named = ((name, classes, german.number(value)) for name, value in cells)
    return format_html_join("", '<td data-label="{}" class="{}">{}</td>', named)


@register.simple_tag
def field_sign(field: Any, short: bool = False) -> SafeString:
    """The sign of a FieldOfAction, or of its mapping in a snapshot; None means "Querschnitt"."""
    if field is None:
        return _field_sign("quer", "Qu", "Querschnitt", short)
    get = field.get if isinstance(field, Mapping) else lambda key: getattr(field, key)
    return _field_sign(get("code"), get("short"), get("name"), short)


@register.simple_tag
def field_sign_of(code: str | None, sign: str, name: str) -> SafeString:
    """The same from the three columns, for rows that are no models."""
    return _field_sign(code, sign, name, False) if code else field_sign(None)


@lru_cache(maxsize=64)
def _field_sign(code: str, sign: str, name: str, short: bool) -> SafeString:
    return format_html(
        '<span class="field-sign field-sign--{}"><span class="field-sign__sign" aria-hidden="true">{}</span>'
        '<span class="{}">{}</span></span>',
        *(look_of(code), sign, "sr-only" if short else "field-sign__name", name),
    )


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | None) -> dict[str, Any]:
    """All errors of the forms and formsets with links to their fields; nothing if there are none."""
    errors = []
    for form in _flat(forms):
        if not form.errors:
            continue
        errors += [{"text": text, "target": ""} for text in form.non_field_errors()]
        for field in cast("Iterable[PortalBoundField]", form):  # PortalRenderer makes them
            target = "" if field.kind == "hidden" else field.focus_id
            errors += [{"text": text, "target": target, "label": field.label} for text in field.errors]
    is_about_all = bool(errors) and not any("label" in error for error in errors)
    return {"errors": errors, "is_about_all": is_about_all}


def _flat(forms: Iterable[BaseForm | BaseFormSet | None]) -> Iterable[BaseForm]:
    for form in forms:
        if isinstance(form, BaseFormSet):
            yield from form.forms
        elif isinstance(form, BaseForm):  # a template may pass a name that is not there
            yield form


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Page, name: str = "page") -> dict[str, Any]:
    """Links to the neighbouring pages; the other parameters of the address stay as they are."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query[name] = str(number)
        return "?" + query.urlencode()

    pages = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "page": page_obj,
        "previous_url": address(page_obj.previous_page_number()) if page_obj.has_previous() else "",
        "next_url": address(page_obj.next_page_number()) if page_obj.has_next() else "",
        "pages": [
            {
                "label": number,
                "url": address(number) if isinstance(number, int) else "",
                "is_current": number == page_obj.number,
            }
            for number in pages
        ],
    }


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(*parts: str) -> dict[str, Any]:
    """Pairs of label and address from the top, then the label of the page itself."""
    *pairs, current = parts
    return {
        "links": list(zip(pairs[::2], pairs[1::2], strict=True)),
        "current": current,
    }


@register.inclusion_tag("ui/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "", level: int = 2) -> dict[str, Any]:
    return {"title": title, "text": text, "url": url, "label": label, "level": level}


@register.inclusion_tag("ui/stepper.html")
def stepper(steps: Iterable[Mapping[str, str]], label: str = "Fortschritt") -> dict[str, Any]:
    """Steps as mappings with label and state, one of done, current, todo, failed."""
    return {
        "label": label,
        "steps": [
            {
                "number": number,
                "label": step["label"],
                "state": step["state"],
                "word": STEP_WORDS[step["state"]],
                "icon_name": STEP_ICONS.get(step["state"], ""),
            }
            for number, step in enumerate(steps, start=1)
        ],
    }


@register.inclusion_tag("ui/message.html")
def message(text: Any, level_tag: str = "info") -> dict[str, Any]:
    kind, word = MESSAGE_KINDS.get(level_tag, MESSAGE_KINDS["info"])
    return {"text": text, "kind": kind, "word": word}


@register.inclusion_tag("ui/figure.html")
def figure(number: Any, sentence: str) -> dict[str, Any]:
    """A large number that carries its sentence; integers get the German thousands separator."""
    # "mindestens 1.031" may break before the number, never within it
    shown = floatformat(number, "0g") if isinstance(number, int) else str(number).replace("\xa0", " ")
    return {"number": shown, "sentence": sentence}
