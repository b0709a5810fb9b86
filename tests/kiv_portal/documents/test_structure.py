"""The tree a screen reader walks. Guards tag_repair.py, which wraps private functions of WeasyPrint."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from kiv_portal.documents.pdf import render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from reports.content.report import report_html
from reports.figures.snapshot import read_snapshot
from tests.reports.content import snapshots


def elements(data: bytes) -> Iterator[Any]:
    def walk(node: Any) -> Iterator[Any]:
        yield node
        kids = node.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid)

    with pikepdf.open(io.BytesIO(data)) as pdf:
        for child in pdf.Root.StructTreeRoot.K:
            yield from walk(child)


def kinds(data: bytes) -> Counter[str]:
    return Counter(str(node.S) for node in elements(data))


def page_of_rows(rows: int) -> str:
    body = "".join(f'<tr><th scope="row">Zeile {n}</th><td>{n}</td></tr>' for n in range(rows))
    head = '<tr><th scope="col">Name</th><th scope="col">Zahl</th></tr>'
    return (
        '<html lang="de"><head><title>Tabelle</title></head><body><h1>Tabelle</h1>'
        f"<table><thead>{head}</thead><tbody>{body}</tbody></table></body></html>"
    )


def test_a_table_over_five_pages_is_one_table():
    data = render_pdf(page_of_rows(200))
    verdict = check_pdf(data)
    found = kinds(data)

    assert verdict.pages >= 5
    assert (found["/Table"], found["/THead"], found["/TBody"]) == (1, 1, 1)
    assert (found["/TR"], found["/TH"], found["/TD"]) == (201, 202, 200)
    assert verdict.problems == []


def test_every_header_cell_says_its_scope():
    scopes = Counter(str(node.A.Scope) for node in elements(render_pdf(page_of_rows(80))) if node.S == "/TH")
    assert scopes == {"/Column": 2, "/Row": 80}


def test_cells_after_a_page_break_point_to_headers_that_exist():
    data = render_pdf(page_of_rows(120))
    ids = {str(node.ID) for node in elements(data) if node.S == "/TH"}
    for node in elements(data):
        if node.S == "/TD":
            assert {str(header) for header in node.A.Headers} <= ids


def test_a_paragraph_over_a_page_break_is_one_paragraph():
    html = (
        '<html lang="de"><head><title>Text</title></head><body><h1>Text</h1>'
        f"<p>{'Wort ' * 3000}</p></body></html>"
    )
    assert kinds(render_pdf(html))["/P"] == 1


def test_a_figure_lies_where_it_is_drawn(built):
    for node in elements(built["normal"].pdf):
        if node.S == "/Figure":
            left, bottom, right, top = (float(edge) for edge in node.A.BBox)
            assert 50 < left < right < 545
            assert 60 < bottom < top < 800
            assert right - left == pytest.approx(482, abs=1)  # 170 mm, the column


@pytest.mark.parametrize(("name", "tables"), [("normal", 15), ("full", 15), ("nasty", 12), ("empty", 2)])
def test_every_table_of_the_report_is_one(built, name, tables):
    assert report_html(read_snapshot(snapshots.ALL[name]()), edition_number="3").count("<table") == tables
    assert built[name].verdict.tables == tables
    assert kinds(built[name].pdf)["/Table"] == tables


@pytest.mark.parametrize("name", snapshots.ALL)
def test_nothing_on_the_pages_is_missing_in_the_tree(built, name):
    """Sections over a page break once lost what stood on their later pages: on paper, but not read out."""
    reached = {node.objgen for node in elements(built[name].pdf)}
    with pikepdf.open(io.BytesIO(built[name].pdf)) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        owners = [one for group in list(numbers)[1::2] if isinstance(group, pikepdf.Array) for one in group]
        # running feet are no part of the text: spans outside of the tree
        text = [one for one in owners if (str(one.S), str(one.P.S)) != ("/Span", "/NonStruct")]
        assert len(text) > 20
        assert {one.objgen for one in text} - reached == set()


def test_bookmarks_lead_to_every_chapter(built):
    with pikepdf.open(io.BytesIO(built["normal"].pdf)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert "3\u2003Tätigkeiten nach Handlungsfeldern" in titles
    assert titles[-1] == "Anlage 2: Daten in diesem Dokument"


def test_contents_are_links(built):
    with pikepdf.open(io.BytesIO(built["normal"].pdf)) as pdf:
        targets = {
            str(annotation.Dest) for annotation in pdf.pages[0].Annots if annotation.Subtype == "/Link"
        }
    assert targets == {f"kapitel-{number}" for number in range(1, 12)} | {"anlage-1", "anlage-2"}


def test_the_figures_are_attached_as_data(built):
    with pikepdf.open(io.BytesIO(built["normal"].pdf)) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        relationships = {str(item.AFRelationship) for item in pdf.Root.AF}
    assert sorted(files) == ["aktivitaeten.csv", "anliegen.csv", "bericht.json", "kennzahlen.csv"]
    assert relationships == {"/Data"}
    assert files["kennzahlen.csv"].startswith("\ufeffGliederung;".encode())


def test_the_gate_refuses_what_is_not_accessible():
    untagged = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(untagged)
    verdict = check_pdf(untagged.getvalue())
    assert not verdict.is_accessible
    assert "Im Dokument fehlt: ein Strukturbaum." in verdict.problems
    assert check_pdf(b"kein PDF").problems == ["Die Datei ist kein lesbares PDF."]


def test_the_gate_names_missing_scopes_and_headers():
    html = page_of_rows(3).replace(' scope="col"', "")
    assert any("Kopfzelle sagt nicht" in problem for problem in check_pdf(render_pdf(html)).problems)
    bare = '<html lang="de"><head><title>x</title></head><body><h1>x</h1><table><tr><td>1</td></tr></table>'
    assert "Eine Tabelle hat keine Kopfzelle (1-mal)." in check_pdf(render_pdf(bare)).problems


def test_a_verdict_is_plain_json(built):
    import json

    assert json.loads(json.dumps(built["normal"].verdict.as_json()))["is_accessible"] is True


def test_the_snapshots_of_this_suite_are_as_announced():
    assert snapshots.empty_year()["totals"]["activities"] == 0
    assert len(snapshots.NASTY_TITLE) == 500
    assert len(snapshots.COMPOUND) >= 40
