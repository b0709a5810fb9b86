"""Files that are on the disk once they are saved."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """`save` returns when the file would survive a power cut: its bytes, its name, and the folders made for it.

    A row says "done" with a checksum after that, and done rows never change; without it the machine could come back
    with the row and an empty file.
    """

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        saved: str = super().save(name, content, max_length)
        path = Path(self.path(saved))
        root = Path(self.location)
        for entry in (path, *(folder for folder in path.parents if folder.is_relative_to(root))):
            _sync(entry)
        return saved


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
