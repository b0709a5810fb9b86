from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_mails_are_rows'),
    ]

    operations = [
        migrations.DeleteModel(
            name='ReportNotice',
        ),
    ]
