"""Every file of every snapshot, built once for the run."""

from tests.documents import built, checked_files, judge

__all__ = ["built", "checked_files", "judge"]
