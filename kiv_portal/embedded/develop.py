"""`make run`: the portal for daily work, beside servers that keep their data (var/dev).

What is saved in an editor is running a second later, in the web server and in the worker. An empty database gets the
programme and the invented data of the demo. Environment: PORT (8000), DEMO_PASSWORD (the password of everybody),
DEV_DIRECTORY (var/dev-files): where uploads and mails lie.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import django
from django.apps import apps
from django.core.management import call_command
from django.utils import autoreload

from kiv_portal.celery import app
from kiv_portal.embedded.demo import ACCOUNTS, ROOT, chosen_port
from kiv_portal.embedded.processes import EmbeddedError, dying_with_us

FILES = Path(os.environ.get("DEV_DIRECTORY") or ROOT / "var" / "dev-files").resolve()
PASSWORD = "entwicklung"  # noqa: S105 nobody but this machine sees this portal


def environment(port: int) -> dict[str, str]:
    (FILES / "mails").mkdir(parents=True, exist_ok=True)
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "kiv_portal.settings",
        "KIV_DEBUG": "true",
        "KIV_DEMO": "true",
        "KIV_DEMO_PASSWORD": os.environ.get("DEMO_PASSWORD") or PASSWORD,
        "KIV_BASE_URL": f"http://127.0.0.1:{port}",
        "KIV_EMAIL_URL": f"file:///{FILES / 'mails'}",
        "KIV_MEDIA_ROOT": str(FILES / "media"),
        "KIV_STATIC_ROOT": str(FILES / "static"),
    }


def prepare() -> None:
    """Tables as the code wants them now, and something to see."""
    django.setup()
    (FILES / "static").mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    if not apps.get_model("municipalities", "County").objects.exists():
        call_command("load_programme")
        call_command("load_demo")


def work() -> None:
    """A worker that starts anew whenever a file has changed; a job it leaves behind is a row, and found again."""
    arguments = ["worker", "--beat", "--schedule", str(FILES / "beat-schedule"), "--pool", "solo"]
    autoreload.run_with_reloader(lambda: app.worker_main([*arguments, "--loglevel", "INFO"]))


def serve() -> int:
    port = chosen_port()
    variables = environment(port)
    module = [sys.executable, "-m", "kiv_portal.embedded.develop"]
    done = subprocess.run([*module, "prepare"], cwd=ROOT, env=variables)
    if done.returncode:
        return done.returncode
    print(
        f"\n  The portal: http://127.0.0.1:{port}/   Password of everybody: {variables['KIV_DEMO_PASSWORD']}"
    )
    print("".join(f"    {email}  {who}\n" for email, who in ACCOUNTS.items()))
    web = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}"]
    mails = [sys.executable, "manage.py", "send_mails"]
    children = [
        subprocess.Popen(dying_with_us(command), cwd=ROOT, env=variables)
        for command in ([*module, "work"], mails, web)
    ]
    try:
        return until_it_ends(children[-1])
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def until_it_ends(web: subprocess.Popen[bytes]) -> int:
    """Meanwhile the style sheets are put together again whenever one of them has changed."""
    known = styles()
    while (code := web.poll()) is None:
        time.sleep(0.5)
        if known != (known := styles()):
            subprocess.run([sys.executable, "-m", "kiv_portal.ui.assets"], cwd=ROOT)
    return code


def styles() -> list[tuple[str, int]]:
    return sorted((path.name, path.stat().st_mtime_ns) for path in (ROOT / "static" / "css").glob("*.css"))


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    goal = sys.argv[1:]
    if goal == ["prepare"]:
        prepare()
        return 0
    if goal == ["work"]:
        work()
        return 0
    signal.signal(signal.SIGTERM, _stop)
    try:
        return serve()
    except KeyboardInterrupt:
        return 130
    except EmbeddedError as error:
        print(str(error).replace("make demo", "make run"), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
