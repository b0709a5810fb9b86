import django.db.models.deletion
import django.utils.timezone
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
            name='PortalBarrier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(blank=True, max_length=300, verbose_name='Auf welcher Seite?')),
                ('description', models.TextField(max_length=5000, verbose_name='Was klappt nicht?')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='Ihre E-Mail-Adresse')),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'Barriere im Portal',
                'verbose_name_plural': 'Barrieren im Portal',
                'ordering': ('-reported_at',),
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "home_portalbarrierevent" ("contact", "description", "id", "page", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reported_at") VALUES (NEW."contact", NEW."description", NEW."id", NEW."page", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reported_at"); RETURN NULL;', hash='d88eaaa295aaaea4692d343e38f9b99ddbde2767', operation='INSERT', pgid='pgtrigger_insert_insert_abd1a', table='home_portalbarrier', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "home_portalbarrierevent" ("contact", "description", "id", "page", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reported_at") VALUES (NEW."contact", NEW."description", NEW."id", NEW."page", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reported_at"); RETURN NULL;', hash='5e1a5c3e6a4ea79e8174d8b7e3d815f131cd040f', operation='UPDATE', pgid='pgtrigger_update_update_09af1', table='home_portalbarrier', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "home_portalbarrierevent" ("contact", "description", "id", "page", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reported_at") VALUES (OLD."contact", OLD."description", OLD."id", OLD."page", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reported_at"); RETURN NULL;', hash='20f0158d3b4861ecbbe199cadf861168d706a041', operation='DELETE', pgid='pgtrigger_delete_delete_8fbba', table='home_portalbarrier', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'Kalenderadresse',
                'verbose_name_plural': 'Kalenderadressen',
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "home_calendarfeedevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id", "version") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."user_id", NEW."version"); RETURN NULL;', hash='91457fc4f4972b13cb2e1b63611f7f3999577d4e', operation='INSERT', pgid='pgtrigger_insert_insert_ed712', table='home_calendarfeed', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "home_calendarfeedevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id", "version") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."user_id", NEW."version"); RETURN NULL;', hash='068c85da4e84d04fc30987bc075c0170ecdbba17', operation='UPDATE', pgid='pgtrigger_update_update_92e79', table='home_calendarfeed', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "home_calendarfeedevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id", "version") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."user_id", OLD."version"); RETURN NULL;', hash='767ab4c33d4947e2682964ac3ff5c0b689377dca', operation='DELETE', pgid='pgtrigger_delete_delete_57c96', table='home_calendarfeed', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeedEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='home.calendarfeed')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='36b9caa159931d5d6a3cc1d792fb557f427727f4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d2fdc', table='home_calendarfeedevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PortalBarrierEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='home.portalbarrier')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('page', models.CharField(blank=True, max_length=300, verbose_name='Auf welcher Seite?')),
                ('description', models.TextField(max_length=5000, verbose_name='Was klappt nicht?')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='Ihre E-Mail-Adresse')),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bbcb00fa09cd90cd5f124e8983621a8905c06d37', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_114ce', table='home_portalbarrierevent', when='BEFORE'))],
            },
        ),
        install_triggers('home'),
    ]
