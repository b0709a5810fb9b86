import re
from typing import Any


def text_of(response: Any) -> str:
    """What a person reads in the main part of the page."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def hidden_value(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())
    assert found, f"no field {name}"
    return found[1]
