import pytest

from kiv_portal.rendering.report import BuiltReport, build_report_pdf
from tests.rendering import snapshots


@pytest.fixture(scope="session")
def built() -> dict[str, BuiltReport]:
    """One edition of every snapshot, built once for the whole run."""
    return {name: build_report_pdf(make(), edition="3") for name, make in snapshots.ALL.items()}
