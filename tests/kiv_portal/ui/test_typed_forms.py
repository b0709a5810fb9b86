import pytest
from django import forms
from django.http import QueryDict

from kiv_portal.ui.typed_forms import choice_field, model_choice_field, show_unchecked, write_into


class Colours(forms.Form):
    name = forms.CharField()
    colour = forms.ChoiceField(choices=[("red", "Rot")])


def test_a_field_comes_as_the_kind_it_is():
    form = Colours()
    choice_field(form, "colour").choices = [("blue", "Blau")]
    assert 'value="blue"' in str(form["colour"])


@pytest.mark.parametrize(
    "ask", [lambda form: choice_field(form, "name"), lambda form: model_choice_field(form, "colour")]
)
def test_a_field_of_another_kind_is_a_mistake_of_ours(ask):
    with pytest.raises(TypeError, match=r"Colours\.(name|colour) is no"):
        ask(Colours())


def test_what_is_written_into_a_form_stands_beside_what_was_sent():
    sent = QueryDict("a-name=Ada&a-colour=red&other=1&other=2")
    form = Colours(sent, prefix="a")
    write_into(form, "name", "Grace")
    assert form["name"].value() == "Grace"
    assert form["colour"].value() == "red"
    assert form.data.getlist("other") == ["1", "2"]
    assert sent["a-name"] == "Ada"


def test_a_form_shown_unchecked_finds_no_fault():
    form = Colours({"name": "", "colour": ""})
    assert form.errors
    show_unchecked(form)
    assert not form.errors
    assert form["name"].value() == ""
