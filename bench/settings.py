"""Production's settings with one page more: the bare one that every other page is measured against."""

from kiv_portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
