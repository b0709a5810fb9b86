"""Where a town lies: a point as people copy it from a map, and whether that point is in the town's Land."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

NUMBER = r"(\d{1,3}(?:[.,]\d{1,12})?)"
# "48.80139, 9.01306", "48,80139; 9,01306", "48.80139° N, 9.01306° O"
POINT = re.compile(rf"{NUMBER}\s?°?\s?[nN]?\s?[,;/ ]\s?{NUMBER}\s?°?\s?[oOeE]?")


class Point(NamedTuple):
    latitude: Decimal
    longitude: Decimal


class Land(NamedTuple):
    """`of` is the name as it follows "in"; the box holds the whole Land, in degrees."""

    of: str
    south: float
    north: float
    west: float
    east: float

    def holds(self, point: Point) -> bool:
        return self.south <= point.latitude <= self.north and self.west <= point.longitude <= self.east


# By the first two digits of the official key. Outermost points, rounded outwards.
LAENDER = {
    "01": Land("Schleswig-Holstein", 53.3, 55.1, 7.8, 11.4),
    "02": Land("Hamburg", 53.3, 54.1, 8.4, 10.4),
    "03": Land("Niedersachsen", 51.2, 54.0, 6.3, 11.7),
    "04": Land("Bremen", 53.0, 53.7, 8.4, 9.0),
    "05": Land("Nordrhein-Westfalen", 50.3, 52.6, 5.8, 9.5),
    "06": Land("Hessen", 49.3, 51.7, 7.7, 10.3),
    "07": Land("Rheinland-Pfalz", 48.9, 51.0, 6.1, 8.6),
    "08": Land("Baden-Württemberg", 47.5, 49.8, 7.5, 10.5),
    "09": Land("Bayern", 47.2, 50.6, 8.9, 13.9),
    "10": Land("im Saarland", 49.1, 49.7, 6.3, 7.5),
    "11": Land("Berlin", 52.3, 52.7, 13.0, 13.8),
    "12": Land("Brandenburg", 51.3, 53.6, 11.2, 14.8),
    "13": Land("Mecklenburg-Vorpommern", 53.1, 54.8, 10.5, 14.5),
    "14": Land("Sachsen", 50.1, 51.7, 11.8, 15.1),
    "15": Land("Sachsen-Anhalt", 50.9, 53.1, 10.5, 13.2),
    "16": Land("Thüringen", 50.2, 51.7, 9.8, 12.7),
}
NOT_UNDERSTOOD = "Diese Koordinaten verstehen wir nicht. Bitte schreiben Sie zum Beispiel 48.80139, 9.01306."


class PointField(forms.CharField):
    """Latitude and longitude in one text field; cleans to a Point of five decimals, empty to None."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "size": 24})

    def prepare_value(self, value: Any) -> Any:
        return f"{value.latitude}, {value.longitude}" if isinstance(value, Point) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Point) or value in self.empty_values:
            return value or None
        match = POINT.fullmatch(" ".join(str(value)[:60].split()))
        if not match:
            raise ValidationError(NOT_UNDERSTOOD, code="invalid")
        north, east = (Decimal(part.replace(",", ".")) for part in match.groups())
        if north > 90 or east > 180:
            raise ValidationError(NOT_UNDERSTOOD, code="invalid")
        return Point(round(north, 5), round(east, 5))


def refusal_of(point: Point, ags: str) -> str:
    """Why the point cannot be in the Land of the official key, as a sentence; "" where it can."""
    land = LAENDER.get(ags[:2])
    if land is None or land.holds(point):
        return ""
    name = land.of if land.of.startswith("im ") else f"in {land.of}"
    if land.holds(Point(point.longitude, point.latitude)):
        return (
            "Die beiden Zahlen sind vertauscht: Zuerst kommt die nördliche Breite, dann die östliche Länge."
        )
    return f"Dieser Punkt liegt nicht {name}. Bitte prüfen Sie die Zahlen."
