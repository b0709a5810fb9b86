"""Two versions of a text: nothing is lost between what stayed, what is gone and what is new."""

from hypothesis import given
from hypothesis import strategies as st

from reports.writing.differences import differences

WORDS = st.lists(st.sampled_from(["Rampe ", "Ampel ", "Bus ", "\n"]), max_size=12).map("".join)


@given(old=WORDS, new=WORDS)
def test_the_parts_are_both_texts(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(part.text for part in parts if part.kind != "new") == old
    assert "".join(part.text for part in parts if part.kind != "gone") == new


def test_what_stayed_is_found() -> None:
    found = [tuple(part) for part in differences("Die alte Rampe", "Die neue Rampe")]
    assert found == [("same", "Die "), ("gone", "alte"), ("new", "neue"), ("same", " Rampe")]
