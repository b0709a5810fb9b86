"""The short address at which a reader sees whether a printed document is the real one, also as a QR code."""

from __future__ import annotations

import base64
import io
from typing import NamedTuple

ALT = "QR-Code: Er führt zu der Adresse, an der Sie die Echtheit dieses Berichts prüfen können."


QUIET_ZONE = 2  # modules; the paper around is white as well


class Check(NamedTuple):
    """`address` is a plain web address. The drawing is black on white in every colour scheme, or no camera reads it."""

    address: str
    alt: str = ALT

    @property
    def data_uri(self) -> str:
        return "data:image/svg+xml;base64," + base64.b64encode(self._drawn("svg")).decode()

    @property
    def png(self) -> bytes:
        return self._drawn("png")

    def _drawn(self, kind: str) -> bytes:
        import segno  # only who prints a code needs it

        buffer = io.BytesIO()
        options = {"xmldecl": False} if kind == "svg" else {}
        segno.make(self.address, error="m", micro=False).save(
            buffer, kind=kind, scale=8, border=QUIET_ZONE, light="#fff", **options
        )
        return buffer.getvalue()
