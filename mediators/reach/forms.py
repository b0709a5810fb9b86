from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.terms import not_over_on
from kiv_portal.ui.fields import ClockField, DayField, one_visible_line
from kiv_portal.ui.typed_forms import choice_field, model_choice_field
from kiv_portal.ui.unchanged import UnchangedMixin
from mediators.people.models import Appointment
from mediators.reach.access import WAY
from mediators.reach.dates import FAR
from mediators.reach.models import MeetingRoom, Rhythm, VisitingChange, VisitingHours, Weekday
from municipalities.models import Municipality
from municipalities.towns.forms import TermForm
from municipalities.towns.reach_forms import OfficeEmailField, PhoneField

FOR_ALL = "Das liest jede Person. Bitte keine Namen."


class TownReachForm(PrivacyMixin, UnchangedMixin):
    """Addresses that belong to the post and to the town hall, never to a person."""

    public_texts = ("hall_office",)

    post_email = OfficeEmailField(
        label="E-Mail-Adresse der Stelle",
        help_text="Eine Adresse der Aufgabe, zum Beispiel „inklusion@“ und der Name des Ortes. Keine private.",
    )
    post_phone = PhoneField(
        label="Telefon der Stelle",
        required=False,
        help_text="Ein Anschluss, der auch bleibt, wenn jemand wechselt.",
    )
    hall_office = forms.CharField(
        label="Amt im Rathaus",
        required=False,
        max_length=100,
        help_text="Wer da ist, solange die Stelle nicht besetzt ist. Zum Beispiel Amt für Soziales.",
    )
    hall_email = OfficeEmailField(label="E-Mail-Adresse des Amts")
    hall_phone = PhoneField(label="Telefon des Amts", required=False)

    class Meta:
        model = Municipality
        fields = ("post_email", "post_phone", "hall_office", "hall_email", "hall_phone")


class OwnPhoneForm(UnchangedMixin):
    """One's own telephone: entered by nobody else."""

    public_phone = PhoneField(
        label="Ihr Telefon",
        required=False,
        help_text=(
            "Nur wenn Sie möchten, dass man Sie anruft: Die Nummer steht öffentlich auf der Seite der Kommune, "
            "bis Sie sie hier löschen oder Ihre Bestellung endet."
        ),
    )

    class Meta:
        model = Appointment
        fields = ("public_phone",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "own"})


class MeetingRoomForm(PrivacyMixin, UnchangedMixin):
    public_texts = ("name", "address", "stop_name", "way_in")
    place_texts = public_texts

    class Meta:
        model = MeetingRoom
        fields = (
            *("name", "address", "stop_name", "stop", "entrance", "door", "lift", "toilet", "loop"),
            "way_in",
        )
        help_texts = {
            "name": "Zum Beispiel: Rathaus, Zimmer 3.",
            "address": "Zum Beispiel: Marktplatz 1. Keine private Adresse.",
            "way_in": f"Zum Beispiel: Bitte an der Pforte klingeln. {FOR_ALL}",
        }
        error_messages = {"name": {"required": "Bitte schreiben Sie, wo das ist."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in WAY:
            choice_field(self, name).choices = [("", "nicht angegeben"), *WAY[name].answers.choices]
        for name in ("name", "address", "stop_name", "way_in"):
            self.fields[name].validators.append(one_visible_line)


class VisitingHoursForm(PrivacyMixin, TermForm):
    """The rule of a consultation hour. In a town without a room the first one is named here."""

    public_texts = ("room_name", "note")
    place_texts = ("room_name",)

    starts_on = DayField(
        label="Ab wann?", help_text="Bei „nur an einem Tag“ ist das der Tag. Sonst gern auch „heute“."
    )
    ends_on = DayField(label="Bis wann?", required=False, help_text="Leer heißt: bis auf Weiteres.")
    starts_at = ClockField(label="Von", help_text="Zum Beispiel 15 Uhr.")
    ends_at = ClockField(label="Bis", help_text="Zum Beispiel 17 Uhr.")
    room_name = forms.CharField(
        label="Wo?",
        max_length=100,
        help_text="Zum Beispiel: Rathaus, Zimmer 3. Wie man hineinkommt, tragen Sie danach ein.",
        error_messages={"required": "Bitte schreiben Sie, wo das ist."},
    )

    class Meta:
        model = VisitingHours
        fields = (
            *("appointment", "rhythm", "weekday", "starts_at", "ends_at", "starts_on", "ends_on"),
            *("room", "note"),
        )
        help_texts = {"note": f"Zum Beispiel: ohne Anmeldung. {FOR_ALL}"}
        error_messages = {
            "appointment": {"required": "Bitte wählen Sie, wer da ist."},
            "rhythm": {"required": "Bitte wählen Sie, wie oft."},
            "room": {"required": "Bitte wählen Sie, wo."},
        }

    field_order = (
        *("appointment", "rhythm", "weekday", "starts_at", "ends_at", "starts_on", "ends_on"),
        *("room", "room_name", "note"),
    )

    def __init__(self, *args: Any, town: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.town = town
        choice_field(self, "rhythm").choices = [("", "Bitte wählen"), *Rhythm.choices]
        choice_field(self, "weekday").choices = [("", "Bitte wählen"), *Weekday.choices]
        self.fields["weekday"].required = False  # one day has its own
        self.fields["weekday"].is_another_way = True  # type: ignore[attr-defined]  # asked for all the same
        self._offer_people()
        self._offer_rooms()

    def _offer_people(self) -> None:
        people = Appointment.objects.filter(not_over_on(timezone.localdate()), municipality=self.town)
        people = people.select_related("mediator__user")
        field = model_choice_field(self, "appointment")
        field.queryset = people
        field.label_from_instance = lambda appointment: str(appointment.mediator)  # type: ignore[method-assign,assignment]
        field.empty_label = "Bitte wählen"
        if len(people) == 1 and self.instance.appointment_id in (None, people[0].pk):
            self.instance.appointment = people[0]
            del self.fields["appointment"]

    def _offer_rooms(self) -> None:
        field = model_choice_field(self, "room")
        field.queryset = self.town.meeting_rooms.all()
        field.empty_label = "Bitte wählen"
        rooms = list(field.queryset)
        if not rooms:
            del self.fields["room"]
            return
        del self.fields["room_name"]
        if len(rooms) == 1:
            self.initial.setdefault("room", rooms[0].pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("starts_on")
        if cleaned.get("rhythm") == Rhythm.ONCE:
            cleaned["ends_on"] = day
            cleaned["weekday"] = day.isoweekday() if day else None
        elif not cleaned.get("weekday") and "weekday" not in self.errors:
            self.add_error("weekday", "Bitte wählen Sie den Wochentag.")
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", "Das Ende liegt vor dem Beginn.")
        return cleaned

    def save(self, commit: bool = True) -> VisitingHours:
        if "room_name" in self.fields:
            name = self.cleaned_data["room_name"]
            self.instance.room = MeetingRoom.objects.create(municipality=self.town, name=name)
        hours: VisitingHours = super().save(commit)
        return hours


class VisitingChangeForm(PrivacyMixin, UnchangedMixin):
    """What becomes of one date. `seen` is also judged where the row is new or gone."""

    public_texts = ("note",)

    PLANNED, OFF, MOVED = "planned", "off", "moved"
    what = forms.ChoiceField(
        label="Was ist an diesem Tag?",
        choices=[
            (OFF, "Sie fällt aus"),
            (MOVED, "Sie wird verlegt"),
            (PLANNED, "Sie findet statt wie immer"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, was an diesem Tag ist."},
    )
    moved_to = DayField(
        label="Neuer Tag", required=False, is_coming=True, help_text="Nur wenn sie verlegt wird."
    )
    starts_at = ClockField(label="Von", required=False, help_text="Leer heißt: wie immer.")
    ends_at = ClockField(label="Bis", required=False, help_text="Leer heißt: wie immer.")

    class Meta:
        model = VisitingChange
        fields = ("moved_to", "starts_at", "ends_at", "note")
        help_texts = {"note": f"Zum Beispiel: Das Rathaus ist geschlossen. {FOR_ALL}"}

    field_order = ("what", "moved_to", "starts_at", "ends_at", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["what"] = self.MOVED if self.instance.moved_to else self.OFF
        else:
            self.stamp = self.initial["seen"] = "planned"
        self.fields["note"].validators.append(one_visible_line)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") != self.MOVED:
            return cleaned | dict.fromkeys(("moved_to", "starts_at", "ends_at"))
        if "moved_to" not in self.errors:
            self._check_day(cleaned.get("moved_to"))
        hours = self.instance.hours
        cleaned["starts_at"] = cleaned.get("starts_at") or hours.starts_at
        cleaned["ends_at"] = cleaned.get("ends_at") or hours.ends_at
        if cleaned["ends_at"] <= cleaned["starts_at"]:
            self.add_error("ends_at", "Das Ende liegt vor dem Beginn.")
        return cleaned

    def _check_day(self, day: dt.date | None) -> None:
        if day is None:
            self.add_error("moved_to", "Bitte geben Sie den neuen Tag an.")
        elif day < timezone.localdate():
            self.add_error("moved_to", "Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.")

    @property
    def is_planned(self) -> bool:
        return bool(self.cleaned_data["what"] == self.PLANNED)

    def _other_words(self) -> str:
        if not self.instance.pk:
            return "Sie findet statt wie immer"
        return super()._other_words()


class PauseForm(PrivacyMixin, forms.Form):
    """A time in which every date falls out."""

    public_texts = ("note",)

    first = DayField(label="Erster Tag", is_coming=True, help_text="Zum Beispiel 24.12.")
    last = DayField(
        label="Letzter Tag", is_coming=True, required=False, help_text="Leer heißt: nur der eine Tag."
    )
    note = forms.CharField(
        label="Hinweis",
        required=False,
        max_length=150,
        validators=[one_visible_line],
        help_text=f"Zum Beispiel: Urlaub. {FOR_ALL}",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, today = cleaned.get("first"), timezone.localdate()
        if first is None:
            return cleaned
        last = cleaned["last"] = cleaned.get("last") or first
        if last < first:
            self.add_error("last", "Der letzte Tag liegt vor dem ersten.")
        elif last < today:
            self.add_error("last", "Diese Zeit ist schon vorbei.")
        elif last > today + dt.timedelta(days=FAR):
            self.add_error("last", "So weit im Voraus geht es nicht. Bitte wählen Sie einen früheren Tag.")
        return cleaned
