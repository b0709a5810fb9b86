"""HTML in, PDF out: PDF/UA-1 and PDF/A-3a in one file, the same bytes for the same HTML."""

import contextlib
import datetime
import gc
import html as html_module
import logging
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.fonts import covered_characters, font_root
from kiv_portal.documents.tag_repair import repaired_tags
from kiv_portal.documents.weasyprint_setup import OUTPUT_INTENT, Complaints, press

VARIANT = "pdf/a-3a"
REPLACEMENT = "□"  # for what no font can draw
NAMED_AT_MOST = 20  # replaced characters of one document

# One description claims PDF/UA-1, one explains the claim to PDF/A readers (ISO 19005-3, 6.6.2.3).
_UA_CLAIM = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 this file conforms to</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

_EMPTY_MAPPING = re.compile(rb"^(<[0-9a-f]{4}>) <>$")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF. The dates in it are `dated`, so that the bytes depend on data alone."""

    name: str
    description: str
    data: bytes
    dated: datetime.datetime


def render_pdf(
    html: str,
    *,
    attachments: Sequence[Attachment] = (),
    stylesheet: str = "report.css",
    fonts: Path | None = None,
) -> bytes:
    """Typeset one HTML document with a style sheet of static/css/print.

    Raises RenderingError for a character no font has (`printable` replaces them before), a missing picture, or an
    address other than `asset:` and `data:`.
    """
    fonts = fonts or font_root()

    complaints = Complaints()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(complaints)
    try:
        with _one_garbage_collection(), repaired_tags():
            data = _typeset(html, attachments, stylesheet, fonts)
    except FatalURLFetchingError as error:
        raise RenderingError(
            f"Das Dokument verweist auf eine Datei, die es nicht laden darf oder die fehlt: {error}"
        ) from error
    finally:
        logger.removeHandler(complaints)
    if (complaint := complaints.fatal()) is not None:
        raise RenderingError(f"Das Dokument lässt sich nicht vollständig setzen: {complaint}")
    return data


def _typeset(html: str, attachments: Sequence[Attachment], stylesheet: str, fonts: Path) -> bytes:
    machine = press(fonts)
    document = HTML(string=html, url_fetcher=machine.fetcher).render(
        font_config=machine.font_config,
        color_profiles=machine.color_profiles(),
        stylesheets=machine.sheets(stylesheet),
        output_intent=OUTPUT_INTENT,
        pdf_variant=VARIANT,
    )
    _claim_accessibility(document.metadata)
    data: bytes = document.write_pdf(
        output_intent=OUTPUT_INTENT,
        pdf_variant=VARIANT,
        attachments=[_embedded(attachment, machine) for attachment in attachments],
        finisher=_name_every_glyph,
    )
    return data


def printable(html: str, fonts: Path | None = None) -> tuple[str, list[str]]:
    """The document with an empty box for every character that no shipped font can draw, and what was replaced.

    One entry for a character, in the order of the text: "„漢“ (CJK UNIFIED IDEOGRAPH-6F22, U+6F22) in „…das
    Zeichen 漢 steht…“". A frozen text can no longer be changed, so it never stops a document.
    """
    covered = covered_characters(fonts or font_root())
    unknown = {character for character in set(html) if not _is_printable(character, covered)}
    if not unknown:
        return html, []
    text = html_module.unescape(_TAG.sub(" ", html))
    found = sorted((text.find(character), character) for character in unknown)
    replaced = [_named(character, text, position) for position, character in found[:NAMED_AT_MOST]]
    if len(found) > NAMED_AT_MOST:
        replaced.append(f"{len(found) - NAMED_AT_MOST} weitere Zeichen")
    return html.translate({ord(character): REPLACEMENT for character in unknown}), replaced


def _named(character: str, text: str, position: int) -> str:
    name = unicodedata.name(character, "ohne Namen")
    around = " ".join(text[max(0, position - 30) : position + 30].split())
    place = f" in „…{around}…“" if position >= 0 and around else ""
    return f"„{character}“ ({name}, U+{ord(character):04X}){place}"


def _is_printable(character: str, covered: frozenset[int]) -> bool:
    if ord(character) in covered or character in "\n\t\r":
        return True
    # invisible by nature: joiners, direction marks, soft hyphens, variation selectors, fixed spaces
    return unicodedata.category(character) in ("Cf", "Zs") or "\ufe00" <= character <= "\ufe0f"


def _claim_accessibility(metadata) -> None:  # type: ignore[no-untyped-def]
    generate = metadata.generate_rdf_metadata

    def with_claim(*arguments: object) -> bytes:
        return generate(*arguments).replace(b"</rdf:RDF>", _UA_CLAIM + b"</rdf:RDF>")

    metadata.generate_rdf_metadata = with_claim


def _name_every_glyph(document: object, pdf) -> None:  # type: ignore[no-untyped-def]
    """Arabic letters are drawn as base and dots; the dots come without a character, which PDF/UA forbids.

    The combining grapheme joiner is invisible and does not disturb the letters around it.
    """
    maps = {item["ToUnicode"] for item in pdf.objects if isinstance(item, dict) and "ToUnicode" in item}
    for item in pdf.objects:
        if item.reference in maps:
            item.stream = [_EMPTY_MAPPING.sub(rb"\1 <034f>", part) for part in item.stream]


def _embedded(attachment: Attachment, machine):  # type: ignore[no-untyped-def]
    import weasyprint

    return weasyprint.Attachment(
        string=attachment.data,
        url_fetcher=machine.fetcher,
        name=attachment.name,
        description=attachment.description,
        created=attachment.dated,
        modified=attachment.dated,
        relationship="Data",
    )


_collector_lock = threading.Lock()
_collector_users = 0


@contextlib.contextmanager
def _one_garbage_collection() -> Iterator[None]:
    """Look for garbage once, when the document is finished, and only among what was made for it.

    Its many objects all live until its end, so looking in between is in vain; they refer to each other in
    circles, so without the one look at the end the worker would grow with every file.
    """
    global _collector_users
    with _collector_lock:
        _collector_users += 1
        gc.disable()
    try:
        yield
    finally:
        with _collector_lock:
            _collector_users -= 1
            if not _collector_users:
                gc.collect(0)
                gc.enable()
