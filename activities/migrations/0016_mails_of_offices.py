"""What was sent to offices, or waits, as rows of e-mails. History begins to name them with the next step."""

from datetime import timedelta
from email.utils import make_msgid, parseaddr
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def write_mails(apps: Any, schema_editor: Any) -> None:
    Mail = apps.get_model("mails", "Mail")
    now = timezone.now()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    rows = apps.get_model("activities", "OfficeReminder").objects.filter(failed_at=None)
    for row in rows.select_related("concern__municipality", "sent_by").iterator():
        town = row.concern.municipality.name
        text = f"{row.text}\n\nVielen Dank und freundliche Grüße\n{row.sent_by.full_name}\nInklusion in {town}\n"
        mail = Mail.objects.create(
            kind="activities/concerns/email/office_reminder",
            to="" if row.sent_at else row.email,
            about=f"activities.concern/{row.concern_id}",
            sender=f"Inklusion in {town}",
            reply_to="" if row.sent_at else row.sent_by.email,
            subject=f"Anliegen in {town}: Bitte um eine Antwort",
            text="" if row.sent_at else text,
            message_id=make_msgid(domain=domain),
            state="sent" if row.sent_at else "waiting",
            created_at=row.created_at,
            valid_until=now + timedelta(days=3),
            ended_at=row.sent_at,
        )
        type(row).objects.filter(pk=row.pk).update(mail=mail)


def remember_when_sent(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("activities", "OfficeReminder").objects.filter(mail__state="sent")
    for row in rows.select_related("mail").iterator():
        type(row).objects.filter(pk=row.pk).update(sent_at=row.mail.ended_at)


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0015_removed_reporter_texts'),
        ('mails', '0001_mails'),
    ]

    operations = [
        migrations.AddField(
            model_name='officereminder',
            name='mail',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mails.mail'),
        ),
        migrations.AddField(
            model_name='officereminderevent',
            name='mail',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='mails.mail'),
        ),
        migrations.RunPython(write_mails, remember_when_sent),
    ]
