"""From a concern to the entry about it, in one press: what the concern says is filled in."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from activities.models import Activity, Concern
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
NEW = reverse("activity_create")
LINK = "Aktivität dazu erfassen"


@pytest.fixture
def concern(people: People) -> Concern:
    factories.make_kind()
    verkehr = factories.make_field("verkehr")
    return factories.make_concern(people.town, title="Stumme Ampel", place="Marktplatz", field=verkehr)


def filled_in(people: People, concern: Concern, role: str = "mediator") -> dict[str, Any]:
    page: Any = people.client(role).get(NEW, {"anliegen": concern.pk})
    form = page.context["form"]
    return {name: form[name].value() for name in ("concern", "place", "field") if name in form.fields}


def test_the_concern_leads_to_an_entry_about_it(people: People, concern: Concern) -> None:
    client = people.client("mediator")
    page = client.get(reverse("concern_detail", args=[concern.pk])).content.decode()
    assert LINK in page
    assert f'href="{NEW}?anliegen={concern.pk}"' in page
    assert filled_in(people, concern) == {"concern": concern.pk, "place": "Marktplatz", "field": "verkehr"}
    sent = {
        "title": "Ampel besichtigt",
        "day": "1.3.2022",
        "minutes": "30",
        "kind": "begehung",
        "field": "verkehr",
        "concern": f"{concern.pk}",
        "entry_key": str(uuid.uuid4()),
    }
    answer = client.post(f"{NEW}?anliegen={concern.pk}", sent)
    assert answer.url == reverse("concern_detail", args=[concern.pk])  # type: ignore[attr-defined]
    assert Activity.objects.get().concern == concern


def test_a_concern_that_is_closed_or_elsewhere_fills_nothing_in(people: People, concern: Concern) -> None:
    elsewhere = factories.make_concern(people.other_town, place="Anderswo")
    closed = factories.make_concern(people.town, place="Erledigt")
    factories.make_step(closed, "refused", factories.START)
    for other in (elsewhere, closed):
        assert filled_in(people, other)["concern"] in (None, "")
        assert not filled_in(people, other)["place"]
    for nonsense in ("x", "9" * 30, "-1", ""):
        assert people.client("mediator").get(NEW, {"anliegen": nonsense}).status_code == 200


def test_who_keeps_no_log_is_not_led_there(people: People, concern: Concern) -> None:
    for role in ("contact", "coordinator"):
        page = people.client(role).get(reverse("concern_detail", args=[concern.pk]))
        assert page.status_code == 200
        assert LINK not in page.content.decode()


def test_a_concern_of_a_town_where_one_keeps_no_log_fills_nothing_in(
    people: People, concern: Concern
) -> None:
    factories.make_contact(people.mediator, people.other_town)  # sees its concerns
    elsewhere = factories.make_concern(people.other_town, place="Anderswo")
    assert not filled_in(people, elsewhere)["place"]
