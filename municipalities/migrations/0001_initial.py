import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from kiv_portal.trigger_migration import install_triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='County',
            fields=[
                ('key', models.CharField(max_length=5, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^\\d{5}$', 'Fünf Ziffern.')], verbose_name='Kreisschlüssel')),
                ('name', models.CharField(max_length=100, verbose_name='Name')),
                ('administration', models.CharField(max_length=100, verbose_name='Behörde')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='Einwohner')),
                ('population_on', models.DateField(blank=True, null=True, verbose_name='Stand der Einwohnerzahl')),
            ],
            options={
                'verbose_name': 'Landkreis',
                'verbose_name_plural': 'Landkreise',
                'ordering': ('name',),
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^\\d{5}$')), name='county_key_five_digits')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_countyevent" ("administration", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "population_on") VALUES (NEW."administration", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."key", NEW."population", NEW."population_on"); RETURN NULL;', hash='c26bf837276137e969e39391e2cef7507d3c4c40', operation='INSERT', pgid='pgtrigger_insert_insert_56caf', table='municipalities_county', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_countyevent" ("administration", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "population_on") VALUES (NEW."administration", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."key", NEW."population", NEW."population_on"); RETURN NULL;', hash='d71ca69de8bad41be7341984da63d5d5480eabaf', operation='UPDATE', pgid='pgtrigger_update_update_910ad', table='municipalities_county', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_countyevent" ("administration", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "population_on") VALUES (OLD."administration", OLD."key", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."key", OLD."population", OLD."population_on"); RETURN NULL;', hash='07529f595f2a09643210cdcf8692e6e29cd9924f', operation='DELETE', pgid='pgtrigger_delete_delete_88c3f', table='municipalities_county', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ActivityKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='kinds', to='municipalities.county')),
                ('code', models.SlugField(db_index=False, max_length=24)),
                ('name', models.CharField(max_length=60)),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': 'Art',
                'verbose_name_plural': 'Arten',
                'ordering': ('county_id', 'position'),
                'triggers': [pgtrigger.compiler.Trigger(name='code_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."code" IS DISTINCT FROM (NEW."code"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5145b7ba41e95e11f1c2b2813a1a6ee785c1d8c5', operation='UPDATE', pgid='pgtrigger_code_stays_704a5', table='municipalities_activitykind', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_activitykindevent" ("code", "county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."county_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;', hash='ff173a13fe5b48227baebb739f780cd862869135', operation='INSERT', pgid='pgtrigger_insert_insert_bcc94', table='municipalities_activitykind', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_activitykindevent" ("code", "county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."county_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;', hash='2aa8f45f92c802532510449d5e7f28bdf2df8379', operation='UPDATE', pgid='pgtrigger_update_update_bda61', table='municipalities_activitykind', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_activitykindevent" ("code", "county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."code", OLD."county_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;', hash='b52dd63e8fb375b48dc8bdd246b81f874c45d791', operation='DELETE', pgid='pgtrigger_delete_delete_66c21', table='municipalities_activitykind', when='AFTER'))],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='kind_code_once_a_county'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('county', 'name'), name='kind_name_once_a_county'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('county', 'position'), name='kind_position_once_a_county')],
            },
        ),
        migrations.CreateModel(
            name='ActivityKindEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.activitykind')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('county', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.county')),
                ('code', models.SlugField(db_index=False, max_length=24)),
                ('name', models.CharField(max_length=60)),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='33e1a9b2538cc51c8c6dd245f2e7c482337a57cc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fc341', table='municipalities_activitykindevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CountyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.county')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('key', models.CharField(max_length=5, serialize=False, validators=[django.core.validators.RegexValidator('^\\d{5}$', 'Fünf Ziffern.')], verbose_name='Kreisschlüssel')),
                ('name', models.CharField(max_length=100, verbose_name='Name')),
                ('administration', models.CharField(max_length=100, verbose_name='Behörde')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='Einwohner')),
                ('population_on', models.DateField(blank=True, null=True, verbose_name='Stand der Einwohnerzahl')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='790332e8bbecd04a79fd9f0627346bad69f23eb2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d57f', table='municipalities_countyevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CountyStaff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='county_roles', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='municipalities.county', verbose_name='Landkreis')),
            ],
            options={
                'verbose_name': 'Koordination',
                'verbose_name_plural': 'Koordination',
                'ordering': ('user__full_name',),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_countystaffevent" ("county_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (NEW."county_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='6411bc426f0b4798243d14ed7164d3037894ff34', operation='INSERT', pgid='pgtrigger_insert_insert_7e333', table='municipalities_countystaff', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_countystaffevent" ("county_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (NEW."county_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='9407a0cd3e7e8856cac995dac9d6495d8f71f50c', operation='UPDATE', pgid='pgtrigger_update_update_cf006', table='municipalities_countystaff', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_countystaffevent" ("county_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (OLD."county_id", OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."user_id"); RETURN NULL;', hash='a265fb6ae153f3cdaab363632424aa89134ba05d', operation='DELETE', pgid='pgtrigger_delete_delete_1aad5', table='municipalities_countystaff', when='AFTER'))],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='countystaff_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('user'), models.F('user'), models.Value('[]'), function='int8range'), '&&'), (models.Func(django.db.models.functions.comparison.Cast(models.F('county'), models.BigIntegerField()), django.db.models.functions.comparison.Cast(models.F('county'), models.BigIntegerField()), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')], name='staff_no_overlap', violation_error_message='Diese Person gehört in dieser Zeit schon zur Koordination.')],
            },
        ),
        migrations.CreateModel(
            name='CountyStaffEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.countystaff')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('county', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.county', verbose_name='Landkreis')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9eafc7420ebf5f08d6624c01aea950e7c96f319b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d8ef6', table='municipalities_countystaffevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='FieldOfAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='fields', to='municipalities.county')),
                ('code', models.SlugField(db_index=False, max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('short', models.CharField(max_length=2)),
                ('articles', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, help_text='Articles of the UN-BRK', size=None)),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': 'Handlungsfeld',
                'verbose_name_plural': 'Handlungsfelder',
                'ordering': ('county_id', 'position'),
                'triggers': [pgtrigger.compiler.Trigger(name='code_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."code" IS DISTINCT FROM (NEW."code"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='81a841a6591d4b00dc204fb0bd4caf46d22101e4', operation='UPDATE', pgid='pgtrigger_code_stays_1436a', table='municipalities_fieldofaction', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_fieldofactionevent" ("articles", "code", "county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "short") VALUES (NEW."articles", NEW."code", NEW."county_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."short"); RETURN NULL;', hash='b3cf4f24aa4782b17968be8d722ce5d2fd97e730', operation='INSERT', pgid='pgtrigger_insert_insert_5674c', table='municipalities_fieldofaction', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_fieldofactionevent" ("articles", "code", "county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "short") VALUES (NEW."articles", NEW."code", NEW."county_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."short"); RETURN NULL;', hash='7b7b8a35e81596abefbf082ea3ee0a1fe4cfd5d5', operation='UPDATE', pgid='pgtrigger_update_update_f6b81', table='municipalities_fieldofaction', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_fieldofactionevent" ("articles", "code", "county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "short") VALUES (OLD."articles", OLD."code", OLD."county_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."short"); RETURN NULL;', hash='65f24ac66ce3b8a5235fe91f2d4b94374d24b986', operation='DELETE', pgid='pgtrigger_delete_delete_f0ae1', table='municipalities_fieldofaction', when='AFTER'))],
                'constraints': [models.UniqueConstraint(fields=('county', 'code'), name='field_code_once_a_county'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('county', 'name'), name='field_name_once_a_county'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('county', 'short'), name='field_short_once_a_county'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('county', 'position'), name='field_position_once_a_county')],
            },
        ),
        migrations.CreateModel(
            name='FieldOfActionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.fieldofaction')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('county', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.county')),
                ('code', models.SlugField(db_index=False, max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('short', models.CharField(max_length=2)),
                ('articles', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, help_text='Articles of the UN-BRK', size=None)),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f68f9def46a7c380b82682310e2ea7e10fee450d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3eaa3', table='municipalities_fieldofactionevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ags', models.CharField(max_length=8, unique=True, validators=[django.core.validators.RegexValidator('^\\d{8}$', 'Der Gemeindeschlüssel hat acht Ziffern.')], verbose_name='Amtlicher Gemeindeschlüssel')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='municipalities', to='municipalities.county', verbose_name='Landkreis')),
                ('name', models.CharField(max_length=100, verbose_name='Name')),
                ('slug', models.SlugField(unique=True, verbose_name='Adresse')),
                ('kind', models.CharField(choices=[('large_town', 'Große Kreisstadt'), ('town', 'Stadt'), ('village', 'Gemeinde')], max_length=12, verbose_name='Art')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='Einwohner')),
                ('population_on', models.DateField(blank=True, null=True, verbose_name='Stand der Einwohnerzahl')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='Breite')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='Länge')),
                ('council_seats', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Sitze im Gemeinderat')),
            ],
            options={
                'verbose_name': 'Kommune',
                'verbose_name_plural': 'Kommunen',
                'ordering': ('name',),
                'triggers': [pgtrigger.compiler.Trigger(name='county_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."county_id" IS DISTINCT FROM (NEW."county_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='89c1a759803c4e7a604a2cf46c140f6b94a38ff3', operation='UPDATE', pgid='pgtrigger_county_stays_b1fe6', table='municipalities_municipality', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_municipalityevent" ("ags", "council_seats", "county_id", "id", "kind", "latitude", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "population_on", "slug") VALUES (NEW."ags", NEW."council_seats", NEW."county_id", NEW."id", NEW."kind", NEW."latitude", NEW."longitude", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."population", NEW."population_on", NEW."slug"); RETURN NULL;', hash='611457adfcc5b373c5046153584e20aee5d971ff', operation='INSERT', pgid='pgtrigger_insert_insert_fcc6e', table='municipalities_municipality', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_municipalityevent" ("ags", "council_seats", "county_id", "id", "kind", "latitude", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "population_on", "slug") VALUES (NEW."ags", NEW."council_seats", NEW."county_id", NEW."id", NEW."kind", NEW."latitude", NEW."longitude", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."population_on", NEW."slug"); RETURN NULL;', hash='e302752e8550348aa89e0821c0743b4a0829d4b7', operation='UPDATE', pgid='pgtrigger_update_update_87f58', table='municipalities_municipality', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_municipalityevent" ("ags", "council_seats", "county_id", "id", "kind", "latitude", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "population_on", "slug") VALUES (OLD."ags", OLD."council_seats", OLD."county_id", OLD."id", OLD."kind", OLD."latitude", OLD."longitude", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."population", OLD."population_on", OLD."slug"); RETURN NULL;', hash='08cb808773d97f8ed99164cc3641d4860b6dd46c', operation='DELETE', pgid='pgtrigger_delete_delete_13b11', table='municipalities_municipality', when='AFTER'))],
                'constraints': [models.CheckConstraint(condition=models.Q(('ags__regex', '^\\d{8}$')), name='municipality_ags_eight_digits', violation_error_message='Der Gemeindeschlüssel hat acht Ziffern.'), models.CheckConstraint(condition=models.Q(('ags__startswith', models.F('county'))), name='municipality_ags_of_its_county', violation_error_message='Der Gemeindeschlüssel gehört nicht zu diesem Landkreis.')],
            },
        ),
        migrations.CreateModel(
            name='CooperationAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='municipalities.municipality', verbose_name='Kommune')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Unterschrieben am')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='Aktenzeichen')),
                ('report_interval_months', models.PositiveSmallIntegerField(default=12, help_text='Der erste Bericht behandelt so viele Monate.', verbose_name='Zwischenbericht nach Monaten')),
            ],
            options={
                'verbose_name': 'Kooperationsvereinbarung',
                'verbose_name_plural': 'Kooperationsvereinbarungen',
                'ordering': ('-starts_on',),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_cooperationagreementevent" ("ends_on", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "report_interval_months", "signed_on", "starts_on") VALUES (NEW."ends_on", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."report_interval_months", NEW."signed_on", NEW."starts_on"); RETURN NULL;', hash='1e5dd682fb162760c579dc9c551495c00e2a9c66', operation='INSERT', pgid='pgtrigger_insert_insert_3fd3c', table='municipalities_cooperationagreement', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_cooperationagreementevent" ("ends_on", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "report_interval_months", "signed_on", "starts_on") VALUES (NEW."ends_on", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."report_interval_months", NEW."signed_on", NEW."starts_on"); RETURN NULL;', hash='85d4628b5a24e9f7db53c75b6d85541c3fc9e6ac', operation='UPDATE', pgid='pgtrigger_update_update_49abc', table='municipalities_cooperationagreement', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_cooperationagreementevent" ("ends_on", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "report_interval_months", "signed_on", "starts_on") VALUES (OLD."ends_on", OLD."id", OLD."municipality_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."report_interval_months", OLD."signed_on", OLD."starts_on"); RETURN NULL;', hash='eb4553d1fd05eeff246b397382a3aac316b62739', operation='DELETE', pgid='pgtrigger_delete_delete_a2002', table='municipalities_cooperationagreement', when='AFTER'))],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='cooperationagreement_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('municipality'), models.F('municipality'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')], name='agreement_no_overlap', violation_error_message='Für diese Zeit gibt es schon eine Kooperationsvereinbarung.'), models.CheckConstraint(condition=models.Q(('report_interval_months__range', (1, 60))), name='agreement_interval_sensible', violation_error_message='Bitte geben Sie 1 bis 60 Monate an.')],
            },
        ),
        migrations.CreateModel(
            name='Councillor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='council_roles', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='councillors', to='municipalities.municipality', verbose_name='Kommune')),
            ],
            options={
                'verbose_name': 'Mitglied des Gemeinderats',
                'verbose_name_plural': 'Mitglieder des Gemeinderats',
                'ordering': ('user__full_name',),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_councillorevent" ("ends_on", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='e61d3d77976901f09631c7b261c273061bb45ce6', operation='INSERT', pgid='pgtrigger_insert_insert_9d879', table='municipalities_councillor', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_councillorevent" ("ends_on", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='a773f988ca392dc25966176629218b6e3a242c27', operation='UPDATE', pgid='pgtrigger_update_update_a9395', table='municipalities_councillor', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_councillorevent" ("ends_on", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (OLD."ends_on", OLD."id", OLD."municipality_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."user_id"); RETURN NULL;', hash='eba496d268289a2cf93ddac2d8f586266fd89a94', operation='DELETE', pgid='pgtrigger_delete_delete_06f72', table='municipalities_councillor', when='AFTER'))],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='councillor_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('user'), models.F('user'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('municipality'), models.F('municipality'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')], name='councillor_no_overlap', violation_error_message='Diese Person ist in dieser Zeit schon im Gemeinderat eingetragen.')],
            },
        ),
        migrations.CreateModel(
            name='CouncillorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.councillor')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('municipality', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.municipality', verbose_name='Kommune')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4c1bd2419f2b97c92728b918e63a14b3bd071e2f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_21900', table='municipalities_councillorevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CooperationAgreementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.cooperationagreement')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('municipality', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.municipality', verbose_name='Kommune')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Unterschrieben am')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='Aktenzeichen')),
                ('report_interval_months', models.PositiveSmallIntegerField(default=12, help_text='Der erste Bericht behandelt so viele Monate.', verbose_name='Zwischenbericht nach Monaten')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e120ce1223c91799ad90563ec83fac83dc0eca15', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6db03', table='municipalities_cooperationagreementevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='MunicipalityContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_roles', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='municipalities.municipality', verbose_name='Kommune')),
                ('function', models.CharField(blank=True, max_length=100, verbose_name='Aufgabe im Rathaus')),
            ],
            options={
                'verbose_name': 'Ansprechperson',
                'verbose_name_plural': 'Ansprechpersonen',
                'ordering': ('user__full_name',),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_municipalitycontactevent" ("ends_on", "function", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."function", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='d196c5e9b552cf9f64fa7badb4d952a1a8327beb', operation='INSERT', pgid='pgtrigger_insert_insert_a3d85', table='municipalities_municipalitycontact', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_municipalitycontactevent" ("ends_on", "function", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."function", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='df8002f1f72e13c67644c594d3657e1beed6124c', operation='UPDATE', pgid='pgtrigger_update_update_adfc6', table='municipalities_municipalitycontact', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_municipalitycontactevent" ("ends_on", "function", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "user_id") VALUES (OLD."ends_on", OLD."function", OLD."id", OLD."municipality_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."user_id"); RETURN NULL;', hash='95d9dc09425ac132d0e759ae065357e191dc0a20', operation='DELETE', pgid='pgtrigger_delete_delete_d81eb', table='municipalities_municipalitycontact', when='AFTER'))],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='municipalitycontact_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('user'), models.F('user'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('municipality'), models.F('municipality'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')], name='contact_no_overlap', violation_error_message='Diese Person ist in dieser Zeit schon Ansprechperson.')],
            },
        ),
        migrations.CreateModel(
            name='MunicipalityContactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.municipalitycontact')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('municipality', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.municipality', verbose_name='Kommune')),
                ('function', models.CharField(blank=True, max_length=100, verbose_name='Aufgabe im Rathaus')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3529e21973fd9748fa1fe2060a50d60114f1885f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_96438', table='municipalities_municipalitycontactevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='MunicipalityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='municipalities.municipality')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('ags', models.CharField(max_length=8, validators=[django.core.validators.RegexValidator('^\\d{8}$', 'Der Gemeindeschlüssel hat acht Ziffern.')], verbose_name='Amtlicher Gemeindeschlüssel')),
                ('county', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.county', verbose_name='Landkreis')),
                ('name', models.CharField(max_length=100, verbose_name='Name')),
                ('slug', models.SlugField(db_index=False, verbose_name='Adresse')),
                ('kind', models.CharField(choices=[('large_town', 'Große Kreisstadt'), ('town', 'Stadt'), ('village', 'Gemeinde')], max_length=12, verbose_name='Art')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='Einwohner')),
                ('population_on', models.DateField(blank=True, null=True, verbose_name='Stand der Einwohnerzahl')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='Breite')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='Länge')),
                ('council_seats', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Sitze im Gemeinderat')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='320e2f2adf8d13617285a09c9a51ec71ade6cd91', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d7e04', table='municipalities_municipalityevent', when='BEFORE'))],
            },
        ),
        install_triggers('municipalities'),
    ]
