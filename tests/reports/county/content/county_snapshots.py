"""Invented stands of a county: ten towns with small numbers among them, none, and one with the nastiest names."""

from typing import Any

from tests.reports.content.snapshots import FIELDS, MONTHS

TOWNS = (  # name, ags, kind, population, latitude, longitude
    ("Aidlingen", "08115001", "Gemeinde", 9233, 48.67917, 8.89694),
    ("Ehningen", "08115013", "Gemeinde", 9222, 48.66, 8.94),
    ("Gärtringen", "08115015", "Gemeinde", 12684, 48.64083, 8.90056),
    ("Herrenberg", "08115021", "Große Kreisstadt", 31738, 48.59667, 8.87083),
    ("Holzgerlingen", "08115024", "Stadt", 13247, 48.63917, 9.01083),
    ("Jettingen", "08115053", "Gemeinde", None, None, None),
    ("Leonberg", "08115028", "Große Kreisstadt", 48753, 48.80139, 9.01306),
    ("Nufringen", "08115037", "Gemeinde", 5897, 48.62222, 8.8875),
    ("Rutesheim", "08115042", "Stadt", 10820, 48.80972, 8.945),
    ("Weil der Stadt", "08115050", "Stadt", 19107, 48.75083, 8.87056),
)
STATES = (
    ("decided", "Beschlossen", {"kind": "continued", "name": "Fortführung unverändert", "is_final": True}),
    ("delivered", "Zugestellt", None),
    ("delivered", "Zugestellt", {"kind": "adjourned", "name": "Vertagung", "is_final": False}),
    ("draft", "In Arbeit", None),
)
OUTCOMES = ("done", "promised", "open", "passed_on", "refused")
OUTCOME_NAMES = ("umgesetzt", "zugesagt", "offen", "weitergegeben", "abgelehnt")


def ten_towns() -> dict[str, Any]:
    """Aidlingen reached three people in one field; everything else is large."""
    towns = [_town(number, row) for number, row in enumerate(TOWNS)]
    towns[0]["people_by_field"]["gesundheit"] = 3
    towns[0]["people_reached"] = sum(towns[0]["people_by_field"].values())
    return _snapshot(towns)


def no_town() -> dict[str, Any]:
    return _snapshot([])


def nasty() -> dict[str, Any]:
    data = ten_towns()
    data["county"]["name"] = "Landkreis <b>„Böblingen“</b> & 漢"
    data["towns"][0]["name"] = "=SUMME(A1:A9) <script>alert(1)</script> & Söhne mit einem sehr langen Namen"
    data["reports"][0]["town"] = "=HYPERLINK(1)"
    return data


ALL = {"ten": ten_towns, "none": no_town, "nasty": nasty}


def _town(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    name, ags, kind, population, latitude, longitude = row
    people = {code: 20 + 7 * number + position for position, (code, *_) in enumerate(FIELDS)}
    outcomes = dict(zip(OUTCOMES, (2, 1, number % 3, 0, 1), strict=True))
    return {
        "ags": ags,
        "name": name,
        "slug": name.lower().replace(" ", "-"),
        "kind": kind,
        "population": population,
        "population_on": "2020-12-31",
        "latitude": latitude,
        "longitude": longitude,
        "agreement": {"starts_on": "2021-10-01", "ends_on": "2024-12-31" if number == 2 else None},
        "mediators": 1 + number % 2,
        "vacant_days": 61 if number == 7 else 0,
        **_sums(12 + 5 * number),
        "people_reached": sum(people.values()),
        "people_by_field": people,
        "concerns": sum(outcomes.values()),
        "outcomes": outcomes,
    }


def _sums(activities: int) -> dict[str, Any]:
    return {
        "activities": activities,
        "minutes": activities * 95,
        "travel_minutes": activities * 20,
        "people_reached": 0,
        "people_not_counted": 0,
        "people_ranges": 0,
        "expenses_cents": 0,
    }


def _snapshot(towns: list[dict[str, Any]]) -> dict[str, Any]:
    activities = sum(town["activities"] for town in towns)
    people = sum(town["people_reached"] for town in towns)
    outcomes = {code: sum(town["outcomes"][code] for town in towns) for code in OUTCOMES}
    return {
        "schema": 1,
        "county": {
            "key": "08115",
            "name": "Landkreis Böblingen",
            "administration": "Landratsamt Böblingen",
            "population": 392898,
            "population_on": "2020-12-31",
        },
        "period": {"start": "2021-10-01", "end": "2022-09-30"},
        "dated": "2022-11-15",
        "totals": {**_sums(activities), "people_reached": people},
        "fields": [
            {
                **_sums(activities // 6 + (activities % 6 if position == 3 else 0)),
                "code": code,
                "name": name,
                "short": short,
                "articles": articles,
                "also_touched": position,
                "people_reached": sum(town["people_by_field"][code] for town in towns),
            }
            for position, (code, name, short, articles) in enumerate(FIELDS)
        ],
        "months": [{**_sums(activities // 12), "month": month} for month in MONTHS],
        "kinds": [{**_sums(activities), "code": "begehung", "name": "Begehung"}] if activities else [],
        "concerns": {
            "total": sum(outcomes.values()),
            "reported": sum(outcomes.values()),
            "outcomes": [
                {"code": code, "name": name, "concerns": outcomes[code]}
                for code, name in zip(OUTCOMES, OUTCOME_NAMES, strict=True)
            ],
            "fields": {},
        },
        "towns": towns,
        "reports": [_report(number, town) for number, town in enumerate(towns)],
    }


def _report(number: int, town: dict[str, Any]) -> dict[str, Any]:
    state, name, decision = STATES[number % len(STATES)]
    return {
        "town": town["name"],
        "ags": town["ags"],
        "period": {"start": "2021-10-01", "end": "2022-09-30"},
        "due_on": "2022-10-31",
        "state": state,
        "state_name": name,
        "committee": "Gemeinderat",
        "session_on": "2022-12-06" if number % 2 else None,
        "owes_decision": state == "delivered",
        "decision": {**decision, "decided_on": "2022-12-06"} if decision else None,
    }
