"""A county's report was final when it was made; those stay so."""

from django.db import migrations

FORWARDS = "UPDATE reports_countyreport SET released_at = taken_at, released_by_id = taken_by_id"


class Migration(migrations.Migration):
    dependencies = [("reports", "0013_drafts_and_review")]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
