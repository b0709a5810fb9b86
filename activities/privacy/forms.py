"""Asks before a text that could tell who somebody is gets public. The person decides; nothing is blocked for good."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from activities.privacy.guard import MOST_SHOWN, Hit, hits
from kiv_portal.ui.typed_forms import write_into

CONFIRM = "Ich habe das geprüft, der Text darf so bleiben."
DECIDE = "Bitte ändern Sie den Text, oder bestätigen Sie, dass er so bleiben darf."


class ConfirmedHits(forms.CheckboxInput):
    """Sends, when it is ticked, which hits the person has seen: so later ones are asked for anew."""

    def __init__(self, *, is_ticked: bool) -> None:
        super().__init__(check_test=lambda _value: is_ticked)

    def value_from_datadict(  # type: ignore[override]  # what was seen, not only that it is ticked
        self, data: Any, files: Any, name: str
    ) -> str:
        return str(data.get(name, ""))


class PrivacyMixin(forms.Form):
    """Stands before the form class: `class SomeForm(PrivacyMixin, ModelForm)`. Texts that were changed are looked
    through. The template shows the question with {% include "activities/privacy/_privacy.html" %}, or with {{ form }}.
    """

    public_texts: tuple[str, ...]
    checks_unchanged = False  # True where a text of long ago gets public only now
    asks_privacy = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        found = {
            name: in_text
            for name in self.public_texts
            if name in cleaned and (self.checks_unchanged or name in self.changed_data)
            if (in_text := hits(str(cleaned[name] or "")))
        }
        if found:
            self._ask(found)
        return cleaned

    def _ask(self, found: dict[str, list[Hit]]) -> None:
        name = self.add_prefix("privacy_checked")
        seen = set(self.data.get(name, "").split())
        shown = {_key(field, hit) for field, in_text in found.items() for hit in in_text}
        is_confirmed = shown <= seen
        self.asks_privacy = True
        self.fields["privacy_checked"] = forms.CharField(
            label=CONFIRM, required=False, widget=ConfirmedHits(is_ticked=is_confirmed)
        )
        write_into(self, "privacy_checked", " ".join(sorted(shown)))
        if is_confirmed:
            return
        for field, in_text in found.items():
            self.add_error(field, _question(self.cleaned_data[field], in_text))
        self.add_error("privacy_checked", DECIDE)


def _key(field: str, hit: Hit) -> str:
    """The same place in a text that was changed elsewhere is not asked for again."""
    return hashlib.sha256(f"{field} {hit.kind} {hit.excerpt}".encode()).hexdigest()[:12]


def _question(text: str, in_text: list[Hit]) -> SafeString:
    lines = [(_marked(text, hit), hit.why) for hit in in_text[:MOST_SHOWN]]
    more = len(in_text) - len(lines)
    return format_html(
        "Darf das öffentlich werden? {}{}",
        format_html_join(" ", "{} {}", lines),
        f" Und {more} weitere Stellen." if more > 0 else "",
    )


def _marked(text: str, hit: Hit) -> SafeString:
    before, after = hit.surroundings(text)
    return format_html("„{}<mark>{}</mark>{}“", before, hit.excerpt, after)
