"""Reads for the report, one file a subject."""

from reports.queries.figures import ReportFigures, frozen_figures, report_figures, vacancies
from reports.queries.periods import LAST_YEAR, Period, add_months, next_period, open_periods
from reports.queries.photos import chosen_photos, named_concerns_of, photos_to_choose
from reports.queries.snapshot import SNAPSHOT_SCHEMA, changed_since, snapshot_of
from reports.queries.writing import (
    easy_check_of,
    examples_for,
    texts_of,
    texts_written,
    versions_of,
    with_open_matters,
)

__all__ = [
    "LAST_YEAR",
    "SNAPSHOT_SCHEMA",
    "Period",
    "ReportFigures",
    "add_months",
    "changed_since",
    "chosen_photos",
    "easy_check_of",
    "examples_for",
    "frozen_figures",
    "named_concerns_of",
    "next_period",
    "open_periods",
    "photos_to_choose",
    "report_figures",
    "snapshot_of",
    "texts_of",
    "texts_written",
    "vacancies",
    "versions_of",
    "with_open_matters",
]
