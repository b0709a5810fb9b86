import pyphen
import pytest

from kiv_portal.documents import hyphenation
from kiv_portal.documents.weasyprint_setup import hyphenation as used


@pytest.mark.parametrize(
    ("word", "parted"),
    [
        ("Öffentlichkeitsarbeit", "Öffent-lich-keits-arbeit"),
        ("Gremienarbeit", "Gre-mien-arbeit"),
        ("NETZWERKARBEIT", "NETZ-WERK-ARBEIT"),
        ("Straßenbahnhaltestelle", "Stra-ßen-bahn-hal-te-stelle"),
        ("Barrierefreiheit", "Bar-rie-re-freiheit"),
        ("Rhythmus", "Rhyth-mus"),
        ("xyz", "xyz"),
        ("", ""),
    ],
)
def test_no_part_of_a_word_is_without_a_vowel(word, parted):
    assert used is hyphenation  # before the first document
    found = pyphen.Pyphen(lang="de_DE", left=3, right=6 if len(word) > 8 else 3).inserted(word)
    assert found == parted


def test_a_word_without_any_vowel_is_left_whole():
    assert hyphenation.repaired("brrpst", [3]) == []
