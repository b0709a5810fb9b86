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


NOTHING_LONG = {  # beside the pages of sign-in, which ask for codes and passwords
    "activities/imports/list.html": "only a file",
    "reports/council/check.html": "only a file or a code",
    "reports/notices/choice.html": "only boxes",
    "reports/steps/approve.html": "only a box",
    "reports/steps/review_rule.html": "only a choice of three",
}
SIGN_IN = ("account/", "accounts/", "allauth/", "mfa/", "usersessions/")
A_FORM = re.compile(r"""<form\b[^>]*method="post".*?</form>""", re.DOTALL)
A_FIELD = re.compile(r"{{ *\w*form\b|as_field_group|<textarea|type=\"text\"")


def test_every_form_keeps_what_is_typed() -> None:
    """With the tag, a text survives the window, the session and the connection (static/js/drafts, unsaved.py)."""
    found = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        if not (name := str(path.relative_to(ROOT / "templates"))).startswith(SIGN_IN)
        for form in A_FORM.findall(path.read_text(encoding="utf-8"))
        if A_FIELD.search(form) and "keep_typed_text" not in form
    }
    assert found == set(NOTHING_LONG)
