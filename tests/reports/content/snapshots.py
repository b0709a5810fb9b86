# ruff: noqa: E501  what people type has long lines
"""Invented snapshots: a normal year, an empty one, a full one, and one with the nastiest texts."""

import copy
import datetime
import hashlib
import io
from typing import Any

from PIL import Image

FIELDS = (
    ("bildung", "Bildung und Schule", "Bi", [24]),
    ("arbeit", "Arbeit und Freizeit", "Ar", [27, 30]),
    ("wohnen", "Leben und Wohnen", "Wo", [19, 28]),
    ("verkehr", "Verkehr und Infrastruktur", "Ve", [9, 20]),
    ("gesundheit", "Gesundheit", "Ge", [25, 26]),
    ("quer", "Querschnitt", "Qu", []),
)
KINDS = (
    "Begehung",
    "Beratung",
    "Vermittlung",
    "Stellungnahme",
    "Sprechstunde",
    "Veranstaltung",
    "Gremienarbeit",
    "Vernetzung",
)
RESULTS = (("done", "umgesetzt"), ("promised", "zugesagt"), ("open", "offen"), ("refused", "abgelehnt"))
TITLES = {
    "bildung": (
        "Begehung der Grundschule: Aufzug, Handläufe, Stufenkanten",
        "Projekttag mit den Klassen 9 und 10",
    ),
    "arbeit": (
        "Stellungnahme zum inklusiven Spielplatz",
        "Beratung des Sportvereins zu gemeinsamem Training",
    ),
    "wohnen": ("Sprechstunde im Rathaus", "Standards für das Neubaugebiet mit dem Bauamt abgestimmt"),
    "verkehr": ("Begehung der S-Bahn-Haltestelle mit der Bahn", "Leitsystem auf dem Marktplatz"),
    "gesundheit": ("Erhebung barrierefreier Arztpraxen", "Notfallmappe in einfacher Sprache"),
    "quer": ("Netzwerktreffen der Kommunen", "Bericht im Amtsblatt"),
}
MONTHS = [f"{2021 + (9 + index) // 12}-{(9 + index) % 12 + 1:02d}" for index in range(12)]

TEXTS = {
    "at_a_glance": (
        "Seit einem Jahr arbeitet die Kommunale Inklusionsvermittlung in Leonberg. Sie ist bei Vereinen, Schulen und in der"
        " Verwaltung bekannt und wird gefragt, bevor geplant wird.\n\n"
        "- Am Marktplatz führt ein Leitsystem blinde Menschen sicher vom Bus zum Rathaus.\n"
        "- Zwei Grundschulen haben kontrastreiche Stufenkanten und einen erreichbaren Aufzug.\n"
        "- Das Bauamt prüft Neubaugebiete mit einer gemeinsam erarbeiteten Liste."
    ),
    "occasion": (
        "Der Gemeinderat hat am 2. Februar 2021 beschlossen, am Programm des Landkreises teilzunehmen. Das Programm gehört zum"
        " Projekt „Gemeinden in Bewegung“ und wird vom Ministerium für Soziales und Integration Baden-Württemberg gefördert.\n\n"
        "Nach einem Jahr berichtet die Stadt, was sich an welchem Ort geändert hat und wie es weitergehen soll."
    ),
    "participation": (
        "Menschen mit und ohne Behinderungen haben an Begehungen, an der Rollitour mit dem Oberbürgermeister und an zwölf"
        " Sprechstunden teilgenommen. Am häufigsten ging es um Wege, Haltestellen und den Zugang zu Arztpraxen."
    ),
    "cooperation": (
        "Die Zusammenarbeit mit Bauamt, Schulen und Volkshochschule ist gut eingespielt.\n\n"
        "Hindernisse gab es an zwei Stellen:\n"
        "- Die Bahn antwortet auf Anfragen zur Haltestelle erst nach Monaten.\n"
        "- Für kleine Umbauten fehlt ein eigener Betrag im Haushalt."
    ),
    "costs": (
        "Die Aufwandsentschädigung beträgt 150 Euro im Monat und wird je zur Hälfte vom Landkreis und von der Stadt getragen."
        " Hinzu kamen Sachkosten von 640 Euro. Bei unveränderter Fortführung kostet das Programm die Stadt 1.540 Euro im Jahr."
    ),
    "assessment": (
        "Das Programm wirkt dort am stärksten, wo früh gefragt wird. Nachträgliche Umbauten kosten ein Vielfaches."
        " Ohne die Vermittlung hätten mehrere Vorhaben die Belange von Menschen mit Behinderungen erst nach Fertigstellung erfahren."
    ),
    "outlook": (
        "Im kommenden Jahr stehen an:\n\n1. der Umbau der Haltestelle Altstadt,\n2. eine Liste barrierefreier Arztpraxen,\n"
        "3. Schulungen für die Mitarbeitenden im Bürgeramt."
    ),
    "alternatives": "Ohne Fortführung endet die Tätigkeit zum 30. September 2022. Die Fachämter müssten die Beratung selbst leisten.",
    "proposal": (
        "1. Der Gemeinderat nimmt den Zwischenbericht zur Kenntnis.\n"
        "2. Die Teilnahme am Programm wird um zwei Jahre bis zum 30. September 2024 fortgeführt.\n"
        "3. Für kleine Umbauten werden jährlich 5.000 Euro in den Haushalt eingestellt."
    ),
}


def normal_year() -> dict[str, Any]:
    return _snapshot(87)


def full_year() -> dict[str, Any]:
    return _snapshot(240)


def empty_year() -> dict[str, Any]:
    """Nothing happened, nobody is appointed, nobody wrote a word."""
    snapshot = _snapshot(0)
    snapshot["texts"] = dict.fromkeys(snapshot["texts"], "")
    snapshot["appointments"] = []
    snapshot["agreement"] = None
    snapshot["vacant_days"] = 365
    snapshot["vacancies"] = [{"start": "2021-10-01", "end": "2022-09-30"}]
    snapshot["paper"] = {
        "number": "", "subject": "Kommunale Inklusionsvermittlung: Zwischenbericht", "author": "", "committee": "Gemeinderat",
        "session_on": None, "is_public": True,
    }  # fmt: skip
    return snapshot


NASTY_TITLE = ("Barrierefreiheit " * 40)[:500]
COMPOUND = "Straßenbahnhaltestellenbarrierefreiheitskonzept"
HEBREW = "שלום לכולם, נגישות בעיר"
ARABIC = "مرحبا بالجميع، إمكانية الوصول"
SIGNS = "✓ ✔ ✗ ☐ ☑ ☒ ■ ● ★ ► ▲ ⇒ ⇔ 5′ 30″ ∀"
UNCOVERED = "Gruß aus 漢字 im Park"
SCRIPT = "<script>alert('x')</script><img src=\"http://example.invalid/x.png\">"
FORMULA = '=HYPERLINK("http://example.invalid";"Klick")'


def nasty_year() -> dict[str, Any]:
    """People type anything: the longest titles, pictures, other directions of writing, mark-up, formulas."""
    snapshot = _snapshot(31)
    nasty = [
        NASTY_TITLE, f"Fest für alle 🎉🧑‍🦽👍🏽 ❤️ – {COMPOUND}", HEBREW, f"Begrüßung: {ARABIC} (arabisch)", SCRIPT, FORMULA,
        "a" * 500, "Tom & Jerry \"quoted\" 'single' {{ settings.SECRET_KEY }} {% now 'Y' %}", "Zeile\u0000 mit \u0007Steuerzeichen\u202e",
        "Ångström, Żółć, Ελληνικά, Українська, İstanbul, ½ ² → ≥ € …", SIGNS, UNCOVERED, COMPOUND * 4, "e\u0301tude, u\u0308ber",
    ]  # fmt: skip
    for activity, title in zip(snapshot["activities"], nasty, strict=False):
        activity["title"] = title
    snapshot["fields"][0]["examples"] = [
        {
            "day": "2021-11-03",
            "title": NASTY_TITLE,
            "text": f"{HEBREW}\n\n- {ARABIC}\n- {SCRIPT}",
            "result": "umgesetzt",
        },
        {"day": "2021-11-04", "title": SCRIPT, "text": COMPOUND * 10, "result": ""},
    ]
    snapshot["fields"][3]["people_reached"] = 3
    snapshot["kinds"][0]["name"] = COMPOUND
    snapshot["paper"]["subject"] = f"{NASTY_TITLE} {SCRIPT}"
    snapshot["paper"]["author"] = f"{COMPOUND} {HEBREW}"
    snapshot["paper"]["number"] = "2022/184-" + "X" * 60
    snapshot["paper"]["committee"] = f"Ausschuss für {COMPOUND}"
    snapshot["appointments"][0]["name"] = f"Dr. Ömür {COMPOUND}-Łukaszewicz 🎉"
    for concern, text in zip(
        snapshot["concerns"]["public"], (NASTY_TITLE, HEBREW, SCRIPT, FORMULA, COMPOUND * 4), strict=False
    ):
        concern["title"] = concern["place"] = text[:200]
        concern["sentence"] = f"{text} {COMPOUND} {SIGNS} 🎉"
    snapshot["texts"]["at_a_glance"] = f"{SCRIPT}\n\n{HEBREW}\n\n" + "Ein sehr langer Satz ohne Ende. " * 60
    snapshot["texts"]["proposal"] = "\n".join(
        f"{index}. {COMPOUND} {SCRIPT} {'Beschluss ' * 60}" for index in range(1, 9)
    )
    snapshot["texts"]["assessment"] = ("wort" * 200 + " ") * 3
    snapshot["texts"]["outlook"] = "- " + "\n- ".join([ARABIC, "🎉" * 60, "", "x"])
    return snapshot


def _snapshot(amount: int) -> dict[str, Any]:
    activities = [_activity(index, amount) for index in range(amount)]
    fields = []
    for position, (code, name, short, articles) in enumerate(FIELDS):
        own = [activity for activity in activities if activity["field"] == code]
        fields.append({
            "code": code, "name": name, "short": short, "articles": articles,
            "activities": len(own),
            "also_touched": sum(code in activity["also"] for activity in activities),
            "minutes": sum(activity["minutes"] for activity in own),
            "travel_minutes": sum(activity["travel_minutes"] for activity in own),
            "expenses_cents": 350 * len(own),
            "people_ranges": 0,
            "people_reached": sum(activity["people_reached"] or 0 for activity in own) * (7 if position < 2 else 1),
            "people_not_counted": sum(activity["people_reached"] is None for activity in own),
            "examples": [
                {"day": activity["day"], "title": activity["title"],
                 "text": "Mit Betroffenen, Verwaltung und Betreiber vor Ort geprüft; die Mängel sind benannt und ein Termin ist vereinbart.",
                 "result": activity["result"]}
                for activity in own[: 1 + position % 2] if code != "quer"
            ],
        })  # fmt: skip
    return copy.deepcopy({
        "schema": 2,
        "municipality": {
            "ags": "08115028", "name": "Leonberg", "slug": "leonberg", "kind": "Große Kreisstadt", "population": 48753,
            "population_on": "2020-12-31", "county": "Landkreis Böblingen", "administration": "Landratsamt Böblingen",
        },
        "period": {"start": "2021-10-01", "end": "2022-09-30"},
        "agreement": {"signed_on": "2021-02-12", "starts_on": "2021-10-01", "ends_on": None, "reference": "SozA 41-2021"},
        "paper": {
            "number": "2022/184", "subject": "Kommunale Inklusionsvermittlung: Zwischenbericht nach einem Jahr",
            "author": "Amt für Jugend, Familie und Schule", "committee": "Gemeinderat", "session_on": "2022-11-22", "is_public": True,
        },
        "dated": "2022-10-12",
        "appointments": [
            {"name": "Miriam Beispiel", "starts_on": "2021-10-01", "ends_on": None, "form": "ehrenamtlich",
             "qualified_on": "2021-09-25", "in_working_group": True},
            {"name": "Jonas Muster", "starts_on": "2022-04-01", "ends_on": "2022-09-30", "form": "geringfügig beschäftigt",
             "qualified_on": None, "in_working_group": False},
        ],
        "vacant_days": 0,
        "vacancies": [],
        "totals": {
            "activities": amount,
            "minutes": sum(activity["minutes"] for activity in activities),
            "travel_minutes": sum(activity["travel_minutes"] for activity in activities),
            "expenses_cents": 350 * amount,
            "people_ranges": 0,
            "people_reached": sum(field["people_reached"] for field in fields),
            "people_not_counted": sum(activity["people_reached"] is None for activity in activities),
            "activities_before": None,
        },
        "fields": fields,
        "months": [
            {"month": month, **_sums([a for a in activities if a["day"].startswith(month)])} for month in MONTHS
        ],
        "kinds": [
            {"code": kind.lower(), "name": kind, **_sums([a for a in activities if a["kind"] == kind])} for kind in KINDS
        ],
        "results": [
            {"code": code, "name": name, **_sums([a for a in activities if a["result"] == name])} for code, name in RESULTS
        ],
        "concerns": _concerns(amount // 7),
        "texts": TEXTS,
        "activities": activities,
    })  # fmt: skip


OUTCOMES = (
    ("done", "umgesetzt", "umgesetzt"),
    ("promised", "zugesagt", "zugesagt"),
    ("open", "offen", "in Prüfung"),
    ("passed_on", "weitergegeben", "weitergegeben"),
    ("refused", "abgelehnt", "abgelehnt"),
)


def _concerns(amount: int) -> dict[str, Any]:
    """Every fourth one is not public: only counted."""
    of_number = [OUTCOMES[(0, 1, 0, 2, 4, 0, 3)[number % 7]] for number in range(amount)]
    public = [
        {
            "title": f"Bordstein an der Bahnhofstraße, Ecke {number + 1}",
            "place": ("Bahnhofstraße", "Eltingen", "Marktplatz", "")[number % 4],
            "field": "verkehr",
            "reported_on": "2021-11-08",
            "outcome": outcome,
            "state": state,
            "since": "2022-03-14",
            "sentence": "Das Tiefbauamt hat den Bordstein auf drei Zentimeter abgesenkt; der Leitstreifen führt zur Ampel.",
            "promised_until": "2022-12-31" if outcome == "promised" else None,
            "office": "Tiefbauamt",
        }
        for number, (outcome, _, state) in enumerate(of_number)
        if number % 4 != 3
    ]
    return {
        "total": amount,
        "reported": amount - amount // 4,
        "outcomes": [
            {"code": code, "name": name, "concerns": sum(row[0] == code for row in of_number)}
            for code, name, _ in OUTCOMES
        ],
        "fields": {"verkehr": amount} if amount else {},
        "public": sorted(public, key=lambda row: row["place"]),
    }


def as_of_schema_1(snapshot: dict[str, Any]) -> dict[str, Any]:
    """As it was frozen before concerns, travel and expenses were part of it."""
    new = ("travel_minutes", "expenses_cents", "people_ranges")
    rows = [row for name in ("fields", "months", "kinds", "results", "activities") for row in snapshot[name]]
    for row in (*rows, snapshot["totals"]):
        for name in new:
            row.pop(name, None)
    del snapshot["concerns"]
    return snapshot | {"schema": 1}


CHECK_URL = "https://inklusion.landkreis.example/p/8KX2-M7QF"
EASY_TEXT = "# Was ist passiert?\n\nWir haben viel geschafft.\n\n- Die Treppe ist jetzt gut zu sehen.\n- Der Bus hat eine Rampe."


def as_of_schema_3(snapshot: dict[str, Any]) -> dict[str, Any]:
    """As it is frozen since it names its way through the council, an address of proof and the easy text."""
    snapshot["paper"]["consultations"] = [
        {"committee": "Sozialausschuss", "session_on": "2022-11-08", "item_number": "3", "role": "Vorberatung", "is_public": False},
        {"committee": snapshot["paper"]["committee"], "session_on": None, "item_number": "", "role": "Entscheidung", "is_public": True},
    ]  # fmt: skip
    check = {"date": "2022-11-03", "group": "Einfach klar", "persons": 5}
    return snapshot | {"schema": 3, "check_url": CHECK_URL, "easy": {"text": EASY_TEXT, "check": check}}


def as_of_schema_4(snapshot: dict[str, Any]) -> dict[str, Any]:
    """As it is frozen since photos are part of it: a place before and after, one photo alone, one without a description."""
    pair = [
        _picture("before", "2021-11-08", KERB, "Ein hoher Bordstein."),
        _picture("after", "2022-03-14", LOW, "Ein flacher Bordstein."),
    ]
    return as_of_schema_3(snapshot) | {
        "schema": 4,
        "photos": [
            {"title": "Rollitour durch die Altstadt", "pictures": [_picture("", "2021-10-20", TOUR, "Acht Menschen auf dem Kopfsteinpflaster.")]},
            {"title": "Bordstein an der Bahnhofstraße", "pictures": pair},
            {"title": "Stand auf dem Marktplatz", "pictures": [_picture("", "2022-06-25", STAND, "")]},
        ],
    }  # fmt: skip


def as_of_schema_5(snapshot: dict[str, Any]) -> dict[str, Any]:
    """As it is frozen since late entries are part of it."""
    late = [
        activity | {"day": f"2021-09-{20 + place}"}
        for place, activity in enumerate(snapshot["activities"][:2])
    ]
    return as_of_schema_4(snapshot) | {"schema": 5, "late": late}


def as_of_schema_6(snapshot: dict[str, Any]) -> dict[str, Any]:
    """As it is frozen since who reported a concern may say that it is good."""
    later = as_of_schema_5(snapshot)
    done = next(row["concerns"] for row in later["concerns"]["outcomes"] if row["code"] == "done")
    return later | {"schema": 6, "concerns": later["concerns"] | {"confirmed": max(done - 1, 0)}}


def as_of_schema_7(snapshot: dict[str, Any], activity_list: str = "months") -> dict[str, Any]:
    """As it is frozen since a report chooses which activities it lists."""
    return as_of_schema_6(snapshot) | {"schema": 7, "activity_list": activity_list}


newest = as_of_schema_7


def _photo(colour: str, width: int, height: int) -> bytes:
    """As the portal stores it: a JPEG of at most 2,400 pixels."""
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").quantize(16).convert("RGB").save(
        buffer, "JPEG"
    )
    Image.blend(Image.open(buffer), Image.new("RGB", (width, height), colour), 0.5).save(
        again := io.BytesIO(), "JPEG"
    )
    return again.getvalue()


KERB, LOW = _photo("gray", 1600, 1200), _photo("green", 1600, 1200)
TOUR, STAND = _photo("navy", 900, 1600), _photo("orange", 2400, 1000)
PHOTO_FILES = {hashlib.sha256(data).hexdigest(): data for data in (KERB, LOW, TOUR, STAND)}


def _picture(moment: str, day: str, data: bytes, alt: str) -> dict[str, str]:
    sha256 = hashlib.sha256(data).hexdigest()
    return {
        "moment": moment,
        "day": day,
        "alt": alt,
        "sha256": sha256,
        "file": f"activityphoto/{sha256[:8]}.jpg",
    }


def _activity(index: int, amount: int) -> dict[str, Any]:
    weights = (0, 1, 2, 3, 4, 5, 2, 3, 0, 2)
    code = FIELDS[weights[index % len(weights)]][0]
    day = datetime.date(2021, 10, 1) + datetime.timedelta(
        days=(index * 364) // max(amount, 1) + (index * 7) % 3
    )
    return {
        "day": day.isoformat(),
        "field": code,
        "also": ["wohnen"] if index % 5 == 0 and code != "wohnen" else [],
        "kind": KINDS[index % len(KINDS)],
        "title": TITLES[code][(index // 3) % 2],
        "minutes": 30 + (index * 37) % 210,
        "travel_minutes": 15 * (index % 3),
        "people_reached": None if index % 7 == 0 else (index * 5) % 23,
        "result": RESULTS[index % 4][1] if index % 3 else "",
    }


def _sums(activities: list[dict[str, Any]]) -> dict[str, int]:
    counted = [
        activity["people_reached"] for activity in activities if activity["people_reached"] is not None
    ]
    return {
        "activities": len(activities),
        "minutes": sum(activity["minutes"] for activity in activities),
        "travel_minutes": sum(activity["travel_minutes"] for activity in activities),
        "expenses_cents": 350 * len(activities),
        "people_ranges": 0,
        "people_reached": sum(counted),
        "people_not_counted": len(activities) - len(counted),
    }


ALL = {"normal": normal_year, "empty": empty_year, "full": full_year, "nasty": nasty_year}
