"""What the tests take for an error in the log of a web process or a worker."""

from __future__ import annotations

import pytest

from tests.live import error_records

TRACEBACK = "Traceback (most recent call last):\n  File …\nValueError: no"

LOST = "2026-11-29 10:00:00,1 ERROR kiv_portal.jobs lost\nwhat"


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (f"{LOST}\n", [LOST]),
        ("[2026-11-29 10:00:00 +0000] [7] [CRITICAL] no port", ["[2026-11-29 10:00:00 +0000] [7] [CRITICAL] no port"]),
        # a try that failed and comes again
        (f"[2026-11-29 10:00:00,1: WARNING/Fork] pdf: attempt 1 failed\n{TRACEBACK}\n", []),
        (f"[2026-11-29 10:00:00,1: INFO/Main] ready\n{TRACEBACK}\n", []),
        # nobody's record: the process itself broke
        (TRACEBACK, [TRACEBACK]),
        (f"2026-11-29 10:00:00,1 starting\n{TRACEBACK}", [f"2026-11-29 10:00:00,1 starting\n{TRACEBACK}"]),
        ("2026-11-29 10:00:00,1 INFO x an ERROR in a text", []),
        (f"{TRACEBACK}\n2026-11-29 10:00:00,1 INFO on", [TRACEBACK]),
    ],
)  # fmt: skip
def test_error_records(log: str, expected: list[str]) -> None:
    assert error_records(log) == expected
