"""What the figures say, in one sentence each: the bold line under a chapter's title."""

import datetime
from collections.abc import Sequence

from kiv_portal.documents import german
from kiv_portal.documents.prose import Block
from reports.content.listed import has_days
from reports.figures.snapshot import Figures, FrozenPeriod, Snapshot, Totals


def about_fields(snapshot: Figures) -> str:
    total = snapshot.totals.activities
    if not total:
        return "Im Berichtszeitraum sind keine Aktivitäten festgehalten."
    own = [group for group in snapshot.fields if group.code != "quer"]
    most = max(group.activities for group in own)
    if not most:
        return "Alle Aktivitäten galten mehreren Handlungsfeldern zugleich."
    leading = [group.name for group in own if group.activities == most]
    of_all = f"{german.number(most)} von {german.count(total, 'Aktivität', 'Aktivitäten')}"
    across = sum(group.activities for group in snapshot.fields if group.code == "quer")
    if across > most:  # the longest bar belongs to no single field
        return _about_work_across(across, total, leading, most)
    if len(leading) == 1:
        return f"Der Schwerpunkt lag auf {leading[0]}: {of_all} ({german.percent(most, total)})."
    if len(leading) == len(own):
        every = "Beide" if len(own) == 2 else f"Alle {german.in_words(len(own))}"
        return f"{every} Handlungsfelder kamen gleich oft vor: je {of_all}."
    quoted = [f"„{name}“" for name in leading]  # the names hold an "und" of their own
    return f"Die Schwerpunkte lagen auf {german.enumeration(quoted)}: je {of_all}."


def _about_work_across(across: int, total: int, leading: Sequence[str], most: int) -> str:
    share = f"{german.number(across)} von {german.count(total, 'Aktivität', 'Aktivitäten')}"
    names = german.enumeration([f"„{name}“" for name in leading])
    verb, each = ("kam", "") if len(leading) == 1 else ("kamen", "je ")
    return (
        f"{share} galten mehreren Handlungsfeldern zugleich ({german.percent(across, total)})."
        f" Von den einzelnen Feldern {verb} am häufigsten {names} vor: {each}{german.number(most)}-mal."
    )


def about_months(snapshot: Figures) -> str:
    months = snapshot.months
    most = max((month.activities for month in months), default=0)
    if not most:
        return ""
    strongest = [german.month(month.month) for month in months if month.activities == most]
    average = german.number(sum(month.activities for month in months) / len(months), 1)
    happened = german.count(most, "Aktivität", "Aktivitäten")
    if len(strongest) > 3:
        span = "das Jahr" if _is_a_year(snapshot.period) else "den Zeitraum"
        return f"Die Tätigkeit verteilte sich über {span}: im Durchschnitt {average} Aktivitäten im Monat."
    each = "je " if len(strongest) > 1 else ""
    return (
        f"Am meisten geschah im {german.enumeration(strongest)} mit {each}{happened};"
        f" der Durchschnitt lag bei {average} im Monat."
    )


def _is_a_year(period: FrozenPeriod) -> bool:
    start, end = (datetime.date.fromisoformat(day) for day in (period.start, period.end))
    return (end - start).days + 1 in (365, 366)


def about_results(snapshot: Snapshot) -> str:
    return about_concerns(snapshot) or about_results_of_activities(snapshot)


_OUTCOMES = {
    "done": "umgesetzt",
    "promised": "zugesagt",
    "passed_on": "weitergegeben",
    "refused": "abgelehnt",
    "withdrawn": "zurückgezogen",
    "open": "noch offen",
}


def about_concerns(snapshot: Figures) -> str:
    """ "Von 12 Anliegen sind 5 umgesetzt und 3 zugesagt; 1 ist abgelehnt, 3 sind noch offen." """
    concerns = snapshot.concerns
    if not concerns.total:
        return ""
    numbers = {row.code: row.concerns for row in concerns.outcomes}
    if concerns.total == 1:
        outcome = next(code for code, number in numbers.items() if number)
        return f"Im Berichtszeitraum ging es um ein Anliegen; es ist {_OUTCOMES[outcome]}."
    achieved = {code: numbers[code] for code in ("done", "promised") if numbers[code]}
    parts = german.enumeration([f"{german.number(n)} {_OUTCOMES[code]}" for code, n in achieved.items()])
    verb = "ist" if sum(achieved.values()) == 1 else "sind"
    sentence = (
        f"Von {german.number(concerns.total)}{german.NBSP}Anliegen"
        f" {verb if parts else 'ist'} {parts or 'noch keines umgesetzt oder zugesagt'}"
    )
    others = [
        f"{german.number(numbers[code])}{german.NBSP}{'ist' if numbers[code] == 1 else 'sind'} {_OUTCOMES[code]}"
        for code in ("passed_on", "refused", "withdrawn", "open")
        if numbers.get(code)
    ]
    return f"{sentence}; {', '.join(others)}." if others else f"{sentence}."


def about_results_of_activities(snapshot: Snapshot) -> str:
    known = sum(result.activities for result in snapshot.results)
    done = sum(result.activities for result in snapshot.results if result.code == "done")
    if not known:
        return ""
    recorded = f"{german.count(known, 'Aktivität', 'Aktivitäten')} mit festgehaltenem Ergebnis"
    if not done:
        return f"Es gibt {recorded}; umgesetzt ist noch nichts."
    verb = "ist" if done == 1 else "sind"
    return f"Von {recorded} {verb} {german.number(done)} umgesetzt ({german.percent(done, known)})."


def about_agreement(snapshot: Snapshot) -> str:
    agreement, town = snapshot.agreement, snapshot.municipality
    if not agreement:
        return ""
    start = german.date(agreement.starts_on)
    term = (
        f"vom {start} bis zum {german.date(agreement.ends_on)}" if agreement.ends_on else f"seit dem {start}"
    )
    signed = f" vom {german.date(agreement.signed_on)}" if agreement.signed_on else ""
    return (
        f"{town.name} nimmt {term} am Programm „Kommunale Inklusionsvermittler“ teil."
        f" Grundlage ist die Kooperationsvereinbarung{signed}"
        f" mit dem {town.administration}."
    )


def about_people(snapshot: Snapshot) -> str:
    people, name = len(snapshot.appointments), snapshot.municipality.name
    if not people:
        return f"Im Berichtszeitraum war in {name} niemand bestellt."
    start = "Eine Person war" if people == 1 else f"{german.in_words(people).capitalize()} Personen waren"
    sentence = f"{start} im Berichtszeitraum in {name} für die Inklusionsvermittlung bestellt"
    if snapshot.vacant_days:
        days = german.count(snapshot.vacant_days, "Tag", "Tage")
        return f"{sentence}; {days} lang war die Stelle nicht besetzt."
    return f"{sentence}; die Stelle war durchgehend besetzt."


def about_vacancy(snapshot: Snapshot) -> str:
    days = snapshot.vacant_days
    return f"Die Stelle war {german.count(days, 'Tag', 'Tage')} lang nicht besetzt." if days else ""


def about_late(snapshot: Snapshot) -> str:
    late = snapshot.late
    if not late:
        return ""
    were, they_count = ("wurde", "zählt sie") if len(late) == 1 else ("wurden", "zählen sie")
    total = german.hours_with_unit(sum(activity.minutes or 0 for activity in late))
    hours = f", zusammen {total}" if has_days(late) else ""
    return (
        f"{german.count(len(late), 'Aktivität', 'Aktivitäten')} aus früheren Zeiträumen {were} nachgetragen{hours}."
        f" In den Zahlen dieses Berichts {they_count} nicht mit."
    )


def about_proposal(proposal: Sequence[Block]) -> str:
    points = sum(len(block.items) for block in proposal if block.kind != "p")
    return f"Vorgeschlagen ist ein Beschluss in {german.in_words(points)} Punkten." if points > 1 else ""


def about_effort(snapshot: Snapshot) -> str:
    minutes, months = snapshot.totals.minutes, len(snapshot.months)
    if not minutes or not months:
        return ""
    effort = (
        f"Der Einsatz umfasste {german.hours_with_unit(minutes)}, im Durchschnitt"
        f" {german.hours(minutes // months)}{german.NBSP}Stunden im Monat"
    )
    further = _further_effort(snapshot.totals)
    return f"{effort}; dazu kamen {german.enumeration(further)}." if further else f"{effort}."


def _further_effort(totals: Totals) -> list[str]:
    """Travel and expenses, as far as they were asked for."""
    travel, cents = totals.travel_minutes or 0, totals.expenses_cents or 0
    parts = [f"{german.hours_with_unit(travel)} Fahrzeit"] if travel else []
    return [*parts, f"{german.euros(cents)} Auslagen"] if cents else parts
