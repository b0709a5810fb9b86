from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property

from activities.concerns.models import Concern, ConcernQuerySet, ConcernState
from activities.concerns.services import (
    CLOCK_OF_OFFICE,
    TAKEN_OVER,
    clock_of_office,
    office_named,
    possible_states,
)
from activities.figures.totals import CROSS_CUTTING
from activities.log.organisations import Organisation
from activities.search.asked import Search, search_of
from activities.search.fields import SearchField
from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.ui.fields import DayField, one_visible_line
from kiv_portal.ui.typed_forms import choice_field, model_choice_field, write_into
from kiv_portal.ui.unchanged import UnchangedMixin
from municipalities.models import Municipality
from municipalities.programme.queries import programme_of_towns

ONE_LINE = ("title", "place", "since")
PUBLIC_TEXTS = ("title", "description", "place")
PLACE_TEXTS = ("place",)
NO_NAMES = "Bitte keine Namen von Menschen und keine Diagnosen."
# from a state into another, as a person would say it
MOVES = {
    "checking": "In Prüfung nehmen",
    "promised": "Zusagen",
    "done": "Als umgesetzt eintragen",
    "refused": "Ablehnen",
    "passed_on": "Weitergeben",
}
TAKE_UP_AGAIN = "Wieder aufnehmen"


def move_label(state: str, target: str) -> str:
    if state == target:
        return "Antworten"
    if state in ConcernState.closed and target == ConcernState.CHECKING:
        return TAKE_UP_AGAIN
    return MOVES[target]


class DayToComeField(DayField):
    default_error_messages = {
        "invalid": "Dieses Datum verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2027.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(is_coming=True, **kwargs)


class PhotoChoiceField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, photo: Any) -> str:
        return f"{photo.get_moment_display().capitalize()}: {photo.alt_text or 'nur Schmuck'}"


class EntryKeyMixin(forms.Form):
    """The same form sent twice is one entry: the key comes with the page."""

    entry_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    instance: Concern  # of the ModelForm beside it

    def keep_entry_key(self) -> None:
        self.instance.entry_key = self.cleaned_data.get("entry_key") or uuid.uuid4()


class ConcernForm(PrivacyMixin, EntryKeyMixin, forms.ModelForm):
    """A concern by a person of the portal. `seen` is the moment of the last change that the person has seen."""

    public_texts = PUBLIC_TEXTS
    place_texts = PLACE_TEXTS

    field = forms.ChoiceField(label="Handlungsfeld", required=False)
    office_name = forms.CharField(
        label="Zuständige Stelle",
        max_length=150,
        required=False,
        validators=[one_visible_line],
        help_text="Ein Amt, ein Verein oder eine Firma, zum Beispiel Tiefbauamt. Keine Namen von Menschen.",
        widget=forms.TextInput(attrs={"list": "stellen", "autocomplete": "off"}),
    )
    reported_on = DayField(
        is_past=True, label="Gemeldet am", help_text="Zum Beispiel 1.3.2022 oder „gestern“."
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Concern
        fields = ("title", "municipality", "place", "description", "since", "reported_on", "contact_email")
        labels = {"contact_email": "E-Mail-Adresse der Person, die sich gemeldet hat"}
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "place": forms.TextInput(attrs={"autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 6}),
            "since": forms.TextInput(attrs={"autocomplete": "off"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "title": f"Ein kurzer Satz. {NO_NAMES}",
            "place": "Zum Beispiel eine Straße, eine Haltestelle oder ein Gebäude.",
            "description": f"Was ist dort schwierig, und für wen? {NO_NAMES}",
            "since": "Zum Beispiel „seit dem Umbau im Mai“.",
            "contact_email": "Nur wenn sie eine Antwort möchte. Wir löschen sie sechs Monate nach dem Abschluss.",
        }
        error_messages = {
            "title": {"required": "Bitte schreiben Sie in einem Satz, worum es geht."},
            "description": {"required": "Bitte beschreiben Sie, was schwierig ist."},
        }

    field_order = ("title", "municipality", "place", "field", "description", "since", "office_name")

    def __init__(self, *args: Any, towns: Iterable[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ONE_LINE:
            self.fields[name].validators.append(one_visible_line)
        self.initial["office_name"] = self.instance.office.name if self.instance.office else ""
        self.initial["seen"] = self.stamp
        self.initial.setdefault("entry_key", self.instance.entry_key)
        self._choose_town(list(towns))
        self._offer_fields(list(towns))

    def _offer_fields(self, towns: list[Municipality]) -> None:
        """Those of all the towns' counties; what the chosen town's county does not have is refused."""
        self.county_fields = programme_of_towns([self.only_town] if self.only_town else towns).fields
        choice_field(self, "field").choices = [
            ("", "Querschnitt (alle Felder)"),
            *self.county_fields.names.items(),
        ]
        self.initial["field"] = self.county_fields.code_of(self.instance.field_id)

    def _choose_town(self, towns: list[Municipality]) -> None:
        self.only_town = towns[0] if len(towns) == 1 else None
        if self.instance.pk:  # a concern stays in its town, and its address is nobody's to change
            self.only_town = self.instance.municipality
            del self.fields["contact_email"]
        if self.only_town:
            self.instance.municipality = self.only_town
            del self.fields["municipality"]
        else:
            model_choice_field(self, "municipality").queryset = Municipality.objects.filter(
                pk__in=[t.pk for t in towns]
            )
        counties = {town.county_id for town in (towns if not self.only_town else [self.only_town])}
        self.offices = Organisation.objects.filter(county__in=counties)

    @property
    def stamp(self) -> str:
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def clean_reported_on(self) -> Any:
        day = self.cleaned_data["reported_on"]
        if day > timezone.localdate():
            raise ValidationError(
                "Das Datum liegt in der Zukunft. Bitte tragen Sie ein, wann es gemeldet wurde."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and cleaned.get("seen") != self.stamp:
            write_into(self, "seen", self.stamp)
            raise ValidationError(
                "Dieses Anliegen wurde inzwischen in einem anderen Fenster geändert. Ihre Eingaben stehen noch hier. "
                "Wenn Sie noch einmal speichern, gelten Ihre Eingaben."
            )
        self._take_field(cleaned)
        if not self.instance.pk:
            self.keep_entry_key()
        return cleaned

    def _take_field(self, cleaned: dict[str, Any]) -> None:
        """The row that the chosen code means in the county of the town."""
        town, code = self.only_town or cleaned.get("municipality"), cleaned.get("field")
        self.instance.field_id = self.county_fields.id_of(town.county_id, code) if town and code else None
        if town and code and self.instance.field_id is None:
            name = self.county_fields.names[code]
            self.add_error("field", f"„{name}“ gibt es im {town.county} nicht. Bitte wählen Sie noch einmal.")

    def concern(self) -> Concern:
        """What was typed, with the office; not stored yet."""
        concern, before = self.instance, self.instance.office_id
        concern.office = office_named(concern.municipality, self.cleaned_data["office_name"])
        if concern.office_id != before:  # another office has its own time
            for name, value in clock_of_office(
                concern.state, concern.office_id, timezone.localdate()
            ).items():
                setattr(concern, name, value)
        return concern

    def save_changes(self) -> None:
        """Only what this form shows: state and promise change by steps."""
        concern = self.concern()
        names = [name for name in self.Meta.fields if name in self.fields]
        concern.save(update_fields=[*names, "field", "office", *CLOCK_OF_OFFICE, "updated_at"])


class ConcernPublishForm(PrivacyMixin, UnchangedMixin):
    """The words that anybody will read, to be looked through once more, and the photos that anybody will see.

    What is said about the state is the sentence that was said about it for all, else that of the last step.
    """

    public_texts = (*PUBLIC_TEXTS, "public_sentence")
    place_texts = PLACE_TEXTS
    checks_unchanged = True  # also what somebody else typed

    photos = PhotoChoiceField(
        label="Welche Fotos sehen alle?",
        required=False,
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="Fotos, die mit der Meldung kamen, bleiben innen und stehen deshalb nicht hier.",
    )

    class Meta:
        model = Concern
        fields = ("title", "place", "description", "public_sentence")
        widgets = ConcernForm.Meta.widgets | {"public_sentence": forms.Textarea(attrs={"rows": 4})}
        error_messages = ConcernForm.Meta.error_messages
        help_texts = {
            "description": NO_NAMES,
            "public_sentence": (
                "Was ist versprochen oder getan, oder warum geht es nicht? "
                f"Leer heißt: Es steht nur der Stand da. {NO_NAMES}"
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "place"):
            self.fields[name].validators.append(one_visible_line)
        self.stamp = self.initial["seen"] = f"{self.instance.state} {self.stamp}"
        self.initial["public_sentence"] = self.instance.public_sentence or self._last_said()
        photos = self.instance.photos.from_within().described()
        if photos.exists():
            model_choice_field(self, "photos").queryset = photos
            self.initial["photos"] = photos.filter(is_public=True)
        else:
            del self.fields["photos"]

    def _last_said(self) -> str:
        last = self.instance.steps.last()
        return last.sentence if last and last.sentence != TAKEN_OVER else ""

    def _other_words(self) -> str:
        return f"Stand: „{self.instance.get_state_display()}“, {super()._other_words()}"

    @property
    def said(self) -> dict[str, Any]:
        """What gets public."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class ConcernStepForm(PrivacyMixin, forms.Form):
    """The next step. `seen` is the state in which the person saw the concern. Of a public one the person says whether
    anybody may read the sentence.
    """

    public_texts = ("sentence",)

    state = forms.ChoiceField(
        label="Wie geht es weiter?",
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, wie es weitergeht."},
    )
    sentence = forms.CharField(
        label="Was ist geschehen?",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Diesen Satz liest auch, wer das Anliegen gemeldet hat. {NO_NAMES}",
        error_messages={"required": "Bitte schreiben Sie einen Satz dazu."},
    )
    for_all = forms.BooleanField(required=False, initial=True)
    promised_until = DayToComeField(
        label="Zugesagt bis", required=False, help_text="Nur bei einer Zusage. Zum Beispiel 1.3.2027."
    )
    office_has_answered = forms.BooleanField(
        label="Die Stelle hat geantwortet, braucht aber noch Zeit",
        required=False,
        help_text="Ihre Frist beginnt dann heute neu.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concern = concern
        self.fields["for_all"].label = f"Diesen Satz auf der Seite von {concern.municipality} zeigen"
        if not concern.is_public:
            del self.fields["for_all"]
        if not concern.reply_due_on:
            del self.fields["office_has_answered"]
        seen = str(self.data.get("seen", ""))
        self.seen_state = seen if seen in ConcernState.values else concern.state
        self.initial["seen"] = concern.state
        choice_field(self, "state").choices = [
            (state, self._choice(ConcernState(state))) for state in possible_states(self.seen_state)
        ]

    def _choice(self, state: ConcernState) -> str:
        if state == self.seen_state:
            return f"Nur antworten. Der Stand bleibt: {state.label}"
        return f"{move_label(self.seen_state, state)}. Neuer Stand: {state.label}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("promised_until")
        promises = cleaned.get("state") == ConcernState.PROMISED
        if (
            promises
            and not day
            and self.seen_state != ConcernState.PROMISED
            and "promised_until" not in self.errors
        ):
            self.add_error("promised_until", "Bitte geben Sie an, bis wann es zugesagt ist.")
        if promises and day and day < timezone.localdate():
            self.add_error("promised_until", "Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.")
        if not promises:
            cleaned["promised_until"] = None
        return cleaned

    def show_new_state(self, concern: Concern) -> None:
        """Somebody was faster: what was typed stays, the choices are those of the state as it is now."""
        self.seen_state = concern.state
        write_into(self, "seen", concern.state)
        choice_field(self, "state").choices = [
            (state, self._choice(ConcernState(state))) for state in possible_states(concern.state)
        ]


class ConcernFilterForm(forms.Form):
    """Every part may be empty; a part that makes no sense gets a sentence and is left out of the filter."""

    mark_optional = False

    q = SearchField(
        label="Suchen", required=False, max_length=100, help_text="Wörter aus Titel, Ort oder Beschreibung."
    )
    state = forms.ChoiceField(label="Stand", required=False)
    field = forms.ChoiceField(label="Handlungsfeld", required=False)
    town = forms.ChoiceField(label="Kommune", required=False)

    def __init__(self, *args: Any, towns: list[Municipality], with_state: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "state").choices = [
            ("", "Alle"),
            ("open", "noch offen"),
            ("due", "wartet auf Sie"),
            *ConcernState.choices,
        ]
        choice_field(self, "field").choices = [
            ("", "Alle Handlungsfelder"),
            *programme_of_towns(towns).fields.names.items(),
            (CROSS_CUTTING, "Querschnitt"),
        ]
        choice_field(self, "town").choices = [("", "Alle Kommunen"), *((t.slug, t.name) for t in towns)]
        if len(towns) < 2:
            del self.fields["town"]
        if not with_state:
            del self.fields["state"]

    @cached_property
    def search(self) -> Search | None:
        self.is_valid()
        text = self.cleaned_data.get("q")
        return search_of(text) if text else None

    def apply(self, concerns: ConcernQuerySet) -> ConcernQuerySet:
        concerns = self.apply_without_search(concerns)
        return concerns.mentioning(self.search.everything) if self.search else concerns

    def apply_without_search(self, concerns: ConcernQuerySet) -> ConcernQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        if state := chosen.get("state"):
            concerns = _in_state(concerns, state)
        if code := chosen.get("field"):
            concerns = concerns.filter(**{"field": None} if code == CROSS_CUTTING else {"field__code": code})
        if slug := chosen.get("town"):
            concerns = concerns.filter(municipality__slug=slug)
        return concerns

    @property
    def is_filtering(self) -> bool:
        return any(self.cleaned_data.values())

    def query(self, **changes: str) -> str:
        """What is filled in as a query string, with changes."""
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return urlencode(values | changes)

    @property
    def details(self) -> list[forms.BoundField]:
        """The parts that stand below the search."""
        return [self[name] for name in self.fields if name != "q"]


def _in_state(concerns: ConcernQuerySet, state: str) -> ConcernQuerySet:
    if state == "open":
        return concerns.open()
    if state == "due":
        return concerns.needing_attention_on(timezone.localdate())
    return concerns.filter(state=state)
