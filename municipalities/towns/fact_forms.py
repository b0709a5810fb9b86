"""What the county says of a town: name, key, people, seats, place."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.ui.fields import DayField, one_visible_line
from kiv_portal.ui.unchanged import UnchangedMixin
from municipalities.towns.coordinates import Point, PointField, refusal_of
from municipalities.towns.models import Municipality, MunicipalityKind

MOST_PEOPLE = 10_000_000
MOST_SEATS = 200
THOUSANDS = re.compile(r"\d{1,3}(?:[. \u202f\xa0]\d{3})+")


class NumberField(forms.IntegerField):
    """A whole number, also with its thousands apart: "48.753"."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "size": 12})
    default_error_messages = {
        "invalid": "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 48.753.",
        "min_value": "Bitte geben Sie mindestens %(limit_value)s ein, oder lassen Sie das Feld leer.",
        "max_value": "So groß kann die Zahl nicht sein. Bitte prüfen Sie sie.",
    }

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip()
        return super().to_python(re.sub(r"\D", "", text) if THOUSANDS.fullmatch(text) else text)


class TownForm(UnchangedMixin):
    """`instance` brings the county. Its address in the portal (`slug`) stays when the name changes."""

    population = NumberField(label="Einwohnerzahl", required=False, min_value=1, max_value=MOST_PEOPLE)
    population_on = DayField(
        label="Stand der Einwohnerzahl", is_past=True, required=False, help_text="Zum Beispiel 31.12.2025."
    )
    council_seats = NumberField(
        label="Sitze im Gemeinderat",
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        help_text="Ohne die Bürgermeisterin oder den Bürgermeister.",
    )
    coordinates = PointField(
        label="Koordinaten",
        required=False,
        help_text="Für die Karte im Kreisbericht. So, wie eine Karte sie kopiert: 48.80139, 9.01306.",
    )

    kind = forms.ChoiceField(
        label="Was ist es?",
        choices=MunicipalityKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, was die Kommune ist."},
    )
    ags = forms.CharField(
        label="Amtlicher Gemeindeschlüssel (AGS)",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "size": 12}),
        error_messages={"required": "Bitte geben Sie den Gemeindeschlüssel an."},
    )

    class Meta:
        model = Municipality
        fields = ("name", "kind", "ags", "population", "population_on", "council_seats")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}
        error_messages = {"name": {"required": "Bitte geben Sie den Namen an."}}

    field_order = ("name", "kind", "ags", "population", "population_on", "council_seats", "coordinates")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(one_visible_line)
        key = self.instance.county_id
        self.fields["ags"].help_text = f"Acht Ziffern. Im {self.instance.county} beginnen sie mit {key}."
        self.initial["coordinates"] = self._stored_point()

    def _stored_values(self) -> dict[str, Any]:
        return super()._stored_values() | {"coordinates": self._stored_point()}

    def _stored_point(self) -> Point | None:
        row = self.instance
        return None if row.latitude is None else Point(row.latitude, row.longitude)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self._others().filter(county=self.instance.county_id, name__iexact=name).exists():
            raise ValidationError(f"Eine Kommune mit dem Namen {name} gibt es im Landkreis schon.")
        return name

    def clean_ags(self) -> str:
        ags = re.sub(r"\s", "", self.cleaned_data["ags"])
        if not re.fullmatch(r"[0-9]{8}", ags):
            raise ValidationError("Der Gemeindeschlüssel hat acht Ziffern.")
        if not ags.startswith(self.instance.county_id):
            raise ValidationError(
                f"Dieser Schlüssel gehört nicht zum {self.instance.county}. "
                f"Dort beginnen alle mit {self.instance.county_id}."
            )
        if (taken := self._others().filter(ags=ags).first()) is not None:
            raise ValidationError(f"Diesen Schlüssel hat schon {taken}.")
        return ags

    def clean_population_on(self) -> Any:
        day = self.cleaned_data["population_on"]
        if day and day > timezone.localdate():
            raise ValidationError("Dieser Tag liegt in der Zukunft.")
        return day

    def _others(self) -> Any:
        return Municipality.objects.exclude(pk=self.instance.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("population")
            and not cleaned.get("population_on")
            and "population_on" not in self.errors
        ):
            self.add_error("population_on", "Bitte geben Sie an, von wann die Einwohnerzahl ist.")
        point = cleaned.get("coordinates")
        if point and (refusal := refusal_of(point, self.instance.county_id)):
            self.add_error("coordinates", refusal)
        return cleaned

    def _post_clean(self) -> None:
        point = self.cleaned_data.get("coordinates")
        self.instance.latitude, self.instance.longitude = point or (None, None)
        super()._post_clean()  # type: ignore[misc]  # Django's, which the stubs do not know
