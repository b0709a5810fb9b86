"""What the portal has to say about one row: what it refuses, what it asks, what it points out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices

from activities.imports.models import RowDecision
from kiv_portal.written import days, durations
from kiv_portal.written.reading import Unclear


class Ask(TextChoices):
    """Kinds of questions, in the order in which the page sums them up; the label is what holds of several rows."""

    READING = "reading", "lassen sich auf zwei Arten lesen"
    NUMBER_DAY = "number_day", "haben als Datum nur eine Zahl"
    QUOTE = "quote", "haben ein Anführungszeichen, das nicht geschlossen wird"
    JOINED = "joined", "teilen sich eine Zahl mit der Zeile darüber"
    HIDDEN = "hidden", "sind in Ihrer Tabelle ausgeblendet"
    ALIKE = "alike", "sehen aus wie eine andere"
    LENGTH = "length", "sind ungewöhnlich lang oder kurz"
    LATE = "late", "gehören in einen schon eingereichten Bericht"
    PRIVACY = "privacy", "könnten verraten, um wen es geht"


@dataclass(frozen=True)
class Remark:
    """A German sentence. `target` is the column it is about, where a person can put it right; `choices` are texts for
    that cell, each clear by itself.
    """

    sentence: str
    target: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question(Remark):
    kind: Ask = Ask.PRIVACY


@dataclass(frozen=True)
class Answer:
    """What the person has said about the row. `accepted` are the sentences of questions answered with yes."""

    decision: str = ""
    accepted: Collection[str] = ()
    mended: Mapping[str, str] = field(default_factory=dict)

    @property
    def leaves_out(self) -> bool:
        return self.decision == RowDecision.LEAVE

    @property
    def takes(self) -> bool:
        return self.decision == RowDecision.TAKE


NO_ANSWER = Answer()


class Refused(Exception):
    """A German sentence about one cell; `target` is its column, the one that was read unless said."""

    def __init__(self, sentence: object, target: str = "", choices: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence, self.target, self.choices = str(sentence), target, choices


def short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def not_clear(unclear: Unclear, what: str) -> str:
    """The sentence of a reader, about the cell: `what` is "Das Datum „irgendwann“"."""
    if unclear.sentence in (days.NOT_UNDERSTOOD, durations.NOT_UNDERSTOOD):
        return f"{what} verstehen wir nicht. {unclear.sentence.partition('. ')[2]}"
    return unclear.sentence if unclear.sentence.startswith("Den ") else f"{what}: {unclear.sentence}"
