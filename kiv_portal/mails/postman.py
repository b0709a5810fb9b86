"""The process that sends e-mails: told by PostgreSQL of each that is written, and looking by itself now and then."""

from __future__ import annotations

import logging
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from kiv_portal.mails.delivery import ServerAway, send_due
from kiv_portal.mails.models import CHANNEL

log = logging.getLogger(__name__)

LOOKS_AGAIN = 10.0  # seconds: what was put back becomes due without anybody saying so
SIGN_OF_LIFE = Path(tempfile.gettempdir()) / "kiv-mails-alive"


class Postman:
    """Stopped by SIGTERM or SIGINT: at once while it waits, else after the e-mail in hand."""

    def __init__(self) -> None:
        self.is_stopping = False
        self.is_waiting = False

    def serve(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        log.info("e-mails are sent as soon as they are written")
        while not self.is_stopping:
            self._round()

    def _round(self) -> None:
        try:
            with connection.cursor() as cursor:  # before it looks: what is written meanwhile wakes it
                cursor.execute(f"LISTEN {CHANNEL}")
            send_due(is_stopping=self._between_two)
            self._wait_for_news()
        except ServerAway:
            self._pause()
        except (DatabaseError, InterfaceError) as error:
            log.warning("e-mails wait: %s", type(error).__name__)
            connection.close()
            self._pause()
        except (
            Exception
        ):  # whatever it is: the next round is another try, and without one nobody gets an e-mail
            log.exception("a round of sending e-mails broke down")
            self._pause()

    def _between_two(self) -> bool:
        SIGN_OF_LIFE.touch()
        return self.is_stopping

    def _wait_for_news(self) -> None:
        connection.ensure_connection()
        wire: Any = connection.connection
        self._idly(lambda: list(wire.notifies(timeout=LOOKS_AGAIN, stop_after=1)))

    def _pause(self) -> None:
        self._idly(lambda: time.sleep(LOOKS_AGAIN))

    def _idly(self, wait: Any) -> None:
        self.is_waiting = not self.is_stopping
        try:
            if self.is_waiting:
                wait()
        except _Stopped:
            pass
        finally:
            self.is_waiting = False

    def _stop(self, *_: object) -> None:
        self.is_stopping = True
        if self.is_waiting:
            self.is_waiting = False
            raise _Stopped


class _Stopped(Exception):
    """Ends a wait."""
