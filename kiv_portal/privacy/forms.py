"""Asks before a text that could tell who somebody is gets public. The person decides; nothing is blocked for good."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django import forms

from kiv_portal.privacy.guard import MOST_SHOWN, Hit, Kind, hits, hits_about_the_vulnerable

DECIDE = "Bitte kurz prüfen: Ändern Sie den Text, oder sagen Sie, dass er so bleiben darf."
DECIDE_ENTRY = "Bitte kurz prüfen: Ändern Sie den Eintrag, oder sagen Sie, dass er so stimmt."
CHECKED = "privacy_checked"


@dataclass(frozen=True)
class Question:
    """One line of the panel: a place in what was typed, why it is asked for, and what the button says that leaves it.

    `is_public_text` False: the question is not whom a text is about, but whether the entry is meant like this.
    """

    field: str
    label: str
    control: str  # the id of its box
    excerpt: str
    why: str
    before: str = ""
    after: str = ""
    answer: str = "Darf so bleiben"
    is_public_text: bool = True

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "control"}


Asked = dict[str, Question]  # {key: question}; the answer is the key, so what was changed is asked about anew


class PrivacyMixin(forms.Form):
    """Stands before the form class: `class SomeForm(PrivacyMixin, ModelForm)`. Texts that were changed are looked
    through. The form is not valid before the person has answered, but nothing in it is wrong: there is no error. Its
    template asks, first thing in the form: {% include "privacy/_privacy.html" %}.
    """

    public_texts: tuple[str, ...]
    # Where a place is asked for, an address alone is the answer. With a person in another text it is somebody's.
    place_texts: tuple[str, ...] = ()
    may_get_public = True  # what the panel says about it
    names_people = False  # True where people are named on purpose: asked about are illness and family
    checks_unchanged = False  # True where a text of long ago gets public only now
    questions: tuple[Question, ...] = ()
    more_questions = 0
    privacy_seen = ""  # what "Darf so bleiben" sends: every place of now
    privacy_confirmed = ""  # those of them that were answered before

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._ask(self._found(cleaned), self.doubts(cleaned))
        return cleaned

    def doubts(self, cleaned: dict[str, Any]) -> Asked:
        """What a form asks about besides, in the same panel. Its last question names the button."""
        return {}

    def is_valid(self) -> bool:
        return super().is_valid() and not self.asks_privacy

    @property
    def asks_privacy(self) -> bool:
        return bool(self.questions)

    @property
    def asks_about_texts(self) -> bool:
        return any(question.is_public_text for question in self.questions)

    @property
    def answer(self) -> str:
        return self.questions[-1].answer

    @property
    def privacy_name(self) -> str:
        return self.add_prefix(CHECKED)

    def _found(self, cleaned: dict[str, Any]) -> dict[str, list[Hit]]:
        look = hits_about_the_vulnerable if self.names_people else hits
        found = {
            name: in_text
            for name in self.public_texts
            if name in cleaned and (self.checks_unchanged or name in self.changed_data)
            if (in_text := look(str(cleaned[name] or "")))
        }
        is_only_a_place = all(
            name in self.place_texts and hit.kind == Kind.ADDRESS
            for name, in_text in found.items()
            for hit in in_text
        )
        return {} if is_only_a_place else found

    def _ask(self, found: dict[str, list[Hit]], doubts: Asked) -> None:
        keys = {(name, hit): _key(name, hit) for name, in_text in found.items() for hit in in_text}
        all_keys = {*keys.values(), *doubts}
        confirmed = self._sent() & all_keys
        asked = {
            name: [hit for hit in in_text if keys[name, hit] not in confirmed]
            for name, in_text in found.items()
        }
        places = [
            self._question(name, hit) for name, in_text in asked.items() for hit in in_text[:MOST_SHOWN]
        ]
        self.more_questions = sum(map(len, asked.values())) - len(places)
        self.questions = (*places, *(doubts[key] for key in doubts if key not in confirmed))
        self.privacy_seen = " ".join(sorted(all_keys))
        self.privacy_confirmed = " ".join(sorted(confirmed))

    def _sent(self) -> set[str]:
        """What was answered before stands in the page, the answer of now comes with the button of the same name."""
        name = self.privacy_name
        values = self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data.get(name, "")]
        return {key for value in values for key in str(value).split()}

    def _question(self, name: str, hit: Hit) -> Question:
        box = self[name]
        before, after = hit.surroundings(self.cleaned_data[name])
        return Question(name, str(box.label), box.id_for_label, hit.excerpt, hit.why, before, after)


def _key(field: str, hit: Hit) -> str:
    """The same place in a text that was changed elsewhere is not asked for again."""
    return key_of(field, hit.kind, hit.excerpt)


def key_of(*parts: object) -> str:
    """What is asked about, as one short word."""
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:12]
