"""The kinds of file of a report: what they are called and how they are sent."""

CONTENT_TYPES: dict[str, tuple[str, str]] = {  # kind: (extension, content type)
    "pdf": ("pdf", "application/pdf"),
    "summary": ("pdf", "application/pdf"),
    "easy": ("pdf", "application/pdf"),
    "annex": ("pdf", "application/pdf"),
    "html": ("html", "text/html; charset=utf-8"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "odt": ("odt", "application/vnd.oasis.opendocument.text"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "json": ("json", "application/json"),
}

# {kind: schema of the first snapshots that it was built from}. A report that was frozen before does not lack it: its
# council decided with the files that there were.
KINDS_SINCE: dict[str, int] = {
    "pdf": 1,
    # with the way through the council and the text in easy language; until then a report was its PDF alone
    **dict.fromkeys(("summary", "easy"), 3),
    "annex": 7,  # with the choice which activities a report lists
    **dict.fromkeys(("html", "docx", "odt", "xlsx", "csv", "json"), 3),
}

COUNCIL_ONLY = ("annex",)  # nobody else may have them, also when the report is public
WITH_PHOTOS = ("pdf", "html", "docx", "odt")
