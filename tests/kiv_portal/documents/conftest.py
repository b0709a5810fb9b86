"""Every file of every snapshot, built once for the run."""

from tests.documents import built, editions, judge

__all__ = ["built", "editions", "judge"]
