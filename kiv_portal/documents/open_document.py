"""The report as ODT: the same parts and styles as the DOCX, for offices that work with LibreOffice."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from odfdo import Document, Element, Frame, Paragraph, Style
from odfdo import Header as OdfHeader
from odfdo import List as OdfList

from kiv_portal.documents import outline as parts
from kiv_portal.documents.archive import noon, with_fixed_dates
from kiv_portal.documents.outline import Outline, figures_grid

LANGUAGE, COUNTRY = "de", "DE"
PETROL, INK, GREY = "#0b5563", "#1f2a2e", "#4a565a"
FONT = "Liberation Sans"
STYLE_OF_ROLE = {"plain": "Text_20_body", "lead": "Leitsatz", "small": "Hinweis", "subtitle": "Subtitle"}
PICTURE_WIDTH_CM, CODE_WIDTH_CM = 17.0, 2.4
PHOTO_BOX_CM = (17.0, 8.0)
LISTS, LIST_STEP_CM = ("List_20_1", "Numbering_20_1"), 0.6
# what LibreOffice keeps beside a document it wrote itself
LEFT_OUT = ("Thumbnails/thumbnail.png", "Configurations2/accelerator/current.xml")


def open_document(outline: Outline) -> bytes:
    """The whole file. Its bytes depend on the outline alone."""
    document: Any = Document("text")  # its types allow for parts that a text document always has
    document.body.clear()
    _prepare(document, outline)
    for element in outline.elements:
        _write(document, element)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_dates(buffer.getvalue(), dated=outline.dated, first="mimetype")


def _write(document: Any, element: parts.Element) -> None:
    body = document.body
    match element:
        case parts.Heading(level=1):
            body.append(Paragraph(element.text, style="Title"))
        case parts.Heading():
            level = element.level - 1
            heading = OdfHeader(level, element.text.replace("\u2003", " "))
            heading.set_attribute(
                "text:style-name", f"Heading_20_{level}"
            )  # odfdo's own `style` is not written
            body.append(heading)
        case parts.Text():
            body.append(Paragraph(element.text, style=STYLE_OF_ROLE[element.role]))
        case parts.Points():
            style = "Numbering_20_1" if element.is_numbered else "List_20_1"
            points = OdfList(style=style)
            for item in element.items:
                points.append_item(Paragraph(item, style="Text_20_body"))
            body.append(points)
        case parts.Grid():
            _table(document, element)
        case parts.KeyFigures():
            _table(document, figures_grid(element))
        case parts.Picture():
            body.append(Paragraph(element.caption, style="Tabellenbeschriftung"))
            _picture(document, element.chart.png(), PICTURE_WIDTH_CM, element.caption, element.chart.alt)
        case parts.Photos():
            _photos(document, element)
        case parts.Proof():
            _picture(document, element.check.png, CODE_WIDTH_CM, "QR-Code", element.check.alt)
            body.append(Paragraph(f"Echtheit prüfen: {element.check.address}", style="Text_20_body"))
        case parts.Contents():
            pass  # word processors show the headings beside the text


# Head of the document: styles, language, properties


def _prepare(document: Any, outline: Outline) -> None:
    for name in LEFT_OUT:
        document.container.del_part(name)
        document.manifest.del_full_path(name)
    _set_language(document)
    _set_headings(document)
    _set_lists(document)
    for style in _styles():
        document.insert_style(style, automatic=False)
    for style in _parts_of_tables():  # LibreOffice does not read them among the named styles
        document.insert_style(style, automatic=True)
    _footer(document, outline.footer)
    meta = document.meta
    meta.title, meta.subject, meta.language = outline.title, outline.subject, f"{LANGUAGE}-{COUNTRY}"
    meta.initial_creator = meta.creator = outline.town
    meta.creation_date = meta.date = noon(outline.dated)
    meta.editing_cycles, meta.editing_duration = 1, timedelta()
    meta.generator = "KIV-Portal"


def _set_language(document: Any) -> None:
    for style in document.get_styles():
        if style.tag == "style:default-style":
            style.set_properties(
                {
                    "fo:language": LANGUAGE,
                    "fo:country": COUNTRY,
                    "fo:font-size": "10.5pt",
                    "style:font-name": FONT,
                },
                area="text",
            )


def _set_headings(document: Any) -> None:
    """Their numbers are written in the text, so the outline counts nothing."""
    outline = document.styles.root.get_element("//text:outline-style")
    for level in outline.get_elements("text:outline-level-style"):
        number = level.get_attribute("text:level")
        outline.delete(level)
        outline.append(
            Element.from_tag(f'<text:outline-level-style text:level="{number}" style:num-format=""/>')
        )
    document.get_style("paragraph", "Text_20_body").set_properties(
        {"fo:orphans": "2", "fo:widows": "2"}, area="paragraph"
    )
    for level, (size, colour) in enumerate((("15pt", PETROL), ("12.5pt", INK), ("11pt", PETROL)), start=1):
        heading = document.get_style("paragraph", f"Heading_20_{level}")
        heading.set_properties(
            {"fo:font-size": size, "fo:color": colour, "fo:font-weight": "bold", "fo:font-style": "normal"},
            area="text",
        )


def _set_lists(document: Any) -> None:
    """The sign hangs in front of the text, as many steps in as the level is deep."""
    for name in LISTS:
        for level in document.get_style("list", name).children:
            for old in level.get_elements("style:list-level-properties"):
                level.delete(old)
            depth = int(level.get_attribute("text:level")) * LIST_STEP_CM
            level.append(
                Element.from_tag(
                    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
                    '<style:list-level-label-alignment text:label-followed-by="listtab"'
                    f' text:list-tab-stop-position="{depth:.1f}cm" fo:margin-left="{depth:.1f}cm"'
                    f' fo:text-indent="-{LIST_STEP_CM}cm"/></style:list-level-properties>'
                )
            )


def _styles() -> list[Style]:
    def paragraph(name: str, parent: str, *, after: str = "0.2cm", **text: str) -> Style:
        style = Style("paragraph", name=name, parent_style=parent)
        properties = {"fo:margin-bottom": after}
        if name in ("Leitsatz", "Tabellenbeschriftung", "Foto"):
            properties["fo:keep-with-next"] = "always"
        style.set_properties(properties, area="paragraph")
        style.set_properties(
            {key.replace("_", ":", 1).replace("_", "-"): value for key, value in text.items()}, area="text"
        )
        return style

    number = paragraph("Tabellenzahl", "Tabellentext", after="0cm")
    number.set_properties({"fo:text-align": "end", "fo:margin-bottom": "0cm"}, area="paragraph")
    head_number = paragraph("Tabellenkopfzahl", "Tabellenkopftext", after="0cm")
    head_number.set_properties({"fo:text-align": "end"}, area="paragraph")
    return [
        paragraph("Title", "Heading", fo_font_size="22pt", fo_font_weight="bold", fo_color=PETROL),
        paragraph("Subtitle", "Text_20_body", fo_color=GREY),
        paragraph("Leitsatz", "Text_20_body", fo_font_weight="bold"),
        paragraph("Foto", "Text_20_body", after="0.1cm"),
        paragraph("Hinweis", "Text_20_body", fo_font_size="9pt", fo_color=GREY),
        paragraph(
            "Tabellenbeschriftung", "Caption", after="0.1cm", fo_font_weight="bold", fo_font_style="normal"
        ),
        paragraph("Tabellentext", "Standard", after="0cm", fo_font_size="9pt"),
        paragraph("Tabellenkopftext", "Tabellentext", after="0cm", fo_font_weight="bold"),
        number,
        head_number,
    ]


def _parts_of_tables() -> Iterator[Style]:
    row = Style("table-row", name="Tabellenzeile")
    row.set_properties({"fo:keep-together": "always"}, area="table-row")
    yield row
    rules = {"Tabellenzelle": "0.5pt solid #c9d2d4", "Tabellenkopf": f"1pt solid {PETROL}"}
    for name, rule in rules.items():
        style = Style("table-cell", name=name)
        style.set_properties(
            {
                "fo:border": "none",
                "fo:border-bottom": rule,
                "fo:padding": "0.06cm",
                "fo:padding-left": "0cm",
                "fo:padding-right": "0.25cm",
            },
            area="table-cell",
        )
        yield style


def _footer(document: Any, text: str) -> None:
    master = document.get_style("master-page", "Standard")
    paragraph = Paragraph(f"{text} · Seite ", style="Hinweis")
    paragraph.append(Element.from_tag("<text:page-number text:select-page='current'/>"))
    paragraph.append(" von ")
    paragraph.append(Element.from_tag("<text:page-count/>"))
    footer = Element.from_tag("<style:footer/>")
    footer.append(paragraph)
    master.append(footer)
    layout = document.get_styles(family="page-layout")[0]
    space = Element.from_tag(
        '<style:footer-style><style:header-footer-properties fo:margin-top="0.5cm"/></style:footer-style>'
    )
    for old in layout.get_elements("style:footer-style"):
        layout.delete(old)
    layout.append(space)


# Parts


def _table(document: Any, grid: parts.Grid) -> None:
    document.body.append(Paragraph(grid.caption, style="Tabellenbeschriftung"))
    number = len(document.body.get_elements("descendant::table:table")) + 1
    name = f"Tabelle{number}"
    table = Element.from_tag("<table:table/>")
    table.set_attribute("table:name", name)
    table.set_attribute("table:style-name", name)
    table.append(_tagged("table:title", grid.caption))
    table.append(_tagged("table:desc", f"Spalten: {', '.join(grid.columns)}"))
    whole = Style("table", name=name)
    whole.set_properties(
        {
            "style:width": f"{PICTURE_WIDTH_CM * sum(grid.widths):.2f}cm",
            "table:align": "left",
            "fo:margin-bottom": "0.25cm",
        },
        area="table",
    )
    document.insert_style(whole, automatic=True)
    for index, width in enumerate(grid.widths):
        style = Style("table-column", name=f"{name}.{index + 1}")
        style.set_properties({"style:column-width": f"{PICTURE_WIDTH_CM * width:.2f}cm"}, area="table-column")
        document.insert_style(style, automatic=True)
        column = Element.from_tag("<table:table-column/>")
        column.set_attribute("table:style-name", style.name or "")
        table.append(column)
    header = Element.from_tag("<table:table-header-rows/>")
    heads = ["Tabellenkopfzahl" if is_number else "Tabellenkopftext" for _, is_number in grid.heads]
    header.append(_row(grid.columns, heads, "Tabellenkopf"))
    table.append(header)
    for index, row in enumerate(grid.rows):
        is_total = grid.has_total and index == len(grid.rows) - 1
        body = ["Tabellenzahl" if is_number else "Tabellentext" for _, is_number in grid.heads]
        table.append(_row(row, heads if is_total else body, "Tabellenzelle"))
    document.body.append(table)


def _row(cells: Any, styles: list[str], cell_style: str) -> Element:
    row = Element.from_tag("<table:table-row/>")
    row.set_attribute("table:style-name", "Tabellenzeile")
    for text, style in zip(cells, styles, strict=True):
        cell = Element.from_tag('<table:table-cell office:value-type="string"/>')
        cell.set_attribute("table:style-name", cell_style)
        cell.append(Paragraph(text, style=style))
        row.append(cell)
    return row


def _tagged(tag: str, text: str) -> Element:
    element = Element.from_tag(f"<{tag}/>")
    element.text = text
    return element


def _picture(document: Any, png: bytes, width_cm: float, title: str, alt: str) -> None:
    pixels_wide, pixels_high = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    size = (width_cm, width_cm * pixels_high / pixels_wide)
    paragraph = Paragraph("", style="Text_20_body")
    paragraph.append(_frame(document, png, "png", size, title, alt))
    document.body.append(paragraph)


def _photos(document: Any, element: parts.Photos) -> None:
    """Side by side in one line, with the captions below: a table would be one for looks only."""
    paragraph = Paragraph("", style="Foto")
    for number, photo in enumerate(element.photos):
        if number:
            paragraph.append("\u00a0")  # they stay in one line
        size = element.size_in(PHOTO_BOX_CM)[number]
        paragraph.append(_frame(document, photo.jpeg, "jpeg", size, photo.caption, photo.alt))
    document.body.append(paragraph)
    document.body.append(Paragraph(element.caption, style="Hinweis"))


def _frame(
    document: Any, data: bytes, kind: str, size_cm: tuple[float, float], title: str, alt: str
) -> Frame:
    """A picture that stands in the line; the same one twice is stored once."""
    address = f"Pictures/{hashlib.sha256(data).hexdigest()[:16]}.{kind}"
    document.container.set_part(address, data)
    document.manifest.add_full_path(address, f"image/{kind}")
    size = (f"{size_cm[0]:.2f}cm", f"{size_cm[1]:.2f}cm")
    frame = Frame.image_frame(address, size=size, name=title, anchor_type="as-char")
    frame.svg_title, frame.svg_description = title, alt
    return frame
