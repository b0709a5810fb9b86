"""A photo may come with a report of somebody without an account, and may wait for its description.

Back: a photo of nobody has no place then, so its row goes; its files go with the sweep. The history keeps its rows.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NOT_DESCRIBED = "Bitte beschreiben Sie das Foto, oder sagen Sie, dass es nur schmückt."


def remove_photos_of_the_public(apps, schema_editor):
    apps.get_model("activities", "ConcernPhoto").objects.filter(added_by=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("activities", "0005_follow_ups_in_closed_periods"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="concernphoto",
            name="concernphoto_described_or_decorative",
        ),
        migrations.AlterField(
            model_name="concernphoto",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Empty: it came with the report of somebody without an account.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        # The table of history takes no UPDATE, so on the way back its column stays as it is.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE activities_concernphotoevent ALTER COLUMN added_by_id DROP NOT NULL",
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="concernphotoevent",
                    name="added_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        help_text="Empty: it came with the report of somebody without an account.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="concernphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alt_text", ""), ("is_decorative", True)
                )
                | models.Q(("is_decorative", False)) & ~models.Q(("alt_text", ""))
                | models.Q(("added_by__isnull", True), ("alt_text", ""), ("is_decorative", False)),
                name="concernphoto_described_or_decorative",
                violation_error_message=NOT_DESCRIBED,
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, remove_photos_of_the_public),
    ]
