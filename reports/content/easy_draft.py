"""A first text in easy language from a report's frozen figures. People write on from there."""

from collections.abc import Mapping

from kiv_portal.documents.german import MONTHS
from reports.figures.snapshot import Snapshot

MANY_PEOPLE = 20  # below, a report in easy language does not speak of their number


def easy_draft(snapshot: Snapshot) -> str:
    """The facts of the year, one short sentence a line, without errors for `check_text`.

    Nothing that people typed is taken over: it would have to be said in easy words first.
    """
    parts = [
        _about(snapshot),
        _people(snapshot),
        _work(snapshot),
        _fields(snapshot),
        _results(snapshot),
        _council(),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _about(snapshot: Snapshot) -> list[str]:
    town, period = snapshot.municipality, snapshot.period
    kind = "Gemeinde" if "gemeinde" in town.kind.lower() else "Stadt"
    return [
        "# Was ist das hier?",
        "Das ist ein Bericht.",
        f"Der Bericht ist über die {kind}:",
        f"{town.name}.",
        "",
        "Der Bericht ist über diese Zeit:",
        f"{_month(period.start)} bis {_month(period.end)}.",
        "",
        "Es geht um Inklusion.",
        "Inklusion heißt:",
        "Alle Menschen gehören dazu.",
        "Menschen mit Behinderung",
        "und Menschen ohne Behinderung.",
    ]


def _month(day: str) -> str:
    year, month, _ = day.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def _people(snapshot: Snapshot) -> list[str]:
    number = len(snapshot.appointments)
    start = [
        "# Wer macht mit?",
        f"In {snapshot.municipality.name} gibt es eine besondere Aufgabe.",
        "Die Aufgabe heißt: Inklusions-Vermittler.",
    ]
    if number == 0:
        return [*start, "In dieser Zeit war die Stelle frei."]
    who = "1 Mensch hat" if number == 1 else f"{number} Menschen haben"
    gap = ["Eine Zeit lang war die Stelle frei."] if snapshot.vacant_days else []
    return [
        *start,
        f"{who} diese Aufgabe gemacht.",
        *gap,
        "",
        "Inklusions-Vermittler helfen Menschen mit Behinderung.",
        "Sie sprechen mit den Menschen im Rathaus.",
        "Sie sagen zum Beispiel:",
        "Hier ist eine Stufe.",
        "Hier brauchen wir eine Rampe.",
    ]


def _work(snapshot: Snapshot) -> list[str]:
    totals = snapshot.totals
    return [
        "# Was ist passiert?",
        f"Im Bericht {_tasks(totals.activities, 'steht', 'stehen')}.",
        *_hours(totals.minutes),
        *_reached(totals.people_reached),
    ]


def _tasks(number: int, one: str, many: str) -> str:
    return f"{one} 1 Aufgabe" if number == 1 else f"{many} {_number(number)} Aufgaben"


def _number(value: int) -> str:
    """Exact below 1000, in words above: large numbers are hard to read."""
    return str(value) if value < 1000 else "mehr als 999"


def _hours(minutes: int) -> list[str]:
    hours = (minutes + 30) // 60
    if not hours:
        return []
    return ["Das war 1 Stunde Arbeit." if hours == 1 else f"Das waren {_number(hours)} Stunden Arbeit."]


def _reached(people: int) -> list[str]:
    if people < MANY_PEOPLE:
        return []
    rounded = people // 10 * 10 if people < 100 else people // 100 * 100
    number = f"Mindestens {rounded}" if rounded < 1000 else "Sehr viele"
    return [f"{number} Menschen waren dabei."]


def _fields(snapshot: Snapshot) -> list[str]:
    groups = [group for group in snapshot.fields if group.activities and group.code != "quer"]
    if not groups:
        return []
    points = [f"- {group.name}: {_counted(group.activities)}" for group in groups]
    others = [group.activities for group in snapshot.fields if group.code == "quer"]
    rest = [f"- Andere Themen: {_counted(others[0])}"] if others and others[0] else []
    return ["# Um welche Themen ging es?", *points, *rest]


def _counted(number: int) -> str:
    return "1 Aufgabe" if number == 1 else f"{_number(number)} Aufgaben"


_RESULTS = {
    "done": ("1 Sache ist fertig.", "{} Sachen sind fertig."),
    "promised": ("1 Sache ist versprochen.", "{} Sachen sind versprochen."),
    "open": ("Bei 1 Sache läuft die Arbeit noch.", "Bei {} Sachen läuft die Arbeit noch."),
    "passed_on": ("1 Sache macht jemand anderes weiter.", "{} Sachen macht jemand anderes weiter."),
    "refused": ("Bei 1 Sache hat jemand Nein gesagt.", "Bei {} Sachen hat jemand Nein gesagt."),
    "withdrawn": ("1 Sache will niemand mehr.", "{} Sachen will niemand mehr."),
}


def _results(snapshot: Snapshot) -> list[str]:
    """What people reported, if anything; else what became of the activities."""
    concerns = snapshot.concerns
    if concerns.total:
        intro = [
            "Menschen haben Probleme gemeldet.",
            "Zum Beispiel eine hohe Stufe.",
            "Das ist daraus geworden:",
        ]
        points = _points({row.code: row.concerns for row in concerns.outcomes})
    else:
        intro = ["Das ist aus den Aufgaben geworden:"]
        points = _points({row.code: row.activities for row in snapshot.results})
    return ["# Was ist daraus geworden?", *intro, *points] if points else []


def _points(counts: Mapping[str, int]) -> list[str]:
    found = []
    for code, (one, many) in _RESULTS.items():
        if number := counts.get(code):
            found.append(f"- {one if number == 1 else many.format(_number(number))}")
    return found


def _council() -> list[str]:
    return [
        "# Wie geht es weiter?",
        "Im Gemeinde-Rat sind Menschen aus dem Ort.",
        "Der Gemeinde-Rat liest den Bericht.",
        "Dann entscheidet der Gemeinde-Rat:",
        "So geht es weiter.",
    ]
