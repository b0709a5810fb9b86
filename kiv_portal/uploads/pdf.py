"""Documents that people bring along: a PDF that opens and does nothing by itself."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pikepdf

from kiv_portal.documents.errors import FileRefused

MAX_BYTES = 15 * 1024 * 1024
MAX_OBJECTS = 100_000
# What a page, a field or a bookmark could do besides leading to a place: all of it reaches out of the document.
RUNS_SOMETHING = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound", "/GoToE", "/GoToR",
    "/SetOCGState", "/GoTo3DView", "/RichMediaExecute",
}  # fmt: skip
MOVES = ("/3D", "/RichMedia", "/Movie", "/Screen")  # annotations that play something
# The one file that may stand in a receipt: the invoice for programs (EN 16931) in ZUGFeRD, Factur-X and XRechnung.
E_INVOICE = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
MAX_INVOICE = 5 * 1024 * 1024

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
    """A PDF of at most 15 MB, known by its content, that opens without a password; without program or other files in
    it but an e-invoice.

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
    if not pdf.pages:  # one that only forbids printing or copying opens like any other
        raise DocumentRefused(DAMAGED)
    if len(pdf.objects) > MAX_OBJECTS:
        raise DocumentRefused(TOO_COMPLEX)
    dictionaries = list(_dictionaries(pdf))
    files = [dictionary for dictionary in dictionaries if "/EF" in dictionary]
    may_hold_files = len(files) == 1 and _is_e_invoice(files[0])
    for dictionary in dictionaries:
        if _runs(dictionary):
            raise DocumentRefused(HAS_PROGRAM)
        if dictionary.get("/Subtype") == "/FileAttachment" or (
            _holds_files(dictionary) and not may_hold_files
        ):
            raise DocumentRefused(HAS_FILES)


def _runs(dictionary: pikepdf.Object) -> bool:
    """A program, a film, a form of its own (XFA), or something that happens by itself and is no turning of pages."""
    if any(name in dictionary for name in ("/JS", "/JavaScript", "/XFA")):
        return True
    if str(dictionary.get("/S", "")) in RUNS_SOMETHING or str(dictionary.get("/Subtype", "")) in MOVES:
        return True
    by_itself = [dictionary.get("/OpenAction")]
    if isinstance(moments := dictionary.get("/AA"), pikepdf.Dictionary):
        by_itself += [action for _, action in moments.items()]
    return any(
        isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "/GoTo")) != "/GoTo"
        for action in by_itself
    )


def _holds_files(dictionary: pikepdf.Object) -> bool:
    return "/EmbeddedFiles" in dictionary or "/EF" in dictionary or dictionary.get("/Type") == "/EmbeddedFile"


def _is_e_invoice(specification: pikepdf.Object) -> bool:
    """By its name, and because it is XML without a definition of its own."""
    names = {str(specification[key]).lower() for key in ("/F", "/UF") if key in specification}
    if not names or not names <= set(E_INVOICE):
        return False
    streams = [stream for _, stream in specification["/EF"].items()]
    return bool(streams) and all(_is_plain_xml(stream) for stream in streams)


def _is_plain_xml(stream: pikepdf.Object) -> bool:
    """Never unpacked further than an invoice is long."""
    if not isinstance(stream, pikepdf.Stream):
        return False
    content, packed = bytes(stream.read_raw_bytes()), stream.get("/Filter")
    if packed == "/FlateDecode":
        content = zlib.decompressobj().decompress(content, MAX_INVOICE + 1)
    elif packed is not None:
        return False
    head = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    return (
        len(content) <= MAX_INVOICE and head.startswith(b"<") and b"<!" not in content.replace(b"<!--", b"")
    )


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
