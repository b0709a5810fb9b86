"""Keeps the demo as this version leaves it in the database, for tests/operations/test_kept_dump.py: bin/keep_dump.py

Once a version, when it is tagged. Run it as `.venv/bin/python bin/keep_dump.py`; the file is named after the version.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kiv_portal.embedded import Servers  # noqa: E402
from kiv_portal.embedded.postgres import postgres_binaries  # noqa: E402

KEPT = ROOT / "tests" / "operations" / "kept"
LONGEST = 3_000_000  # bytes: it stays in the repository for good
# What sign-ins and pages leave behind, and no version needs.
LEFT_OUT = ("django_session", "portal_cache")


def main() -> int:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    target = KEPT / f"{version}.dump"
    KEPT.mkdir(exist_ok=True)
    with Servers() as servers, tempfile.TemporaryDirectory() as media:
        environment = os.environ | servers.environment() | {"KIV_MEDIA_ROOT": media, "KIV_DEMO": "true"}
        environment["KIV_DEMO_PASSWORD"] = secrets.token_urlsafe(30)  # nobody signs in there
        for command in (["migrate", "--verbosity", "0"], ["load_programme"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        options = ["--format=custom", "--compress=9", "--no-owner", "--no-privileges", *left_out]
        subprocess.run(
            [str(postgres_binaries() / "pg_dump"), *options, f"--file={target}", servers.postgres.url()],
            check=True,
        )
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")
    return 0 if target.stat().st_size <= LONGEST else 1


if __name__ == "__main__":
    sys.exit(main())
