from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """Rate limits are kept here, so that a dead Redis never stops a sign-in."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_user")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
    ]
