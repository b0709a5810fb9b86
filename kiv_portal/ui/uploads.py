"""How much of a file that somebody sends is taken in at all."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 16 * 1024 * 1024  # a little more than any form allows, so that the form can say its sentence


def takes_files_of(most_bytes: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator of a view whose form allows larger files than the others."""

    def marked(view: Callable[..., Any]) -> Callable[..., Any]:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return marked


class CappedUploadHandler(FileUploadHandler):
    """Reads a file to its end but keeps no more than the start: it neither fills the disk nor ends the page."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start < self._most_bytes() else None

    def _most_bytes(self) -> int:
        match = self.request.resolver_match if self.request else None
        return getattr(match.func, "most_bytes", MOST_BYTES) if match else MOST_BYTES

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None  # the next handler keeps the file
