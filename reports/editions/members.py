"""Stored files as members of a ZIP that is made while it is sent: memory for one piece of one file."""

from __future__ import annotations

import datetime as dt
import hashlib
import stat
import zlib
from collections.abc import Iterable, Iterator

from django.utils import timezone
from stream_zip import ZIP_AUTO, Method, stream_zip

from reports.editions.models import ReportFile

PIECE = 64 * 1024
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # that a ZIP can say
MODE = stat.S_IFREG | 0o644
Member = tuple[str, dt.datetime, int, Method, Iterable[bytes]]


class DamagedFile(Exception):
    """A stored file is not the one that was built; what is sent so far is no whole ZIP and will not open."""


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The ZIP in pieces; most files are compressed already."""
    level = lambda: zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS)  # noqa: E731
    yield from stream_zip(members, get_compressobj=level, chunk_size=PIECE)


def member_of_text(name: str, data: bytes, moment: dt.datetime) -> Member:
    return name, moment, MODE, ZIP_AUTO(len(data)), [data]


def member_of_file(name: str, file: ReportFile) -> Member:
    """DamagedFile where it differs from its stored SHA-256."""
    return name, finished(file), MODE, ZIP_AUTO(file.size), _pieces(file)


def finished(file: ReportFile) -> dt.datetime:
    """As the clock on the wall showed it."""
    return timezone.localtime(file.finished_at or file.requested_at)


def _pieces(file: ReportFile) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with file.file.open("rb") as opened:
        for piece in opened.chunks(PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != file.sha256:
        raise DamagedFile(f"file {file.pk} differs from its SHA-256")
