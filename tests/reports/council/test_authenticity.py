"""The page that says whether a file is ours and unchanged; it keeps nothing of what is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.council.authenticity_forms import TOO_LARGE, WRONG_CODE
from reports.council.authenticity_views import FLOOD, MOST_BYTES
from reports.figures.models import new_code
from reports.models import InterimReport, ReportFile, ReportSnapshot
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 Zwischenbericht Leonberg"
UNCHANGED = "Diese Datei ist unverändert: "
UNKNOWN = (
    "Diese Datei kennen wir nicht, oder sie wurde verändert. Bitte fragen Sie im Rathaus nach der Datei."
)
NEWER = "Von diesem Bericht gibt es eine neuere Ausgabe."


@pytest.fixture(autouse=True)
def no_limits_of_the_test_before() -> None:
    cache.clear()


def freeze(
    report: InterimReport, people: People, number: int, files: dict[str, bytes], **extra: Any
) -> ReportSnapshot:
    snapshot = ReportSnapshot.objects.create(
        report=report,
        number=number,
        code=new_code(),
        data={"municipality": {"ags": "08115028"}},
        taken_by=people.coordinator,
        taken_at=dt.datetime(2022, 10, number, 12, tzinfo=dt.UTC),
    )
    for kind, data in files.items():
        done = {
            "state": "done",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "verdict": {"is_accessible": True},
        }
        file = ReportFile(snapshot=snapshot, kind=kind, requested_by=people.coordinator, **(done | extra))
        file.file.save(f"bericht.{kind}", ContentFile(data))
    return snapshot


def publish(report: InterimReport, people: People) -> None:
    factories.take_to(report, "delivered", by=people.coordinator)
    InterimReport.objects.filter(pk=report.pk).update(public_from=timezone.now())


@pytest.fixture
def snapshots(people: People) -> list[ReportSnapshot]:
    """Two editions of Leonberg's public report."""
    report = factories.make_report(people.town)
    found = [
        freeze(report, people, 1, {"pdf": b"%PDF-1.7 erste"}),
        freeze(report, people, 2, {"csv": b"Zahlen", "pdf": PDF}),
    ]
    publish(report, people)
    return found


@pytest.fixture
def hidden(people: People) -> ReportSnapshot:
    return freeze(factories.make_report(people.other_town), people, 1, {"pdf": b"%PDF-1.7 geheim"})


def upload(data: bytes, snapshot: ReportSnapshot | None = None) -> HttpResponse:
    address = reverse("check_code", args=[snapshot.code]) if snapshot else reverse("check")
    return Client().post(address, {"file": SimpleUploadedFile("bericht.pdf", data)})


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


# --- a file


def test_unchanged(snapshots: list[ReportSnapshot]) -> None:
    for answer in (upload(PDF), upload(PDF, snapshots[1])):
        html = text(answer)
        assert (
            f"{UNCHANGED}Bericht (PDF), Zwischenbericht Leonberg, 01.10.2021 bis 30.09.2022, Ausgabe 2."
            in html
        )
        assert "<title>Datei ist unverändert – KIV-Portal</title>" in html
        assert UNKNOWN not in html
        assert NEWER not in html


@pytest.mark.parametrize("place", [0, len(PDF) // 2, len(PDF) - 1])
def test_changed_by_one_byte(snapshots: list[ReportSnapshot], place: int) -> None:
    changed = bytearray(PDF)
    changed[place] ^= 1
    for data in (bytes(changed), PDF + b"\n", PDF[:-1]):
        html = text(upload(data, snapshots[1]))
        assert UNKNOWN in html
        assert UNCHANGED not in html


def test_a_file_of_an_older_edition_says_so(snapshots: list[ReportSnapshot]) -> None:
    html = text(upload(b"%PDF-1.7 erste"))
    assert f"{UNCHANGED}Bericht (PDF), Zwischenbericht Leonberg" in html
    assert NEWER in html
    elsewhere = text(upload(b"%PDF-1.7 erste", snapshots[1]))
    assert "Diese Datei gehört nicht zu der Ausgabe auf dieser Seite." in elsewhere


def test_only_finished_files_count(people: People, snapshots: list[ReportSnapshot]) -> None:
    waiting = b"noch nicht fertig"
    freeze(snapshots[0].report, people, 3, {"pdf": waiting}, state="queued")
    assert UNKNOWN in text(upload(waiting))


def test_files_of_many_pieces(people: People, snapshots: list[ReportSnapshot]) -> None:
    large = bytes(range(256)) * 40_000  # ten megabytes, far more than one piece
    freeze(snapshots[0].report, people, 3, {"pdf": large})
    assert UNCHANGED in text(upload(large))
    assert UNKNOWN in text(upload(large[:-1] + b"\x00"))


def test_a_file_that_is_too_large_gets_a_sentence(snapshots: list[ReportSnapshot]) -> None:
    html = text(upload(b"x" * (MOST_BYTES + 1)))
    assert TOO_LARGE in html
    assert UNKNOWN not in html
    assert UNKNOWN in text(upload(b"x" * MOST_BYTES))


def test_nothing_is_stored(
    snapshots: list[ReportSnapshot], tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.MEDIA_ROOT = tmp_path / "media"
    opened: list[str] = []
    monkeypatch.setattr(
        "django.core.files.uploadedfile.tempfile.NamedTemporaryFile", lambda *a, **k: opened.append("file")
    )
    assert UNKNOWN in text(upload(b"y" * 5_000_000))
    assert (opened, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Bitte wählen Sie eine Datei."),
        ({"file": "nur Text"}, "Bitte wählen Sie eine Datei."),
        (
            {"file": SimpleUploadedFile("leer.pdf", b"")},
            "Diese Datei ist leer. Bitte wählen Sie eine andere.",
        ),
    ],
)
def test_no_file_gets_a_sentence(people: People, sent: dict[str, Any], sentence: str) -> None:
    html = text(Client().post(reverse("check"), sent))
    assert sentence in html
    assert UNKNOWN not in html


def test_the_form_token_is_asked_for(snapshots: list[ReportSnapshot]) -> None:
    client = Client(enforce_csrf_checks=True)
    without = client.post(reverse("check"), {"file": SimpleUploadedFile("bericht.pdf", PDF)})
    assert without.status_code == 403
    client.get(reverse("check"))
    token = client.cookies["csrftoken"].value
    sent = {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("bericht.pdf", PDF)}
    assert UNCHANGED in text(client.post(reverse("check"), sent))


def test_many_files_from_one_connection(snapshots: list[ReportSnapshot]) -> None:
    for _ in range(60):
        assert UNCHANGED in text(upload(PDF))
    html = text(upload(PDF))
    assert FLOOD in html
    assert UNCHANGED not in html
    # looking is never refused
    assert Client().get(reverse("check_code", args=[snapshots[1].code])).status_code == 200


# --- a code


def test_the_page_of_a_code(snapshots: list[ReportSnapshot]) -> None:
    first, second = (
        text(Client().get(reverse("check_code", args=[snapshot.code]))) for snapshot in snapshots
    )
    for wanted in (
        "<dt>Kommune</dt><dd>Leonberg</dd>",
        "<dt>Zeitraum</dt><dd>01.10.2021 bis 30.09.2022</dd>",
        "<dt>Ausgabe</dt><dd>2</dd>",
        "<dt>Stand der Zahlen und Texte</dt><dd>02.10.2022</dd>",
        "<dt>Neueste Ausgabe?</dt><dd>Ja</dd>",
    ):
        assert wanted in second
    assert "<dt>Neueste Ausgabe?</dt><dd>Nein, es gibt eine neuere Ausgabe.</dd>" in first
    csv, pdf = (hashlib.sha256(data).hexdigest() for data in (b"Zahlen", PDF))
    assert second.index(pdf) < second.index("Zahlen als Tabelle (CSV)") < second.index(csv)
    assert "33 Bytes" in second
    assert pdf not in first


def test_of_a_hidden_report_only_town_period_and_number(hidden: ReportSnapshot) -> None:
    for answer in (
        Client().get(reverse("check_code", args=[hidden.code])),
        upload(b"%PDF-1.7 geheim"),
    ):
        html = text(answer)
        assert "Herrenberg" in html
        assert "01.10.2021 bis 30.09.2022" in html
        for word in ("01.10.2022", "Neueste Ausgabe", "neuere Ausgabe", "Bytes", "Stand der Zahlen"):
            assert word not in html, word


def test_an_unknown_code_is_a_page_with_a_sentence(snapshots: list[ReportSnapshot]) -> None:
    for code in ("abcdefghjk", "x", "none", "null", "a" * 200):
        answer = Client().get(reverse("check_code", args=[code]))
        assert answer.status_code == 404
        assert "Diesen Code kennen wir nicht." in text(answer)
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_code_may_be_typed_in_many_ways(snapshots: list[ReportSnapshot]) -> None:
    code = str(snapshots[1].code)
    target = reverse("check_code", args=[code])
    for typed in (
        code,
        code.upper(),
        f"  {code[:5]} {code[5:]} ",
        f"{code[:5]}-{code[5:]}",
        f"{settings.BASE_URL}{target}",
        f"{settings.BASE_URL}{target}".rstrip("/"),
    ):
        answer = Client().get(reverse("check"), {"code": typed})
        assert (answer.status_code, answer.headers.get("Location")) == (302, target), typed
    assert Client().get(target.upper().replace("/ECHT/", "/echt/")).status_code == 200


@pytest.mark.parametrize(
    "typed", ["abc", "abcdefghj0", "abcdefghjl", "äbcdefghjk", "abcdefghjkm", "²bcdefghjk"]
)
def test_wrong_letters_get_a_sentence(people: People, typed: str) -> None:
    html = text(Client().get(reverse("check"), {"code": typed}))
    assert WRONG_CODE in html
    assert f'value="{typed}"' in html


def test_no_code_gets_a_sentence(people: People) -> None:
    assert "Bitte geben Sie den Code ein." in text(Client().get(reverse("check"), {"code": ""}))


def test_every_public_page_leads_here(people: People) -> None:
    assert f'<a href="{reverse("check")}">Echtheit prüfen</a>' in text(Client().get(reverse("home")))
