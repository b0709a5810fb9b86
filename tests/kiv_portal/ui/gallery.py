"""Every component in every state, on pages without database, server or view."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template.backends.django import DjangoTemplates
from django.template.loader import render_to_string
from django.test import RequestFactory

from kiv_portal.easy_language.check import check_text, summary_of

TEMPLATES = Path(__file__).with_name("templates")
FIELDS = [
    {"code": "bildung", "short": "Bi", "name": "Bildung und Schule"},
    {"code": "arbeit", "short": "Ar", "name": "Arbeit und Freizeit"},
    {"code": "wohnen", "short": "Wo", "name": "Leben und Wohnen"},
    {"code": "verkehr", "short": "Ve", "name": "Verkehr und Infrastruktur"},
    {"code": "gesundheit", "short": "Ge", "name": "Gesundheit"},
]
FIELD_CHOICES = [(field["code"], field["name"]) for field in FIELDS]


class Person:
    is_authenticated = True

    def __str__(self) -> str:
        return "Friederike Weißenborn-Öztürk"


class ActivityForm(forms.Form):
    day = forms.CharField(label="Tag", help_text="Zum Beispiel 1.3.22 oder gestern")
    field = forms.ChoiceField(label="Handlungsfeld", choices=[("", "Bitte wählen"), *FIELD_CHOICES])
    also = forms.MultipleChoiceField(
        label="Weitere Handlungsfelder",
        choices=FIELD_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    title = forms.CharField(label="Titel", help_text="Ein Satz, der in der Liste steht. Bitte keine Namen.")
    text = forms.CharField(
        label="Was ist geschehen?", widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    minutes = forms.IntegerField(
        label="Dauer in Minuten", widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    people = forms.IntegerField(label="Erreichte Personen", required=False)
    result = forms.ChoiceField(
        label="Ergebnis",
        choices=[("done", "umgesetzt"), ("promised", "zugesagt"), ("open", "offen")],
        widget=forms.RadioSelect,
        help_text="Wie steht es heute?",
    )
    picture = forms.FileField(
        label="Foto der Stelle", required=False, help_text="Höchstens 5 Megabyte", widget=forms.FileInput
    )
    is_public = forms.BooleanField(label="Darf im Bericht als Beispiel stehen", required=False)
    confirm = forms.BooleanField(
        label="Im Text ist niemand zu erkennen", help_text="Namen und Diagnosen bleiben draußen."
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class EasyForm(forms.Form):
    text = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 12, "data-easy-check-url": "/pruefen/"})
    )


class FilterForm(forms.Form):
    mark_optional = False
    field = forms.ChoiceField(label="Handlungsfeld", choices=[("", "Alle"), *FIELD_CHOICES], required=False)
    start = forms.CharField(label="Von", required=False)
    end = forms.CharField(label="Bis", required=False)


FILLED = {
    "day": "1.10.2021",
    "field": "verkehr",
    "also": ["wohnen", "gesundheit"],
    "title": "Begehung der S-Bahn-Haltestelle mit der Deutschen Bahn",
    "text": "Aufzug, Handläufe und Leitstreifen geprüft.",
    "minutes": "90",
    "people": "12",
    "result": "promised",
    "confirm": "on",
}
EASY = "Die Rampe wurde gebaut. Das ist z. B. im Rathaus.\n🎉 Die Barrierefreiheit des Rathauses ist gut."
WRONG = {"day": "", "field": "xyz", "minutes": "viel", "people": "-", "also": ["abc"], "title": "Begehung"}

ROWS = [
    {
        "day": "04.10.2021",
        "field": FIELDS[3],
        "title": "Begehung der S-Bahn-Haltestelle",
        "minutes": "90",
        "result": "success",
    },
    {
        "day": "11.10.2021",
        "field": FIELDS[0],
        "title": "Projekttag in den Klassen 9 und 10",
        "minutes": "1.240",
        "result": "info",
    },
    {
        "day": "13.10.2021",
        "field": FIELDS[2],
        "title": "Sprechstunde im Rathaus",
        "minutes": "120",
        "result": "warning",
    },
    {
        "day": "02.11.2021",
        "field": FIELDS[1],
        "title": "Ferienprogramm für alle",
        "minutes": "45",
        "result": "danger",
    },
    {
        "day": "15.11.2021",
        "field": FIELDS[4],
        "title": "Erste-Hilfe-Kurs mit Dolmetscherin",
        "minutes": "180",
        "result": "neutral",
    },
    {"day": "18.11.2021", "field": None, "title": "Netzwerktreffen", "minutes": "60", "result": "success"},
]
WORDS = {
    "success": "umgesetzt",
    "info": "zugesagt",
    "warning": "offen",
    "danger": "abgelehnt",
    "neutral": "kein Ergebnis",
}
NAVIGATION = [
    {"label": "Start", "url": "/", "is_current": False},
    {"label": "Aktivitäten", "url": "/aktivitaeten/", "is_current": True},
    {"label": "Zwischenbericht", "url": "/bericht/", "is_current": False},
    {"label": "Kommune", "url": "/kommune/", "is_current": False},
]
STEPS = [
    {"label": "Zahlen festschreiben", "state": "done"},
    {"label": "Diagramme zeichnen", "state": "done"},
    {"label": "Seiten setzen", "state": "current"},
    {"label": "Barrierefreiheit prüfen", "state": "todo"},
]
FAILED_STEPS = [
    {"label": "Zahlen festschreiben", "state": "done"},
    {"label": "Diagramme zeichnen", "state": "failed"},
]
ALL_MESSAGES = [
    Message(constants.SUCCESS, "Die Aktivität ist gespeichert. Sie steht oben in der Liste."),
    Message(constants.INFO, "Ihr Bericht ist bis zum 31.10.2022 fällig."),
    Message(constants.WARNING, "Für drei Aktivitäten fehlt die Zahl der erreichten Personen."),
    Message(constants.ERROR, "Das Dokument konnte nicht gebaut werden."),
]

OWN_PAGES = ("start", "form", "form_errors", "list", "empty", "progress", "account", "easy")
ERROR_PAGES = ("400", "403", "403_csrf", "404", "429", "500")
PAGES = OWN_PAGES + ERROR_PAGES


def render_page(name: str) -> str:
    if name in ERROR_PAGES:
        return render_to_string(f"{name}.html", _context(name))
    engine = DjangoTemplates(
        {
            "NAME": "gallery",
            "DIRS": [TEMPLATES, *settings.TEMPLATES[0]["DIRS"]],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": []},
        }
    )
    return engine.get_template(f"{name.removesuffix('_errors')}.html").render(_context(name))


def _context(name: str) -> dict[str, Any]:
    wrong = name == "form_errors"
    return {
        "request": RequestFactory().get("/", {"feld": "verkehr", "page": "3"}),
        "user": Person() if name in OWN_PAGES else None,
        "navigation": NAVIGATION if name in OWN_PAGES else [],
        "has_demo_data": name in OWN_PAGES,
        "is_demo": name in OWN_PAGES,
        "messages": {"progress": ALL_MESSAGES, "list": ALL_MESSAGES[:1]}.get(name, []),
        "form": ActivityForm(WRONG if wrong else FILLED),
        "easy_form": EasyForm({"text": EASY}),
        "findings": check_text(EASY),
        "summary": summary_of(check_text(EASY)),
        "filter_form": FilterForm({"field": "verkehr"}),
        "fields": FIELDS,
        "rows": [{**row, "word": WORDS[row["result"]]} for row in ROWS],
        "page_obj": Paginator(range(200), 20).page(3),
        "steps": STEPS,
        "failed_steps": FAILED_STEPS,
        "codes": "a1b2 c3d4\ne5f6 g7h8\ni9j0 k1l2",
    }
