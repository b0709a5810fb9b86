"""The handbook in the portal: every chapter, every link in it, found by a part of a word, at hand where one is."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from home.handbook import places
from home.handbook.chapters import address_of, anchor_of, chapters, contents
from home.handbook.places import help_for
from home.handbook.search import MOST_FOUND, MOST_SIGNS, find
from tests.people import People
from tests.project.test_access import names_of

LINK = re.compile(r'<a href="([^"]+)"')


def page_of(url: str) -> str:
    answer = Client().get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.django_db
def test_the_contents_lead_to_every_chapter() -> None:
    page = page_of(reverse("help"))
    for name, chapter in chapters().items():
        assert f'href="{reverse("help_chapter", args=[name])}' in page
        shown = page_of(reverse("help_chapter", args=[name]))
        assert f"<h1>{chapter.title}</h1>" in shown
        assert all(f'id="{section.anchor}"' in shown for section in chapter.sections if section.anchor)


def test_every_link_in_it_leads_to_a_heading_that_is_there() -> None:
    anchors = {name: {section.anchor for section in chapter.sections} for name, chapter in chapters().items()}
    found = [contents(), *(chapter.html for chapter in chapters().values())]
    links = [(html, link) for html in found for link in LINK.findall(html)]
    assert len(links) > 20
    for html, link in links:
        address, _, anchor = link.partition("#")
        name = address.removeprefix("/hilfe/").strip("/")
        own = next((n for n, chapter in chapters().items() if chapter.html == html), "")
        if anchor:
            assert unquote(anchor) in anchors[name or own], link


@pytest.mark.parametrize("link", ["https://example.org/", "../operations.md", "//x", "javascript:alert(1)"])
def test_a_link_out_of_the_handbook_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="leads out of the handbook"):
        address_of(link)


def test_anchors_are_those_of_the_files() -> None:
    assert anchor_of("„Bitte kurz prüfen“") == "bitte-kurz-prüfen"
    assert anchor_of("Wer darf was?") == "wer-darf-was"


@pytest.mark.parametrize(
    ("asked", "chapter", "section"),
    [
        ("papierkorb", "aktivitaeten", "Gelöscht und wieder da"),
        ("EHRENAMTS", "zahlen", "Der Ehrenamtsnachweis"),
        ("foto hinzufügen", "fotos", "Ein Foto hinzufügen"),
    ],
)
def test_what_is_looked_for_is_found(asked: str, chapter: str, section: str) -> None:
    found = [(hit.chapter.name, hit.section.title) for hit in find(asked)]
    assert (chapter, section) in found


def test_an_excerpt_is_of_whole_words() -> None:
    for hit in find("foto"):
        words = hit.excerpt.removeprefix("… ").removesuffix(" …").split()
        assert set(words) <= set(hit.section.text.split())
        assert "foto" in hit.excerpt.casefold() or "foto" not in hit.section.text.casefold()


def test_a_heading_counts_more_than_a_text() -> None:
    assert find("assistenz")[0].chapter.name == "assistenz"


@pytest.mark.parametrize("asked", ["", "   ", "Quantenphysik", "a\x00b"])
def test_what_is_not_there(asked: str) -> None:
    assert find(asked) == []


def test_however_long_the_question_it_is_short() -> None:
    assert len(find("e")) == MOST_FOUND
    assert find("foto" + " " * MOST_SIGNS + "quatsch") == find("foto")


@pytest.mark.django_db
def test_the_page_says_what_it_found() -> None:
    page = page_of("/hilfe/?q=Papierkorb")
    assert f'href="{reverse("help_chapter", args=["aktivitaeten"])}#gelöscht-und-wieder-da"' in page
    assert "Nichts gefunden zu „&lt;b&gt;“" in page_of("/hilfe/?q=<b>")


def test_every_place_is_a_page_and_has_a_chapter() -> None:
    names = set(names_of())
    for start, chapter in places.CHAPTERS.items():
        assert chapter in chapters()
        assert any(name.startswith(start) for name in names), start
    assert names >= places.OUTSIDE


def test_the_narrowest_chapter_helps() -> None:
    assert help_for("activity_photo_add") == reverse("help_chapter", args=["fotos"])
    assert help_for("activity_edit") == reverse("help_chapter", args=["aktivitaeten"])
    assert help_for("county_report_list") == reverse("help_chapter", args=["landkreis"])
    for page in ("home", "concern_status", ""):
        assert help_for(page) == reverse("help")


@pytest.mark.django_db
def test_help_leads_where_one_is(people: People) -> None:
    page = people.client("mediator").get("/aktivitaeten/neu/").content.decode()
    assert f'href="{reverse("help_chapter", args=["aktivitaeten"])}"' in page
    assert 'href="/hilfe/"' in page_of("/unterwegs/")  # made without a request


@pytest.mark.django_db
def test_a_chapter_that_is_not_there() -> None:
    assert Client().get("/hilfe/README/").status_code == 404
