import datetime
import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from kiv_portal.trigger_migration import install_triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('municipalities', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mediator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mediator', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('qualified_on', models.DateField(blank=True, null=True, verbose_name='Basisqualifizierung abgeschlossen am')),
                ('is_in_working_group', models.BooleanField(default=True, verbose_name='Mitglied im Arbeitskreis Inklusion')),
            ],
            options={
                'verbose_name': 'Inklusionsvermittlerin oder Inklusionsvermittler',
                'verbose_name_plural': 'Inklusionsvermittlerinnen und Inklusionsvermittler',
                'ordering': ('user__full_name',),
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "mediators_mediatorevent" ("id", "is_in_working_group", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualified_on", "user_id") VALUES (NEW."id", NEW."is_in_working_group", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."qualified_on", NEW."user_id"); RETURN NULL;', hash='d330c5ef0f05028de3a6bda8a167b7ebb80da16d', operation='INSERT', pgid='pgtrigger_insert_insert_eaa30', table='mediators_mediator', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "mediators_mediatorevent" ("id", "is_in_working_group", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualified_on", "user_id") VALUES (NEW."id", NEW."is_in_working_group", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."qualified_on", NEW."user_id"); RETURN NULL;', hash='6e1e47ec9d7ca63d7d253e141b1565cab83ed05f', operation='UPDATE', pgid='pgtrigger_update_update_44365', table='mediators_mediator', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "mediators_mediatorevent" ("id", "is_in_working_group", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualified_on", "user_id") VALUES (OLD."id", OLD."is_in_working_group", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."qualified_on", OLD."user_id"); RETURN NULL;', hash='e7ad92247058b6dc77f355df321ec12893a217e7', operation='DELETE', pgid='pgtrigger_delete_delete_04c73', table='mediators_mediator', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('mediator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='mediators.mediator', verbose_name='Person')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='municipalities.municipality', verbose_name='Kommune')),
                ('form', models.CharField(choices=[('volunteer', 'ehrenamtlich'), ('minijob', 'geringfügig beschäftigt'), ('administration', 'innerhalb einer Stelle im Rathaus')], default='volunteer', max_length=16, verbose_name='Form')),
            ],
            options={
                'verbose_name': 'Bestellung',
                'verbose_name_plural': 'Bestellungen',
                'ordering': ('starts_on', 'pk'),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "mediators_appointmentevent" ("ends_on", "form", "id", "mediator_id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."ends_on", NEW."form", NEW."id", NEW."mediator_id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='5f8525630251b940496a04e022bb6cb4ab274564', operation='INSERT', pgid='pgtrigger_insert_insert_752f8', table='mediators_appointment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "mediators_appointmentevent" ("ends_on", "form", "id", "mediator_id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."ends_on", NEW."form", NEW."id", NEW."mediator_id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='2eada831a24c8b66ac6700ff3555e7b8887e0d66', operation='UPDATE', pgid='pgtrigger_update_update_9c2b0', table='mediators_appointment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "mediators_appointmentevent" ("ends_on", "form", "id", "mediator_id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (OLD."ends_on", OLD."form", OLD."id", OLD."mediator_id", OLD."municipality_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on"); RETURN NULL;', hash='803dff040ef4119339281b400b73dfd4022da008', operation='DELETE', pgid='pgtrigger_delete_delete_efc70', table='mediators_appointment', when='AFTER'))],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='appointment_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('mediator'), models.F('mediator'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('municipality'), models.F('municipality'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')], name='appointment_no_overlap', violation_error_message='Diese Person ist in dieser Zeit schon für diese Kommune bestellt.')],
            },
        ),
        migrations.CreateModel(
            name='Assistance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(verbose_name='Ende')),
                ('mediator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistances', to='mediators.mediator', verbose_name='Person')),
                ('helper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistances', to=settings.AUTH_USER_MODEL, verbose_name='Assistenz')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='widerrufen')),
            ],
            options={
                'verbose_name': 'Assistenz',
                'verbose_name_plural': 'Assistenzen',
                'ordering': ('-starts_on', '-pk'),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "mediators_assistanceevent" ("ends_on", "helper_id", "id", "mediator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "starts_on") VALUES (NEW."ends_on", NEW."helper_id", NEW."id", NEW."mediator_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."starts_on"); RETURN NULL;', hash='557b3fadf0333638847ee49e3890f854267a447b', operation='INSERT', pgid='pgtrigger_insert_insert_1a5d3', table='mediators_assistance', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "mediators_assistanceevent" ("ends_on", "helper_id", "id", "mediator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "starts_on") VALUES (NEW."ends_on", NEW."helper_id", NEW."id", NEW."mediator_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."starts_on"); RETURN NULL;', hash='6817c80d1c64a80a94463e6157818a3a9a3af6b3', operation='UPDATE', pgid='pgtrigger_update_update_d0213', table='mediators_assistance', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "mediators_assistanceevent" ("ends_on", "helper_id", "id", "mediator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "starts_on") VALUES (OLD."ends_on", OLD."helper_id", OLD."id", OLD."mediator_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."starts_on"); RETURN NULL;', hash='78bbb8569835dc7c1b5f3d46d412f9854d45d933', operation='DELETE', pgid='pgtrigger_delete_delete_cfcf1', table='mediators_assistance', when='AFTER'))],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='assistance_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), models.CheckConstraint(condition=models.Q(('ends_on__lte', django.db.models.expressions.CombinedExpression(models.F('starts_on'), '+', models.Value(datetime.timedelta(days=366))))), name='assistance_at_most_a_year', violation_error_message='Assistenz gilt höchstens ein Jahr. Danach können Sie sie neu erlauben.')],
            },
        ),
        migrations.CreateModel(
            name='AssistanceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='mediators.assistance')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(verbose_name='Ende')),
                ('mediator', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='mediators.mediator', verbose_name='Person')),
                ('helper', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Assistenz')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='widerrufen')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4a19a343e06242e438623aa124517093b6452e32', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c9ea5', table='mediators_assistanceevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='AppointmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='mediators.appointment')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('mediator', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='mediators.mediator', verbose_name='Person')),
                ('municipality', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.municipality', verbose_name='Kommune')),
                ('form', models.CharField(choices=[('volunteer', 'ehrenamtlich'), ('minijob', 'geringfügig beschäftigt'), ('administration', 'innerhalb einer Stelle im Rathaus')], default='volunteer', max_length=16, verbose_name='Form')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='96868dd97ffa0d1fd42659480344bd5273380867', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_93dc6', table='mediators_appointmentevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='MediatorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='mediators.mediator')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('qualified_on', models.DateField(blank=True, null=True, verbose_name='Basisqualifizierung abgeschlossen am')),
                ('is_in_working_group', models.BooleanField(default=True, verbose_name='Mitglied im Arbeitskreis Inklusion')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ecb1c3afa9e9b1e2b98b080356c004f8fe8de9d4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_96a8f', table='mediators_mediatorevent', when='BEFORE'))],
            },
        ),
        install_triggers('mediators'),
    ]
