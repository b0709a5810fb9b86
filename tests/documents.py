import functools
from collections.abc import Callable

import pytest

from kiv_portal.documents.verapdf import validate
from reports.content.editions import CheckedFile, build_file
from reports.content.formats import CONTENT_TYPES
from reports.content.report import BuiltReport, build_report_pdf
from reports.figures.snapshot import read_snapshot
from tests.live import ROOT
from tests.once import shared
from tests.reports.content import snapshots


@pytest.fixture(scope="session")
def judge() -> Callable[..., dict[tuple[str, str], list[str]]]:
    """`judge(files)`: what veraPDF says about them, {(file name, standard): broken rules}."""
    return functools.partial(validate, root=ROOT / "var" / "verapdf")


def _report(name: str) -> BuiltReport:
    return build_report_pdf(read_snapshot(snapshots.ALL[name]()), edition_number="3")


def _file(name: str, kind: str) -> CheckedFile:
    data = read_snapshot(snapshots.newest(snapshots.ALL[name]()))
    return build_file(kind, data, edition_number="3", photos=snapshots.PHOTO_FILES)


@pytest.fixture(scope="session")
def built() -> dict[str, BuiltReport]:
    """The PDF of every snapshot, built once for the whole run."""
    return shared("built", {name: functools.partial(_report, name) for name in snapshots.ALL})


@pytest.fixture(scope="session")
def checked_files() -> dict[tuple[str, str], CheckedFile]:
    """Every kind of file of a normal and of the nastiest year, as they are frozen today: {(year, kind): file}."""
    return shared(
        "checked_files",
        {
            (name, kind): functools.partial(_file, name, kind)
            for name in ("normal", "nasty")
            for kind in CONTENT_TYPES
        },
    )
