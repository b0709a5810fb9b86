"""Day and duration of what a volunteer did stand in nothing that may become public."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pypdf
import pytest

from kiv_portal.documents import german
from reports.content.annex import annex_html
from reports.content.editions import build_file
from reports.content.formats import CONTENT_TYPES, COUNCIL_ONLY
from reports.content.leads import about_late
from reports.content.listed import for_everybody
from reports.figures.snapshot import Snapshot, read_snapshot
from tests.reports.content import snapshots

PUBLIC = [kind for kind in CONTENT_TYPES if kind not in COUNCIL_ONLY]
DAYS = ("2021-11-05", "2022-02-17", "2021-09-23")  # the last one of a late entry
TITLES = ("Probe im Bürgerhaus", "Gang durch das Hallenbad", "Vergessener Termin")
MINUTES = 613  # "10,2" hours


def year(activity_list: str) -> Snapshot:
    """Three activities whose days and durations stand nowhere else."""
    data = snapshots.as_of_schema_7(snapshots.empty_year(), activity_list)
    rows = [
        snapshots._activity(number, 3)
        | {"day": day, "title": title, "minutes": MINUTES, "travel_minutes": 217}
        for number, (day, title) in enumerate(zip(DAYS, TITLES, strict=True))
    ]
    data |= {"photos": [], "activities": rows[:2], "late": rows[2:]}
    return read_snapshot(data)


def text_of(kind: str, snapshot: Snapshot) -> str:
    data = build_file(kind, snapshot, edition_number="3").data
    extension = CONTENT_TYPES[kind][0]
    if extension == "pdf":
        reader = pypdf.PdfReader(io.BytesIO(data))
        attached = [content for contents in reader.attachments.values() for content in contents]
        return " ".join(
            [*(page.extract_text() for page in reader.pages), *(each.decode() for each in attached)]
        )
    if extension in ("docx", "odt", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return " ".join(archive.read(name).decode(errors="ignore") for name in archive.namelist())
    return data.decode()


def told(text: str) -> set[str]:
    """Which days and durations a text gives away."""
    days = {day for day in DAYS if day in text or german.date(day) in text}
    return days | set(re.findall(r"\b(?:10,2|613|217)\b", text))


@pytest.mark.parametrize("activity_list", ["none", "months", "council"])
@pytest.mark.parametrize("kind", PUBLIC)
def test_no_file_for_everybody_tells_a_day_or_a_duration(kind, activity_list):
    text = text_of(kind, year(activity_list))
    assert told(text) == set()
    if kind in ("html", "docx", "odt", "xlsx", "json", "pdf"):
        assert ("Probe im Bürgerhaus" in text) == (activity_list != "none")


@pytest.mark.parametrize("kind", ["html", "xlsx", "json"])
def test_what_was_frozen_before_the_choice_stays(kind):
    snapshot = year("open")
    assert for_everybody(snapshot) is snapshot
    assert told(text_of(kind, snapshot)) or kind == "xlsx"  # days are numbers there


def test_the_annex_of_the_council_has_days_and_hours_and_says_that_it_is_not_public():
    text = text_of("annex", year("council"))
    assert {german.date(day) for day in DAYS[:2]} <= set(re.findall(r"\d\d\.\d\d\.\d{4}", text))
    assert "10,2" in text
    assert "Nicht öffentlich" in text
    assert "Bitte geben Sie sie nicht weiter." in annex_html(year("council"), "3")


def test_the_order_within_a_month_does_not_tell_the_day():
    data = snapshots.as_of_schema_7(snapshots.full_year())
    shown = for_everybody(read_snapshot(data)).activities
    keys = [(row.day, row.field, row.title, row.kind) for row in shown]
    assert keys == sorted(keys)
    assert len(shown) == 240


def test_hours_of_late_entries_are_summed_only_where_the_entries_have_them():
    assert "zusammen 10" in about_late(year("open"))
    told_later = about_late(for_everybody(year("months")))
    assert told_later.startswith("1\u00a0Aktivität aus früheren Zeiträumen wurde nachgetragen. In den Zahlen")


def test_a_program_reads_months():
    report = json.loads(text_of("json", year("months")))
    assert report["activity_list"] == "months"
    assert {"day", "minutes", "travel_minutes"}.isdisjoint(report["activities"][0])
    assert [row["month"] for row in report["activities"]] == ["2021-11", "2022-02"]
    assert report["descriptions"]["late[].month"]["unit"] == "JJJJ-MM"
