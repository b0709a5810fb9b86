"""Who visits which page of the database at hand: `python -m bench.visits` prints it as JSON, with every query made."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row")

BARE = "Bare page"


@dataclass
class Visit:
    """`queries` are the statements of one warm visit, `session` the value of the visitor's cookie."""

    page: str
    path: str
    session: str = ""
    queries: list[str] = field(default_factory=list)

    @property
    def repeated(self) -> dict[str, int]:
        return {sql: number for sql, number in Counter(self.queries).items() if number > 1}


def most_over_bare(page: str) -> float:
    """How many times the time of the bare page it may take; docs/adr/0015-page-time-bar.md says why."""
    if page.startswith("Figures"):
        return 10.0
    if "activities" in page or page.startswith("Activity form"):
        return 7.0
    return 6.0


def visits() -> list[Visit]:
    """All pages, each asked for twice by the test client; the second time counts."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    done = []
    for user, visit in _visits():
        client = Client()
        visit.session = client.cookies["sessionid"] = session_of(user)
        for _ in range(2):
            with CaptureQueriesContext(connection) as captured:
                response = client.get(visit.path)
        if response.status_code != 200:
            raise SystemExit(f"{visit.path} answers {response.status_code} for {user}")
        sent = [query["sql"] for query in captured.captured_queries]
        visit.queries = [sql for sql in sent if sql not in ("BEGIN", "COMMIT")]
        done.append(visit)
    return done


def session_of(user: Any) -> str:
    """A session as a sign-in with a second factor leaves it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    store["account_authentication_methods_user"] = str(user.pk)
    store.create()
    return str(store.session_key)


def _first(rows: "QuerySet[Any, Row]") -> Row:
    row = rows.first()
    assert row is not None, "nothing to visit"
    return row


def _visits() -> Iterator[tuple[Any, Visit]]:
    """The people of one town, and its newest report in work and newest released one."""
    from django.urls import reverse

    from activities.models import Activity
    from reports.models import InterimReport

    released = InterimReport.objects.at_council().filter(municipality__councillors__isnull=False)
    released = released.order_by("municipality_id", "-period_end")
    # in the demo only one has its files
    report = released.filter(snapshots__editions__state="done").first() or _first(released)
    town = report.municipality
    # A town of the generator has both; in the demo another town of the county is still writing.
    drafts = InterimReport.objects.filter(state="draft", municipality__county=town.county)
    draft = drafts.filter(municipality=town).first() or _first(drafts)
    staff = _first(town.county.staff.order_by("pk")).user
    contact = _first(town.contacts.filter(ends_on=None)).user
    councillor = _first(town.councillors.filter(ends_on=None)).user
    kiv = town.appointments.get(ends_on=None).mediator
    newest = Activity.objects.filter(mediator=kiv).newest_first()
    own = _first(newest)
    open_one = newest.filter(day__gt=report.period_end).first()
    period = f"start={report.period_start}&end={report.period_end}"
    slug = [town.slug]

    yield staff, Visit(BARE, "/bench/bare/")
    yield staff, Visit("Start, county", reverse("start"))
    yield kiv.user, Visit("Start, mediator", reverse("start"))
    yield contact, Visit("Start, town hall", reverse("start"))
    yield councillor, Visit("Start, council", reverse("start"))
    yield staff, Visit("Public start page", reverse("home"))
    yield kiv.user, Visit("Own activities", reverse("activity_list"))
    yield kiv.user, Visit("Own activities, filtered", reverse("activity_list") + f"?field=bildung&{period}")
    behind = newest[min(50, newest.count() - 1)]  # the last row of the second page
    key = f"?nach={behind.day}_{behind.pk}"
    yield kiv.user, Visit("Own activities, page 3", reverse("activity_list") + key)
    yield kiv.user, Visit("Own activities, search", reverse("activity_list") + "?q=Leitstreifen")
    yield staff, Visit("A town's activities", reverse("municipality_activity_list", args=slug))
    yield staff, Visit("All activities", reverse("all_activity_list") + f"?{period}")
    yield staff, Visit("All activities, search", reverse("all_activity_list") + f"?q=Leitstreifen&{period}")
    yield staff, Visit("Reports, county", reverse("report_list"))
    yield councillor, Visit("Reports, council", reverse("report_list"))
    yield kiv.user, Visit("One activity", reverse("activity_detail", args=[own.pk]))
    yield kiv.user, Visit("Activity form, new", reverse("activity_create"))
    if open_one:
        yield kiv.user, Visit("Activity form, change", reverse("activity_edit", args=[open_one.pk]))
    yield staff, Visit("Section form", reverse("report_section", args=[draft.pk, "assessment"]))
    yield staff, Visit("Town", reverse("municipality_detail", args=slug))
    year = f"?von={report.period_start}&bis={report.period_end}"
    yield contact, Visit("Figures of a town", reverse("town_figures", args=slug) + year)
    yield staff, Visit("Figures of the county", reverse("county_figures", args=[town.county_id]) + year)
    yield staff, Visit("Report in work", reverse("report_detail", args=[draft.pk]))
    yield staff, Visit("Report, finished", reverse("report_detail", args=[report.pk]))
    yield councillor, Visit("Report, council", reverse("report_detail", args=[report.pk]))


def main() -> None:
    import django

    django.setup()
    print(json.dumps([asdict(visit) for visit in visits()]))


if __name__ == "__main__":
    main()
