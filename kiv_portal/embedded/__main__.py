"""python -m kiv_portal.embedded [--data DIR] -- COMMAND …: run a command beside a private PostgreSQL and Redis."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from kiv_portal.embedded.processes import dying_with_us
from kiv_portal.embedded.servers import EmbeddedError, Servers


class _Terminated(BaseException):
    pass


def _raise_terminated(number: int, frame: FrameType | None) -> None:
    raise _Terminated


def run(command: list[str], *, data: Path | None) -> int:
    """Exit code of the command (128 + signal when a signal ended it); raises EmbeddedError."""
    signal.signal(signal.SIGTERM, _raise_terminated)
    try:
        with Servers(data) as servers:
            child = subprocess.Popen(dying_with_us(command), env=os.environ | servers.environment())
            while True:
                try:
                    code = child.wait()
                    break
                except KeyboardInterrupt:
                    continue  # the terminal has told the command as well; it decides when it is done
                except _Terminated:
                    child.terminate()
            return code if code >= 0 else 128 - code
    except (KeyboardInterrupt, _Terminated):
        return 130


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m kiv_portal.embedded", description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the data in this directory (default: temporary)")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    arguments = parser.parse_args()
    try:
        return run(arguments.command, data=arguments.data)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.strerror}: {error.filename}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
