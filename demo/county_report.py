from __future__ import annotations

import datetime as dt

from demo import year
from demo.days import DAY, working_day_before
from demo.moments import moment
from kiv_portal.accounts.models import User
from municipalities.models import County
from reports.county.figures import county_snapshot
from reports.county.snapshot import county_to_json
from reports.models import CountyReport


def load_county_report(county: County, today: dt.date, coordinator: User) -> None:
    """The county's own report about the last season that is over, released, and a draft of another one."""
    season = year.season_of(today) - 1
    start = dt.date(season, year.START.month, 1)
    end = dt.date(season + 1, year.START.month, 1) - DAY
    taken_on = min(working_day_before(today), end + 50 * DAY)
    if taken_on <= end:
        return
    data = county_to_json(county_snapshot(county, start, end, dated=taken_on))
    for number, at in enumerate((moment(taken_on, 16), moment(today - DAY, 15, 20)), start=1):
        is_released = number == 1  # the other one is still a draft
        CountyReport.objects.create(
            county=county,
            period_start=start,
            period_end=end,
            number=number,
            data=data,
            taken_at=at,
            taken_by=coordinator,
            released_at=at + dt.timedelta(minutes=20) if is_released else None,
            released_by=coordinator if is_released else None,
        )
