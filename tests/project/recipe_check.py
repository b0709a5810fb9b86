"""Run in a scratch copy of the project by test_recipe_field.py, with an empty database: everybody knows the new field
`weather`, and nobody who was not told.
"""

import datetime as dt
import importlib
import io

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

call_command("makemigrations", "activities", name="activity_weather", verbosity=0)
importlib.invalidate_caches()
call_command("migrate", verbosity=0)

import python_calamine  # noqa: E402

from activities.imports import services as imports  # noqa: E402
from activities.imports.columns import TARGETS  # noqa: E402
from activities.imports.files import template_file  # noqa: E402
from activities.imports.rows import judge  # noqa: E402
from activities.interface.api import ActivityOut  # noqa: E402
from activities.log.forms import ActivityForm  # noqa: E402
from activities.log.services import store_entries  # noqa: E402
from activities.models import Activity  # noqa: E402
from activities.search.asked import search_of  # noqa: E402
from activities.search.exports import export_of  # noqa: E402
from municipalities.programme.queries import programme_of_towns  # noqa: E402
from reports.steps.freezing import snapshot_of  # noqa: E402
from tests import factories  # noqa: E402

town = factories.make_town()
mediator = factories.make_mediator(factories.make_user("Vera Vermittlung"), town)
factories.make_field()
factories.make_kind()
SENT = {
    "title": "Begehung der Mensa",
    "day": "1.3.2022",
    "minutes": "90",
    "field": "bildung",
    "kind": "begehung",
    "entry_key": "1f0e3c1c-6f0f-4d0f-9d5e-2f6f1f3c8a11",
}


def form(**values: str) -> ActivityForm:
    return ActivityForm(SENT | values, mediator=mediator)


# form and comparison: changed after going back it is another entry, sent twice it is one
rows = [[box.name for box in row] for _, rows in form().details() for row in rows]
assert ["weather"] in rows, rows
for weather in ("Regen", "Regen", "Sonne"):
    sent = form(weather=weather)
    assert sent.store(), sent.errors
assert list(Activity.objects.order_by("pk").values_list("weather", flat=True)) == ["Regen", "Sonne"]
activity = Activity.objects.order_by("pk").first()
assert activity.pgh_event_model.objects.filter(pgh_obj=activity.pk, weather="Regen").exists()

# privacy guard
asked = form(weather="Regen bei Frau Huber", day="4.3.2022", entry_key="2f0e3c1c-6f0f-4d0f-9d5e-2f6f1f3c8a12")
assert not asked.store()
assert [question.field for question in asked.questions] == ["weather"]

# page of the entry
page = render_to_string(
    "activities/log/_facts.html", {"activity": activity, "further_fields": [], "organisations": []}
)
assert "Regen" in page

# export
export = export_of(
    Activity.objects.order_by("pk"),
    programme_of_towns([town]).fields,
    reader=mediator.user,
    shows_inner=False,
    filters=(),
)
headings = [heading.name for heading in export.headings]
assert [row[headings.index("Wetter")] for row in export.rows] == ["Regen", "Sonne"]

# import and its template
table = """Datum;Titel;Dauer;Art;Wetterlage
2.3.2022;Sprechstunde;90;Begehung;Nebel
3.3.2022;Treffen;90;Begehung;Frau Huber"""
imported = imports.open_import(mediator, name="x.csv", data=table.encode(), by=mediator.user)
known = imports.known_about(imported, imports.table_of(imported))
good, private = judge(imports.table_of(imported).lines[1:], imported.targets, known)
assert (good.sentences, good.values["weather"]) == ([], "Nebel"), good
assert private.sentences[0].startswith("Bitte kurz prüfen: Wetter: „Frau Huber“"), private
store_entries([imports.entry_of(imported, good, known)])
assert Activity.objects.get(weather="Nebel").title == "Sprechstunde"
template = python_calamine.load_workbook(io.BytesIO(template_file({}, has_several_towns=False)))
assert "Wetter" in template.get_sheet_by_name("Aktivitäten").to_python()[0]
assert TARGETS[-1].key == "weather"

# JSON interface
assert ActivityOut.from_orm(activity).weather == "Regen"

# who was not told: search words and the report
assert not Activity.objects.mentioning(search_of("regen").everything).exists()
assert "Regen" not in str(snapshot_of(factories.make_report(town), dated=dt.date(2022, 10, 1)))
print("weather is known")
