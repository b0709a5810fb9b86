"""The report as DOCX, for the council's office: real styles, so that it can be taken over into a paper of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
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
WIDTH = Cm(17)
PHOTO_BOX_CM = (17.0, 8.0)
CODE_WIDTH = Cm(2.4)
TABLE_STYLE = "Tabelle Bericht"
STYLE_OF_ROLE = {"plain": "Body Text", "lead": "Leitsatz", "small": "Hinweis", "subtitle": "Subtitle"}
# Points: size, space before, space after. Close to the PDF, so that a page stays a page.
MEASURES: dict[str, tuple[float, float, float]] = {
    "Normal": (10.5, 0, 6),
    "Body Text": (10.5, 0, 5),
    "Title": (20, 0, 3),
    "Subtitle": (10.5, 0, 4),
    "Heading 1": (15, 16, 4),
    "Heading 2": (12.5, 11, 3),
    "Heading 3": (11, 8, 2),
    "Caption": (9.5, 5, 3),
    "List Bullet": (10.5, 0, 2),
    "List Number": (10.5, 0, 2),
    "Leitsatz": (10.5, 0, 4),
    "Hinweis": (9, 0, 4),
    "Tabellentext": (9, 1, 1),
    "Tabellenkopf": (9, 1, 1),
    "Footer": (8.5, 0, 0),
}
AFTER_TABLE = Pt(8)
# parts of python-docx's own template that say nothing about this document
LEFT_OUT = ("thumbnail", "stylesWithEffects", "customXml")


def word_document(outline: Outline) -> bytes:
    """The whole file. Its bytes depend on the outline alone."""
    document = docx.Document()
    _prepare(document, outline)
    for element in outline.elements:
        _write(document, element)
    _set_space_after_tables(document)
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
            _picture(document, element.chart.png(), WIDTH, element.caption, element.chart.alt)
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
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
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
    for name, base in (*((name, "Body Text") for name in ("Leitsatz", "Hinweis")), *TABLE_TEXTS):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        style.quick_style = True
    for name, measures in MEASURES.items():
        _set_measures(document.styles[name], *measures)
    for name in ("Leitsatz", "Tabellenkopf", "Title"):
        document.styles[name].font.bold = True
    for name in ("Leitsatz", "Caption"):
        document.styles[name].paragraph_format.keep_with_next = True
    for name in ("Hinweis", "Subtitle", "Caption"):
        document.styles[name].font.color.rgb = GREY
    for name in ("Title", "Heading 1", "Heading 3"):
        document.styles[name].font.color.rgb = PETROL
    document.styles["Heading 2"].font.color.rgb = RGBColor(0x1F, 0x2A, 0x2E)
    _add_table_style(document)


TABLE_TEXTS = (("Tabellentext", "Normal"), ("Tabellenkopf", "Tabellentext"))


def _set_measures(style: Any, size: float, before: float, after: float) -> None:
    properties = style.element.get_or_add_rPr()
    # theme fonts would win over the name; letters are not spread, and no line is drawn below the title
    for name in ("w:rFonts", "w:spacing"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)
    style.font.name, style.font.italic, style.font.size = FONT, False, Pt(size)
    format_ = style.paragraph_format
    format_.space_before, format_.space_after, format_.line_spacing = Pt(before), Pt(after), 1.15


def _add_table_style(document: Document) -> None:
    """Light rules between the rows, a stronger one below the head."""
    style = document.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    edges = ("bottom", "insideH")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="C9D2D4"/>' for edge in edges)
    head = '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="0B5563"/>'
    for part in (
        f"<w:tblPr {nsdecls('w')}><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>"
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="140" w:type="dxa"/></w:tblCellMar></w:tblPr>',
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:tcPr><w:tcBorders>{head}</w:tcBorders></w:tcPr>'
        "</w:tblStylePr>",
    ):
        style.element.append(parse_xml(part))


def _set_language(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)


def _footer(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run(f"{text} · Seite ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" von ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    run = paragraph.add_run()
    for kind, content in (("begin", ""), ("", name), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = content
        run._r.append(part)


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
    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.columns), style=TABLE_STYLE)
    table.autofit = False  # Word would measure again, and part dates
    _describe_table(table._tbl.tblPr, grid)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, grid.widths, strict=True):
        column.w = int(WIDTH * width)
    rows: Sequence[Sequence[str]] = [grid.columns, *grid.rows]
    for index, (row, cells) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if index == 0:
            properties.append(OxmlElement("w:tblHeader"))
        is_total = grid.has_total and index == len(rows) - 1
        for cell, width in zip(row.tc_lst, grid.widths, strict=True):
            cell.width = int(WIDTH * width)
        style = document.styles["Tabellenkopf" if index == 0 or is_total else "Tabellentext"]
        for column, paragraph in enumerate(_paragraphs(row, table)):
            paragraph.style = style
            paragraph.add_run(cells[column])
            if column in grid.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_space_after_tables(document: Document) -> None:
    """What follows a table stands off: an empty paragraph between them would be read out. Word wants one at the end."""
    for table in document.tables:
        following = table._tbl.getnext()
        if following.tag != qn("w:p"):
            document.add_paragraph(style="Tabellentext")
            continue
        paragraph = Paragraph(following, document)
        own = paragraph.style.paragraph_format.space_before if paragraph.style else None
        paragraph.paragraph_format.space_before = max(own or Pt(0), AFTER_TABLE)


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
            paragraph.add_run("\u00a0")  # they stay in one line
        width, height = element.size_in(PHOTO_BOX_CM)[number]
        paragraph.add_run().add_picture(io.BytesIO(photo.jpeg), width=Cm(width), height=Cm(height))
        _describe_picture(paragraph, photo.caption, photo.alt)
    document.add_paragraph(element.caption, style="Hinweis")


def _describe_picture(paragraph: Paragraph, title: str, alt: str) -> None:
    """The last picture of the paragraph."""
    drawn = paragraph._p.findall(f".//{qn('wp:docPr')}")[-1]
    for side in "TBLR":  # unsaid, LibreOffice takes nine points: two photos then no longer fit into a line
        drawn.getparent().set(f"dist{side}", "0")
    drawn.set("title", title)
    drawn.set("descr", alt)
