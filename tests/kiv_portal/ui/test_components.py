import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from kiv_portal.documents import german
from tests.kiv_portal.ui.gallery import WRONG, ActivityForm, FilterForm


def render(source: str, **context: object) -> str:
    html = Template("{% load ui %}" + source).render(Context(context))
    return " ".join(html.split())


def test_a_field_ties_label_help_and_error_together() -> None:
    html = render("{{ form.day.as_field_group }}", form=ActivityForm(WRONG))
    assert '<label class="kern-label" for="id_day">Tag</label>' in html
    assert 'aria-describedby="id_day_helptext id_day_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Bitte füllen Sie dieses Feld aus." in html


def test_only_optional_fields_are_marked_and_filters_not_at_all() -> None:
    form = ActivityForm()
    assert "(freiwillig)" in render("{{ form.people.as_field_group }}", form=form)
    assert "(freiwillig)" not in render("{{ form.minutes.as_field_group }}", form=form)
    assert "(freiwillig)" not in render("{{ form.is_public.as_field_group }}", form=form)
    assert "(freiwillig)" not in render("{{ form }}", form=FilterForm())


def test_what_was_typed_into_a_number_stays() -> None:
    html = render("{{ form.minutes }}", form=ActivityForm(WRONG))
    assert 'type="text"' in html
    assert 'value="viel"' in html
    assert 'inputmode="numeric"' in html


def test_what_was_typed_is_escaped() -> None:
    form = ActivityForm({"title": '"><script>alert(1)</script>', "result": "<b>"})
    assert "<script>" not in render("{% error_summary form %}{{ form }}", form=form)


def test_the_summary_lists_form_and_field_errors_and_vanishes_without() -> None:
    class Period(forms.Form):
        start = forms.CharField(label="Von")

        def clean(self) -> None:
            raise forms.ValidationError("Das Ende liegt vor dem Beginn.")

    html = render("{% error_summary form %}", form=Period({}))
    assert "2 Angaben fehlen oder passen nicht" in html
    assert "<li>Das Ende liegt vor dem Beginn.</li>" in html
    assert '<a href="#id_start">Von: Bitte füllen Sie dieses Feld aus.</a>' in html
    assert render("{% error_summary form %}", form=Period()) == ""


def test_pagination_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/", {"feld": "verkehr & mehr", "page": "2"})
    html = render("{% pagination page %}", request=request, page=Paginator(range(50), 20).page(2))
    assert 'rel="next" href="?feld=verkehr+%26+mehr&amp;page=3"' in html
    assert "Seite 2 von 3" in html
    assert render("{% pagination page %}", request=request, page=Paginator(range(5), 20).page(1)) == ""


def test_a_sign_says_its_name_in_words() -> None:
    class Field:
        code, short, name = "bildung", "Bi", "Bildung und Schule"

    assert "Bildung und Schule" in render("{% field_sign field short=True %}", field=Field())
    assert "Querschnitt" in render("{% field_sign None %}")


def test_a_misspelt_icon_or_badge_fails_at_once() -> None:
    with pytest.raises(ValueError, match="unknown icon"):
        render('{% icon "unicorn" %}')
    with pytest.raises(KeyError):
        render('{% badge "Fertig" "green" %}')


def test_numbers_are_german() -> None:
    assert "12.345" in render('{% figure 12345 "Menschen" %}')


@pytest.mark.parametrize("minutes", [0, 29, 30, 90, 150, 210, 630])
def test_hours_are_rounded_on_pages_as_in_the_report(minutes: int) -> None:
    assert render("{% load german %}{{ minutes|full_hours }}", minutes=minutes) == german.number(minutes / 60)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(25, "25 Minuten"), (90, "1 Stunde 30 Minuten"), (599, "9 Stunden 59 Minuten"), (600, "10 Stunden"),
     (7075, "118 Stunden")],
)  # fmt: skip
def test_little_time_is_not_rounded_away(minutes: int, words: str) -> None:
    text = render("{% load german %}{{ minutes|time_spent }}", minutes=minutes)
    assert text.replace("\xa0", " ") == words


def test_typed_text_keeps_its_paragraphs_and_lists() -> None:
    html = render("{% load german %}{% prose text %}", text="Eins <b>\u2028- zwei")
    assert html == "<p>Eins &lt;b&gt;</p> <ul><li>zwei</li></ul>"


def test_the_current_step_and_page_are_marked() -> None:
    steps = [{"label": "Zahlen", "state": "done"}, {"label": "Seiten", "state": "current"}]
    assert render("{% stepper steps %}", steps=steps).count('aria-current="step"') == 1
    assert '<li aria-current="page">Bericht</li>' in render('{% breadcrumb "Start" "/" "Bericht" %}')
