"""Which edition a council has, and no words of a resolution where nothing was resolved."""

from django.db import migrations

OPEN = "('adjourned', 'referred', 'off_agenda', 'withdrawn')"

FORWARDS = f"""
    UPDATE reports_interimreport r SET delivered_number = COALESCE(
        (SELECT max(s.number) FROM reports_reportsnapshot s WHERE s.report_id = r.id), 0)
    WHERE r.state IN ('delivered', 'decided');

    -- The form offered the proposal as the words of every result: what equals it, nobody has said.
    UPDATE reports_councildecision d SET
        reason = left(concat_ws(E'\\n\\n', NULLIF(CASE WHEN btrim(d.text, E' \\r\\n') = COALESCE(
            (SELECT btrim(s.text, E' \\r\\n') FROM reports_reportsection s
             WHERE s.report_id = d.report_id AND s.key = 'proposal'), '') THEN '' ELSE d.text END, ''),
            NULLIF(d.conditions, '')), 2000),
        text = '', conditions = '', next_report_due = NULL
    WHERE d.kind IN {OPEN} AND (d.text <> '' OR d.conditions <> '' OR d.next_report_due IS NOT NULL);

    -- A decision of a day that is no session's belongs to none; its report keeps it.
    UPDATE reports_consultation c SET session_on = d.decided_on FROM reports_councildecision d
    WHERE d.consultation_id = c.id AND c.session_on IS NULL AND c.deleted_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM reports_councildecision o WHERE o.consultation_id = c.id AND o.id < d.id);
    UPDATE reports_councildecision d SET consultation_id = NULL FROM reports_consultation c
    WHERE c.id = d.consultation_id AND (c.report_id <> d.report_id OR c.deleted_at IS NOT NULL
        OR c.session_on IS DISTINCT FROM d.decided_on);
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""  # noqa: S608  names of ours, nothing that anybody typed
BACKWARDS = f"""
    UPDATE reports_councildecision SET text = reason WHERE kind IN {OPEN};
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_corrections")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
