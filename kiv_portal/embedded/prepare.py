"""What stands between an empty database and the demo, in one process: schema, programme, invented year, static files."""

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


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
    call_command("load_programme")
    call_command("load_demo")
    collect_static()


if __name__ == "__main__":
    main()
