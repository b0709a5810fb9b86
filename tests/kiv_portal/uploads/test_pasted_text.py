# ruff: noqa: E501  what word processors write has long lines
"""Forty pages from a word processor: tidied once and for all, and they become a report."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiv_portal.documents import prose
from kiv_portal.uploads.pasted_text import tidy
from reports.content.report import build_report_pdf
from reports.figures.snapshot import read_snapshot
from tests.reports.content import snapshots
from tests.sample import examples

POINTS = "·•●○◦▪▫■□◆‣⁃➢➤►\uf0b7\uf0a7\uf0d8\uf0fc"


PASTED = [
    ("Erste Zeile\x0bzweite\u2028dritte\u2029vierte\x85fünfte\x0csechste\r\nsiebte\rachte", "\n".join(
        ["Erste Zeile", "zweite", "dritte", "vierte", "fünfte", "sechste", "siebte", "achte"])),
    ("Bar\u00adrie\u00adre\u200bfrei\ufeff\u2060heit", "Barrierefreiheit"),
    ("Null\x00 Glocke\x07 Flucht\x1b rückwärts\u202e Ende", "Null Glocke Flucht rückwärts Ende"),
    ("5\u00a0\u00a0\u00a0Euro\u202f\u2003und\tmehr", "5 Euro und mehr"),
    ("Logo \uf04a am Ende, Bild \ufffc hier", "Logo am Ende, Bild hier"),
    ("o\tErster Punkt\no\u00a0\u00a0\u00a0Zweiter", "- Erster Punkt\n- Zweiter"),
    ("§\tErster Punkt\n–\tZweiter\n*\u00a0\u00a0Dritter\n—  Vierter", "- Erster Punkt\n- Zweiter\n- Dritter\n- Vierter"),
    ("1.\tErster\n2)\u00a0\u00a0Zweiter", "1. Erster\n2) Zweiter"),
    ("Absatz\n\n\n\n\nnoch einer\n\n", "Absatz\n\nnoch einer"),
    ("u\u0308ber", "über"),
    ("u\u00ad\u0308ber", "über"),
    # what looks like a list and is none
    ("§ 10 gilt.", "§ 10 gilt."),
    ("§\u00a0\u00a010 gilt.", "§ 10 gilt."),
    ("o weh, das war knapp.", "o weh, das war knapp."),
    ("Eintritt · frei", "Eintritt · frei"),
    ("2022.  Ein gutes Jahr", "2022. Ein gutes Jahr"),
    # what must stay
    ("„Größe“ – 50 % … 🧑‍🦽 ❤️‍🔥 שלום مرحبا", "„Größe“ – 50 % … 🧑‍🦽 ❤️‍🔥 שלום مرحبا"),
    ("می‌خواهم", "می‌خواهم"),
    ("- Punkt\n- Punkt\n\n1. Eins", "- Punkt\n- Punkt\n\n1. Eins"),
    ("{Aktivitäten} im Jahr", "{Aktivitäten} im Jahr"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "stored"), PASTED)
def test_what_word_brings_along(pasted, stored):
    assert tidy(pasted) == stored


@pytest.mark.parametrize("point", POINTS)
def test_every_point_of_a_list_becomes_ours(point):
    pasted = f"Es gibt:\r{point}\tRampen\r{point}\u00a0\u00a0\u00a0Aufzüge\r{point} Lifte"
    assert prose.blocks(tidy(pasted)) == [("p", ["Es gibt:"]), ("ul", ["Rampen", "Aufzüge", "Lifte"])]


SIGNS = "aZ1.) -–·o§*\t\n\r\x00\x0b\u00a0\u00ad\u200b\u200d\u2028\ufeff\uf0b7\u0308ü😀א"


@settings(deadline=None, max_examples=examples(500))
@given(st.text(st.sampled_from(SIGNS), max_size=40) | st.text(max_size=60))
@example("a\u200d\u200d😀")
@example("\x00·  x")
@example("\u200d·1")
@example("\u0387 x")
@example("😀\u200d\ue000a")
@example("\U000f0000· x")
def test_tidying_twice_changes_nothing_more(text):
    once = tidy(text)
    assert tidy(once) == once
    assert not set(once) & set("\x00\t\r\x0b\u00a0\u00ad\u200b\u2028\ufeff\uf0b7")


PAGE = (
    "Begehung der Haltestelle\r\r"
    "Am\u00a0Montag\u00a0haben wir die Hal\u00adte\u00adstelle\u200b gesehen.\x0bDer Bus kam\u00a0\u00a0\u00a0pünktlich. "
    + "Wir haben über Stufen, Kanten und Wege gesprochen, und darüber, wer was bis wann tut. " * 34
    + "\r\uf0b7\tErstens die Rampe\r\uf0b7\tZweitens das Licht\ro\tdrittens die Farbe\r§\tviertens der Handlauf\r\r"
)


@pytest.mark.slow
def test_forty_pages_become_a_report():
    snapshot = snapshots.as_of_schema_3(snapshots.normal_year())
    snapshot["texts"] = {**snapshot["texts"], "assessment": tidy(PAGE * 40)}
    built = build_report_pdf(read_snapshot(snapshot), edition_number="1")
    assert len(snapshot["texts"]["assessment"]) < 150_000  # what a text may hold
    assert 40 <= built.verdict.pages <= 60
    assert built.verdict.is_accessible
    assert built.verdict.replaced == []
