"""What a template must never do, found by reading all of them."""

import re

from tests.live import ROOT


def test_keys_are_written_without_a_thousands_separator() -> None:
    """Number 1000 would become "1.000", and no address, form or script would find it again."""
    found = [
        f"{path.relative_to(ROOT)}: {key}"
        for path in (ROOT / "templates").rglob("*.html")
        for key in re.findall(
            r"\{\{ *[\w.]*\bpk *\}\}|include [^%]*=[\w.]+\.pk +%\}", path.read_text(encoding="utf-8")
        )
    ]
    assert found == []
