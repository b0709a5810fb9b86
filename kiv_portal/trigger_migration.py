"""For migrations that create all tables of an app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    import pgtrigger.compiler
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def install_triggers(app_label: str) -> migrations.RunPython:
    """The triggers that the options of the app's models name, and their removal on the way back.

    One operation for all of them: pgtrigger's AddTrigger, one a trigger, makes Django build every related model anew
    each time.
    """

    def install(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for trigger in _triggers(apps, app_label):
            editor.execute(trigger.install_sql, params=None)

    def uninstall(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for trigger in _triggers(apps, app_label):
            editor.execute(trigger.uninstall_sql, params=None)

    return migrations.RunPython(install, uninstall)


def _triggers(apps: Apps, app_label: str) -> Iterator[pgtrigger.compiler.Trigger]:
    for model in apps.get_app_config(app_label).get_models():
        yield from getattr(model._meta, "triggers", [])
