from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0003_mails_are_rows'),
    ]

    operations = [
        migrations.DeleteModel(
            name='Reminder',
        ),
    ]
