"""Private PostgreSQL and Redis for demo, development, tests and measurements. Never imported in production."""

from kiv_portal.embedded.servers import EmbeddedError, Servers

__all__ = ["EmbeddedError", "Servers"]
