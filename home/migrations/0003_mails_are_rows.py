"""What mediators were reminded of: from rows of their own to rows of e-mails. What waited is written anew by `remind`."""

from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.db import migrations

KIND = "home/reminders/email/"


def to_mails(apps: Any, schema_editor: Any) -> None:
    reminders = apps.get_model("home", "Reminder").objects.exclude(sent_at=None).select_related("user")
    Mail = apps.get_model("mails", "Mail")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]

    def mail_of(row: Any) -> Any:
        return Mail(
            kind=f"{KIND}{row.kind}",
            to=row.user.email,
            person_id=row.user_id,
            once=f"reminder/{row.user_id}/{row.kind}/{row.day}",
            subject="Erinnerung",
            message_id=make_msgid(domain=domain),
            state="sent",
            created_at=row.created_at,
            valid_until=row.created_at,
            ended_at=row.sent_at,
        )

    Mail.objects.bulk_create(map(mail_of, reminders.iterator(1_000)), batch_size=1_000, ignore_conflicts=True)


def from_mails(apps: Any, schema_editor: Any) -> None:
    mails = apps.get_model("mails", "Mail").objects.filter(kind__startswith=KIND, state="sent")
    Reminder = apps.get_model("home", "Reminder")

    def reminder_of(mail: Any) -> Any:
        _, user, kind, day = mail.once.split("/")
        return Reminder(user_id=user, kind=kind, day=day, created_at=mail.created_at, sent_at=mail.ended_at)

    Reminder.objects.bulk_create(map(reminder_of, mails.iterator(1_000)), batch_size=1_000, ignore_conflicts=True)
    mails.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0002_reminders'),
        ('mails', '0001_mails'),
    ]

    operations = [
        migrations.RunPython(to_mails, from_mails),
    ]
