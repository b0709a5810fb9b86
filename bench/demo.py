"""The demo with the files of Leonberg's newest delivered report, in the database at hand: `python -m bench.demo`."""

import os
import secrets


def main() -> None:
    os.environ["KIV_DEMO"] = "true"  # only here: the pages are measured with production's rules
    os.environ["KIV_DEMO_PASSWORD"] = secrets.token_urlsafe(16)

    import django

    django.setup()
    from django.core.management import call_command

    from bench.generator import execute
    from kiv_portal.embedded.prepare import STAFF, collect_static
    from reports.editions.building import build_file
    from reports.editions.services import current_files, request_files

    collect_static()
    call_command("load_programme", verbosity=0)
    call_command("load_demo", verbosity=0)
    report, staff = leonbergs_report(), _user(STAFF)
    request_files(report, by=staff)
    for file in current_files(report):
        build_file(file.pk, worker="bench")
    execute("VACUUM (ANALYZE)")


def leonbergs_report():  # type: ignore[no-untyped-def]
    from reports.models import InterimReport

    return InterimReport.objects.with_town().at_council().filter(municipality__slug="leonberg").first()


def _user(email: str):  # type: ignore[no-untyped-def]
    from kiv_portal.accounts.models import User

    return User.objects.get(email=email)


if __name__ == "__main__":
    main()
