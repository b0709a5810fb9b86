"""veraPDF, the reference implementation, judges every kind of year against both standards."""

import os
from pathlib import Path

import pikepdf
import pytest

from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.verapdf import JudgeFailed, NoJudge, judged, validate, verdict_of
from tests.live import ROOT


def test_every_pdf_is_accessible_and_fit_for_the_archive(built, checked_files, tmp_path, judge):
    files = []
    for name, report in built.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(report.pdf)

    for year in ("normal", "nasty"):
        for kind in ("pdf", "summary", "easy"):
            files.append(tmp_path / f"{year}-{kind}.pdf")
            files[-1].write_bytes(checked_files[year, kind].data)

    broken = judge(files)

    assert len(broken) == 20
    assert {key: rules for key, rules in broken.items() if rules} == {}


def test_the_judge_sees_a_bad_file(tmp_path, judge):
    bad = tmp_path / "bad.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(bad)

    assert all(rules for rules in judge([bad]).values())


# --- in the worker


def test_a_machine_without_java_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert verdict_of(b"%PDF-1.7", ROOT / "var" / "verapdf") is None
    with pytest.raises(NoJudge, match="no java on this machine"):
        validate([tmp_path / "x.pdf"], root=tmp_path)


def test_what_java_cannot_read_is_a_sentence(judge, tmp_path):
    with pytest.raises(RenderingError, match="ist nicht fertig geworden"):
        verdict_of(b"no PDF at all", ROOT / "var" / "verapdf")
    unreadable = tmp_path / "unreadable.pdf"
    unreadable.write_bytes(b"no PDF at all")
    with pytest.raises(JudgeFailed, match="ERROR"):
        judge([unreadable])


def test_a_judge_that_does_not_come_to_an_end_is_stopped(checked_files, judge, tmp_path):
    endless = tmp_path / "java"
    endless.write_text("#!/bin/sh\necho $$ > " + str(tmp_path / "pid") + "\nexec sleep 60\n")
    endless.chmod(0o755)
    report = tmp_path / "report.pdf"
    report.write_bytes(checked_files["normal", "pdf"].data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        with pytest.raises(JudgeFailed, match="no end after 1 seconds"):
            judge([report], seconds=1)
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


def test_the_verdicts_of_both_judges_are_one():
    own = {"is_accessible": True, "problems": [], "pages": 7}
    passed = {"PDF/UA-1": [], "PDF/A-3a": []}
    assert judged(own, passed) == own | {"verapdf": passed}
    assert judged(own, None) == own | {"verapdf": None}
    failed = {"PDF/UA-1": [], "PDF/A-3a": ["Regel 6.1.3-1 (1-mal): no ID"]}
    assert judged(own, failed) == own | {
        "is_accessible": False,
        "problems": ["PDF/A-3a (veraPDF), Regel 6.1.3-1 (1-mal): no ID"],
        "verapdf": failed,
    }
    assert not judged(own | {"is_accessible": False, "problems": ["x"]}, passed)["is_accessible"]
