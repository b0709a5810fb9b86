"""Health check of the web container: `python -m kiv_portal.health`. Exit code 0 only if the start page comes.

Asks as the proxy in front of it would: by the public name, over https.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def start_page_status(port: int, base_url: str) -> int:
    """HTTP status of the start page; raises OSError or HTTPException when nobody answers."""
    address = urlsplit(base_url)
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": address.netloc, "X-Forwarded-Proto": address.scheme})
        return connection.getresponse().status
    finally:
        connection.close()


def main() -> int:
    try:
        status = start_page_status(int(os.environ.get("PORT", "8000")), os.environ["KIV_BASE_URL"])
    except (OSError, HTTPException) as error:
        print(f"The web server does not answer: {error}", file=sys.stderr)  # noqa: T201
        return 1
    if status != 200:
        print(f"The start page answers with status {status}.", file=sys.stderr)  # noqa: T201
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
