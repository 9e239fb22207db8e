"""Four gateways, as on four machines, over one PostgreSQL: what they spend together never passes a limit."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest

from tests.fleet import COST, Fleet, Host, Said, fleet, storm

T = TypeVar("T")
BUDGET = 300_000
"""In micro-units: some 577 calls."""
CALLS = 2_000
RATE = 1_000_000
HELD = 1_500
"""More than a call is held for at most."""


def asked(database: str, query: str) -> int:
    """A number from the database."""
    with psycopg.connect(database.replace("postgresql+psycopg://", "postgresql://")) as connection:
        row = connection.execute(query.encode()).fetchone()
        return int(row[0]) if row is not None and row[0] is not None else 0


def with_host(host: Host, play: Callable[[], Awaitable[T]]) -> T:
    """What comes of it, while the host serves."""

    async def run() -> T:
        async with host.serving():
            return await play()

    return asyncio.run(run())


def statuses(answers: list[Said]) -> Counter[int]:
    return Counter(said.status for said in answers)


@pytest.mark.xdist_group("faults")
def test_two_thousand_calls_at_once_never_spend_more_than_the_budget(tmp_path: Path) -> None:
    host = Host()
    limits = f'[[limits]]\namount = "{BUDGET / 1e6}"\nper = "total"\n'
    limits += f'[[limits]]\nmeasure = "requests"\nper = "hour"\namount = {RATE}\n'

    async def play(standing: Fleet) -> list[Said]:
        answers = await storm(standing.gateways, CALLS)
        assert len(host.paid) * COST <= BUDGET
        for _ in range(20):  # until nothing is left
            answers += await storm(standing.gateways, 40)
        return answers

    with fleet(tmp_path, host.port, limits, 4) as standing:
        answers = with_host(host, lambda: play(standing))
        standing.stop()
        spent = asked(standing.database, "SELECT sum(spent) FROM limit_counters")
        entries = asked(standing.database, "SELECT count(*) FROM ledger_entries WHERE status = 200")
    found = statuses(answers)
    assert set(found) == {200, 429}
    assert {said.headers["x-ratelimit-limit-requests"] for said in answers} == {str(RATE)}
    assert {said.headers.get("retry-after", "") for said in answers if said.status == 200} == {""}
    assert spent == len(host.paid) * COST <= BUDGET
    assert entries == found[200] == len(host.paid)
    assert spent > BUDGET - HELD
