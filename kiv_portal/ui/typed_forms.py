"""Parts of a form as what they are. Django keeps them by name, and then nobody knows which kind each is."""

from __future__ import annotations

from copy import copy
from typing import Any, TypeVar

from django import forms

Field = TypeVar("Field", bound=forms.Field)


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    return _field(form, name, forms.ChoiceField)


def model_choice_field(form: forms.BaseForm, name: str) -> forms.ModelChoiceField:
    return _field(form, name, forms.ModelChoiceField)


def _field(form: forms.BaseForm, name: str, kind: type[Field]) -> Field:
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{type(form).__name__}.{name} is no {kind.__name__}")
    return field


def write_into(form: forms.BaseForm, name: str, value: str) -> None:
    """As if it had been sent: the form shows it when it comes back to the page."""
    sent: Any = copy(form.data)  # what a browser sent cannot be changed, its copy can
    sent[form.add_prefix(name)] = value
    form.data = sent


def show_unchecked(form: forms.BaseForm) -> None:
    """Shows what was sent and finds no fault with it: nothing is stored yet."""
    form.is_bound = True
    form._errors = {}  # type: ignore[attr-defined]  # Django's own place for them, which the stubs do not know
