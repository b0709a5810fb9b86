"""The controls of forms, written by functions. Django has a template for each, and one more for every option and every
list of attributes: a select of twenty options would be forty templates, and a form would be most of its page's time.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

Control = Mapping[str, Any]  # what Django's widgets call "widget" in their context


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    """As django.forms.utils.flatatt, in the order given: every control asks, every option of a select, too."""
    given = ((name, value) for name, value in attrs.items() if value is not False and value is not None)
    return SafeString(
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(value)}"' for name, value in given
        )
    )


def input_tag(control: Control) -> SafeString:
    given = {} if control["value"] is None else {"value": str(control["value"])}
    return format_html(
        '<input type="{}" name="{}"{}>',
        *(control["type"], control["name"], _attributes(given | control["attrs"])),
    )


def choice_tag(control: Control) -> SafeString:
    """One radio button or checkbox of a list, inside its label if the caller writes none."""
    tag = input_tag(control)
    if not control["wrap_label"]:
        return tag
    return format_html(
        "<label{}>{} {}</label>", _attributes({"for": control["attrs"].get("id")}), tag, control["label"]
    )


def file_tag(control: Control) -> SafeString:
    """The browser's own field, and in front of it words in the language of the page: browsers know only their own.
    files.js shows them; without it the field is the browser's. Above it stands the file that is still there from
    before, and where photos are asked for the way to the camera, which comes first on a phone.
    """
    kept = control.get("kept")
    name = control["attrs"].get("id", control["name"])
    choose, nothing = (
        ("Andere Datei auswählen", "Keine andere ausgewählt")
        if kept
        else ("Datei auswählen", "Noch keine Datei ausgewählt")
    )
    return format_html(
        '{}{}<span class="file-control" data-file-control>{}<span class="file-control__face" hidden>'
        '<span class="button button--secondary button--small">{}</span>'
        ' <span class="file-control__name" id="{}_gewaehlt">{}</span></span></span>',
        _kept_file(kept, name) if kept else "",
        CAMERA if "data-camera" in control["attrs"] else "",
        *(input_tag(control), choose, name, nothing),
    )


CAMERA = SafeString(
    '<button class="button button--secondary camera" type="button" data-camera-button hidden>Foto aufnehmen</button>'
)


def _kept_file(kept: Mapping[str, str], name: str) -> SafeString:
    return format_html(
        '<div class="kept-file" data-kept-file="{}"><input type="hidden" name="{}" value="{}">'
        '<p class="kept-file__name">„{}“ ist noch da.</p>'
        '<div class="kern-form-check">'
        '<input class="kern-form-check__checkbox" type="checkbox" name="{}" id="{}_removed">'
        '<label class="kern-label" for="{}_removed">Entfernen<span class="sr-only">: {}</span></label></div></div>',
        *(kept["name"], kept["token_field"], kept["token"], kept["name"]),
        *(kept["removed_field"], name, name, kept["name"]),
    )


def textarea_tag(control: Control) -> SafeString:
    # the browser drops the first line break, and with it none that somebody typed
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        *(control["name"], _attributes(control["attrs"]), control["value"] or ""),
    )


IN_WORDS = {"---------": "Bitte wählen"}  # Django's own label of the empty choice, where a form names none


def select_tag(control: Control) -> SafeString:
    groups = ((name, _options(options)) for name, options, _ in control["optgroups"])
    return format_html(
        '<select name="{}"{}>{}</select>',
        *(control["name"], _attributes(control["attrs"])),
        SafeString("".join(_in_group(name, options) for name, options in groups)),
    )


def _in_group(name: str | None, options: SafeString) -> SafeString:
    return format_html('<optgroup label="{}">{}</optgroup>', name, options) if name else options


def _options(options: list[Control]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (
                str(option["value"]),
                _attributes(option["attrs"]),
                IN_WORDS.get(option["label"], option["label"]),
            )
            for option in options
        ),
    )


# What is not in here is rendered by Django's template.
CONTROLS: dict[str, Callable[[Control], SafeString]] = {
    **{
        f"django/forms/widgets/{name}.html": input_tag
        for name in ("text", "hidden", "number", "email", "password", "date", "checkbox")
    },
    "django/forms/widgets/file.html": file_tag,
    "django/forms/widgets/checkbox_option.html": choice_tag,
    "django/forms/widgets/radio_option.html": choice_tag,
    "django/forms/widgets/textarea.html": textarea_tag,
    "django/forms/widgets/select.html": select_tag,
}
