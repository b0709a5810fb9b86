"""The Ehrenamtsnachweis: what it says, who gets it, and what others learn by its code."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from kiv_portal.periods import Period
from mediators.models import Appointment
from reports.certificates import services as certificates
from reports.certificates.building import build_certificate
from reports.certificates.queries import certificate_content, certified_months
from reports.content.certificate import build_certificate_pdf, certificate_html
from reports.figures.certificate import CertificateContent, TownLine
from reports.models import Certificate
from tests import factories
from tests.live import ROOT
from tests.people import People

pytestmark = pytest.mark.django_db
TODAY = dt.date(2022, 10, 15)
ADDRESS = "https://portal.example.de/echt/abcdefghjk/"


@pytest.fixture
def worked(people: People) -> People:
    factories.make_activity(people.kiv, people.town, travel_minutes=30)
    factories.make_activity(people.kiv, people.town, field=None, minutes=60, day=dt.date(2021, 10, 1))
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 10, 3))  # the month is not over
    return people


def content_of(people: People) -> CertificateContent:
    content = certificate_content(people.kiv, today=TODAY, check_url=ADDRESS)
    assert content is not None
    return content


def text_of(content: CertificateContent) -> str:
    return certificate_html(content).replace("\xa0", " ")


@pytest.fixture
def built(worked: People, settings: Any, tmp_path: Path) -> Certificate:
    settings.MEDIA_ROOT = tmp_path
    settings.VERAPDF = False
    certificate = certificates.request_certificate(worked.kiv, by=worked.mediator, today=TODAY)
    build_certificate(certificate.pk, worker="worker@test")
    certificate.refresh_from_db()
    assert certificate.is_accessible, certificate.reason
    return certificate


# --- what it says


@pytest.mark.parametrize(
    ("today", "period"),
    [
        (dt.date(2022, 10, 15), Period(dt.date(2021, 10, 1), dt.date(2022, 9, 30))),
        (dt.date(2022, 10, 1), Period(dt.date(2021, 10, 1), dt.date(2022, 9, 30))),
        (dt.date(2024, 3, 31), Period(dt.date(2023, 3, 1), dt.date(2024, 2, 29))),
        (dt.date(2022, 1, 1), Period(dt.date(2021, 1, 1), dt.date(2021, 12, 31))),
    ],
)
def test_the_last_twelve_full_months(today: dt.date, period: Period) -> None:
    assert certified_months(today) == period


def test_figures_and_names(worked: People) -> None:
    content = content_of(worked)
    assert (content.name, content.activities, content.minutes, content.travel_minutes) == (
        "Vera Vermittlung",
        2,
        150,
        30,
    )
    assert content.towns == [TownLine("Leonberg", "2021-10-01", 2, 150)]
    assert (content.fields, content.offices) == (["Bildung und Schule"], ["Landratsamt Böblingen"])
    assert CertificateContent.from_json(content.as_json()) == content


def test_only_what_was_done_as_a_volunteer_counts(worked: People) -> None:
    """Who is employed for it, in another town or since some day, has no honorary hours there."""
    factories.make_mediator(worked.mediator, worked.other_town, form="minijob")
    factories.make_activity(worked.kiv, worked.other_town)
    assert [town.name for town in content_of(worked).towns] == ["Leonberg"]
    Appointment.objects.filter(mediator=worked.kiv).update(form="administration")
    assert certificate_content(worked.kiv, today=TODAY, check_url=ADDRESS) is None


def test_the_page_says_it_in_words(worked: People) -> None:
    text = text_of(content_of(worked))
    for sentence in (
        "hat sich vom 1. Oktober 2021 bis 30. September 2022 ehrenamtlich in der Kommunalen "
        "Inklusionsvermittlung in Leonberg eingesetzt.",
        "Gearbeitet wurde in diesen Handlungsfeldern: „Bildung und Schule“.",
        "dazu kommen 0,5 Stunden Fahrzeit",
        "Ausgestellt am 15. Oktober 2022",
        "gilt ohne Unterschrift",
        ADDRESS,
    ):
        assert sentence in text
    assert '<p class="figure-value">2,5</p>' in text


def test_typed_text_is_escaped(worked: People) -> None:
    worked.mediator.full_name = "Vera <b>Vermittlung</b>"
    worked.mediator.save()
    people = content_of(worked)
    assert "<b>" not in certificate_html(people)


# --- asking for it


def test_two_clicks_make_one_and_the_next_day_another(worked: People) -> None:
    ask = {"by": worked.mediator}
    first = certificates.request_certificate(worked.kiv, today=TODAY, **ask)
    assert certificates.request_certificate(worked.kiv, today=TODAY, **ask) == first
    assert certificates.request_certificate(worked.kiv, today=TODAY + dt.timedelta(days=1), **ask) != first


def test_without_work_there_is_nothing_to_certify(people: People) -> None:
    with pytest.raises(certificates.NothingToCertify):
        certificates.request_certificate(people.kiv, by=people.mediator, today=TODAY)
    answer = people.client("mediator").post(reverse("certificate_list"), follow=True)
    assert "keine ehrenamtliche Aktivität" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_the_database_refuses_a_span_that_is_not_over(worked: People) -> None:
    certificate = certificates.request_certificate(worked.kiv, by=worked.mediator, today=TODAY)
    with pytest.raises(IntegrityError, match="certificate_of_a_closed_span"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(ends_on=TODAY)


def test_what_is_issued_stays_as_it_is(built: Certificate) -> None:
    with pytest.raises(DatabaseError, match="done_stays"), transaction.atomic():
        Certificate.objects.filter(pk=built.pk).update(data={})
    Activity.objects.filter(day=dt.date(2022, 3, 1)).delete()
    assert built.frozen.minutes == 150


def test_one_whose_worker_died_is_found(worked: People) -> None:
    certificate = certificates.request_certificate(worked.kiv, by=worked.mediator, today=TODAY)
    now = certificate.requested_at
    Certificate.objects.update(state="running", attempts=1, lease_until=now)
    certificates.sweep_certificates(now + dt.timedelta(seconds=1))
    certificate.refresh_from_db()
    assert certificate.is_queued


# --- the file


def test_one_page_and_the_same_bytes(built: Certificate) -> None:
    with built.file.open("rb") as file:
        data = file.read()
    assert (built.pages, len(data)) == (1, built.size)
    assert data == build_certificate_pdf(built.frozen).pdf
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Ehrenamtsnachweis für Vera Vermittlung"


def test_long_names_and_many_towns_still_fit_on_one_page() -> None:
    content = CertificateContent(
        name="Wilhelmine-Katharina Freifrau von und zu Schwarzenberg-Lichtenstein-Hohenlohe",
        start="2021-10-01",
        end="2022-09-30",
        issued_on="2022-10-15",
        check_url=ADDRESS,
        offices=["Landratsamt Böblingen", "Landratsamt Calw"],
        fields=["Bildung und Schule", "Arbeit und Freizeit", "Leben und Wohnen", "Verkehr", "Gesundheit"],
        towns=[TownLine(f"Weil im Schönbuch {n}", "2021-10-01", 100, 6000) for n in range(3)],
        activities=1000,
        minutes=60000,
        travel_minutes=600,
    )
    assert build_certificate_pdf(content).verdict.pages == 1


@pytest.mark.slow
def test_verapdf_has_nothing_to_say(built: Certificate) -> None:
    from kiv_portal.documents.verapdf import verdict_of

    with built.file.open("rb") as file:
        assert verdict_of(file.read(), ROOT / "var" / "verapdf") == {"PDF/UA-1": [], "PDF/A-3a": []}


def test_the_person_gets_it_and_nobody_else(built: Certificate, worked: People) -> None:
    address = reverse("certificate_download", args=[built.pk])
    others = [name for name in People.NAMES if name != "mediator"]
    assert {worked.client(name).get(address).status_code for name in others} == {302, 404}
    answer = worked.client("mediator").get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert '2022-10-15.pdf"' in answer["Content-Disposition"]
    page = worked.client("mediator").get(reverse("certificate_list")).content.decode()
    assert f'href="{address}"' in page


# --- checking it


def test_its_code_tells_day_town_and_hours_but_no_name(built: Certificate) -> None:
    page = Client().get(reverse("check_code", args=[built.code])).content.decode()
    for told in ("15.10.2022", "Leonberg", "01.10.2021 bis 30.09.2022", "2,5\xa0Stunden", built.sha256):
        assert told in page
    assert "Vermittlung" not in page.partition("<main")[2].partition("</main>")[0]


def test_its_file_is_known_and_a_changed_one_is_not(built: Certificate) -> None:
    with built.file.open("rb") as file:
        data = file.read()

    def answer_to(sent: bytes) -> str:
        file = SimpleUploadedFile("nachweis.pdf", sent, content_type="application/pdf")
        return Client().post(reverse("check"), {"file": file}).content.decode()

    assert "Diese Datei ist unverändert: Ehrenamtsnachweis vom 15.10.2022." in answer_to(data)
    assert "Diese Datei kennen wir nicht" in answer_to(data + b" ")


def test_one_that_is_not_ready_is_unknown(worked: People) -> None:
    certificate = certificates.request_certificate(worked.kiv, by=worked.mediator, today=TODAY)
    assert Client().get(reverse("check_code", args=[certificate.code])).status_code == 404
