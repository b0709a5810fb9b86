"""The form for anybody. Programs that fill forms are asked once more, people never have to solve anything."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.core import signing

from activities.attachments.forms import DESCRIBED_ONLY, PhotoField, alt_text_field
from activities.concerns.forms import NO_NAMES, ONE_LINE, PLACE_TEXTS, PUBLIC_TEXTS, EntryKeyMixin
from activities.concerns.models import Concern
from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.ui.fields import one_visible_line
from kiv_portal.ui.typed_forms import write_into
from kiv_portal.uploads.kept import KeptFilesMixin
from municipalities.models import Municipality

SALT = "activities.public_concern"
SECONDS_OF_A_PERSON = 3  # nobody reads and fills the form faster, unless the browser does it for them
ONCE_MORE = (
    "Bitte sehen Sie Ihre Meldung noch einmal durch und senden Sie sie dann ab. "
    "So halten wir Programme fern, die Formulare ausfüllen."
)


class PublicConcernForm(KeptFilesMixin, PrivacyMixin, EntryKeyMixin, forms.ModelForm):
    public_texts = (*PUBLIC_TEXTS, "alt_text")
    place_texts = PLACE_TEXTS

    photo = PhotoField(
        required=False,
        help_text="Es sehen nur die Menschen, die sich darum kümmern. Bitte zeigen Sie niemanden, den man erkennt.",
    )
    alt_text = alt_text_field(
        "Ein Satz für Menschen, die das Foto nicht sehen. Fällt Ihnen keiner ein, schreiben wir ihn."
    )
    # Not shown to anybody, by no means: who fills it is a program (or a browser that means well, so we ask again).
    website = forms.CharField(label="Bitte leer lassen", required=False)
    started = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Concern
        fields = ("title", "place", "description", "since", "contact_email")
        labels = {"contact_email": "Ihre E-Mail-Adresse"}
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "place": forms.TextInput(attrs={"autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 6}),
            "since": forms.TextInput(attrs={"autocomplete": "off"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "title": "Ein kurzer Satz, zum Beispiel: Der Bordstein an der Ampel ist zu hoch.",
            "place": "Zum Beispiel eine Straße, eine Haltestelle oder ein Gebäude.",
            "description": f"Was ist dort schwierig, und für wen? {NO_NAMES}",
            "since": "Zum Beispiel „seit dem Umbau im Mai“.",
            "contact_email": (
                "Nur wenn Sie eine Antwort möchten. Wir löschen sie sechs Monate nach dem Abschluss."
            ),
        }
        error_messages = {
            "title": {"required": "Bitte schreiben Sie in einem Satz, worum es geht."},
            "description": {"required": "Bitte beschreiben Sie, was schwierig ist."},
        }

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality = town
        self.asks_once_more = False
        for name in ONE_LINE:
            self.fields[name].validators.append(one_visible_line)
        self.initial["started"] = signing.dumps({"at": time.time(), "asked": False}, salt=SALT)
        self.initial.setdefault("entry_key", self.instance.entry_key)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.keep_entry_key()
        if cleaned.get("alt_text") and not cleaned.get("photo") and "photo" not in self.errors:
            self.add_error("photo", DESCRIBED_ONLY)
        if (
            not self.errors
            and not self.asks_privacy
            and (cleaned.get("website") or not self._took_its_time())
        ):
            self._ask_once_more()
        return cleaned

    def _took_its_time(self) -> bool:
        """However long ago: nobody is punished for being slow."""
        try:
            started = signing.loads(self.cleaned_data.get("started", ""), salt=SALT)
        except signing.BadSignature:
            return False
        return bool(started["asked"] or time.time() - started["at"] >= SECONDS_OF_A_PERSON)

    @property
    def sent_photo(self) -> dict[str, Any]:
        file = self.cleaned_data["photo"]
        return {"photo": file.read(), "alt_text": self.cleaned_data["alt_text"]} if file else {}

    def _ask_once_more(self) -> None:
        self.asks_once_more = True
        write_into(self, "website", "")
        write_into(self, "started", signing.dumps({"at": time.time(), "asked": True}, salt=SALT))
        self.add_error(None, ONCE_MORE)
