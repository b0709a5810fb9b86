import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_move_sessions_and_states'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='interimreport',
            name='committee',
        ),
        migrations.RemoveField(
            model_name='interimreport',
            name='is_public',
        ),
        migrations.RemoveField(
            model_name='interimreport',
            name='released_at',
        ),
        migrations.RemoveField(
            model_name='interimreport',
            name='released_by',
        ),
        migrations.RemoveField(
            model_name='interimreport',
            name='session_on',
        ),
        migrations.RemoveField(
            model_name='interimreportevent',
            name='committee',
        ),
        migrations.RemoveField(
            model_name='interimreportevent',
            name='is_public',
        ),
        migrations.RemoveField(
            model_name='interimreportevent',
            name='released_at',
        ),
        migrations.RemoveField(
            model_name='interimreportevent',
            name='released_by',
        ),
        migrations.RemoveField(
            model_name='interimreportevent',
            name='session_on',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='no_jump', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))', func="\n                    IF NOT ((OLD.state = 'planned' AND NEW.state IN ('draft')) OR (OLD.state = 'draft' AND NEW.state IN ('submitted')) OR (OLD.state = 'submitted' AND NEW.state IN ('returned', 'approved')) OR (OLD.state = 'returned' AND NEW.state IN ('submitted')) OR (OLD.state = 'approved' AND NEW.state IN ('returned', 'delivered')) OR (OLD.state = 'delivered' AND NEW.state IN ('decided'))) THEN\n                        RAISE EXCEPTION 'a report does not go from % to %', OLD.state, NEW.state\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_no_jump';\n                    END IF;\n                    RETURN NEW;\n                ", hash='bde2f6223e9546fb1fda419cac32e345cff9e5c0', operation='UPDATE OF "state"', pgid='pgtrigger_no_jump_e5b77', table='reports_interimreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='begins_at_the_beginning', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" IN (\'planned\', \'draft\')))', func="\n                    RAISE EXCEPTION 'a report begins as planned or draft'\n                        USING ERRCODE = 'check_violation', CONSTRAINT = 'report_begins_at_the_beginning';\n                ", hash='d80c52c31290aa9ccb8aedbeb4a8ab5495a41fc3', operation='INSERT', pgid='pgtrigger_begins_at_the_beginning_46eda', table='reports_interimreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='delivered_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'delivered\', \'decided\'))', func="\n                    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - ARRAY['state', 'public_from', 'updated_at']\n                            <> to_jsonb(OLD) - ARRAY['state', 'public_from', 'updated_at'] THEN\n                        RAISE EXCEPTION 'a delivered report stays as it is'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_delivered_stays';\n                    END IF;\n                    RETURN NEW;\n                ", hash='c04e692ac5ab137c98af7df119d5eaa6f537d22f', operation='UPDATE OR DELETE', pgid='pgtrigger_delivered_stays_714b0', table='reports_interimreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='every_step_is_written_down', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))', constraint='CONSTRAINT', func="\n                    IF NEW.state = (SELECT r.state FROM reports_interimreport r WHERE r.id = NEW.id)\n                       AND NEW.state IS DISTINCT FROM (\n                            SELECT s.state FROM reports_reportstep s WHERE s.report_id = NEW.id\n                            ORDER BY s.id DESC LIMIT 1) THEN\n                        RAISE EXCEPTION 'nobody wrote down who took the step to %', NEW.state\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_every_step_is_written_down';\n                    END IF;\n                    RETURN NULL;\n                ", hash='927d3559935097025b0d6f581004f65fb90a59ef', operation='UPDATE OF "state"', pgid='pgtrigger_every_step_is_written_down_2a3de', table='reports_interimreport', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_interimreportevent" ("author", "created_at", "dated_on", "delivered_at", "due_on", "id", "municipality_id", "paper_number", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_from", "state", "submitted_at") VALUES (NEW."author", NEW."created_at", NEW."dated_on", NEW."delivered_at", NEW."due_on", NEW."id", NEW."municipality_id", NEW."paper_number", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_from", NEW."state", NEW."submitted_at"); RETURN NULL;', hash='e1847ca7d1576cafc2af88519dadb92cdaff6ea3', operation='INSERT', pgid='pgtrigger_insert_insert_1b128', table='reports_interimreport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."author" IS DISTINCT FROM (NEW."author") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."dated_on" IS DISTINCT FROM (NEW."dated_on") OR OLD."delivered_at" IS DISTINCT FROM (NEW."delivered_at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."municipality_id" IS DISTINCT FROM (NEW."municipality_id") OR OLD."paper_number" IS DISTINCT FROM (NEW."paper_number") OR OLD."period_end" IS DISTINCT FROM (NEW."period_end") OR OLD."period_start" IS DISTINCT FROM (NEW."period_start") OR OLD."public_from" IS DISTINCT FROM (NEW."public_from") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at"))', func='INSERT INTO "reports_interimreportevent" ("author", "created_at", "dated_on", "delivered_at", "due_on", "id", "municipality_id", "paper_number", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_from", "state", "submitted_at") VALUES (NEW."author", NEW."created_at", NEW."dated_on", NEW."delivered_at", NEW."due_on", NEW."id", NEW."municipality_id", NEW."paper_number", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_from", NEW."state", NEW."submitted_at"); RETURN NULL;', hash='21fa3d669c9cb13ebd79f6fc8ca47a9f77545ee4', operation='UPDATE', pgid='pgtrigger_update_update_fd350', table='reports_interimreport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_interimreportevent" ("author", "created_at", "dated_on", "delivered_at", "due_on", "id", "municipality_id", "paper_number", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_from", "state", "submitted_at") VALUES (OLD."author", OLD."created_at", OLD."dated_on", OLD."delivered_at", OLD."due_on", OLD."id", OLD."municipality_id", OLD."paper_number", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_from", OLD."state", OLD."submitted_at"); RETURN NULL;', hash='cb54918458cea2e95be66cbefb7fbc78ae907d7b', operation='DELETE', pgid='pgtrigger_delete_delete_33f98', table='reports_interimreport', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='interimreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('planned', 'draft', 'returned')), ('submitted_at__isnull', True)), models.Q(('state__in', ('submitted', 'approved', 'delivered', 'decided')), ('submitted_at__isnull', False)), _connector='OR'), name='report_submitted_with_date'),
        ),
        migrations.AddConstraint(
            model_name='interimreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', False), ('state__in', ('delivered', 'decided'))), models.Q(models.Q(('state__in', ('delivered', 'decided')), _negated=True), ('delivered_at__isnull', True)), _connector='OR'), name='report_delivered_with_date'),
        ),
        migrations.AddConstraint(
            model_name='interimreport',
            constraint=models.CheckConstraint(condition=models.Q(('public_from__isnull', True), ('state__in', ('delivered', 'decided')), _connector='OR'), name='report_public_only_at_council'),
        ),
    ]
