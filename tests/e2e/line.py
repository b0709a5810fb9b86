"""A line to the portal that can break: down, or cut at the moment when the portal has answered and nobody heard it."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.live import LivePortal

SENDING = b"POST /aktivitaeten/senden/"


class Line(socketserver.ThreadingTCPServer):
    """`url` is the portal's address for browsers. `at_answer` is called instead of passing the next answer on that
    the portal gives to the queue of a browser; then the connection breaks.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, portal: LivePortal) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.is_down = False
        self.at_answer: Callable[[], object] | None = None
        self.answers_lost = 0
        self.lead_to(portal)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def lead_to(self, portal: LivePortal) -> None:
        """From now on; connections that are kept alive to the portal before break."""
        address = urlsplit(portal.url)
        self.target = (address.hostname, address.port)


class _Connection(socketserver.BaseRequestHandler):
    server: Line

    def handle(self) -> None:
        if self.server.is_down:
            return
        with contextlib.suppress(OSError), socket.create_connection(self.server.target) as portal:
            self.pass_on(portal)

    def pass_on(self, portal: socket.socket) -> None:
        is_sending, target = False, self.server.target
        while not self.server.is_down and self.server.target == target:
            ready, _, _ = select.select([self.request, portal], [], [], 0.1)
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                if source is self.request:
                    is_sending = is_sending or data.startswith(SENDING)
                    portal.sendall(data)
                elif is_sending and self.server.at_answer:
                    action, self.server.at_answer = self.server.at_answer, None
                    self.server.answers_lost += 1
                    action()
                    return
                else:
                    is_sending = False
                    self.request.sendall(data)
