"""Fills an empty, migrated portal with a whole state's work: `python -m bench.generator --help`.

Rows are streamed by COPY into the portal's own tables, every constraint and foreign key in force. Only while the
activities stream in are the triggers of their table off (they take four times as long as the rows): their history is
then written by one statement, and queries prove what the triggers promise. `--with-triggers` leaves them on. The
index of the full-text search is built once they are all there.
"""

import argparse
import datetime as dt
import itertools
import json
import random
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

MINUTES = (15, 30, 30, 45, 60, 60, 90, 90, 120, 180, 240)
SUBJECTS = ("am Bahnhof", "in der Grundschule", "im Rathaus", "auf dem Marktplatz", "im Freibad", "in der Bücherei",
            "am Neubaugebiet", "beim Sportverein", "im Jugendhaus", "an der Bushaltestelle")  # fmt: skip
TASKS = ("Begehung mit dem Bauamt", "Beratung zu Zuschüssen", "Gespräch über Leitstreifen", "Rampe geprüft",
         "Absprache mit der Schulleitung", "Stellungnahme zum Bauplan", "Führung mit Gebärdensprache",
         "Rundgang mit dem Seniorenrat")  # fmt: skip
STORY = (
    "Wir haben uns die Lage gemeinsam angesehen und die wichtigsten Hindernisse aufgeschrieben. "
    "Die Verwaltung prüft die Kosten und meldet sich bis zum Ende des nächsten Monats. "
)
SEED = 2109
ROWS_AT_ONCE = 20_000
NOBODY_SIGNS_IN = "!bench"  # an unusable password


@dataclass(frozen=True)
class Size:
    """The first county always has `focus` towns, so that its pages show the same rows at every size."""

    municipalities: int
    counties: int
    years: int
    a_year: int = 91  # activities of one town in one year
    focus: int = 45

    @property
    def activities(self) -> int:
        return self.municipalities * self.years * self.a_year


MILLION = Size(municipalities=1101, counties=35, years=10)
TEN_THOUSAND = Size(municipalities=55, counties=2, years=2)


@dataclass(frozen=True)
class Town:
    id: int
    county: str


class Generator:
    def __init__(self, size: Size, today: dt.date) -> None:
        self.size = size
        self.today = today
        self.periods = periods(size.years, today)
        self.random = random.Random(SEED)
        self.seconds_of_search = 0.0

    def run(self, *, with_triggers: bool = False) -> None:
        towns = self._places_and_people()
        self._activities(towns, with_triggers=with_triggers)
        self._reports(towns)
        self._words()
        self._finish()

    def _words(self) -> None:
        """What the triggers would have learnt."""
        from activities.search.services import renew_search_words

        started = time.monotonic()
        renew_search_words()
        self.seconds_of_search += time.monotonic() - started

    # --- programme, places, people

    def _programme(self, counties: Sequence[str]) -> None:
        """Every county has the same fields and kinds, as rows of its own: {county: {code: id}}."""
        from municipalities.models import ActivityKind, FieldOfAction
        from municipalities.programme.load import BOEBLINGEN

        data = tomllib.loads(BOEBLINGEN.read_text(encoding="utf-8"))
        self.fields: dict[str, dict[str, int]] = {county: {} for county in counties}
        self.kinds: dict[str, dict[str, int]] = {county: {} for county in counties}
        for field in FieldOfAction.objects.bulk_create(
            FieldOfAction(**row, county_id=county, position=position)
            for county in counties
            for position, row in enumerate(data["fields"], start=1)
        ):
            self.fields[field.county_id][field.code] = field.pk
        for kind in ActivityKind.objects.bulk_create(
            ActivityKind(**row, county_id=county, position=position)
            for county in counties
            for position, row in enumerate(data["kinds"], start=1)
        ):
            self.kinds[kind.county_id][kind.code] = kind.pk

    def _places_and_people(self) -> list[Town]:
        from kiv_portal.accounts.models import User
        from mediators.models import Appointment, Mediator
        from municipalities.models import (
            CooperationAgreement,
            Councillor,
            County,
            CountyStaff,
            Municipality,
            MunicipalityContact,
        )

        size, start = self.size, self.periods[0][0]
        keys = [f"{90_000 + n:05d}" for n in range(1, size.counties + 1)]
        copy_rows(
            County,
            (
                {"key": key, "name": f"Landkreis {key}", "administration": f"Landratsamt {key}"}
                for key in keys
            ),
        )
        self._programme(keys)
        towns = [Town(n, keys[county]) for n, county in enumerate(counties_of_towns(size), start=1)]
        copy_rows(
            Municipality,
            (
                {
                    "id": town.id,
                    "ags": f"{town.county}{town.id % 1000:03d}",
                    "county_id": town.county,
                    "name": f"Musterstadt {town.id}",
                    "slug": f"musterstadt-{town.id}",
                    "kind": "town",
                    "population": 5_000 + town.id,
                    "population_on": start,
                }
                for town in towns
            ),
        )
        # One account a role: staff first, then contact, mediator and councillor of every town.
        staff_ids = range(1, size.counties + 1)
        names = [f"koordination.{key}" for key in keys]
        names += [f"{role}.{town.id}" for role in ("kontakt", "kiv", "rat") for town in towns]
        copy_rows(
            User,
            (
                {
                    "id": number,
                    "email": f"{name}@bench.kiv.example",
                    "full_name": name.replace(".", " ").title(),
                    "password": NOBODY_SIGNS_IN,
                }
                for number, name in enumerate(names, start=1)
            ),
        )
        contact, mediator, councillor = (size.counties + n * len(towns) for n in range(3))
        term = {"starts_on": start, "ends_on": None}
        copy_rows(
            CountyStaff,
            ({"user_id": user, "county_id": key, **term} for user, key in zip(staff_ids, keys, strict=True)),
        )
        copy_rows(
            CooperationAgreement, ({"municipality_id": t.id, "signed_on": start, **term} for t in towns)
        )
        for model, first in ((MunicipalityContact, contact), (Councillor, councillor)):
            copy_rows(model, ({"user_id": first + t.id, "municipality_id": t.id, **term} for t in towns))
        copy_rows(Mediator, ({"id": t.id, "user_id": mediator + t.id, "qualified_on": start} for t in towns))
        copy_rows(Appointment, ({"mediator_id": t.id, "municipality_id": t.id, **term} for t in towns))
        return towns

    # --- activities

    def _activities(self, towns: Sequence[Town], *, with_triggers: bool) -> None:
        """Two streams, because one PostgreSQL process uses one core; each town belongs to one of them."""
        from django.db import connection

        from activities.models import Activity

        table = f'ALTER TABLE "{Activity._meta.db_table}"'
        (search,) = (index for index in Activity._meta.indexes if index.name == "activity_search")
        with connection.schema_editor() as schema:
            schema.remove_index(Activity, search)
        each = self.size.years * self.size.a_year
        execute("ANALYZE")
        if not with_triggers:
            execute(f"{table} DISABLE TRIGGER USER")
        in_two_streams(lambda share: self._stream(share, 1 + (share[0].id - 1) * each, with_triggers), towns)
        if not with_triggers:
            execute(f"{table} ENABLE TRIGGER USER")
        started = time.monotonic()
        execute("SET maintenance_work_mem = '512MB'")
        with connection.schema_editor() as schema:
            schema.add_index(Activity, search)
        execute("RESET maintenance_work_mem")
        self.seconds_of_search = time.monotonic() - started

    def _stream(self, towns: Sequence[Town], first_id: int, with_triggers: bool) -> None:
        from activities.models import Activity

        copy_rows(Activity, self._activity_rows(towns, first_id, random.Random(first_id)))
        if not with_triggers:
            write_history(Activity, first_id, first_id + len(towns) * self.size.years * self.size.a_year - 1)

    def _activity_rows(
        self, towns: Sequence[Town], first_id: int, chance: random.Random
    ) -> Iterator[dict[str, Any]]:
        number = first_id
        codes, kinds = list(next(iter(self.fields.values()))), list(next(iter(self.kinds.values())))
        for start, end in self.periods:  # in the order of time, as people write them
            days = (end - start).days + 1
            for index in range(self.size.a_year):
                day = start + dt.timedelta(days=index * days // self.size.a_year)
                for town in towns:
                    field = chance.choice([*codes, None])
                    also = chance.choice(codes)
                    result = chance.choice(("", "open", "promised", "done", "done", "refused"))
                    yield {
                        "id": number,
                        "entry_key": f"{chance.getrandbits(128):032x}",
                        "municipality_id": town.id,
                        "mediator_id": town.id,
                        "day": day,
                        "field_id": self.fields[town.county].get(field or ""),
                        "further_fields": f"{{{also}}}"
                        if field and also != field and index % 3 == 0
                        else "{}",
                        "kind_id": self.kinds[town.county][chance.choice(kinds)],
                        "title": f"{chance.choice(TASKS)} {chance.choice(SUBJECTS)}",
                        "description": STORY if index % 2 else "",
                        "minutes": chance.choice(MINUTES),
                        "people_reached": chance.randrange(60) if index % 4 else None,
                        "result": result,
                        "result_note": "Zu wenig Platz" if result == "refused" else "",
                        "travel_minutes": 15 * (index % 3),
                    }
                    number += 1

    # --- reports: one a town and year, all delivered but the newest, which is being written

    def _reports(self, towns: Sequence[Town]) -> None:
        periods = [(town, *period) for period in self.periods for town in towns]
        reports = [(pk, *row) for pk, row in enumerate(periods, start=1)]
        first_draft = 1 + len(reports) - len(towns)
        in_two_streams(lambda share: self._reports_of(share, first_draft), reports)

    def _reports_of(self, reports: Sequence[tuple[int, Town, dt.date, dt.date]], first_draft: int) -> None:
        from activities.models import ClosedPeriod
        from reports.models import InterimReport, ReportFile, ReportSection, ReportSnapshot, SectionKey

        delivered = [row for row in reports if row[0] < first_draft]
        staff = {town.county: int(town.county) - 90_000 for _, town, *_ in reports}
        copy_rows(
            InterimReport,
            (
                {
                    "id": pk,
                    "municipality_id": town.id,
                    "period_start": start,
                    "period_end": end,
                    "due_on": end + dt.timedelta(days=30),
                }
                for pk, town, start, end in reports
            ),
        )
        copy_rows(
            ReportSection,
            (
                {"report_id": pk, "key": key, "text": STORY * 3, "version": 1}
                for pk, *_ in reports
                for key in SectionKey.values
            ),
        )
        copy_rows(
            ReportSnapshot,
            (
                {
                    "id": pk,
                    "report_id": pk,
                    "number": 1,
                    "data": self._figures(pk) if town.id == 1 else '{"schema": 4}',
                    "taken_by_id": staff[town.county],
                }
                for pk, town, *_ in delivered
            ),
        )
        copy_rows(
            ReportFile,
            (
                {
                    "snapshot_id": pk,
                    "state": "done",
                    "step": "store",
                    "requested_by_id": staff[town.county],
                    "file": f"editions/{pk}.pdf",
                    "size": 1,
                    "sha256": "0" * 64,
                    "verdict": '{"is_accessible": true}',
                }
                for pk, town, *_ in delivered
            ),
        )
        copy_rows(
            ClosedPeriod,
            (
                {
                    "municipality_id": town.id,
                    "starts_on": start,
                    "ends_on": end,
                    "reason": "Die Zahlen stehen im Zwischenbericht",
                }
                for _, town, start, end in delivered
            ),
        )
        if not delivered:
            return
        first, last = delivered[0][0], delivered[-1][0]
        # step by step, as the database demands it
        for state in ("submitted", "approved", "delivered"):
            execute(
                """INSERT INTO reports_reportstep (report_id, state, taken_at, taken_by_id, note)
                   SELECT r.id, %s, now(), right(m.county_id, 4)::int, ''
                   FROM reports_interimreport r JOIN municipalities_municipality m ON m.id = r.municipality_id
                   WHERE r.id BETWEEN %s AND %s""",
                [state, first, last],
            )
            execute(
                """UPDATE reports_interimreport SET state = %s, submitted_at = now(),
                   delivered_at = CASE WHEN %s = 'delivered' THEN now() END,
                   delivered_number = CASE WHEN %s = 'delivered' THEN 1 END WHERE id BETWEEN %s AND %s""",
                [state, state, state, first, last],
            )

    def _figures(self, report_id: int) -> str:
        """Only one town's reports carry real figures; a page shows one report at a time."""
        from reports.figures.snapshot import to_json
        from reports.models import InterimReport
        from reports.steps.freezing import snapshot_of

        report = InterimReport.objects.with_town().get(pk=report_id)
        return json.dumps(to_json(snapshot_of(report, dated=report.due_on)))

    def _finish(self) -> None:
        from django.apps import apps

        for model in apps.get_models():
            if model._meta.model_name in COPIED and not model._meta.proxy:
                set_sequence(model)
                # autovacuum would do it in production, a little later; nobody reads the tables of history
                execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')


COPIED: set[str] = set()


def in_two_streams(work: Callable[[Sequence[Any]], None], rows: Sequence[Any]) -> None:
    """The two halves at once, each over a connection of its own."""
    from django.db import connection

    def done(half: Sequence[Any]) -> None:
        try:
            work(half)
        finally:
            connection.close()

    middle = len(rows) // 2
    with ThreadPoolExecutor(2) as streams:
        for stream in [streams.submit(done, half) for half in (rows[:middle], rows[middle:]) if half]:
            stream.result()


def periods(years: int, today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Whole years without a gap, the oldest first; the last ends with the month before `today`."""
    month = today.replace(day=1)
    starts = [month.replace(year=month.year - age) for age in range(years, -1, -1)]
    return [(start, after - dt.timedelta(days=1)) for start, after in itertools.pairwise(starts)]


def counties_of_towns(size: Size) -> Iterator[int]:
    """The county of every town by its place in the list: `focus` in the first, the others share alike."""
    focus = min(size.focus, size.municipalities) if size.counties > 1 else size.municipalities
    for number in range(size.municipalities):
        yield (
            0
            if number < focus
            else 1 + (number - focus) * (size.counties - 1) // (size.municipalities - focus)
        )


# --- COPY


def copy_rows(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Stream rows ({column: value}) into the model's table; columns without a value get the model's default.

    In parts, each its own transaction: PostgreSQL remembers every row of a statement for the history trigger.
    """
    COPIED.add(model._meta.model_name)
    _name_the_source()
    rows = iter(rows)
    while part := list(itertools.islice(rows, ROWS_AT_ONCE)):
        _copy(model, part)


def _copy(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    from django.db import connection

    fields = [field for field in _written(model) if not field.primary_key]
    constants = {
        field.column: _default(field)
        for field in fields
        if field.column not in rows[0] and not field.has_db_default()
    }
    columns = ", ".join(f'"{column}"' for column in (*rows[0], *constants))
    tail = tuple(constants.values())
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row((*row.values(), *tail))


def _written(model: Any) -> list[Any]:
    """The columns that PostgreSQL does not generate itself."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def _name_the_source() -> None:
    """Every row of history then says where it comes from.

    It must: without a source pghistory's function fails once a row inside (and recovers), and PostgreSQL then goes
    through all rows of the statement each time. A COPY of half a million rows would take hours.
    """
    execute(
        "SELECT set_config('pghistory.context_id', gen_random_uuid()::text, false),"
        " set_config('pghistory.context_metadata', %s, false)",
        ['{"source": "bench"}'],
    )


def _default(field: Any) -> Any:
    from django.db.models.expressions import DatabaseDefault
    from django.utils import timezone

    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    value = field.get_default()
    if isinstance(value, DatabaseDefault):
        value = value.expression.value  # type: ignore[attr-defined]  # the stubs do not know it
    return "{}" if isinstance(value, list | dict) else value


def write_history(model: Any, first_id: int, last_id: int) -> None:
    """What the history trigger writes for new rows, for a range of them at once."""
    columns = [field.column for field in _written(model)]
    quoted = ", ".join(f'"{column}"' for column in columns)
    execute(
        f"""INSERT INTO "{model._meta.db_table}event" (pgh_created_at, pgh_label, pgh_obj_id, {quoted})
            SELECT now(), 'insert', id, {quoted} FROM "{model._meta.db_table}" WHERE id BETWEEN %s AND %s""",  # noqa: S608
        [first_id, last_id],
    )


def set_sequence(model: Any) -> None:
    key = model._meta.pk
    if key.get_internal_type().endswith("AutoField"):
        execute(
            f"""SELECT setval(pg_get_serial_sequence('"{model._meta.db_table}"', '{key.column}'),
                (SELECT coalesce(max("{key.column}"), 1) FROM "{model._meta.db_table}"))"""  # noqa: S608
        )


def execute(statement: str, parameters: Sequence[Any] | None = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


# --- proof


# Rules that only triggers state: how many rows break them. What constraints state, COPY has checked itself.
RULES = {
    "activities outside every appointment": """
        SELECT count(*) FROM activities_activity x WHERE NOT EXISTS (
            SELECT 1 FROM mediators_appointment a WHERE a.mediator_id = x.mediator_id
            AND a.municipality_id = x.municipality_id AND x.day >= a.starts_on
            AND (a.ends_on IS NULL OR x.day <= a.ends_on))""",
    "days of more than 24 hours": """
        SELECT count(*) FROM (SELECT 1 FROM activities_activity GROUP BY mediator_id, day
            HAVING sum(minutes + travel_minutes) > 1440) AS d""",
    "activities in the future": "SELECT count(*) FROM activities_activity WHERE day > now()::date",
    "unknown further fields": """
        SELECT count(*) FROM (
            SELECT DISTINCT m.county_id, unnest(x.further_fields) AS code FROM activities_activity x
            JOIN municipalities_municipality m ON m.id = x.municipality_id) AS used
        WHERE NOT EXISTS (SELECT 1 FROM municipalities_fieldofaction f
            WHERE f.county_id = used.county_id AND f.code = used.code)""",
    "fields or kinds of another county": """
        SELECT count(*) FROM activities_activity x
        JOIN municipalities_municipality m ON m.id = x.municipality_id
        JOIN municipalities_activitykind k ON k.id = x.kind_id
        LEFT JOIN municipalities_fieldofaction f ON f.id = x.field_id
        WHERE k.county_id <> m.county_id OR f.county_id <> m.county_id""",
    "delivered reports without a finished file": """
        SELECT count(*) FROM reports_interimreport r WHERE r.state = 'delivered' AND NOT EXISTS (
            SELECT 1 FROM reports_reportsnapshot s JOIN reports_reportfile e ON e.snapshot_id = s.id
            WHERE s.report_id = r.id AND e.state = 'done')""",
    "constraints not in force": """
        SELECT count(*) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE NOT c.convalidated AND t.relnamespace = 'public'::regnamespace""",
    "activities without history": """
        SELECT (SELECT count(*) FROM activities_activity) - (SELECT count(*) FROM activities_activityevent)""",
    "triggers switched off": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'",
}


def broken_rules() -> dict[str, int]:
    """{rule: rows that break it}; empty when the data is what the portal itself would have let in."""
    from django.db import connection

    broken = {}
    with connection.cursor() as cursor:
        for rule, query in RULES.items():
            cursor.execute(query)
            if number := cursor.fetchone()[0]:
                broken[rule] = number
    return broken


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.generator", description=__doc__)
    parser.add_argument("--municipalities", type=int, default=MILLION.municipalities)
    parser.add_argument("--counties", type=int, default=MILLION.counties)
    parser.add_argument("--years", type=int, default=MILLION.years)
    parser.add_argument("--a-year", type=int, default=MILLION.a_year, help="activities of a town in a year")
    parser.add_argument("--with-triggers", action="store_true", help="leave the activities' triggers on")
    arguments = vars(parser.parse_args())
    with_triggers = arguments.pop("with_triggers")

    import django

    django.setup()
    from django.utils import timezone

    size = Size(**arguments)
    started = time.monotonic()
    generator = Generator(size, timezone.localdate())
    generator.run(with_triggers=with_triggers)
    seconds = time.monotonic() - started - generator.seconds_of_search
    print(
        f"{size.activities} activities in {seconds:.1f} s, triggers {'on' if with_triggers else 'off'};"
        f" index of the search in {generator.seconds_of_search:.1f} s"
    )
    if broken := broken_rules():
        raise SystemExit(f"The data breaks rules of the portal: {broken}")


if __name__ == "__main__":
    main()
