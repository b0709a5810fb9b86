"""What people write when they are asked for a day or a duration, and what it means.

static/js/written holds the same for the page that works without a connection. Both are held to one table of texts:
tests/kiv_portal/written.
"""
