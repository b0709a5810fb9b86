"""The report in easy language: what it is called, how it looks to a screen reader, and what the judges say."""

import io

import pikepdf
import pytest

from kiv_portal.easy_language.blocks import blocks
from kiv_portal.easy_language.check import check_text
from kiv_portal.easy_language.rules import Severity
from reports.content.easy import build_easy_pdf, check_notes, easy_html
from reports.content.easy_draft import easy_draft
from reports.figures.snapshot import GroupCheck, Snapshot, read_snapshot
from tests.reports.content import snapshots

CHECK = {"date": "2022-11-03", "group": "Einfach klar", "persons": 5}
NASTY = (
    f"# {snapshots.SCRIPT}\n\n{snapshots.HEBREW}\n- {snapshots.ARABIC}\n- {snapshots.COMPOUND * 4}\n"
    f"{snapshots.SIGNS} {snapshots.UNCOVERED}\n# \n-\n"
)


def easy(text: str, check: dict | None = None) -> Snapshot:
    snapshot = snapshots.as_of_schema_3(snapshots.normal_year())
    return read_snapshot(snapshot | {"easy": {"text": text, "check": check}})


def html_of(snapshot: Snapshot) -> str:
    assert snapshot.easy
    return easy_html(snapshot, snapshot.easy, edition_number="2")


SNAPSHOTS = {
    "draft": easy(easy_draft(read_snapshot(snapshots.normal_year()))),
    "checked": easy(easy_draft(read_snapshot(snapshots.full_year())), CHECK),
    "nasty": easy(NASTY),
}


@pytest.fixture(scope="module")
def easy_pdfs() -> dict[str, bytes]:
    return {name: build_easy_pdf(data, edition_number="2").pdf for name, data in SNAPSHOTS.items()}


def test_verapdf_accepts_every_pdf(easy_pdfs, tmp_path, judge):
    files = []
    for name, data in easy_pdfs.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(data)
    broken = judge(files)
    assert len(broken) == 6
    assert {key: rules for key, rules in broken.items() if rules} == {}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_same_text_gives_the_same_bytes(easy_pdfs, name):
    assert build_easy_pdf(SNAPSHOTS[name], edition_number="2").pdf == easy_pdfs[name]


def test_the_language_is_easy_german(easy_pdfs):
    with pikepdf.open(io.BytesIO(easy_pdfs["draft"])) as pdf:
        assert str(pdf.Root.Lang) == "de-simple"
        assert str(pdf.docinfo["/Title"]) == "Bericht aus Leonberg in einfacher Sprache"


def test_only_a_checked_text_is_called_leichte_sprache():
    draft, checked = html_of(SNAPSHOTS["draft"]), html_of(SNAPSHOTS["checked"])
    assert "Entwurf in einfacher Sprache – noch nicht geprüft" in draft
    assert "leichte" not in draft.lower()
    assert "Entwurf" not in checked
    assert "Geprüft von der Gruppe Einfach klar<br>am 3.\u00a0November\u00a02022, 5\u00a0Personen" in checked


def test_a_small_group_is_not_counted_out():
    assert check_notes(GroupCheck(date="2022-11-03", group="Einfach klar", persons=3))[-1].endswith(
        "unter\u00a05\u00a0Personen"
    )


def test_what_people_type_stays_text():
    html = html_of(SNAPSHOTS["nasty"])
    assert "<script" not in html
    assert "<h2>&lt;script&gt;" in html
    built = build_easy_pdf(SNAPSHOTS["nasty"], edition_number="2")
    assert len(built.verdict.replaced) == 2


def test_an_empty_text_says_so():
    assert "Hier steht noch kein Text." in html_of(easy(""))


def test_lines_become_headings_paragraphs_and_lists():
    text = (
        "# Titel\r\nErste Zeile.\nZweite Zeile.\n\nNeuer Absatz.\n- eins\n• zwei\n\n- drei\n# \n#Kein Titel"
    )
    assert blocks(text) == [
        ("heading", ["Titel"]),
        ("lines", ["Erste Zeile.", "Zweite Zeile."]),
        ("lines", ["Neuer Absatz."]),
        ("list", ["eins", "zwei"]),
        ("list", ["drei"]),
        ("lines", ["#Kein Titel"]),
    ]
    assert blocks("") == blocks(" \n ") == []


@pytest.mark.parametrize(
    "make", [*snapshots.ALL.values(), lambda: snapshots.as_of_schema_1(snapshots.full_year())]
)
def test_a_first_text_follows_its_own_rules(make):
    snapshot = make()
    text = easy_draft(read_snapshot(snapshot))
    assert [f for f in check_text(text) if f.severity is Severity.ERROR] == []
    number = snapshot["totals"]["activities"]
    assert ("Im Bericht steht 1 Aufgabe." if number == 1 else f"Im Bericht stehen {number} Aufgaben.") in text
    assert "Leonberg" in text
    assert "Oktober 2021 bis September 2022." in text


def test_a_first_text_has_the_results():
    text = easy_draft(read_snapshot(snapshots.normal_year()))
    assert "- Bildung und Schule: 17 Aufgaben" in text
    assert "- 5 Sachen sind fertig." in text
    assert "In dieser Zeit war die Stelle frei." in easy_draft(read_snapshot(snapshots.empty_year()))


@pytest.mark.parametrize(("kind", "word"), [("Gemeinde", "Gemeinde"), ("Große Kreisstadt", "Stadt")])
def test_a_first_text_calls_the_town_what_it_is(kind, word):
    snapshot = snapshots.normal_year()
    snapshot["municipality"]["kind"] = kind
    assert f"Der Bericht ist über die {word}:\nLeonberg." in easy_draft(read_snapshot(snapshot))
