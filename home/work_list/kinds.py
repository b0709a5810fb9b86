"""Every kind of thing that waits, in words: what is to be done, why, and on which page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class DutyKind:
    """`what` and `why` are filled from a row: {town}, {label}, {day}, {number}. `page` is a URL name, called with the
    row's `by` ("key", "slug") or, where that is "", with nothing; `rest` follows the address. `is_deadline`: after its
    day it is overdue.
    """

    what: str
    why: str
    page: str
    by: str = "key"
    rest: str = ""
    is_deadline: bool = False


REPORT = "Zwischenbericht {town}"
KINDS = {
    # a report on its way
    "report_begin": DutyKind(f"{REPORT} beginnen", "fällig am {day}", "report_detail", is_deadline=True),
    "report_write": DutyKind(f"{REPORT} schreiben", "fällig am {day}", "report_detail", is_deadline=True),
    "report_mend": DutyKind(f"{REPORT} überarbeiten", "zurückgegeben am {day}", "report_detail"),
    "report_late": DutyKind(
        f"Nach dem {REPORT} fragen", "war am {day} fällig", "report_detail", is_deadline=True
    ),
    "report_check": DutyKind(f"{REPORT} prüfen", "eingereicht am {day}", "report_detail"),
    "report_deliver": DutyKind(f"{REPORT} zustellen", "freigegeben am {day}", "report_deliver"),
    "comment_settle": DutyKind(
        f"Bemerkungen zum {REPORT} klären", "{number} offen, seit dem {day}", "report_comments"
    ),
    "file_failed": DutyKind(
        f"Datei zum {REPORT} noch einmal erstellen", "nicht gelungen am {day}", "report_detail"
    ),
    # a report at its council
    "report_read": DutyKind(f"{REPORT} lesen", "Sitzung am {day}", "report_detail"),
    "session_enter": DutyKind(
        f"Sitzung zum {REPORT} eintragen", "der Bericht ist zugestellt", "report_paper"
    ),
    "withdrawal_decide": DutyKind(
        f"Zustellung zurückziehen? {REPORT}", "gefragt am {day}, braucht zwei Personen", "report_detail"
    ),
    "question_answer": DutyKind(
        "Fragen des Gemeinderats {town} beantworten", "{number} offen, seit dem {day}", "question_list"
    ),
    "decision_record": DutyKind(
        "Beschluss des Gemeinderats {town} eintragen", "die Sitzung war am {day}", "decision_create"
    ),
    "decision_confirm": DutyKind(
        "Beschluss des Gemeinderats {town}: Folgen bestätigen", "eingetragen am {day}", "decision_follow_up"
    ),
    # a town and its people
    "agreement_ends": DutyKind(
        "Vereinbarung {town}: klären, wie es weitergeht",
        "sie endet am {day}",
        "municipality_detail",
        by="slug",
    ),
    "vacancy": DutyKind(
        "Stelle in {town} besetzen", "nicht besetzt seit dem {day}", "municipality_detail", by="slug"
    ),
    "not_signed_in": DutyKind(
        "{label} in {town} noch einmal einladen",
        "seit der Einladung am {day} nicht angemeldet",
        "municipality_detail",
        by="slug",
    ),
    "colleague_not_signed_in": DutyKind(
        "{label} noch einmal einladen", "seit der Einladung am {day} nicht angemeldet", "staff_list", by=""
    ),
    "mail_failed": DutyKind(
        "E-Mail-Adresse prüfen: {label} in {town}",
        "eine E-Mail vom {day} kam nicht an",
        "municipality_detail",
        by="slug",
    ),
    # what people report
    "concerns": DutyKind("Anliegen ansehen", "{label}", "concern_list", by="", rest="?state=due"),
    "office_not_reached": DutyKind(
        "Adresse prüfen: {label}", "die Erinnerung vom {day} kam nicht an ({town})", "concern_detail"
    ),
    # the own log
    "follow_ups": DutyKind(
        "Wiedervorlagen ansehen", "{number} fällig, seit dem {day}", "start", by="", rest="#wiedervorlagen"
    ),
    "series": DutyKind(
        "Termine einer Reihe bestätigen", "{number} offen, seit dem {day}", "start", by="", rest="#reihen"
    ),
    "photos": DutyKind(
        "Fotos beschreiben", "{number} ohne Beschreibung", "start", by="", rest="#unbeschrieben"
    ),
    "import_open": DutyKind("Tabelle „{label}“ zu Ende einlesen", "hochgeladen am {day}", "import_detail"),
}


@dataclass(frozen=True)
class Duty:
    """One line of somebody's list, as read `today`. `day` says since when it waits, or until when it is due."""

    kind: str
    key: int
    slug: str
    town: str
    day: dt.date
    number: int
    label: str
    today: dt.date

    @property
    def what(self) -> str:
        return KINDS[self.kind].what.format(**self._words)

    @property
    def why(self) -> str:
        return KINDS[self.kind].why.format(**self._words)

    @property
    def url(self) -> str:
        kind = KINDS[self.kind]
        return reverse(kind.page, args=[getattr(self, kind.by)] if kind.by else []) + kind.rest

    @property
    def is_late(self) -> bool:
        return KINDS[self.kind].is_deadline and self.day < self.today

    @property
    def _words(self) -> dict[str, object]:
        return {
            "town": self.town,
            "label": self.label,
            "day": f"{self.day:%d.%m.%Y}",
            "number": self.number,
        }
