from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from kiv_portal.ui.controls import CONTROLS
from kiv_portal.ui.fields import one_visible_line

INPUT = "kern-form-input__input"
SELECT = "kern-form-input__select"
CHECKBOX = "kern-form-check__checkbox"
RADIO = "kern-form-check__radio"


class PortalBoundField(BoundField):
    """A field that knows which KERN part shows it, whether it is optional, and where a link to it leads."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        # Django makes bound fields before it cleans, so this holds for every line of text in every form. Not for
        # passwords and addresses, which are classes of their own.
        if type(field) is forms.CharField and self.kind == "input":
            spared = [v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)]
            field.validators = [*(v for v in spared if v is not one_visible_line), one_visible_line]
        # type="number" loses what was typed when it is no number; text keeps it, with the keys for digits
        if type(field.widget) is forms.NumberInput:
            field.widget.input_type = "text"
            field.widget.attrs = {"inputmode": "numeric"} | field.widget.attrs
            for key in ("min", "max", "step"):
                field.widget.attrs.pop(key, None)

    @property
    def kind(self) -> str:
        """One of: hidden, checkbox, radio_group, checkbox_group, group, select, textarea, file, input."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkbox_group"
        if isinstance(widget, forms.RadioSelect):
            return "radio_group"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if widget.use_fieldset:
            return "group"
        if isinstance(widget, forms.Select):
            return "select"
        if isinstance(widget, forms.Textarea):
            return "textarea"
        if isinstance(widget, forms.FileInput):
            return "file"
        return "input"

    @property
    def shows_optional(self) -> bool:
        """Whether "(freiwillig)" stands behind the label; a form of filters sets mark_optional = False, and a
        field that is another way to fill in a required one sets is_another_way.
        """
        if self.field.required or self.kind == "checkbox" or getattr(self.field, "is_another_way", False):
            return False
        return getattr(self.form, "mark_optional", True)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What the text may mean, where it is not clear: (id, text) of each choice."""
        found = [
            choice for error in self.errors.as_data() for choice in (error.params or {}).get("choices", ())
        ]
        return [(f"{self.auto_id}_meant_{number}", choice) for number, choice in enumerate(found)]

    @property
    def focus_id(self) -> str:
        """The id of the first control, for links from the error summary."""
        if self.kind in ("radio_group", "checkbox_group"):
            return f"{self.auto_id}_0"
        if self.kind == "group":
            return str(self.subwidgets[0].data["subwidgets"][0]["attrs"]["id"])
        return self.id_for_label or self.auto_id

    @property
    def needs_wide_choices(self) -> bool:
        """Short choices stand side by side, long ones below each other."""
        return any(len(str(choice.choice_label)) > 24 for choice in self)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if css := self._css_class():
            attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()
        if "placeholder" in widget.attrs:
            attrs["placeholder"] = (
                False  # a hint that vanishes while typing: the help text under the label stays
            )
        return attrs

    def _css_class(self) -> str:
        css = {
            "hidden": "",
            "checkbox": CHECKBOX,
            "checkbox_group": CHECKBOX,
            "radio_group": RADIO,
            "group": INPUT,
            "select": SELECT,
        }.get(self.kind, INPUT)
        return f"{css} {css}--error" if css and self.errors else css


class PortalRenderer(TemplatesSetting):
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = PortalBoundField

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if control := CONTROLS.get(template_name):
            return control(context["widget"])
        return super().render(template_name, context, request)
