"""Fills a ledger with a month of a busy organisation, then times what the usage page asks for.

Usage: python -m benchmarks.usage_rows [--rows 1000000] [--database URL]
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from counterpoint.canonical import Usage as Used
from counterpoint.canonical.ids import new_id
from counterpoint.control.beginning import begin
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.usage import Usage, UsageQuery
from counterpoint.control.vault import Vault
from counterpoint.ledger import Entry
from counterpoint.storage import ledger
from counterpoint.storage.clock import to_micros
from counterpoint.storage.database import Database, open_database, sqlite_url
from counterpoint.storage.migrate import migrate

DAYS = 30
KEYS = 40
MODELS = 12
BATCH = 5000
TIMES = 20
END = datetime(2026, 6, 30, 17, 23, tzinfo=UTC)


def entries(count: int, organisation: str) -> "list[Callable[[], Entry]]":
    """Makers of `count` entries in time; each key uses two models, one call in thirty fails."""
    chance = random.Random(7)
    step = timedelta(days=DAYS) / count
    start = END - timedelta(days=DAYS)

    def make(number: int) -> Entry:
        key = chance.randrange(KEYS)
        model = (key * 5 + chance.randrange(2) * 3) % MODELS
        return Entry(
            id=new_id(),
            at=to_micros(start + step * number),
            operation="chat",
            client_dialect="openai-chat",
            organisation=organisation,
            project=f"project-{key % 8}",
            key=f"key-{key}",
            requested=f"model-{model}",
            offering=f"host-{model % 4}/model-{model}",
            host=f"host-{model % 4}",
            model=f"model-{model}",
            maker=f"maker-{model % 5}",
            upstream_dialect="openai-chat",
            stream=True,
            status=500 if chance.random() < 1 / 30 else 200,
            usage=Used(input=chance.randrange(4000), output=chance.randrange(900)),
            cost=Decimal(chance.randrange(10**9)).scaleb(-12),
            first_event_micros=chance.randrange(2_000_000),
            total_micros=chance.randrange(9_000_000),
        )

    return [lambda number=number: make(number) for number in range(count)]  # type: ignore[misc]  # bound at once


def fill(database: Database, organisation: str, count: int) -> float:
    """Writes them as the shipper does; entries a second."""
    makers = entries(count, organisation)
    spent = 0.0
    for begun in range(0, count, BATCH):
        batch = [make() for make in makers[begun : begun + BATCH]]
        began = time.perf_counter()
        with database.write() as connection:
            ledger.add_entries(connection, batch)
        spent += time.perf_counter() - began
    return count / spent


def questions(usage: Usage) -> dict[str, Callable[[], object]]:
    """What the page asks for, by a name."""
    month = UsageQuery(since=END - timedelta(days=DAYS), until=END)
    day = UsageQuery(since=END - timedelta(days=1), until=END)

    def ask(base: UsageQuery, **changes: object) -> Callable[[], object]:
        fields = {name: getattr(base, name) for name in base.__struct_fields__} | changes
        return lambda: usage.report(UsageQuery(**fields))

    return {
        "month": ask(month),
        "month by day": ask(month, period="day"),
        "month by day and model": ask(month, period="day", by=("model",)),
        "month by day and key": ask(month, period="day", by=("key",)),
        "month by host": ask(month, by=("host",)),
        "month by maker": ask(month, by=("maker",)),
        "month by project": ask(month, by=("project",)),
        "month of one key by day": ask(month, period="day", only={"key": ("key-7",)}),
        "day by hour and model": ask(day, period="hour", by=("model",)),
        "all time": ask(UsageQuery()),
        "latest 50": lambda: usage.entries(month, limit=50),
    }


def main() -> None:
    """Fills and times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", help="an empty one; none: SQLite in a folder that goes away")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(given.database or sqlite_url(Path(folder)))
        migrate(database)
        organisation = begin(database, Vault([new_master_key()])).organisation_id
        print(f"{given.rows} rows: {fill(database, organisation, given.rows):.0f} entries/s written")
        for name, ask in questions(Usage(database, organisation)).items():
            taken = []
            for _ in range(TIMES):
                began = time.perf_counter()
                ask()
                taken.append((time.perf_counter() - began) * 1000)
            p95 = statistics.quantiles(taken, n=20)[-1]
            print(f"{name:26} p50 {statistics.median(taken):7.1f} ms   p95 {p95:7.1f} ms")
        database.close()


if __name__ == "__main__":
    main()
