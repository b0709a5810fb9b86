"""The numbers of a mediator's year as German sentences; templates only place them."""

from __future__ import annotations

from collections.abc import Iterator

from activities.models import ActivityResult
from home.year.queries import Outcomes, Thanks
from kiv_portal.documents import german
from kiv_portal.ui.templatetags.german import time_spent


def thanks_in_words(thanks: Thanks) -> str:
    """ "2026: 64 Aktivitäten, 118 Stunden. 2 Anliegen sind umgesetzt. Danke!" """
    activities = german.count(thanks.activities, "Aktivität", "Aktivitäten")
    done = f"{thanks.year}: {activities}, {time_spent(thanks.minutes)}."
    return " ".join([done, *list(came_of_it(thanks.outcomes))[:1], "Danke!"])


def came_of_it(outcomes: Outcomes) -> Iterator[str]:
    """One sentence a matter, the weightiest first; none for what did not happen."""
    concerns = outcomes.concerns_done
    if concerns:
        yield f"{german.count(concerns, 'Anliegen ist', 'Anliegen sind')} umgesetzt."
    done, promised = (outcomes.activities.get(r, 0) for r in (ActivityResult.DONE, ActivityResult.PROMISED))
    if done and promised:
        yield f"Bei {_activities(done)} wurde etwas umgesetzt, bei {german.number(promised)} etwas zugesagt."
    elif done or promised:
        yield f"Bei {_activities(done or promised)} wurde etwas {'umgesetzt' if done else 'zugesagt'}."


def _activities(number: int) -> str:
    """After "bei"."""
    return german.count(number, "Aktivität", "Aktivitäten")


def travel_in_words(minutes: int) -> str:
    """Empty without travel: the figures count the hours of work only."""
    return f"Dazu kommen {time_spent(minutes)} Fahrzeit." if minutes else ""
