"""Nothing changes without a trace: every model has a history that PostgreSQL itself writes, or a reason here."""

import pghistory.models
import pghistory.utils
import pytest
from django.apps import apps
from django.db import connection, models
from django.utils.module_loading import import_string

WITHOUT_HISTORY = {
    # ours
    "reports.ReportSnapshot": "written once; a trigger refuses UPDATE and DELETE, so it is its own history",
    "reports.ReportStep": "written once; a trigger refuses UPDATE: it is the history that people read",
    "accounts.AccountStep": "written once; a trigger refuses UPDATE: it is the history that people read",
    "reports.DecisionCorrection": "written once; a trigger refuses UPDATE and DELETE: people read it as history",
    "accounts.EmailChange": "a question to two mailboxes with all its moments; the address has a history",
    "mails.Mail": "says itself when it was written and what became of it; its text goes once it has left",
    "reports.DraftPreview": "a draft as a file for a day; what it shows has a history",
    "activities.ActivityImportAnswer": "says itself who answered and when; goes with its table after 30 days",
    "activities.ActivityImportRow": "what a check found in an imported file; made anew by every check",
    "activities.TrashFile": "copies of files on their way back or out; its item has a history",
    "activities.SearchWord": "words of texts that have a history; made anew from them at any time",
    # what other people's packages keep
    "auth.Group": "not used: business roles are rows with dates",
    "auth.Permission": "not used: permissions are predicates in rules.py",
    "contenttypes.ContentType": "names of models, written by migrations",
    "sessions.Session": "ends with the sign-out; nothing of the programme in it",
    "account.EmailAddress": "mirror of the account's e-mail address, which has a history",
    "account.EmailConfirmation": "short-lived key of a confirmation",
    "socialaccount.SocialApp": "not used: the county's sign-in is configured by the environment",
    "socialaccount.SocialAccount": "link to the county's sign-in; made anew at every sign-in",
    "socialaccount.SocialToken": "secrets do not belong into a history",
    "mfa.Authenticator": "secrets do not belong into a history; every change is told by e-mail",
    "usersessions.UserSession": "ends with the sign-out; nothing of the programme in it",
    "pghistory.Context": "part of the history",
    "pghistory.Events": "a view over the history",
}


def is_history(model: type[models.Model]) -> bool:
    return issubclass(model, pghistory.models.Event)


def tracked() -> dict[type[models.Model], type[models.Model]]:
    """{model: its table of events}"""
    return {model.pgh_tracked_model: model for model in apps.get_models() if is_history(model)}


def test_every_model_has_a_history_or_a_reason() -> None:
    stored = {m._meta.label for m in apps.get_models() if not m._meta.proxy and not is_history(m)}
    with_history = {model._meta.label for model in tracked()}
    assert stored - with_history == set(WITHOUT_HISTORY)
    assert all(reason.strip() for reason in WITHOUT_HISTORY.values())


@pytest.mark.django_db
def test_database_writes_the_history_of_insert_update_and_delete() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, t.tgtype::int & 28, pg_get_functiondef(t.tgfoid)
               FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"""
        )
        triggers = cursor.fetchall()
    operations = {4: "insert", 8: "delete", 16: "update"}
    missing = []
    for model, events in tracked().items():
        written = {
            operations.get(kind)
            for table, kind, source in triggers
            if table == model._meta.db_table and f'INSERT INTO "{events._meta.db_table}"' in source
        }
        missing += [
            f"{model._meta.label}: {name}" for name in sorted({"insert", "update", "delete"} - written)
        ]
    assert not missing


@pytest.mark.django_db
def test_history_cannot_be_rewritten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, bit_or(t.tgtype::int & 24) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
               WHERE NOT t.tgisinternal AND pg_get_functiondef(t.tgfoid) LIKE '%%RAISE EXCEPTION%%' GROUP BY 1"""
        )
        protected = {table for table, kinds in cursor.fetchall() if kinds == 24}  # UPDATE and DELETE
    tables = {events._meta.db_table for events in tracked().values()} | {
        "reports_reportsnapshot",
        "reports_countyreport",
    }
    assert tables <= protected


def test_secrets_are_not_in_the_history() -> None:
    user = import_string("kiv_portal.accounts.models.User")
    names = {field.name for field in user.pgh_event_model._meta.fields}
    assert "email" in names
    assert not names & {"password", "last_login"}
