"""An ERROR in any log fails the test, unless it says `@pytest.mark.expected_errors("pattern")`."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.live import RUNNING


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("%(name)s: %(message)s").format(record))


def _loggers() -> list[logging.Logger]:
    """The root, and those that keep their records to themselves."""
    made = [
        logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)
    ]
    return [logging.getLogger(), *(logger for logger in made if not logger.propagate)]


@contextmanager
def error_watch(item: pytest.Item) -> Iterator[None]:
    """Fail `item` when something in here, or in a live process meanwhile, logs an unexpected ERROR."""
    collector = _Collector()
    loggers = _loggers()
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(collector)
    lines = collector.lines + [record for process in list(RUNNING) for record in process.new_error_records()]
    patterns = [pattern for marker in item.iter_markers("expected_errors") for pattern in marker.args]
    unexpected = [line for line in lines if not any(re.search(pattern, line) for pattern in patterns)]
    if unexpected:
        pytest.fail("An ERROR was logged:\n" + "\n".join(unexpected), pytrace=False)
