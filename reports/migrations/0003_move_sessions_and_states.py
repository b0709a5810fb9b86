"""Sessions become consultations; "released" becomes "delivered"; what is known of who took a step is written down."""

from django.db import migrations

FORWARD = [
    """
    INSERT INTO reports_consultation (report_id, committee, session_on, item_number, role, is_public)
    SELECT id, committee, session_on, '', 'decide', is_public FROM reports_interimreport
    """,
    """
    INSERT INTO reports_reportstep (report_id, state, taken_at, taken_by_id, note)
    SELECT DISTINCT ON (r.id) r.id, 'submitted', s.taken_at, s.taken_by_id, ''
    FROM reports_interimreport r JOIN reports_reportsnapshot s ON s.report_id = r.id
    WHERE r.state <> 'draft' ORDER BY r.id, s.number DESC
    """,
    """
    INSERT INTO reports_reportstep (report_id, state, taken_at, taken_by_id, note)
    SELECT r.id, step.state, r.released_at, r.released_by_id, ''
    FROM reports_interimreport r, (VALUES ('approved'), ('delivered')) AS step (state)
    WHERE r.state = 'released' ORDER BY r.id, step.state
    """,
    "UPDATE reports_interimreport SET state = 'delivered', delivered_at = released_at WHERE state = 'released'",
]
BACKWARD = [
    """
    UPDATE reports_interimreport r SET committee = c.committee, session_on = c.session_on, is_public = c.is_public
    FROM (SELECT DISTINCT ON (report_id) * FROM reports_consultation WHERE role = 'decide'
          ORDER BY report_id, id DESC) c WHERE c.report_id = r.id
    """,
    """
    UPDATE reports_interimreport r SET state = 'released', released_at = r.delivered_at, released_by_id = s.taken_by_id
    FROM reports_reportstep s WHERE s.report_id = r.id AND s.state = 'delivered'
    """,
    "UPDATE reports_interimreport SET state = 'submitted' WHERE state = 'approved'",
    "UPDATE reports_interimreport SET state = 'draft' WHERE state IN ('planned', 'returned')",
]


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_council_and_states'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
