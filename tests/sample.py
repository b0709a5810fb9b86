"""Of proofs that take long a run makes a sample, drawn by KIV_SEED: the same number draws the same in every test
process. With KIV_HEAVY=all it makes all of them.
"""

import os
import random
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")


def takes_all() -> bool:
    return os.environ.get("KIV_HEAVY") == "all"


def drawn(name: str, cases: Sequence[Case], number: int) -> list[Case]:
    """So many of the cases of this name, or all there are."""
    if takes_all():
        return list(cases)
    return random.Random(f"{os.environ['KIV_SEED']} {name}").sample(cases, min(number, len(cases)))


def is_drawn(name: str) -> bool:
    """Every second one."""
    return takes_all() or random.Random(f"{os.environ['KIV_SEED']} {name}").random() < 0.5


def examples(most: int) -> int:
    """How many of so many invented examples (hypothesis draws others in every run)."""
    return most if takes_all() else max(most // 4, 5)
