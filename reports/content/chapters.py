"""The chapters and annexes of a report, those that have data or text; numbers become German text here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from kiv_portal.documents import charts, german, prose
from kiv_portal.documents.outline import PhotoRow
from kiv_portal.documents.pdf import Attachment
from kiv_portal.german_order import german_key
from reports.content import leads, tables
from reports.content.listed import has_days
from reports.content.report_photos import about_photos
from reports.figures.snapshot import ListedActivity, PublicConcern, Snapshot, TownConcerns, TownFieldSums

MONTHS_A_TABLE = 12
LONGEST_HOURS = len("100,5")
BOTH = "Alternativen und Beschlussvorschlag"


def chapters(
    snapshot: Snapshot, drawn: Mapping[str, charts.Chart], photos: Sequence[PhotoRow] = ()
) -> list[dict[str, Any]]:
    texts = {each.name: prose.blocks(getattr(snapshot.texts, each.name)) for each in fields(snapshot.texts)}
    found: list[dict[str, Any]] = []

    def add(
        title: str, lead: str = "", text: Sequence[prose.Block] = (), part: str = "", **data: Any
    ) -> None:
        if not lead:
            lead, text = prose.lead_of(text)
        number = str(len(found) + 1)
        template = f"reports/content/part_{part}.html" if part else ""
        chapter = {"anchor": f"kapitel-{number}", "number": number, "title": title, "lead": lead}
        found.append({**chapter, "blocks": text, "part": template, **data})

    if snapshot.agreement or texts["occasion"]:
        add("Anlass und Auftrag", leads.about_agreement(snapshot), texts["occasion"])
    if snapshot.appointments or snapshot.vacant_days:
        people: dict[str, Any] = {"appointments": _appointments(snapshot), "vacancies": _vacancies(snapshot)}
        add("Wer arbeitet mit", leads.about_people(snapshot), part="people", **people)
    if snapshot.totals.activities:
        table, examples = fields_table(snapshot), _examples(snapshot)
        lead = leads.about_fields(snapshot)
        add(
            "Tätigkeiten nach Handlungsfeldern",
            lead,
            part="fields",
            chart=drawn["fields"],
            narrow=drawn.get("narrow_fields"),
            examples=examples,
            **table,
        )
        counted: dict[str, Any] = {"months": _months(snapshot), "kinds": _kinds(snapshot)}
        lead = leads.about_months(snapshot)
        add(
            "Verlauf und Art der Tätigkeiten",
            lead,
            part="months",
            chart=drawn["months"],
            narrow=drawn.get("narrow_months"),
            **counted,
        )
    concerns = _concerns(snapshot)
    if concerns or any(result.activities for result in snapshot.results):
        lead = leads.about_results(snapshot)
        add("Ergebnisse", lead, part="results", concerns=concerns, results=_results(snapshot))
    if snapshot.late:
        late = _activity_rows(snapshot.late, snapshot.fields)
        add(
            "Nachträge",
            leads.about_late(snapshot),
            part="late",
            activities=late,
            has_days=has_days(snapshot.late),
        )
    if photos:
        add("Fotos", about_photos(photos), part="photos", rows=photos)
    if texts["participation"]:
        add("Beteiligung und Rückmeldungen", text=texts["participation"])
    if texts["cooperation"]:
        add("Zusammenarbeit und Hindernisse", text=texts["cooperation"])
    if texts["costs"] or snapshot.totals.minutes:
        effort = _effort(snapshot)
        add(
            "Aufwand und Kosten",
            leads.about_effort(snapshot),
            texts["costs"],
            "effort" if effort else "",
            effort=effort,
        )
    if texts["assessment"]:
        add("Bewertung", text=texts["assessment"])
    if texts["outlook"]:
        add("Ausblick und Bedarf", text=texts["outlook"])
    if texts["alternatives"] or texts["proposal"]:
        title = _decision_title(texts["alternatives"], texts["proposal"])
        lead, alternatives = prose.lead_of(texts["alternatives"])
        lead = lead or leads.about_proposal(texts["proposal"])
        rest: dict[str, Any] = {"proposal": texts["proposal"], "has_both": title == BOTH}
        add(title, lead, part="decision", alternatives=alternatives, **rest)
    return found


def _decision_title(alternatives: Sequence[prose.Block], proposal: Sequence[prose.Block]) -> str:
    if alternatives and proposal:
        return BOTH
    return "Beschlussvorschlag" if proposal else "Handlungsalternativen"


def _appointments(snapshot: Snapshot) -> list[dict[str, str]]:
    return [
        {
            "name": prose.clean(appointment.name),
            "form": prose.clean(appointment.form),
            "term": _term(appointment.starts_on, appointment.ends_on),
            "qualified": german.date(appointment.qualified_on) if appointment.qualified_on else "steht aus",
            "working_group": "Mitglied" if appointment.in_working_group else "kein Mitglied",
        }
        for appointment in snapshot.appointments
    ]


def _vacancies(snapshot: Snapshot) -> list[str]:
    return [f"{german.date(gap.start)} bis {german.date(gap.end)}" for gap in snapshot.vacancies]


def _term(starts_on: str, ends_on: str | None) -> str:
    return (
        f"{german.date(starts_on)} bis {german.date(ends_on)}"
        if ends_on
        else f"seit {german.date(starts_on)}"
    )


def fields_table(snapshot: Snapshot) -> dict[str, Any]:
    """Rows by field, their total, and the notes that belong below them."""
    totals = snapshot.totals
    hours = german.hours_of_rows([group.minutes for group in snapshot.fields])
    rows = [
        {
            "code": group.code,
            "short": group.short,
            "name": group.name,
            "articles": _articles(group.articles),
            "activities": german.number(group.activities),
            "also": german.number(group.also_touched),
            "hours": hours_of_group,
            "people": german.people(group.people_reached),
        }
        for group, hours_of_group in zip(snapshot.fields, hours, strict=True)
    ]
    total = {
        "activities": german.number(totals.activities),
        "hours": german.hours(totals.minutes),
        "people": tables.people_total(snapshot),
    }
    return {"fields": rows, "total": total, "fields_notes": _fields_notes(snapshot)}


def _articles(numbers: Sequence[int]) -> str:
    return (
        f"Artikel{german.NBSP}{german.enumeration([str(number) for number in numbers])}"
        if numbers
        else "alle"
    )


def _fields_notes(snapshot: Snapshot) -> list[str]:
    notes = ["Gemeint sind die Artikel der Behindertenrechtskonvention der Vereinten Nationen."]
    uncounted = snapshot.totals.people_not_counted
    if uncounted:
        verb = "wurde nicht gezählt" if uncounted == 1 else "wurden nicht gezählt"
        activities = german.count(uncounted, "Aktivität", "Aktivitäten")
        notes.append(f"Bei {activities} {verb}, wie viele Personen erreicht wurden.")
    if ranges := snapshot.totals.people_ranges:
        activities = german.count(ranges, "Aktivität", "Aktivitäten")
        notes.append(f"Bei {activities} ist eine Spanne angegeben; gezählt ist die kleinere Zahl.")
    if any(tables.is_small(group.people_reached) for group in snapshot.fields):
        notes.append("Bei weniger als fünf Personen steht keine genaue Zahl, damit niemand zu erkennen ist.")
    return notes


def _examples(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {
            "name": group.name,
            "items": [
                {
                    "title": prose.clean(example.title),
                    "when": ", ".join(filter(None, (german.date(example.day), prose.clean(example.result)))),
                    "blocks": prose.blocks(example.text),
                }
                for example in group.examples
            ],
        }
        for group in snapshot.fields
        if group.examples
    ]


def _months(snapshot: Snapshot) -> list[list[dict[str, str]]]:
    """Tables that lie under the chart, a month a column: of a year each, narrower where numbers are long."""
    hours = german.hours_of_rows([month.minutes for month in snapshot.months])
    months = [
        {
            "name": german.short_month(month.month),
            "activities": german.number(month.activities),
            "hours": hours_of_month,
        }
        for month, hours_of_month in zip(snapshot.months, hours, strict=True)
    ]
    longest = max((len(month["hours"]) for month in months), default=0)
    a_table = MONTHS_A_TABLE if longest <= LONGEST_HOURS else MONTHS_A_TABLE // 2
    return [months[start : start + a_table] for start in range(0, len(months), a_table)]


def _kinds(snapshot: Snapshot) -> list[dict[str, str]]:
    used = sorted((kind for kind in snapshot.kinds if kind.activities), key=lambda kind: -kind.activities)
    hours = german.hours_of_rows([kind.minutes for kind in used])
    return [
        {
            "name": prose.clean(kind.name),
            "activities": german.number(kind.activities),
            "hours": hours_of_kind,
        }
        for kind, hours_of_kind in zip(used, hours, strict=True)
    ]


def _results(snapshot: Snapshot) -> list[dict[str, str]]:
    known = sum(result.activities for result in snapshot.results)
    return [
        {
            "name": prose.clean(result.name),
            "activities": german.number(result.activities),
            "share": german.percent(result.activities, known),
        }
        for result in snapshot.results
        if known
    ]


CONCERN_LISTS = (  # outcome, heading, what its last column says
    ("done", "Das ist umgesetzt", "Was geschehen ist"),
    ("promised", "Das ist zugesagt", "Was zugesagt ist"),
    ("passed_on", "Das haben andere übernommen", "An wen und warum"),
    ("refused", "Das wurde abgelehnt", "Warum"),
    ("open", "Daran wird noch gearbeitet", "Wie es steht"),
)


def _concerns(snapshot: Snapshot) -> dict[str, Any] | None:
    """None where there are none."""
    concerns = snapshot.concerns
    if not concerns.total:
        return None
    total = concerns.total
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "number": german.number(row.concerns),
            "share": german.percent(row.concerns, total),
        }
        for row in concerns.outcomes
    ]
    lists = [
        {
            "title": title,
            "column": column,
            "rows": [_concern(row, snapshot.period.end) for row in named],
        }
        for outcome, title, column in CONCERN_LISTS
        if (named := _by_place(row for row in concerns.public if row.outcome == outcome))
    ]
    return {"rows": rows, "total": german.number(total), "lists": lists, "notes": _concern_notes(concerns)}


def _by_place(rows: Iterable[PublicConcern]) -> list[PublicConcern]:
    return sorted(rows, key=lambda row: (not row.place.strip(), german_key(row.place)))


def _concern(row: PublicConcern, end: str) -> dict[str, str]:
    return {
        "place": prose.clean(row.place) or "ohne festen Ort",
        "title": prose.clean(row.title),
        "sentence": prose.clean(row.sentence),
        "when": _when(row, end),
    }


def _when(row: PublicConcern, end: str) -> str:
    """A promise says its due date, and whether that was over at the period's end."""
    if until := row.promised_until:
        late = ", noch nicht umgesetzt" if until <= end else ""
        return f"Zugesagt bis {german.date(until)}{late}"
    return f"{'Seit' if row.outcome in ('open', 'promised') else 'Am'} {german.date(row.since)}"


def _concern_notes(concerns: TownConcerns) -> list[str]:
    new, older = concerns.reported, concerns.total - concerns.reported
    came = f"{german.count(new, 'Anliegen kam', 'Anliegen kamen')} im Berichtszeitraum dazu"
    notes = [
        f"{came}, {german.number(older)} {'war' if older == 1 else 'waren'} älter." if older else f"{came}."
    ]
    if confirmed := concerns.confirmed:
        some = "weniger als fünf" if tables.is_small(confirmed) else german.number(confirmed)
        notes.append(f"Bei {some} umgesetzten Anliegen haben Meldende bestätigt: Es ist gut so.")
    unnamed = concerns.total - len(concerns.public)
    if unnamed:
        verb = "ist nicht öffentlich und wird" if unnamed == 1 else "sind nicht öffentlich und werden"
        notes.append(f"{german.count(unnamed, 'Anliegen', 'Anliegen')} {verb} nur gezählt.")
    return notes


def _effort(snapshot: Snapshot) -> list[dict[str, str]]:
    """Nothing where only hours are known: the sentence above has said them."""
    totals, months = snapshot.totals, len(snapshot.months) or 1
    travel, cents = totals.travel_minutes or 0, totals.expenses_cents or 0
    if not travel and not cents:
        return []
    times = (("Einsatz", totals.minutes), ("Fahrzeit", travel))
    unit = f"{german.NBSP}Stunden"
    rows = [
        {"name": name, "total": german.hours(value) + unit, "monthly": german.hours(value // months) + unit}
        for name, value in times
    ]
    whole_euros = round(cents / months / 100) * 100
    return [*rows, {"name": "Auslagen", "total": german.euros(cents), "monthly": german.euros(whole_euros)}]


def annexes(snapshot: Snapshot, attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def add(title: str, part: str, **data: Any) -> None:
        number = str(len(found) + 1)
        annex = {"anchor": f"anlage-{number}", "number": number, "title": title, "css_class": f"annex-{part}"}
        found.append({**annex, "part": f"reports/content/annex_{part}.html", **data})

    if snapshot.activities:
        title = "Liste aller Aktivitäten" if has_days(snapshot.activities) else "Aktivitäten nach Monaten"
        add(title, "activities", **activities_annex(snapshot))
    if attachments:  # only a PDF carries files
        files = [{"name": file.name, "description": file.description} for file in attachments]
        add("Daten in diesem Dokument", "files", files=files)
    return found


def activities_annex(snapshot: Snapshot) -> dict[str, Any]:
    signs = [f"{group.short} = {group.name}" for group in snapshot.fields]
    return {
        "signs": german.enumeration(signs),
        "activities": _activity_rows(snapshot.activities, snapshot.fields),
        "has_days": has_days(snapshot.activities),
    }


def _activity_rows(
    activities: Sequence[ListedActivity], groups: Sequence[TownFieldSums]
) -> list[dict[str, str]]:
    signs = {group.code: group.short for group in groups}
    return [
        {
            "day": german.short_month(activity.day)
            if activity.minutes is None
            else german.date(activity.day),
            "field": activity.field or "quer",
            "sign": signs.get(activity.field or "quer", "Qu"),
            "kind": prose.clean(activity.kind),
            "title": prose.clean(activity.title),
            "hours": "" if activity.minutes is None else german.hours(activity.minutes),
            "result": prose.clean(activity.result) or "–",
        }
        for activity in activities
    ]
