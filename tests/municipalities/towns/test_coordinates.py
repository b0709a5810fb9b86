"""A point as people copy it, and the Land it must be in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from municipalities.towns.coordinates import LAENDER, Point, PointField, refusal_of

LEONBERG = Point(Decimal("48.80139"), Decimal("9.01306"))


@pytest.mark.parametrize(
    "text",
    [
        "48.80139, 9.01306",
        " 48.801390 , 9.013060 ",
        "48,80139 9,01306",
        "48,80139; 9,01306",
        "48,80139, 9,01306",
        "48.80139° N, 9.01306° O",
        "48.80139/9.01306",
    ],
)
def test_a_point_as_people_copy_it(text: str) -> None:
    assert PointField().clean(text) == LEONBERG


@pytest.mark.parametrize("text", ["48.80139", "Leonberg", "48° 48' 5\", 9° 0' 47\"", "148.8, 9.0", "1" * 900])
def test_what_is_no_point(text: str) -> None:
    with pytest.raises(ValidationError, match="verstehen wir nicht"):
        PointField().clean(text)


def test_a_point_is_in_its_land() -> None:
    assert refusal_of(LEONBERG, "08115") == ""
    assert "vertauscht" in refusal_of(Point(LEONBERG.longitude, LEONBERG.latitude), "08115")
    berlin = Point(Decimal("52.52"), Decimal("13.405"))
    assert "nicht in Baden-Württemberg" in refusal_of(berlin, "08115")
    assert "nicht im Saarland" in refusal_of(LEONBERG, "10041")
    assert refusal_of(berlin, "11000") == ""
    assert len(LAENDER) == 16
