"""Is a finished PDF accessible? A gate in the worker for every PDF; veraPDF is the judge in the tests."""

import io
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

REQUIRED_CLAIMS = {
    "PDF/UA-1": b'pdfuaid:part="1"',
    "PDF/A-3": b'pdfaid:part="3"',
    "Stufe A": b'pdfaid:conformance="A"',
}


@dataclass(frozen=True)
class PdfVerdict:
    """`problems` is empty if the file may be handed out; all values are plain JSON types.

    `replaced` names the characters that are printed as an empty box, because no font has them.
    """

    is_accessible: bool
    problems: list[str]
    pages: int
    tables: int
    headings: int
    figures: int
    attachments: list[str]
    replaced: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check_pdf(data: bytes) -> PdfVerdict:
    """Validate against PDF/UA-1 and read the structure tree. A file that is no PDF gives a verdict too."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _verdict(data, pdf)
    except pikepdf.PdfError:
        return PdfVerdict(False, ["Die Datei ist kein lesbares PDF."], 0, 0, 0, 0, [])


def _verdict(data: bytes, pdf: Any) -> PdfVerdict:
    root = pdf.Root
    problems = list(_ua_failures(data))
    problems += [f"Im Dokument fehlt: {name}." for name, found in _document_facts(pdf).items() if not found]
    kinds: Counter[str] = Counter()
    if "/StructTreeRoot" in root:
        problems += _tree_problems(root.StructTreeRoot, kinds)
    attachments = sorted(pdf.attachments)
    if len(root.get("/AF", ())) < len(attachments):
        problems.append("Eine Anlage ist dem Dokument nicht zugeordnet.")
    return PdfVerdict(
        is_accessible=not problems,
        problems=problems,
        pages=len(pdf.pages),
        tables=kinds["/Table"],
        headings=sum(kinds[f"/H{level}"] for level in range(1, 7)),
        figures=kinds["/Figure"],
        attachments=attachments,
    )


def _ua_failures(data: bytes) -> list[str]:
    import page

    try:
        # the list of activities is one table, a row each; 1,024 rows is the library's own limit
        limits = page.SafetyLimits(max_table_grid_rows=20_000)
        report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1, limits=limits)
    except page.PageError as error:
        return [f"Die Prüfung auf PDF/UA-1 brach ab: {error}"]
    counted = Counter((failure.rule_id, failure.message) for failure in report.failures)
    found = [f"PDF/UA-1, Regel {rule} ({times}-mal): {message}" for (rule, message), times in counted.items()]
    return found or ([] if report.is_compliant else ["PDF/UA-1 ist nicht erfüllt."])


def _document_facts(pdf: Any) -> dict[str, bool]:
    root = pdf.Root
    metadata = root.Metadata.read_bytes() if "/Metadata" in root else b""
    return {
        "ein Strukturbaum": "/StructTreeRoot" in root,
        "die Sprache": bool(str(root.get("/Lang", ""))),
        "der Titel": bool(str(pdf.docinfo.get("/Title", ""))) and b"dc:title" in metadata,
        "das Kennzeichen der Tags": bool(root.get("/MarkInfo", {}).get("/Marked", False)),
        "die Anzeige des Titels": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
        **{f"die Angabe {name}": claim in metadata for name, claim in REQUIRED_CLAIMS.items()},
    }


def _tree_problems(root: Any, kinds: Counter[str]) -> list[str]:
    problems: Counter[str] = Counter()
    pending: list[Any] = [root]
    headers_of_table: list[int] = []
    level = 0
    while pending:
        node, table = pending.pop(), None
        if isinstance(node, tuple):
            node, table = node
        kind = str(node.get("/S", ""))
        kinds[kind] += 1
        if kind == "/Table":
            table = len(headers_of_table)
            headers_of_table.append(0)
        elif kind == "/TH":
            if table is not None:
                headers_of_table[table] += 1
            if str(node.get("/A", {}).get("/Scope", "")) not in ("/Row", "/Column", "/Both"):
                problems["Eine Kopfzelle sagt nicht, ob sie für Zeile oder Spalte gilt"] += 1
        elif kind == "/Figure" and not str(node.get("/Alt", "")):
            problems["Ein Bild hat keine Beschreibung"] += 1
        elif len(kind) == 3 and kind.startswith("/H") and kind[2].isdigit():
            if int(kind[2]) > level + 1:
                problems["Eine Überschriftenebene ist übersprungen"] += 1
            level = int(kind[2])
        if kind in ("/Span", "/Link", "/Lbl"):
            continue  # only marked content below
        kids = node.get("/K")
        if kids is None or isinstance(kids, int):
            continue
        children = list(kids) if _is_array(kids) else [kids]
        pending.extend((kid, table) for kid in reversed(children) if _is_element(kid))
    if headers_of_table.count(0):
        problems["Eine Tabelle hat keine Kopfzelle"] += headers_of_table.count(0)
    return [f"{text} ({times}-mal)." for text, times in problems.items()]


def _is_array(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Array)


def _is_element(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Dictionary) and value.get("/Type") in (None, "/StructElem")
