"""What people who reported something said later, and an office that has let its time for a reply pass."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from activities.concerns import reporter_services as reporter
from activities.models import Concern, OfficeReminder, Organisation, ReporterMessage, Said
from demo.days import DAY, working_day_before
from demo.moments import moment
from mediators.models import Mediator
from municipalities.models import Municipality

MINUTE = dt.timedelta(minutes=1)
KEYS = uuid.UUID("6f0b8c1e-5d0a-4d7e-8f57-3a3f7f0a6c11")  # name space of the keys
SAID = (  # in turn; most are content
    (Said.YES, ""),
    (Said.YES, "Ich komme jetzt wieder allein hin. Danke!"),
    (Said.PARTLY, "Viel besser. Bei Regen ist es noch rutschig."),
    (Said.YES, "Gleich ausprobiert, es klappt."),
)
TEXT = (
    "Guten Tag,\n\nseit vier Wochen liegt ein Anliegen bei Ihnen: „{title}“ in {town}.\n\n"
    "Wir haben noch nichts von Ihnen gehört. Wie steht es damit? Auch eine kurze Zwischenmeldung hilft uns weiter."
)


def let_them_answer(town: Municipality, today: dt.date) -> None:
    """Who reported something by the public form says whether it is good, some days after it was done."""
    done = Concern.objects.filter(municipality=town, reported_by__isnull=True, state="done")
    answers = []
    for number, concern in enumerate(done.order_by("closed_at", "pk")):
        step = concern.steps.filter(state="done").last()
        said_at = concern.closed_at + 3 * DAY if concern.closed_at else None
        if step and said_at and said_at.date() < today:
            kind, text = SAID[number % len(SAID)]
            answers.append(_message(concern, "answer", kind=kind, text=text, step=step, said_at=said_at))
    ReporterMessage.objects.bulk_create(answers)


def tell_more(town: Municipality, today: dt.date) -> None:
    """One takes a report back, one is not content, one adds something; an office is late and was reminded."""
    mediator = Mediator.objects.filter(appointments__municipality=town, appointments__ends_on=None).get()
    _withdrawn(town, mediator, today)
    _opened_again(town, today)
    _waits_for_its_office(town, mediator, today)


def _withdrawn(town: Municipality, mediator: Mediator, today: dt.date) -> None:
    concern = _reported(
        *(town, mediator, today, 20),
        title="Die Lautsprecher im Bürgeramt sind zu leise",
        place="Bürgeramt",
        description="Wer aufgerufen wird, hört es im Wartebereich kaum.",
        state="withdrawn",
        closed_at=_ago(today, 6),
    )
    _message(
        concern,
        "withdrawal",
        kind=Said.WITHDRAWAL,
        text="Gestern waren sie lauter. Vielen Dank!",
        said_at=concern.closed_at,
    ).save()
    before = _ago(today, 6) - MINUTE
    concern.steps.create(state="withdrawn", sentence=reporter.WITHDRAWN, taken_at=before)


def _opened_again(town: Municipality, today: dt.date) -> None:
    """The last that was done, of those that nobody has answered yet."""
    done = Concern.objects.filter(municipality=town, state="done", messages__isnull=True, photos__isnull=True)
    concern = done.order_by("-closed_at", "pk")[:1].get()
    said_at = _ago(today, 3)
    step = concern.steps.filter(state="done").last()
    text = "Die eine Seite ist fertig, auf der anderen ist noch alles wie vorher."
    _message(concern, "answer", kind=Said.NO, text=text, step=step, said_at=said_at - MINUTE).save()
    concern.steps.create(state="checking", sentence=reporter.OPENED_AGAIN, taken_at=said_at)
    concern.state, concern.closed_at, concern.promised_until = "checking", None, None
    concern.office_asked_on = said_at.date() if concern.office else None
    concern.save()


def _waits_for_its_office(town: Municipality, mediator: Mediator, today: dt.date) -> None:
    office, _ = Organisation.objects.get_or_create(county=town.county, name="Gebäudemanagement")
    office.reply_days, office.email = 14, f"gebaeude@{town.slug}.example"
    office.save()
    concern = _reported(
        *(town, mediator, today, 34),
        title="Die Automatiktür der Stadtbücherei bleibt zu",
        place="Stadtbücherei",
        description="Der Taster ist ohne Wirkung. Mit dem Rollstuhl muss man auf jemanden warten.",
        state="checking",
        office=office,
        office_asked_on=working_day_before(today - 30 * DAY),
        late_reply_told_at=_ago(today, 14),
    )
    text = "Am Samstag war auch der Hintereingang abgeschlossen."
    _message(concern, "more", kind=Said.MORE, text=text, said_at=_ago(today, 11)).save()
    reminded = _ago(today, 8)
    OfficeReminder.objects.create(
        concern=concern,
        office=office,
        email=office.email,
        text=TEXT.format(title=concern.title, town=town),
        sent_by=mediator.user,
        reminded_on=reminded.date(),
        created_at=reminded,
    )


def _reported(town: Municipality, mediator: Mediator, today: dt.date, days: int, **values: Any) -> Concern:
    """By the public form, so many days ago, and taken over some days later."""
    reported_on = working_day_before(today - days * DAY)
    keys = {
        name: uuid.uuid5(KEYS, f"{town.ags} {name} {values['title']}") for name in ("entry_key", "status_key")
    }
    concern = Concern.objects.create(
        **keys,
        municipality=town,
        reported_on=reported_on,
        created_at=moment(reported_on, 9),
        taken_over_by=mediator,
        **values,
    )
    concern.steps.create(
        state="checking",
        sentence="Angesehen und bei der zuständigen Stelle gefragt.",
        taken_by=mediator.user,
        taken_at=_ago(today, days - 4),
    )
    return concern


def _message(concern: Concern, about: str, **values: Any) -> ReporterMessage:
    key = uuid.uuid5(KEYS, f"{concern.entry_key} {about}")
    return ReporterMessage(concern=concern, entry_key=key, **values)


def _ago(today: dt.date, days: int) -> dt.datetime:
    return moment(working_day_before(today - days * DAY), 16)
