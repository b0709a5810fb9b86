"""The demo's work in Django, in one process because starting one takes seconds.

Schema, programme, invented county, static files; then it says so and asks a worker for the report, while the other
processes start.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from kiv_portal.embedded.clock import move_database

PREPARED = "Everything is prepared."
STAFF = "koordination@demo.kiv.example"


def static_fingerprint() -> str:
    """Changes with every file that collectstatic would find, without reading them."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            about = Path(storage.path(path)).stat()
            digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Collecting compresses everything, which takes seconds: only when something has changed."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)


def main() -> None:
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    move_database(settings.DEMO_DAYS_AHEAD)
    call_command("load_programme")
    call_command("load_demo")
    collect_static()
    print(PREPARED, flush=True)
    try:
        call_command(
            "build_report",
            municipality="leonberg",
            delivered=True,
            by=STAFF,
            copy_to=Path(sys.argv[1]),
        )
    except CommandError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
