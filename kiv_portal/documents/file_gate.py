"""Is a finished web page or text document accessible and whole? The gate for what is no PDF."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

LANGUAGE = "de"


@dataclass(frozen=True)
class FileVerdict:
    """`problems` is empty if the file may be handed out; all values are plain JSON types. Rows are those of data."""

    is_accessible: bool
    problems: list[str]
    tables: int = 0
    headings: int = 0
    figures: int = 0
    rows: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def file_verdict(problems: Iterator[str] | Sequence[str], **counts: int) -> FileVerdict:
    counted = Counter(problems)
    sentences = [text if times == 1 else f"{text} ({times}-mal)" for text, times in counted.items()]
    return FileVerdict(not sentences, sentences, **counts)


# Web page


def check_html(data: bytes) -> FileVerdict:
    import lxml.html

    try:
        text = data.decode()
    except UnicodeDecodeError:
        return file_verdict(["Die Datei ist kein Text in UTF-8."])
    if not text.strip():
        return file_verdict(["Die Datei ist leer."])
    page = lxml.html.document_fromstring(text.replace("\x00", ""))
    problems = [*_html_head(page, text), *_html_body(page), *_html_tables(page), *_html_reach(page)]
    headings = page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")
    return file_verdict(
        problems,
        tables=len(page.xpath("//table")),
        headings=len(headings),
        figures=len(page.xpath("//img")),
    )


def _html_head(page: Any, text: str) -> Iterator[str]:
    if not text.lstrip().lower().startswith("<!doctype html>"):
        yield "Am Anfang fehlt die Angabe, dass es HTML ist."
    if (page.get("lang") or "").partition("-")[0] != LANGUAGE:
        yield "Die Sprache Deutsch ist nicht angegeben."
    if not "".join(page.xpath("//head/title/text()")).strip():
        yield "Der Titel fehlt."
    viewport = "".join(page.xpath("//meta[@name='viewport']/@content")).replace(" ", "")
    if "width=device-width" not in viewport or "user-scalable=no" in viewport or "maximum-scale" in viewport:
        yield "Auf dem Telefon lässt sich die Seite nicht richtig anzeigen oder vergrößern."


def _html_body(page: Any) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    if levels.count(1) != 1:
        yield f"Es gibt {levels.count(1)} Hauptüberschriften statt einer."
    yield from _skipped(levels)
    yield from (
        "Eine Überschrift ist leer." for heading in page.xpath("//h1|//h2|//h3|//h4") if not _text(heading)
    )
    yield from (
        "Ein Bild hat keine Beschreibung."
        for image in page.xpath("//img")
        if not (image.get("alt") or "").strip()
    )
    yield from ("Ein Link hat keinen Text." for link in page.xpath("//a[@href]") if not _text(link))
    if len(page.xpath("//main")) != 1:
        yield "Der Hauptteil der Seite ist nicht gekennzeichnet."


def _skipped(levels: Sequence[int]) -> Iterator[str]:
    before = 0
    for level in levels:
        if level > before + 1:
            yield "Eine Überschriftenebene ist übersprungen."
        before = level


def _html_tables(page: Any) -> Iterator[str]:
    for table in page.xpath("//table"):
        if not any(_text(caption) for caption in table.xpath("./caption")):
            yield "Eine Tabelle hat keine Beschriftung."
        heads = table.xpath(".//th")
        if not heads:
            yield "Eine Tabelle hat keine Kopfzelle."
        yield from (
            "Eine Kopfzelle sagt nicht, ob sie für Zeile oder Spalte gilt."
            for head in heads
            if head.get("scope") not in ("row", "col", "rowgroup", "colgroup")
        )


def _html_reach(page: Any) -> Iterator[str]:
    """The file stands alone: no program, nothing loaded from elsewhere, no link into nothing."""
    if page.xpath("//script|//iframe|//object|//embed|//form") or page.xpath(
        "//@*[starts-with(name(), 'on')]"
    ):
        yield "In der Datei steckt ein Programm oder ein fremder Inhalt."
    if page.xpath("//*[@style]") or len(page.xpath("//style")) != 1:
        yield "Die Gestaltung steht nicht an genau einer Stelle."
    loaded = page.xpath("//img/@src|//source/@srcset|//link/@href|//source/@src")
    yield from (
        "Ein Bild ist nicht in der Datei enthalten." for address in loaded if not address.startswith("data:")
    )
    ids = page.xpath("//@id")
    if len(ids) != len(set(ids)):
        yield "Ein Ziel kommt doppelt vor."
    targets = (address[1:] for address in page.xpath("//a/@href") if address.startswith("#"))
    yield from ("Ein Link führt ins Leere." for target in targets if target not in ids)


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()


# DOCX


def check_docx(data: bytes) -> FileVerdict:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        return file_verdict(["Die Datei ist kein lesbares Word-Dokument."])
    levels = [level for paragraph in document.paragraphs if (level := _docx_level(paragraph)) is not None]
    drawings = list(document.element.iter(f"{{{_WP}}}docPr"))
    problems = [
        *_properties(document.core_properties.title, document.core_properties.author),
        *_docx_language(document),
        *_titles(levels),
        *_docx_lists(document),
        *(problem for table in document.tables for problem in _docx_table(table)),
        *("Ein Bild hat keine Beschreibung." for drawing in drawings if not drawing.get("descr", "").strip()),
    ]
    return file_verdict(problems, tables=len(document.tables), headings=len(levels), figures=len(drawings))


_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def _docx_level(paragraph: Any) -> int | None:
    """0 is the title."""
    name = paragraph.style.name
    if name == "Title":
        return 0
    return int(name.removeprefix("Heading ")) if name.startswith("Heading ") else None


def _docx_language(document: Any) -> Iterator[str]:
    from docx.oxml.ns import qn

    usual = document.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    is_german = usual is not None and (usual.get(qn("w:val")) or "").startswith(LANGUAGE)
    if not is_german or not document.core_properties.language.startswith(LANGUAGE):
        yield "Die Sprache Deutsch ist nicht angegeben."


def _docx_lists(document: Any) -> Iterator[str]:
    for paragraph in document.paragraphs:
        if paragraph.style.name.startswith("List ") and not paragraph.text.strip():
            yield "Ein Punkt einer Liste ist leer."
        elif paragraph.text.startswith(("- ", "• ")):
            yield "Eine Liste ist nicht als Liste gesetzt."


def _docx_table(table: Any) -> Iterator[str]:
    from docx.oxml.ns import qn

    rows = table._tbl.tr_lst
    if not rows or rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
        yield "Eine Tabelle hat keine Kopfzeile."
    caption = table._tbl.tblPr.find(qn("w:tblCaption"))
    if caption is None or not caption.get(qn("w:val"), "").strip():
        yield "Eine Tabelle hat keine Beschriftung."


def _titles(levels: Sequence[int]) -> Iterator[str]:
    if levels.count(0) != 1:
        yield f"Es gibt {levels.count(0)} Titel statt einem."
    if not any(levels):
        yield "Es gibt keine Überschriften."
    yield from _skipped([level + 1 for level in levels])


def _properties(title: str | None, author: str | None) -> Iterator[str]:
    if not (title or "").strip():
        yield "Der Titel fehlt."
    if not (author or "").strip():
        yield "Wer das Dokument verfasst hat, fehlt."


# ODT


def check_odt(data: bytes) -> FileVerdict:
    from odfdo import Document

    if not _is_odt(data):
        return file_verdict(["Die Datei ist kein lesbares OpenDocument."])
    document: Any = Document(io.BytesIO(data))
    body = document.body
    tables = body.get_elements("descendant::table:table")
    frames = body.get_elements("descendant::draw:frame")
    headings = body.get_elements("descendant::text:h")
    titles = body.get_elements("descendant::text:p[@text:style-name='Title']")
    levels = [
        *(0 for title in titles),
        *(int(heading.get_attribute("text:outline-level") or 0) for heading in headings),
    ]
    problems = [
        *_properties(document.meta.title, document.meta.initial_creator),
        *_odt_language(document),
        *_titles(levels),
        *("Eine Überschrift hat keine Vorlage." for heading in headings if not _has_heading_style(heading)),
        *(problem for table in tables for problem in _odt_table(table)),
        *(
            "Ein Bild hat keine Beschreibung."
            for frame in frames
            if not (frame.svg_description or "").strip()
        ),
    ]
    return file_verdict(problems, tables=len(tables), headings=len(levels), figures=len(frames))


def _is_odt(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            first = archive.infolist()[0]
            is_plain = first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
            has_content = {"content.xml", "styles.xml", "meta.xml"} <= set(archive.namelist())
            return (
                is_plain
                and has_content
                and archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
            )
    except (zipfile.BadZipFile, IndexError):
        return False


def _odt_language(document: Any) -> Iterator[str]:
    usual = [style for style in document.get_styles() if style.tag == "style:default-style"]
    of_text = [(style.get_properties(area="text") or {}).get("fo:language") for style in usual]
    is_german = LANGUAGE in of_text and all(language in (None, LANGUAGE) for language in of_text)
    if not is_german or not (document.meta.language or "").startswith(LANGUAGE):
        yield "Die Sprache Deutsch ist nicht angegeben."


def _has_heading_style(heading: Any) -> bool:
    level = heading.get_attribute("text:outline-level")
    return bool(heading.get_attribute("text:style-name") == f"Heading_20_{level}")


def _odt_table(table: Any) -> Iterator[str]:
    if not table.get_elements("table:table-header-rows/table:table-row"):
        yield "Eine Tabelle hat keine Kopfzeile."
    titles = table.get_elements("table:title")
    if not titles or not (titles[0].text or "").strip():
        yield "Eine Tabelle hat keine Beschriftung."


# Data


CHECKS: dict[str, Callable[[bytes], FileVerdict]] = {
    "html": check_html,
    "docx": check_docx,
    "odt": check_odt,
}
