"""Our scripts are ES modules (docs/adr/0020): how they are stored under hashed names, and what each of them imports."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r"""^(?:import|export)\b(?:[^"';]*\bfrom)?\s*["'](\.[^"']+)["'];""", re.MULTILINE)


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Imports lead to the hashed files, so the name of a module changes with everything that it imports."""

    support_js_module_import_aggregation = True


@cache
def imports_of(script: str) -> tuple[str, ...]:
    """The modules that a script loads, each once, the nearest first. FileNotFoundError for one that is not there."""
    found: dict[str, None] = {}
    waiting = [script]
    for name in waiting:  # grows while it is read
        file = finders.find(name)
        if file is None:
            raise FileNotFoundError(f"static file {name}, wanted by {script}")
        for address in IMPORT.findall(Path(file).read_text(encoding="utf-8")):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
            if imported != script and imported not in found:
                found[imported] = None
                waiting.append(imported)
    return tuple(found)
