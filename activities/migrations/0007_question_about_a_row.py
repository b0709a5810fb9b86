from django.db import migrations, models


def questions_were_hints(apps, schema_editor):
    apps.get_model("activities", "ActivityImportRow").objects.filter(verdict="ask").update(verdict="hint")


class Migration(migrations.Migration):

    dependencies = [
        ("activities", "0006_photos_of_the_public"),
    ]

    operations = [
        migrations.AlterField(
            model_name="activityimportrow",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("ok", "in Ordnung"),
                    ("ask", "Frage"),
                    ("hint", "Hinweis"),
                    ("twice", "schon vorhanden"),
                    ("error", "Fehler"),
                ],
                max_length=5,
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, questions_were_hints),
    ]
