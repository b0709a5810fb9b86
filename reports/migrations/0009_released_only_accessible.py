import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0008_longer_texts'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='interimreport',
            trigger=pgtrigger.compiler.Trigger(name='released_only_accessible', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IN (\'approved\', \'delivered\'))', func="\n                    IF EXISTS (SELECT 1 FROM reports_reportedition e\n                               WHERE e.state = 'done' AND e.verdict ->> 'is_accessible' IS DISTINCT FROM 'true'\n                                 AND e.snapshot_id = (SELECT s.id FROM reports_reportsnapshot s\n                                                      WHERE s.report_id = NEW.id ORDER BY s.number DESC LIMIT 1)) THEN\n                        RAISE EXCEPTION 'an edition of this report failed its check'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_released_only_accessible';\n                    END IF;\n                    RETURN NEW;\n                ", hash='f82064ce83a76e69b53ff389d4fafa8fe4359524', operation='UPDATE OF "state"', pgid='pgtrigger_released_only_accessible_a75e3', table='reports_interimreport', when='BEFORE')),
        ),
    ]
