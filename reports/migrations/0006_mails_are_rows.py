"""Whom reports have told of what: from rows of their own to rows of e-mails."""

from datetime import timedelta
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.db import migrations
from django.utils import timezone

KIND = "reports/notices/email/notice"
WAITS = (
    "Guten Tag {},\n\nzum Zwischenbericht {} gibt es etwas Neues. Bitte sehen Sie nach:\n\n{}/berichte/{}/\n\n"
    "Freundliche Grüße\nIhr KIV-Portal\n"
)


def to_mails(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("reports", "ReportNotice").objects.select_related("user", "report__municipality")
    Mail = apps.get_model("mails", "Mail")
    now = timezone.now()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]

    def mail_of(row: Any) -> Any:
        town = row.report.municipality.name
        return Mail(
            kind=KIND,
            to=row.user.email,
            person_id=row.user_id,
            about=f"reports.interimreport/{row.report_id}",
            once=f"report/{row.report_id}/{row.user_id}/{row.occasion}/{row.about}",
            subject=f"Zwischenbericht {town}",
            text="" if row.sent_at else WAITS.format(row.user.full_name, town, settings.BASE_URL, row.report_id),
            message_id=make_msgid(domain=domain),
            state="sent" if row.sent_at else "waiting",
            created_at=row.created_at,
            valid_until=now + timedelta(days=3),
            ended_at=row.sent_at,
        )

    Mail.objects.bulk_create(map(mail_of, notices.iterator(1_000)), batch_size=1_000, ignore_conflicts=True)


def from_mails(apps: Any, schema_editor: Any) -> None:
    mails = apps.get_model("mails", "Mail").objects.filter(kind=KIND).exclude(state="failed")
    Notice = apps.get_model("reports", "ReportNotice")

    def notice_of(mail: Any) -> Any:
        _, report, user, occasion, about = mail.once.split("/")
        return Notice(
            report_id=report,
            user_id=user,
            occasion=occasion,
            about=about,
            created_at=mail.created_at,
            sent_at=mail.ended_at,
        )

    Notice.objects.bulk_create(map(notice_of, mails.iterator(1_000)), batch_size=1_000, ignore_conflicts=True)
    mails.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0005_reminders'),
        ('mails', '0001_mails'),
    ]

    operations = [
        migrations.RunPython(to_mails, from_mails),
    ]
