"""`make bench`: page times, queries, report build and memory, in tables. ARGS='--help' names what can be chosen."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from http.client import HTTPConnection

import psycopg
from psycopg import sql

from bench import exports, search
from bench.generator import MILLION, TEN_THOUSAND, Size
from bench.processes import ROOT, web_server
from bench.visits import BARE, Visit, most_over_bare

MOST_QUERIES = 10
MOST_GROWTH = 1.5
MOST_OF_STOCK = 0.6
MOST_AROUND = 0.15
MOST_MEMORY = 350  # MiB
MOST_MEMORY_GROWTH = 1.02

DATABASES = ("demo", "ten thousand", "one million")
OTHERS = ("towns",)


class Bars:
    """What was promised, and whether it holds."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, bool]] = []

    def add(self, promise: str, measured: str, holds: bool) -> None:
        self.lines.append((promise, measured, holds))

    def __str__(self) -> str:
        return "\n".join(
            f"{'holds' if holds else 'DOES NOT HOLD':14} {promise:58} {measured}"
            for promise, measured, holds in self.lines
        )


def section(title: str) -> None:
    print(f"\n{title}\n{'-' * len(title)}", flush=True)


# --- databases


def database_url(name: str) -> str:
    base, _, query = os.environ["KIV_DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/bench_{name.replace(' ', '_')}?{query}"


def run(module: str, *arguments: str, database: str | None = None) -> str:
    """What the module prints, run on that database."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings", "KIV_LOG_LEVEL": "WARNING"}
    if database:
        environment["KIV_DATABASE_URL"] = database_url(database)
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} ended with exit code {done.returncode}")
    return done.stdout


def create_databases(names: Sequence[str]) -> None:
    """Migrated once, then copied."""
    run("django", "migrate", "--no-input", "-v0")
    base = os.environ["KIV_DATABASE_URL"]
    source = base.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(base.replace(f"/{source}?", "/postgres?"), autocommit=True) as connection:
        for name in names:
            target = sql.Identifier(f"bench_{name.replace(' ', '_')}")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(target))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(target, sql.Identifier(source))
            )


def fill(name: str, size: Size, *extra: str) -> str:
    arguments = (
        *("--municipalities", str(size.municipalities), "--counties", str(size.counties)),
        *("--years", str(size.years)),
    )
    return run("bench.generator", *arguments, *extra, database=name).strip()


# --- pages


def measure_pages(rounds: int, bars: Bars) -> None:
    visits = {name: read_visits(name) for name in DATABASES}
    seconds = measured(visits, rounds)
    section(
        f"Pages: median milliseconds over {rounds} rounds at one gunicorn process, databases taken in turns"
    )
    print(
        f"{'':26} {'queries':>7} {'demo':>7} {'10,000':>7} {'million':>8} {'million/10,000':>15} {'x bare':>7}"
    )
    bare = {name: seconds[name][BARE] for name in DATABASES}
    worst = {"queries": (0, ""), "growth": (0.0, ""), "bare": (0.0, "")}
    for visit in visits["one million"].values():
        page = visit.page
        demo, (small, large) = seconds["demo"].get(page), (seconds[name][page] for name in DATABASES[1:])
        growth, over = large / small, large / bare["one million"]
        allowed = most_over_bare(page)
        shown = " ".join(f"{1000 * t:7.1f}" if t else f"{'–':>7}" for t in (demo, small))
        queries = max(len(visits[name][page].queries) for name in DATABASES if page in visits[name])
        flag = "" if queries <= MOST_QUERIES and growth <= MOST_GROWTH and over <= allowed else "  <"
        print(f"{page:26} {queries:7} {shown} {1000 * large:8.1f} {growth:15.2f} {over:7.1f}{flag}")
        for name, value in (("queries", queries), ("growth", growth), ("bare", over / allowed)):
            worst[name] = max(worst[name], (value, page))
    bars.add(f"every page at most {MOST_QUERIES} queries", *_worst(worst["queries"], MOST_QUERIES, "{}"))
    bars.add(
        f"a million rows at most {MOST_GROWTH} x the time of ten thousand",
        *_worst(worst["growth"], MOST_GROWTH, "{:.2f} x"),
    )
    bars.add(
        "every page within its multiple of a bare signed-in page",
        *_worst(worst["bare"], 1.0, "{:.0%}"),
    )
    for visit in visits["one million"].values():
        if len(visit.queries) > MOST_QUERIES or visit.repeated:
            print(f"\n{visit.page}: {len(visit.queries)} queries, repeated: {len(visit.repeated)}")
            for statement in visit.queries:
                again = visit.repeated.get(statement)
                print(f"  {f'{again} x ' if again else ''}{statement[:300]}")


def _worst(found: tuple[float, str], limit: float, form: str) -> tuple[str, bool]:
    value, page = found
    return f"at most {form.format(value)} ({page})", value <= limit


def read_visits(name: str) -> dict[str, Visit]:
    rows = json.loads(run("bench.visits", database=name))
    return {row["page"]: Visit(**row) for row in rows}


def measured(visits: dict[str, dict[str, Visit]], rounds: int) -> dict[str, dict[str, float]]:
    """{database: {page: median seconds}}; a page's visits to the databases follow each other, so that a noisy
    moment of the machine touches all of them."""
    taken: dict[str, dict[str, list[float]]] = {name: {} for name in visits}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(web_server(database_url(name))) for name in visits}
        pages = list(visits["one million"])
        for number in range(rounds + 3):
            for page in pages:
                for name in visits if number % 2 else reversed(visits):
                    if page in visits[name]:
                        seconds = ask(servers[name], visits[name][page])
                        if number >= 3:  # the first rounds warm caches and connections
                            taken[name].setdefault(page, []).append(seconds)
    return {
        name: {page: statistics.median(all_) for page, all_ in pages.items()} for name, pages in taken.items()
    }


def ask(server: HTTPConnection, visit: Visit) -> float:
    started = time.perf_counter()
    server.request("GET", visit.path, headers={"Cookie": f"sessionid={visit.session}"})
    response = server.getresponse()
    response.read()
    seconds = time.perf_counter() - started
    if response.status != 200:
        raise SystemExit(f"{visit.path} answers {response.status}")
    return seconds


# --- files


def measure_exports(bars: Bars) -> None:
    section(
        "Exports of all activities: seconds to the first and last byte, MiB of the file and of the process"
    )
    print(exports.HEAD)
    peak = (0.0, "")
    for name in ("ten thousand", "one million"):
        for kind in exports.FORMATS:
            found = json.loads(run("bench.exports", kind, database=name))
            print(exports.line(name, kind, found), flush=True)
            peak = max(peak, (found["peak"], f"{kind}, {name}"))
    bars.add(
        f"an export of a million rows at most {exports.MOST_MEMORY} MiB",
        *_worst(peak, exports.MOST_MEMORY, "{:.0f} MiB"),
    )


# --- the search


def measure_search(bars: Bars) -> None:
    worst = (0.0, "")
    for name, words in (("ten thousand", 20_000), ("one million", 200_000)):
        found = json.loads(run("bench.search", "--words", str(words), database=name))
        section(
            f"The search before and now, {found['rows']:,} rows, {found['words']:,} words: median milliseconds"
        )
        print(search.HEAD)
        for what, row in found["searches"].items():
            print(search.line(what, row), flush=True)
            if row["hits before"] or not row["hits now"]:  # else it found nothing before, which is soon done
                worst = max(worst, (search.ratio(row), f"{what}, {name}"))
        print(f"MiB: {found['sizes']}; the words made anew in {found['renewing']:.1f} s")
    bars.add(
        f"a page of a search at most {search.MOST_OVER_BEFORE:.0f} x the time of before",
        *_worst(worst, search.MOST_OVER_BEFORE, "{:.2f} x"),
    )


# --- reports


def measure_builds(rounds: int, builds: int, bars: Bars) -> None:
    found = json.loads(run("bench.building", "split", "--number", str(rounds), database="demo"))
    steps, stock = found["steps"], found["stock"]
    whole = steps["FIGURES"] + steps["TOTAL"]
    section(
        f"Leonberg's report ({found['activities']} activities), warm: median seconds over {rounds} builds"
    )
    names = {
        "FIGURES": "figures",
        "CHARTS": "charts",
        "TEXT": "HTML",
        "PAGES": "WeasyPrint",
        "CHECK": "checks",
    }
    for step, name in names.items():
        print(f"{name:26} {steps[step]:7.3f} {steps[step] / whole:6.0%}")
    print(f"{'whole build':26} {whole:7.3f}")
    ratio = (steps["FIGURES"] + stock["BUILD"]) / stock["STOCK"]
    alone = stock["OURS"] / stock["STOCK"]
    around = 1 - steps["PAGES"] / whole
    print("\nthe same HTML, in turns with stock:")
    print(f"{'stock WeasyPrint':26} {stock['STOCK']:7.3f}   as it comes")
    print(f"{'our typesetting':26} {stock['OURS']:7.3f} {alone:6.2f} x stock")
    print(f"{'our whole build':26} {steps['FIGURES'] + stock['BUILD']:7.3f} {ratio:6.2f} x stock")
    bars.add(
        f"a warm build at most {MOST_OF_STOCK} x stock WeasyPrint",
        f"{ratio:.2f} x (typesetting alone {alone:.2f} x)",
        ratio <= MOST_OF_STOCK,
    )
    bars.add(
        f"everything around WeasyPrint at most {MOST_AROUND:.0%} of the build",
        f"{around:.1%}",
        around <= MOST_AROUND,
    )

    memory = json.loads(run("bench.building", "memory", "--number", str(builds), database="demo"))
    resident = memory["resident"]
    section(f"A Celery worker builds {builds} files in {memory['seconds']:.0f} s: MiB of its pool process")
    for number in sorted({1, *range(20, builds, 20), builds}):
        print(f"{f'after build {number}':26} {resident[number - 1]:7.0f}")
    print(f"{'peak':26} {memory['peak']:7.0f}")
    # One reading goes up and down by a tenth with what malloc has just given back, so 20 readings speak together.
    early, middle, late = (
        statistics.median(resident[max(0, end - 20) : end]) for end in (30, builds // 2, builds)
    )
    bars.add(
        f"the worker at most {MOST_MEMORY} MiB", f"{memory['peak']:.0f} MiB", memory["peak"] <= MOST_MEMORY
    )
    bars.add(
        f"no growth from build 20 to build {builds} (median of 20 each)",
        f"{early:.0f} to {late:.0f} MiB, {late / early - 1:+.1%} (second half {late / middle - 1:+.1%})",
        late <= early * MOST_MEMORY_GROWTH,
    )


def measure_county(towns: int, bars: Bars) -> None:
    section("All files of many towns, by one worker with two processes")
    head = ("reports", "files", "seconds", "a report", "failed", "attempts", "passed", "veraPDF", "MiB")
    print(f"{'':12}" + "".join(f"{name:>10}" for name in head))
    fill("towns", Size(municipalities=towns, counties=min(35, towns), years=1))
    for name in ("demo", "towns"):
        found = json.loads(run("bench.county", "--towns", str(towns), database=name))
        verdicts = found["verdicts"]
        shown = (
            *(found["reports"], found["files"], f"{found['seconds']:.0f}"),
            f"{found['seconds'] / found['reports']:.1f} s",
            *(found["failed"], found["attempts"], verdicts["passed"], verdicts["judged by veraPDF"]),
            f"{found['peak']:.0f}",
        )
        print(f"{name:12}" + "".join(f"{value:>10}" for value in shown), flush=True)
        print("".join(f"{'':12}{reason}\n" for reason in found["reasons"]), end="")
        bars.add(
            f"{found['reports']} towns ({name}): every file is made and passes",
            f"{verdicts['passed']} of {found['files']}",
            verdicts["passed"] == found["files"],
        )
        bars.add(
            f"its processes at most {MOST_MEMORY} MiB",
            f"{found['peak']:.0f} MiB",
            found["peak"] <= MOST_MEMORY,
        )


# --- imports


def measure_imports(bars: Bars) -> None:
    section("A spreadsheet is read (XLSX, 7 columns): seconds, and MiB of the worker at its peak")
    print(f"{'rows':>8} {'upload':>14} {'check':>14} {'storing':>14} {'reader':>10}")
    for rows in (10_000, 20_000):
        found = json.loads(run("bench.imports", "--rows", str(rows), database="ten thousand"))
        parts = [found[name] for name in ("upload", "check", "store")]
        shown = " ".join(f"{part['seconds']:6.1f} s {part['mebibytes']:3.0f} M" for part in parts)
        print(f"{rows:8,} {shown} {found['reader']:6.0f} MiB", flush=True)
    peak = max(part["mebibytes"] for part in parts)
    bars.add(f"20,000 rows at most {MOST_MEMORY} MiB", f"{peak:.0f} MiB", peak <= MOST_MEMORY)
    seconds = found["store"]["seconds"]
    bars.add("20,000 rows are stored within a task's 240 s", f"{seconds:.0f} s", seconds < 240)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="visits of every page")
    parser.add_argument("--builds", type=int, default=60, help="builds of the worker whose memory is watched")
    parser.add_argument(
        "--only",
        choices=["pages", "exports", "search", "reports", "county", "imports"],
        help="one part of it",
    )
    parser.add_argument("--towns", type=int, default=55, help="towns whose reports are all built")
    parser.add_argument(
        "--both-ways", action="store_true", help="generate the million with the activities' triggers on, too"
    )
    return parser.parse_args()


def main() -> None:
    arguments = parsed()
    bars = Bars()
    started = time.monotonic()
    extra = ["with triggers"] if arguments.both_ways else []
    create_databases([*DATABASES, *OTHERS, *extra])
    run("bench.demo", database="demo")
    if arguments.only == "imports":
        fill("ten thousand", TEN_THOUSAND)
    if arguments.only in (None, "pages", "exports", "search"):
        section("Generator: COPY into the real tables, VACUUM ANALYZE included")
        print(fill("ten thousand", TEN_THOUSAND), flush=True)
        for name in extra:
            print(fill(name, MILLION, "--with-triggers"), flush=True)
        said = fill("one million", MILLION)
        print(said)
        seconds = float(said.split(" in ")[1].split(" s")[0])
        bars.add("a million activities generated in under 120 s", f"{seconds:.0f} s", seconds < 120)
    if arguments.only in (None, "pages"):
        measure_pages(arguments.rounds, bars)
    if arguments.only in (None, "exports"):
        measure_exports(bars)
    if arguments.only in (None, "search"):
        measure_search(bars)
    if arguments.only in (None, "reports"):
        measure_builds(9, arguments.builds, bars)
    if arguments.only in (None, "county"):
        measure_county(arguments.towns, bars)
    if arguments.only in (None, "imports"):
        measure_imports(bars)
    section(f"Bars ({time.monotonic() - started:.0f} s for all of it)")
    print(bars)


if __name__ == "__main__":
    main()
