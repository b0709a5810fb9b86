import datetime as dt
from urllib.parse import unquote

import pytest

from kiv_portal.downloads import content_disposition, file_name, period_in_name


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("2022/184", "Zwischenbericht", "Leonberg"), "2022-184_Zwischenbericht_Leonberg.pdf"),
        (("", "Kurzfassung", "Weil der Stadt", ""), "Kurzfassung_Weil-der-Stadt.pdf"),
        (("Nr. 5 a/b", "x"), "Nr.-5-a-b_x.pdf"),
        (("../../etc", 'a\\b:c*?"<>|\r\n', "Ga\u0308rtringen"), "etc_a-b-c_Gärtringen.pdf"),
        (("x" * 500, "…"), f"{'x' * 60}.pdf"),
    ],
)
def test_names(parts, expected):
    assert file_name(*parts, extension="pdf") == expected


def test_a_period_of_whole_months_is_short():
    assert period_in_name(dt.date(2021, 10, 1), dt.date(2022, 9, 30)) == "2021-10_bis_2022-09"
    assert period_in_name(dt.date(2024, 2, 1), dt.date(2024, 2, 29)) == "2024-02_bis_2024-02"
    assert period_in_name(dt.date(2021, 10, 4), dt.date(2022, 9, 30)) == "2021-10-04_bis_2022-09-30"


def test_the_header_has_a_name_for_old_programs_and_the_whole_one():
    assert content_disposition("a.pdf") == 'attachment; filename="a.pdf"'
    assert content_disposition("a.pdf", is_shown=True) == 'inline; filename="a.pdf"'
    assert content_disposition("Gärtringen, Straße.pdf") == (
        "attachment; filename=\"Gaertringen, Strasse.pdf\"; filename*=UTF-8''G%C3%A4rtringen%2C%20Stra%C3%9Fe.pdf"
    )


@pytest.mark.parametrize(
    "name",
    ["Ga\u0308rtringen.pdf", "漢字.pdf", 'a"; b.pdf', "Zeile\r\nX: y.pdf", "50 %.pdf", "e\u0301tude.pdf"],
)
def test_any_name_is_one_header_that_gives_it_back(name):
    header = content_disposition(name)
    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    plain, _, whole = header.partition("; filename*=UTF-8''")
    assert plain.startswith('attachment; filename="')
    assert plain.count('"') == 2
    assert unquote(whole) == (name if whole else "")


def test_a_name_without_any_letter_of_ascii_keeps_its_kind():
    assert content_disposition("漢字.pdf").startswith('attachment; filename="Datei.pdf"; ')
