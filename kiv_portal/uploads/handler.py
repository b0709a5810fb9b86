"""How much of a file that somebody sends is taken in at all."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 16 * 1024 * 1024  # a little more than any form allows, so that the form can say its sentence


class CappedUploadHandler(FileUploadHandler):
    """Reads a file to its end but keeps no more than the start: it neither fills the disk nor ends the page."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start < MOST_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None  # the next handler keeps the file
