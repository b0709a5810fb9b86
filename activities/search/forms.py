"""Search, filters and order of a list of activities; the names are those in its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property

from activities.attachments.models import ActivityPhoto
from activities.figures.totals import CROSS_CUTTING
from activities.log.models import ActivityQuerySet, ActivityResult
from activities.search.asked import Search, search_of
from activities.search.fields import SearchField
from activities.search.keyset import ORDERS, Order
from activities.search.models import SavedFilter
from activities.search.quick_periods import QuickPeriod
from kiv_portal.ui.fields import DayField, one_visible_line
from kiv_portal.ui.typed_forms import choice_field
from municipalities.programme.queries import Programme

WITHOUT_RESULT = "none"
SHORT = dt.timedelta(days=2 * 366)  # a period that holds a small part of all there is
MOST_SAVED, LONGEST_NAME = 30, 80


@dataclass(frozen=True)
class Active:
    """One filter that is on: its name and value in words, and the filter without it as a query string."""

    label: str
    value: str
    without: str


class SortField(forms.ChoiceField):
    """The best hits first is offered to a search only, and does no harm without one."""

    def valid_value(self, value: Any) -> bool:
        return value in ORDERS


class ActivityFilterForm(forms.Form):
    """Every part may be empty; a part that makes no sense gets a sentence and is left out of the filter."""

    mark_optional = False

    q = SearchField(
        label="Suchen", required=False, max_length=100, help_text="Wörter aus Titel, Text, Ort oder Ergebnis."
    )
    period = forms.ChoiceField(
        label="Zeitraum",
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": "Diesen Zeitraum gibt es in dieser Liste nicht. Sie sehen alle Tage."
        },
    )
    start = DayField(is_past=True, label="Von", required=False)
    end = DayField(is_past=True, label="Bis", required=False)
    field = forms.ChoiceField(label="Handlungsfeld", required=False)
    kind = forms.ChoiceField(label="Art", required=False)
    result = forms.ChoiceField(
        label="Ergebnis",
        required=False,
        choices=[
            ("", "Alle Ergebnisse"),
            *ActivityResult.choices,
            (WITHOUT_RESULT, "noch kein Ergebnis"),
        ],
    )
    town = forms.ChoiceField(label="Kommune", required=False)
    person = forms.ChoiceField(label="Person", required=False)
    photo = forms.BooleanField(label="Nur mit Foto", required=False)
    follow_up = forms.BooleanField(label="Nur mit offener Wiedervorlage", required=False)
    late = forms.BooleanField(label="Nur Nachträge", required=False)
    sort = SortField(
        label="Reihenfolge", required=False, choices=[(key, order.label) for key, order in ORDERS.items()]
    )

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        towns: Iterable[tuple[int, str]] = (),
        people: Iterable[tuple[int, str]] = (),
        periods: Mapping[str, QuickPeriod] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._programme = programme
        self._periods = periods
        choice_field(self, "period").choices = [(code, offered.label) for code, offered in periods.items()]
        if not self.data.get("q"):
            choice_field(self, "sort").choices = [
                (key, order.label) for key, order in ORDERS.items() if key != "best"
            ]
        fields, kinds = programme.fields.names.items(), programme.kinds.names.items()
        choice_field(self, "field").choices = [
            ("", "Alle Handlungsfelder"),
            *fields,
            (CROSS_CUTTING, "Querschnitt"),
        ]
        choice_field(self, "kind").choices = [("", "Alle Arten"), *kinds]
        for name, first, choices in (("town", "Alle Kommunen", towns), ("person", "Alle Personen", people)):
            found = [(str(pk), label) for pk, label in choices]
            if len(found) > 1:
                choice_field(self, name).choices = [("", first), *found]
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")
        if start or end:  # typed by hand, with the name of a period still on the page
            cleaned["period"] = ""
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """{name: value} of what is filled in and makes sense; the order of rows is not among it."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name != "sort"}

    @property
    def order(self) -> Order:
        self.is_valid()
        sort = self.cleaned_data.get("sort") or self._first_order
        return ORDERS[sort if self.search or sort != "best" else "newest"]

    @property
    def order_of_files(self) -> Order:
        return ORDERS["newest"] if self.order is ORDERS["best"] else self.order

    @property
    def _first_order(self) -> str:
        return "best" if self.chosen.get("q") else "newest"

    @cached_property
    def search(self) -> Search | None:
        text = self.chosen.get("q")
        return search_of(text) if text else None

    @property
    def is_filtering(self) -> bool:
        return bool(self.chosen)

    def apply(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        activities = self.apply_without_search(activities)
        return self.mentioning(activities, self.search.everything) if self.search else activities

    def apply_without_search(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        for name, value in self.chosen.items():
            activities = activities if name == "q" else getattr(self, f"_by_{name}")(activities, value)
        return activities

    def mentioning(self, activities: ActivityQuerySet, query: SearchQuery) -> ActivityQuerySet:
        start, end = self.span
        is_short = start and (end or timezone.localdate()) - start <= SHORT
        return activities.mentioning(query, among_few=bool(is_short))

    @property
    def span(self) -> tuple[dt.date | None, dt.date | None]:
        """First and last day of what is shown."""
        if code := self.chosen.get("period"):
            return self._periods[code].period
        return self.chosen.get("start"), self.chosen.get("end")

    def _by_period(self, activities: ActivityQuerySet, code: str) -> ActivityQuerySet:
        return activities.between(*self._periods[code].period)

    def _by_start(self, activities: ActivityQuerySet, day: dt.date) -> ActivityQuerySet:
        return activities.filter(day__gte=day)

    def _by_end(self, activities: ActivityQuerySet, day: dt.date) -> ActivityQuerySet:
        return activities.filter(day__lte=day)

    def _by_field(self, activities: ActivityQuerySet, code: str) -> ActivityQuerySet:
        if code == CROSS_CUTTING:
            return activities.filter(field=None)
        return activities.touching(code, fields=self._programme.fields.ids_of(code))

    def _by_kind(self, activities: ActivityQuerySet, code: str) -> ActivityQuerySet:
        return activities.filter(kind__in=self._programme.kinds.ids_of(code))

    def _by_result(self, activities: ActivityQuerySet, result: str) -> ActivityQuerySet:
        return activities.filter(result="" if result == WITHOUT_RESULT else result)

    def _by_town(self, activities: ActivityQuerySet, pk: str) -> ActivityQuerySet:
        return activities.filter(municipality=int(pk))

    def _by_person(self, activities: ActivityQuerySet, pk: str) -> ActivityQuerySet:
        return activities.filter(mediator=int(pk))

    def _by_photo(self, activities: ActivityQuerySet, _: bool) -> ActivityQuerySet:
        return activities.filter(pk__in=ActivityPhoto.objects.values("activity"))

    def _by_follow_up(self, activities: ActivityQuerySet, _: bool) -> ActivityQuerySet:
        return activities.to_follow_up()

    def _by_late(self, activities: ActivityQuerySet, _: bool) -> ActivityQuerySet:
        return activities.filter(is_late=True)

    # --- the filter in words and in addresses

    def query(self, **changes: str) -> str:
        """What makes sense of the filter as a query string, with changes; an empty value takes a part out."""
        values = {name: self._in_address(value) for name, value in self.chosen.items()}
        if (sort := self.cleaned_data.get("sort")) and sort != self._first_order:
            values["sort"] = sort
        return urlencode({name: value for name, value in (values | changes).items() if value})

    @staticmethod
    def _in_address(value: Any) -> str:
        if isinstance(value, dt.date):
            return f"{value:%d.%m.%Y}"
        return "on" if value is True else str(value)

    def active(self) -> list[Active]:
        return [
            Active(str(self.fields[name].label or ""), self._in_words(name, value), self.query(**{name: ""}))
            for name, value in self.chosen.items()
        ]

    def described(self) -> list[str]:
        """What is chosen, each as a person would say it: „Rampe“ · Gesundheit · Dieses Jahr · mit Foto."""
        words = {name: self._in_words(name, value) for name, value in self.chosen.items()}
        start, end = words.pop("start", ""), words.pop("end", "")
        if start or end:
            words["days"] = (
                f"{start} bis {end}" if start and end else f"ab {start}" if start else f"bis {end}"
            )
        spoken = {
            "q": "„{}“",
            "photo": "mit Foto",
            "follow_up": "mit offener Wiedervorlage",
            "late": "Nachträge",
        }
        return [spoken.get(name, "{}").format(value) for name, value in words.items()]

    def in_full(self) -> list[str]:
        """The same for a file, which stays as it is: a period with its days."""
        days = {
            "period": f" ({self._periods[self.chosen['period']].days})" if "period" in self.chosen else ""
        }
        return [
            f"{part.label} {part.value}{days.get(name, '')}".strip()
            for name, part in zip(self.chosen, self.active(), strict=True)
        ]

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices  # a list of pairs, set above
            return str(dict(choices)[value])
        return "" if value is True else self._in_address(value)

    @property
    def details(self) -> list[forms.BoundField]:
        """The parts that stand below the search."""
        return [self[name] for name in self.fields if name not in ("q", "period")]


def _cut_to_fit(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 2].rstrip(' ,')} …"


class SavedFilterForm(forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}
        help_texts = {"name": "Unter diesem Namen finden Sie den Filter bei jeder Liste wieder."}
        error_messages = {"name": {"required": "Bitte geben Sie dem Filter einen Namen."}}

    def __init__(self, *args: Any, saved: SavedFilter, proposed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"instance": saved})
        self.fields["name"].validators.append(one_visible_line)
        self.initial["name"] = _cut_to_fit(proposed)

    def is_stored_already(self) -> bool:
        same = {"user": self.instance.user, "query": self.instance.query}
        return SavedFilter.objects.filter(**same, name=str(self["name"].value()).strip()).exists()

    def clean(self) -> dict[str, Any]:
        if SavedFilter.objects.filter(user=self.instance.user).count() >= MOST_SAVED:
            raise ValidationError(
                f"Sie haben schon {MOST_SAVED} Filter gespeichert. Bitte löschen Sie zuerst einen davon."
            )
        return super().clean() or self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        # for "one name once a person"
        return super()._get_validation_exclusions() - {"user"}  # type: ignore[misc]  # Django's, which the stubs do not know
