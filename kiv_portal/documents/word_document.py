"""The report as DOCX, for the council's office: real styles, so that it can be taken over into a paper of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kiv_portal.documents import prose
from kiv_portal.documents.archive import noon, with_fixed_dates
from kiv_portal.documents.outline import (
    Contents,
    Element,
    Grid,
    Heading,
    KeyFigures,
    Outline,
    Photos,
    Picture,
    Points,
    Proof,
    Text,
    figures_grid,
)

LANGUAGE = "de-DE"
FONT = "Calibri"  # the office has it, and it takes our text over into its own paper anyway
PETROL = RGBColor(0x0B, 0x55, 0x63)
GREY = RGBColor(0x4A, 0x56, 0x5A)
PROPERTY_LIMIT = 255  # of Office
PICTURE_WIDTH = Cm(16)
PHOTO_BOX_CM = (16.0, 9.0)
CODE_WIDTH = Cm(2.6)
STYLE_OF_ROLE = {"plain": "Body Text", "lead": "Leitsatz", "small": "Hinweis", "subtitle": "Subtitle"}
SIZES = {
    "Normal": 11,
    "Title": 22,
    "Subtitle": 11,
    "Heading 1": 15,
    "Heading 2": 12.5,
    "Heading 3": 11,
    "Caption": 10,
}
# parts of python-docx's own template that say nothing about this document
LEFT_OUT = ("thumbnail", "stylesWithEffects", "customXml")


def word_document(outline: Outline) -> bytes:
    """The whole file. Its bytes depend on the outline alone."""
    document = docx.Document()
    _prepare(document, outline)
    for element in outline.elements:
        _write(document, element)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_dates(buffer.getvalue(), dated=outline.dated, first="[Content_Types].xml")


def _write(document: Document, element: Element) -> None:
    match element:
        case Heading(level=1):
            document.add_paragraph(element.text, style="Title")
        case Heading():
            document.add_paragraph(element.text.replace("\u2003", " "), style=f"Heading {element.level - 1}")
        case Text():
            document.add_paragraph(element.text, style=STYLE_OF_ROLE[element.role])
        case Points():
            _points(document, element)
        case Grid():
            _table(document, element)
        case KeyFigures():
            _table(document, figures_grid(element))
        case Picture():
            document.add_paragraph(element.caption, style="Caption")
            _picture(document, element.chart.png(), PICTURE_WIDTH, element.caption, element.chart.alt)
        case Photos():
            _photos(document, element)
        case Proof():
            _picture(document, element.check.png, CODE_WIDTH, "QR-Code", element.check.alt)
            document.add_paragraph(f"Echtheit prüfen: {element.check.address}", style="Body Text")
        case Contents():
            pass  # word processors show the headings beside the text


# Head of the document: styles, language, page, properties


def _prepare(document: Document, outline: Outline) -> None:
    _leave_out(document)
    _set_styles(document)
    _set_language(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _footer(section.footer.paragraphs[0], outline.footer)
    properties = document.core_properties
    properties.title = prose.shorten(outline.title, PROPERTY_LIMIT)
    properties.subject = prose.shorten(outline.subject, PROPERTY_LIMIT)
    properties.author = properties.last_modified_by = prose.shorten(outline.town, PROPERTY_LIMIT)
    properties.created = properties.modified = noon(outline.dated)
    properties.language, properties.comments, properties.keywords = LANGUAGE, "", ""
    properties.revision = 1


def _leave_out(document: Document) -> None:
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] in LEFT_OUT:
                del part.rels[key]


def _set_styles(document: Document) -> None:
    for name in ("Leitsatz", "Hinweis"):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Body Text"]
        style.quick_style = True
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name in (*SIZES, *STYLE_OF_ROLE.values()):
            _set_font(style, SIZES.get(style.name or ""))
    document.styles["Leitsatz"].font.bold = True
    document.styles["Leitsatz"].paragraph_format.keep_with_next = True
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Hinweis"].font.size = Pt(9)
    for name in ("Hinweis", "Subtitle", "Caption"):
        document.styles[name].font.color.rgb = GREY
    for name in ("Title", "Heading 1", "Heading 3"):
        document.styles[name].font.color.rgb = PETROL
    document.styles["Heading 2"].font.color.rgb = RGBColor(0x1F, 0x2A, 0x2E)


def _set_font(style: Any, size: float | None) -> None:
    properties = style.element.get_or_add_rPr()
    for fonts in properties.findall(qn("w:rFonts")):  # theme fonts would win over the name
        properties.remove(fonts)
    style.font.name = FONT
    style.font.italic = False
    if size:
        style.font.size = Pt(size)


def _set_language(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)


def _footer(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run(f"{text} · Seite ")
    run = paragraph.add_run()
    for kind, content in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = content
        run._r.append(part)
    for run in paragraph.runs:
        run.font.size = Pt(8.5)


# Parts


def _points(document: Document, points: Points) -> None:
    style = "List Number" if points.is_numbered else "List Bullet"
    number = _new_numbering(document) if points.is_numbered else None
    for item in points.items:
        paragraph = document.add_paragraph(item, style=style)
        if number is not None:
            numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            numbering.get_or_add_ilvl().val = 0
            numbering.get_or_add_numId().val = number


def _new_numbering(document: Document) -> int:
    """The style alone would let every list go on where the one before ended."""
    of_style = document.styles["List Number"].element.pPr.numPr.numId.val
    definitions = document.part.numbering_part.element
    abstract = definitions.num_having_numId(of_style).abstractNumId.val
    number = definitions.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(1)
    result: int = number.numId
    return result


def _table(document: Document, grid: Grid) -> None:
    document.add_paragraph(grid.caption, style="Caption")
    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.columns), style="Table Grid")
    _describe_table(table._tbl.tblPr, grid)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, grid.widths, strict=True):
        column.w = int(PICTURE_WIDTH * width)
    rows: Sequence[Sequence[str]] = [grid.columns, *grid.rows]
    for index, (row, cells) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if index == 0:
            properties.append(OxmlElement("w:tblHeader"))
        is_total = grid.has_total and index == len(rows) - 1
        for cell, width in zip(row.tc_lst, grid.widths, strict=True):
            cell.width = int(PICTURE_WIDTH * width)
        for column, paragraph in enumerate(_paragraphs(row, table)):
            run = paragraph.add_run(cells[column])
            run.font.size = Pt(9.5)
            run.font.bold = index == 0 or is_total or None
            paragraph.paragraph_format.space_after = Pt(1)
            if column in grid.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph(style="Hinweis").paragraph_format.space_after = Pt(2)


def _paragraphs(row: Any, table: Any) -> Iterator[Paragraph]:
    for cell in row.tc_lst:
        yield Paragraph(cell.p_lst[0], table)


def _describe_table(properties: Any, grid: Grid) -> None:
    look = properties.find(qn("w:tblLook"))
    for name in ("firstRow", "firstColumn"):
        look.set(qn(f"w:{name}"), "1" if name == "firstRow" or grid.header == 0 else "0")
    for name, text in (
        ("tblCaption", grid.caption),
        ("tblDescription", f"Spalten: {', '.join(grid.columns)}"),
    ):
        described = OxmlElement(f"w:{name}")
        described.set(qn("w:val"), text)
        properties.append(described)


def _picture(document: Document, png: bytes, width: int, title: str, alt: str) -> None:
    document.add_picture(io.BytesIO(png), width=width)
    _describe_picture(document.paragraphs[-1], title, alt)


def _photos(document: Document, element: Photos) -> None:
    """Side by side in one line, with the captions below: a table would be one for looks only."""
    paragraph = document.add_paragraph(style="Body Text")
    paragraph.paragraph_format.keep_with_next = True
    for number, photo in enumerate(element.photos):
        if number:
            paragraph.add_run(" ")
        width, height = element.size_in(PHOTO_BOX_CM)[number]
        paragraph.add_run().add_picture(io.BytesIO(photo.jpeg), width=Cm(width), height=Cm(height))
        _describe_picture(paragraph, photo.caption, photo.alt)
    document.add_paragraph(element.caption, style="Hinweis")


def _describe_picture(paragraph: Paragraph, title: str, alt: str) -> None:
    """The last picture of the paragraph."""
    drawn = paragraph._p.findall(f".//{qn('wp:docPr')}")[-1]
    drawn.set("title", title)
    drawn.set("descr", alt)
