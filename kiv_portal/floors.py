"""The house in one list: settings, `make check` and the tests of migrations read it.

Imports point down only (docs/architecture.md). A package of ours that is not named here fails `make check`.
"""

# from the ground up; `kiv_portal` knows no subject
FLOORS = ("kiv_portal", "municipalities", "mediators", "activities", "reports", "home", "demo")

# rooms of the ground, from the bottom; those of one line know nothing of each other
GROUND = (
    ("easy_language", "documents", "jobs", "mails", "privacy", "written"),
    ("ui", "uploads", "embedded"),
    ("accounts",),
)

# Django apps with tables of their own, from the ground up
APPS_WITH_TABLES = ("municipalities", "mediators", "activities", "reports", "home")

# what stands beside the house and may look at all of it
BESIDE = ("bench", "bin", "tests")
