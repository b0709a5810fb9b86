"""Documents that people bring along: a PDF that opens and does nothing by itself."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

from kiv_portal.documents.errors import FileRefused

MAX_BYTES = 15 * 1024 * 1024
MAX_OBJECTS = 100_000
# What a page, a field or a bookmark could do besides leading to a place: all of it reaches out of the document.
RUNS_SOMETHING = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound", "/GoToE", "/GoToR"
}  # fmt: skip

EMPTY = "Diese Datei ist leer. Bitte wählen Sie das Dokument noch einmal."
TOO_HEAVY = "Dieses Dokument ist größer als 15 Megabyte. Bitte wählen Sie eine kleinere Fassung."
NO_PDF = "Diese Datei ist kein PDF. Bitte speichern Sie das Dokument als PDF und wählen Sie es dann."
IS_PHOTO = "Diese Datei ist ein Foto, kein PDF. Bitte laden Sie sie bei den Fotos hoch."
DAMAGED = "Dieses PDF ist beschädigt oder nicht ganz angekommen. Bitte wählen Sie es noch einmal."
LOCKED = "Dieses PDF ist mit einem Passwort geschützt. Bitte wählen Sie eine Fassung ohne Passwort."
HAS_PROGRAM = "In diesem PDF steckt ein Programm. Bitte drucken Sie es in ein neues PDF und wählen Sie das."
HAS_FILES = "In diesem PDF stecken weitere Dateien. Bitte drucken Sie es in ein neues PDF und wählen Sie das."
TOO_COMPLEX = (
    "Dieses PDF ist zu groß, um es zu prüfen. Bitte drucken Sie es in ein neues PDF und wählen Sie das."
)


class DocumentRefused(FileRefused):
    """The file is no document we take."""


def check_document(data: bytes) -> None:
    """A PDF of at most 15 MB, known by its content, without password, program or other files in it.

    Raises DocumentRefused.
    """
    if not data:
        raise DocumentRefused(EMPTY)
    if len(data) > MAX_BYTES:
        raise DocumentRefused(TOO_HEAVY)
    if not data.startswith(b"%PDF-"):  # readers accept rubbish before it, we do not
        is_photo = data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")) or data[4:8] == b"ftyp"
        raise DocumentRefused(IS_PHOTO if is_photo else NO_PDF)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            _check_opened(pdf)
    except DocumentRefused:
        raise
    except pikepdf.PasswordError as error:
        raise DocumentRefused(LOCKED) from error
    except Exception as error:  # qpdf and its binding raise many kinds for broken files
        raise DocumentRefused(DAMAGED) from error


def _check_opened(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:  # also with an empty password: who opens it is told what may not be done
        raise DocumentRefused(LOCKED)
    if not pdf.pages:
        raise DocumentRefused(DAMAGED)
    if len(pdf.objects) > MAX_OBJECTS:
        raise DocumentRefused(TOO_COMPLEX)
    for dictionary in _dictionaries(pdf):
        kind = dictionary.get("/Type")
        if (
            str(dictionary.get("/S", "")) in RUNS_SOMETHING
            or "/JS" in dictionary
            or "/JavaScript" in dictionary
        ):
            raise DocumentRefused(HAS_PROGRAM)
        is_attachment = "/EmbeddedFiles" in dictionary or "/EF" in dictionary
        if (
            is_attachment
            or kind == "/EmbeddedFile"
            or dictionary.get("/Subtype") in ("/RichMedia", "/FileAttachment")
        ):
            raise DocumentRefused(HAS_FILES)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, however deep it stands in another one."""
    waiting = [*pdf.objects, pdf.trailer]
    seen = 0
    while waiting:
        found = waiting.pop()
        seen += 1
        if seen > 10 * MAX_OBJECTS:
            raise DocumentRefused(TOO_COMPLEX)
        if isinstance(found, pikepdf.Array):
            waiting += _direct(list(found))
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield found
            waiting += _direct([value for _, value in found.items()])


def _direct(values: list[object]) -> list[pikepdf.Object]:
    """What stands in its place; what is only referred to comes by itself."""
    return [v for v in values if isinstance(v, pikepdf.Object) and not v.is_indirect]
