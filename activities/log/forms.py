from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from activities.concerns.models import Concern, ConcernState
from activities.figures.totals import CROSS_CUTTING
from activities.log.closed_period import ClosedPeriod
from activities.log.doubts import doubt_about_length, is_there_already, likeness
from activities.log.fields import FIELDS, GUARDED, Part, asked_in, form_names, form_order
from activities.log.models import Activity, ActivityCorrection, ActivityResult
from activities.log.organisations import Organisation
from activities.log.queries import organisations_offered
from activities.log.services import EntryRefused, is_stored, store_entry
from kiv_portal.german_order import GermanOrder
from kiv_portal.privacy.forms import Asked, PrivacyMixin, Question, key_of
from kiv_portal.ui.fields import (
    AskingInput,
    ClockField,
    DayField,
    DurationField,
    EurosField,
    MinutesField,
    PeopleField,
    one_visible_line,
)
from kiv_portal.ui.typed_forms import choice_field, model_choice_field, write_into
from kiv_portal.written.days import in_words
from kiv_portal.written.durations import Duration, hours_and_minutes
from mediators.models import Mediator
from municipalities.models import Municipality
from municipalities.programme.queries import programme_of_towns

CHIPS = tuple((str(minutes), f"{minutes} Minuten") for minutes in (15, 30, 45, 60, 90, 120))
MOST_CHOICES = 24  # of offices and associations; with more of them the form shows those of the latest entries
MOST_NEW = 10
THERE_ALREADY = "Das gibt es schon: gleicher Tag, gleicher Titel, gleiche Dauer. Trotzdem speichern?"
NOT_IN_COUNTY = "„{}“ gibt es im {} nicht. Bitte wählen Sie noch einmal."


class DurationOrChip(AskingInput):
    """What is written counts; if nothing is, the chosen chip beside it (`minutes_chip`)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        written = super().value_from_datadict(data, files, name)
        return written if written and written.strip() else data.get(f"{name}_chip")


class ChipField(forms.ChoiceField):
    is_another_way = True  # so PortalBoundField does not call it optional


class NamesField(forms.CharField):
    """One name a line; cleans to a list without repetitions."""

    widget = forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    longest = 150

    def clean(self, value: Any) -> list[str]:
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        found: dict[str, str] = {}
        for line in filter(None, lines):
            found.setdefault(line.casefold(), line)
        names = list(found.values())
        if len(names) > MOST_NEW:
            raise ValidationError(f"Bitte schreiben Sie höchstens {MOST_NEW} Namen auf einmal.")
        for name in names:
            one_visible_line(name)
            if len(name) > self.longest:
                raise ValidationError(
                    f"Bitte kürzen Sie „{name[:30]}…“ auf höchstens {self.longest} Zeichen."
                )
        return names


class ActivityForm(PrivacyMixin, forms.ModelForm):
    """One activity of one mediator. `seen` is the moment of the last change that the person has seen: a change made
    in another window since then is not overwritten without a word.

    The six fields of the quick entry stand first and are enough; all others may be missing from the data. What is
    asked, and where, says activities/log/fields.py.
    """

    public_texts = tuple(GUARDED)
    read_start: dt.time | None = None  # of "14–16 Uhr"
    is_understood = False  # whether every box says something: what it says may still be wrong for the log

    day = DayField(is_past=True, label="Datum", help_text="Zum Beispiel 1.3.2022 oder „gestern“.")
    minutes = DurationField(
        label="Dauer",
        help_text="Zum Beispiel 90 (Minuten), 1h30 oder 14–16 Uhr.",
        widget=DurationOrChip(attrs=DurationField.widget.attrs),
    )
    minutes_chip = ChipField(
        label="Oder Dauer auswählen", choices=CHIPS, required=False, widget=forms.RadioSelect
    )
    field = forms.ChoiceField(
        label="Handlungsfeld",
        error_messages={"required": "Bitte wählen Sie ein Handlungsfeld oder Querschnitt."},
    )
    kind = forms.ChoiceField(label="Art", error_messages={"required": "Bitte wählen Sie eine Art."})
    further_fields = forms.MultipleChoiceField(
        label="Weitere Handlungsfelder", required=False, widget=forms.CheckboxSelectMultiple
    )
    people_reached = PeopleField(
        label="Erreichte Personen",
        required=False,
        help_text="Zum Beispiel 12, „ca. 30“ oder „10 bis 20“. Leer heißt: nicht gezählt.",
    )
    starts_at = ClockField(label="Beginn", required=False)
    travel_minutes = MinutesField(
        label="Fahrzeit", required=False, help_text="Hin und zurück, zum Beispiel 40 (Minuten)."
    )
    expenses = EurosField(label="Auslagen in Euro", required=False, help_text="Zum Beispiel 12,50.")
    follow_up_on = DayField(
        is_coming=True,
        label="Wiedervorlage am",
        required=False,
        help_text="Zum Beispiel „in zwei Wochen“. An diesem Tag erinnert Sie Ihre Startseite daran.",
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Wer war beteiligt?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_organisations = NamesField(
        label="Andere Stellen oder Vereine",
        required=False,
        max_length=2_000,
        help_text="Eine je Zeile. Das Portal merkt sie sich. Bitte keine Privatpersonen.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    entry_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Activity
        fields = tuple(field.name for field in FIELDS if field.asked and not field.asked.is_taken_over)
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "place": forms.TextInput(attrs={"autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 4}),
            "internal_note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {field.name: field.asked.help for field in FIELDS if field.asked and field.asked.help}
        error_messages = {
            "title": {"required": "Bitte geben Sie der Aktivität einen Titel."},
        }

    field_order = form_order()  # as on the page, so that the error summary reads in the same order

    def __init__(self, *args: Any, mediator: Mediator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mediator = mediator
        self.towns = list(mediator.towns())
        self._offer_programme()
        self._offer_towns()
        self._offer_concerns()
        self._offer_organisations()
        self._start_with_what_is_stored()

    def _offer_programme(self) -> None:
        """Fields and kinds of all the towns' counties; what the chosen town's county does not have is refused."""
        self.programme = programme_of_towns(self.towns)
        fields, kinds = list(self.programme.fields.names.items()), self.programme.kinds.names.items()
        choice_field(self, "field").choices = [
            ("", "Bitte wählen"),
            *fields,
            (CROSS_CUTTING, "Querschnitt (alle Felder)"),
        ]
        choice_field(self, "further_fields").choices = fields
        choice_field(self, "kind").choices = [("", "Bitte wählen"), *kinds]
        choice_field(self, "result").choices = [("", "noch kein Ergebnis"), *ActivityResult.choices]

    def _offer_towns(self) -> None:
        """Nothing to choose: the page says the town, the form does not ask."""
        self.only_town = self.towns[0] if len(self.towns) == 1 else None
        if self.only_town:
            self.instance.municipality = self.only_town
            del self.fields["municipality"]
            return
        model_choice_field(self, "municipality").queryset = Municipality.objects.filter(
            pk__in=[t.pk for t in self.towns]
        )
        choice_field(self, "municipality").choices = [
            ("", "Bitte wählen"),
            *((town.pk, town.name) for town in self.towns),
        ]

    def _offer_concerns(self) -> None:
        """What is open in the towns, and what this entry already belongs to."""
        is_offered = Q(state__in=ConcernState.open) | Q(pk=self.instance.concern_id)
        offered = Concern.objects.filter(is_offered, municipality__in=self.towns)
        model_choice_field(self, "concern").queryset = offered
        rows = list(offered.order_by(GermanOrder("title"), "pk").values_list("pk", "title"))
        self.has_concerns = bool(rows) or self.is_bound  # what was sent is never hidden, it may be wrong
        choice_field(self, "concern").choices = [("", "kein Anliegen"), *rows]

    def _offer_organisations(self) -> None:
        model_choice_field(self, "organisations").queryset = Organisation.objects.filter(
            county__in={town.county_id for town in self.towns}
        )
        offered = list(organisations_offered(self.towns, self.instance))
        chosen = {organisation.pk for organisation in offered if organisation.is_chosen}
        if self.instance.pk:
            self.initial["organisations"] = list(chosen)
        ticked = {str(value) for value in self["organisations"].value() or ()}
        if len(offered) > MOST_CHOICES:
            usual = [o for o in offered if o.is_usual][:MOST_CHOICES]
            offered = [o for o in offered if o in usual or str(o.pk) in ticked]
        choice_field(self, "organisations").choices = [(o.pk, o.name) for o in offered]

    def _start_with_what_is_stored(self) -> None:
        self.initial["seen"] = self.stamp
        self.initial.setdefault("entry_key", self.instance.entry_key)
        if self.instance.pk:
            self.initial["field"] = self.programme.fields.code_of(self.instance.field_id) or CROSS_CUTTING
            self.initial["kind"] = self.programme.kinds.code_of(self.instance.kind_id)
            self.initial["minutes"] = Duration(self.instance.minutes, self.instance.starts_at)
            self.initial["people_reached"] = str(self.instance.people)
            self.initial["expenses"] = self.instance.expenses_cents
        if not self.initial.get("travel_minutes"):
            self.initial["travel_minutes"] = None  # an empty field, not "0 Minuten"

    def suggest(self, *, titles: Iterable[str] = (), places: Iterable[str] = ()) -> None:
        """Lists of what was written before. A browser that does not know such lists shows plain text fields."""
        self.suggestions = {"title": list(titles), "place": list(places)}
        for name, values in self.suggestions.items():
            if values:
                self.fields[name].widget.attrs["list"] = f"{name}-vorschlaege"

    def details(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """The second, optional step: what each part is headed, and its rows. Nothing to choose: nothing is asked."""
        return [(part.value, self._rows(part)) for part in Part if part != Part.QUICK]

    def _rows(self, part: Part) -> list[list[forms.BoundField]]:
        rows: list[list[forms.BoundField]] = []
        is_half_full = False
        for field in asked_in(part):
            bound = [self[name] for name in form_names(field) if self._has_choice(name)]
            is_half = bool(field.asked and field.asked.is_half)
            if is_half and is_half_full:
                rows[-1] += bound
            else:
                rows += [[one] for one in bound]
            is_half_full = is_half and not is_half_full
        return rows

    def _has_choice(self, name: str) -> bool:
        if name == "concern":
            return self.has_concerns
        return name != "organisations" or bool(choice_field(self, "organisations").choices)

    @property
    def shows_details(self) -> bool:
        """Whether the second step holds something: what is filled in or wrong is never hidden."""
        asked = {question.field for question in self.questions}
        boxes = [box for _, rows in self.details() for row in rows for box in row]
        return any(box.errors or box.value() or box.name in asked for box in boxes)

    @property
    def stamp(self) -> str:
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def ask_only(self, names: Container[str]) -> None:
        """Whoever sends these names only knows nothing of the rest: it stays as it is stored."""
        for name in [name for name in self.fields if name not in names]:
            del self.fields[name]

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong about a field that is not asked is said above the form."""
        for name, errors in getattr(error, "error_dict", {field: error}).items():
            super().add_error(name if name in self.fields else None, errors)

    def clean_minutes(self) -> int:
        """ "14–16 Uhr" fills both boxes; only where the other one says something else, too, the person is asked."""
        duration = self.cleaned_data["minutes"]
        self.read_start = duration.starts_at
        return duration.minutes

    def clean_starts_at(self) -> dt.time | None:
        written, read = self.cleaned_data["starts_at"], self.read_start
        if read is None or written in (None, read) or "starts_at" not in self.changed_data:
            return read or written
        raise ValidationError(
            f"Oben bei der Dauer beginnt es um {read:%H:%M} Uhr, hier um {written:%H:%M} Uhr. Was ist richtig?"
        )

    def clean_travel_minutes(self) -> int:
        return self.cleaned_data["travel_minutes"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and cleaned.get("seen") != self.stamp:
            write_into(self, "seen", self.stamp)
            raise ValidationError(
                "Diese Aktivität wurde inzwischen in einem anderen Fenster geändert. Ihre Eingaben stehen noch hier. "
                "Wenn Sie noch einmal speichern, gelten Ihre Eingaben."
            )
        leading = cleaned.get("field")
        if "further_fields" in cleaned:
            cleaned["further_fields"] = [code for code in cleaned["further_fields"] if code != leading]
        self._take_programme(cleaned)
        self._take_over(cleaned)
        self.is_understood = set(self.fields) <= set(cleaned)
        return cleaned

    def full_clean(self) -> None:
        """What is wrong comes first: whether the rest is meant like this is asked once it is right."""
        super().full_clean()
        if self.errors:
            self.questions = tuple(question for question in self.questions if question.is_public_text)

    def doubts(self, cleaned: dict[str, Any]) -> Asked:
        """About an entry that is unusual, late, or there already. What is left as it was is not asked about."""
        about = ("day", "title", "minutes")
        if not all(cleaned.get(name) for name in about):
            return {}
        return {
            key_of(question.field, question.excerpt.lower()): question
            for question in (
                self._doubt_length(cleaned),
                self._doubt_twice(cleaned),
                self._doubt_late(cleaned),
            )
            if question
        }

    def _doubt_length(self, cleaned: dict[str, Any]) -> Question | None:
        why = doubt_about_length(cleaned["minutes"]) if "minutes" in self.changed_data else ""
        return self._doubt("minutes", hours_and_minutes(cleaned["minutes"]), why) if why else None

    def _doubt_twice(self, cleaned: dict[str, Any]) -> Question | None:
        if not {"day", "title", "minutes"} & {*self.changed_data}:
            return None
        alike = likeness(cleaned["day"], cleaned["title"], cleaned["minutes"])
        entry_key = cleaned.get("entry_key") or self.instance.entry_key
        if not is_there_already(self.instance.mediator_id, alike, entry_key=entry_key):
            return None
        excerpt = f"{cleaned['title']}, {in_words(cleaned['day'])}, {hours_and_minutes(cleaned['minutes'])}"
        return self._doubt("title", excerpt, THERE_ALREADY)

    def _doubt_late(self, cleaned: dict[str, Any]) -> Question | None:
        """Of a new entry, or one that moves there."""
        closed = self._late_for(cleaned)
        if closed is None or self.instance.is_late:
            return None
        return self._doubt("day", in_words(cleaned["day"]), closed.question, answer="Als Nachtrag speichern")

    def _late_for(self, cleaned: dict[str, Any]) -> ClosedPeriod | None:
        """The closed period of its day. None for what a report has frozen: it stays what it is, and is refused."""
        town, day = self.only_town or cleaned.get("municipality"), cleaned.get("day")
        is_frozen = self.instance.pk and not self.instance.is_late and self.instance.closed_by()
        if town is None or day is None or is_frozen:
            return None
        return ClosedPeriod.objects.covering(town.pk, day).first()

    def _doubt(self, name: str, excerpt: str, why: str, *, answer: str = "So speichern") -> Question:
        box = self[name]
        label, control = str(box.label), box.id_for_label
        return Question(name, label, control, excerpt, why, answer=answer, is_public_text=False)

    def _take_programme(self, cleaned: dict[str, Any]) -> None:
        """The rows that the chosen codes mean in the county of the town."""
        town = self.only_town or cleaned.get("municipality")
        if town is None:
            return  # said at its own field
        fields, kinds = self.programme.fields, self.programme.kinds
        leading, kind = cleaned.get("field"), cleaned.get("kind")
        if "field" in cleaned:
            self.instance.field_id = fields.id_of(town.county_id, leading or "")
        if "kind" in cleaned:
            self.instance.kind_id = kinds.id_of(town.county_id, kind or "")
        further = [
            code for code in cleaned.get("further_fields", ()) if not fields.find(town.county_id, code)
        ]
        if leading and leading != CROSS_CUTTING and self.instance.field_id is None:
            self.add_error("field", NOT_IN_COUNTY.format(fields.names[leading], town.county))
        if kind and self.instance.kind_id is None:
            self.add_error("kind", NOT_IN_COUNTY.format(kinds.names[kind], town.county))
        if further:
            names = "“, „".join(fields.names[code] for code in further)
            self.add_error("further_fields", NOT_IN_COUNTY.format(names, town.county))

    def _take_over(self, cleaned: dict[str, Any]) -> None:
        """What is no plain column."""
        self.instance.is_late = self._late_for(cleaned) is not None
        if not self.instance.pk and cleaned.get("entry_key"):
            self.instance.entry_key = cleaned["entry_key"]
        if "people_reached" in cleaned:
            self.instance.people = cleaned["people_reached"]
        if self.read_start and "starts_at" not in self.fields:
            self.instance.starts_at = self.read_start  # the queue knows no box for it
        if "expenses" in cleaned:
            self.instance.expenses_cents = cleaned["expenses"]
        if "follow_up_on" in cleaned and cleaned["follow_up_on"] != self.initial.get("follow_up_on"):
            self.instance.followed_up_at = None  # another day: to be looked after again

    def store(self) -> bool:
        """Store what was sent, if it is right; what is wrong becomes a sentence in the form. What an earlier try has
        stored is right, however late the second comes: its period may be closed by then.
        """
        is_right = self.is_valid()
        if not self.is_understood:
            return False
        who = {
            "organisations": self.cleaned_data.get("organisations"),
            "new_names": self.cleaned_data.get("new_organisations", ()),
        }
        if not is_right:
            return is_stored(self.instance, **who)
        try:
            store_entry(self.instance, **who)
        except EntryRefused as refused:
            self.add_error(None, str(refused))
            return False
        return True


class ActivityCorrectionForm(forms.ModelForm):
    class Meta:
        model = ActivityCorrection
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "text": "Zum Beispiel: „Es waren 14 Personen, nicht 41.“ Bitte keine Namen und keine Diagnosen."
        }
        error_messages = {"text": {"required": "Bitte schreiben Sie, was richtig ist."}}
