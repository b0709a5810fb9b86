"""What will happen when a town leaves: asked before anything is done, and once more when it is."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property

from activities.models import Activity, Concern
from kiv_portal.documents import german
from kiv_portal.periods import ONE_DAY, Period, last_day_of_months
from kiv_portal.terms import not_over_on
from mediators.models import Appointment
from municipalities.models import CooperationAgreement, Councillor, Municipality, MunicipalityContact
from reports.figures.periods import next_period
from reports.models import InterimReport, ReportState


class LeavingRefused(Exception):
    """`field` of the form, and the sentence that stands there."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field, self.sentence = field, sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Leaving:
    """What ends, and with which day. `never_begun` are terms that would begin only afterwards."""

    town: Municipality
    agreement: CooperationAgreement
    last_day: dt.date
    roles_end_on: dt.date
    appointments: list[Appointment]
    never_begun: list[Appointment | CooperationAgreement]
    contacts: list[MunicipalityContact]
    councillors: list[Councillor]
    shortened: InterimReport | None
    dropped: list[InterimReport]
    unwritten: Period | None
    in_work: list[InterimReport]
    open_concerns: int

    @cached_property
    def sentences(self) -> list[str]:
        """What people read before they say yes."""
        return [
            f"Die Kooperationsvereinbarung endet am {_day(self.last_day)}.",
            *self._about_mediators(),
            *self._about_reports(),
            *self._about_the_hall(),
            *self._about_concerns(),
            f"Ab dem {_day(self.last_day + ONE_DAY)} sagt die öffentliche Seite: {self.town} nahm teil bis "
            f"{_day(self.last_day)}. Neue Meldungen nimmt sie nicht mehr an. Berichte und Beschlüsse bleiben dort.",
            "Was geschehen ist, bleibt: Aktivitäten, Anliegen und Berichte stehen weiter im Portal und zählen mit.",
        ]

    @property
    def stamp(self) -> str:
        """Of what was shown; other facts, other stamp."""
        return hashlib.sha256("\n".join(self.sentences).encode()).hexdigest()[:16]

    def _about_mediators(self) -> list[str]:
        return [
            f"Die Bestellung von {row.mediator} endet. Was nach dem {_day(self.last_day)} geschieht, lässt sich "
            "nicht mehr erfassen, Früheres noch bis zum letzten Bericht. Die eigenen Einträge bleiben lesbar."
            for row in self.appointments
        ] + [
            f"Die Bestellung von {row.mediator} ab {_day(row.starts_on)} entfällt."
            if isinstance(row, Appointment)
            else f"Die Vereinbarung ab {_day(row.starts_on)} entfällt."
            for row in self.never_begun
        ]

    def _about_reports(self) -> list[str]:
        told = [f"Der geplante Bericht ab {_day(row.period_start)} entfällt." for row in self.dropped]
        if self.shortened:
            span = f"{_day(self.shortened.period_start)} bis {_day(self.last_day)}"
            told.append(f"Der letzte Zwischenbericht behandelt die Zeit vom {span}.")
        elif self.unwritten:
            span = f"{_day(self.unwritten.start)} bis {_day(self.unwritten.end)}"
            told.append(f"Über die Zeit vom {span} ist noch zu berichten. Der Bericht wird jetzt angelegt.")
        elif self.in_work:
            told.append("Der letzte Zwischenbericht ist noch nicht eingereicht.")
        else:
            told.append("Alle Zwischenberichte sind geschrieben.")
        if self.appointments and (self.shortened or self.unwritten or self.in_work):
            told.append(
                f"Nach dem {_day(self.last_day)} schreiben ihn das Rathaus und die Koordination zu Ende."
            )
        return told

    def _about_the_hall(self) -> list[str]:
        number = len(self.contacts) + len(self.councillors)
        if not number:
            return []
        people = german.count(number, "Person", "Personen")
        return [
            f"Rathaus und Gemeinderat ({people}) behalten ihren Zugang bis zum {_day(self.roles_end_on)}."
        ]

    def _about_concerns(self) -> list[str]:
        if not self.open_concerns:
            return ["Offene Anliegen gibt es nicht."]
        number = german.count(self.open_concerns, "offenes Anliegen bleibt", "offene Anliegen bleiben")
        return [
            f"{number} offen. Rathaus und Koordination sehen sie weiter. "
            "Nach dem letzten Tag können Sie sie von dieser Seite aus weitergeben."
        ]


def _day(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def leaving(town: Municipality, *, last_day: dt.date, roles_end_on: dt.date, today: dt.date) -> Leaving:
    """Raises LeavingRefused."""
    agreements = list(CooperationAgreement.objects.filter(municipality=town).order_by("starts_on"))
    agreement = next((row for row in agreements if row.holds_on(last_day)), None)
    if agreement is None:
        raise LeavingRefused("last_day", "An diesem Tag gilt keine Kooperationsvereinbarung.")
    later = [row for row in agreements if row.starts_on > last_day]
    if begun := next((row for row in later if row.starts_on <= today), None):
        raise LeavingRefused(
            "last_day", f"Seit dem {_day(begun.starts_on)} gilt schon die nächste Vereinbarung."
        )
    _refuse_activities_after(town, last_day)
    terms = Appointment.objects.filter(not_over_on(last_day + ONE_DAY), municipality=town)
    appointments = list(terms.select_related("mediator__user").order_by("starts_on", "pk"))
    after = not_over_on(roles_end_on + ONE_DAY)
    reports = list(InterimReport.objects.filter(municipality=town).order_by("period_start"))
    dropped = [row for row in reports if row.period_start > last_day and row.state == ReportState.PLANNED]
    shortened = next(
        (row for row in reports if row.is_editable and row.period_start <= last_day < row.period_end), None
    )
    agreement.ends_on = last_day
    return Leaving(
        town=town,
        agreement=agreement,
        last_day=last_day,
        roles_end_on=roles_end_on,
        appointments=[row for row in appointments if row.starts_on <= last_day],
        never_begun=[*later, *(row for row in appointments if row.starts_on > last_day)],
        contacts=list(MunicipalityContact.objects.filter(after, municipality=town).select_related("user")),
        councillors=list(Councillor.objects.filter(after, municipality=town)),
        shortened=shortened,
        dropped=dropped,
        unwritten=_unwritten([row for row in agreements if row not in later], reports, dropped, today),
        in_work=[row for row in reports if row.is_editable and row not in dropped],
        open_concerns=Concern.objects.filter(municipality=town).open().count(),
    )


def _refuse_activities_after(town: Municipality, last_day: dt.date) -> None:
    later = Activity.objects.filter(municipality=town, day__gt=last_day).order_by("-day")
    if (number := later.count()) and (last := later.first()):
        what = german.count(number, "Aktivität", "Aktivitäten")
        raise LeavingRefused(
            "last_day",
            f"Nach diesem Tag sind schon {what} erfasst, die letzte am {_day(last.day)}. "
            "Der letzte Tag kann nicht davor liegen.",
        )


def _unwritten(
    agreements: list[CooperationAgreement],
    reports: list[InterimReport],
    dropped: list[InterimReport],
    today: dt.date,
) -> Period | None:
    """What has begun, and nobody writes about it yet."""
    period = next_period(agreements, [row for row in reports if row not in dropped])
    return period if period and period.start <= today else None


def due_after(last_day: dt.date) -> dt.date:
    """As every report: a month after the period's end."""
    return last_day_of_months(last_day + ONE_DAY, 1)
