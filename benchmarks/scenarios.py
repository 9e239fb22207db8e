"""What is measured, and how one measurement of one gateway is taken."""

import asyncio
import contextlib
import gc
import math
from dataclasses import dataclass
from typing import Literal

from benchmarks.clock import Clock
from benchmarks.gateways import KEY, Gateway, Row
from benchmarks.load import Outcome, Target, closed_loop, connect, open_loop
from benchmarks.processes import cpu_ns
from benchmarks.traffic import (
    ANSWER_BYTES,
    EVENTS,
    LARGE_BYTES,
    PACE_SECONDS,
    SMALL_BYTES,
    request,
    request_body,
)

RATE = 300.0
QUIET_SECONDS = 0.6  # more than twice the shipper's pause
QUIET_LIMIT = 15.0


@dataclass(frozen=True)
class Scenario:
    """One kind of load. `seconds`: of measuring, after `warm` seconds that do not count."""

    name: str
    title: str
    order: str
    size: int
    loop: Literal["closed", "open"]
    seconds: float
    warm: float
    spread: float = 0.0

    @property
    def streamed(self) -> bool:
        """Whether the answer is a stream."""
        return self.order != "bench-whole"

    @property
    def saturating(self) -> bool:
        """Whether the gateway never waits, so that only its CPU time means anything."""
        return self.loop == "closed" and not self.spread


STREAM_SECONDS = EVENTS * PACE_SECONDS

SCENARIOS = (
    Scenario("small", "1.1 KB request, 1 KB answer", "bench-whole", SMALL_BYTES, "closed", 1.5, 0.3),
    Scenario("large", "20 KB request, 1 KB answer", "bench-whole", LARGE_BYTES, "closed", 1.0, 0.3),
    Scenario(
        "paced",
        "stream of 64 events, 10 ms apart",
        "bench-paced",
        SMALL_BYTES,
        "closed",
        2 * STREAM_SECONDS,
        0.1,
        STREAM_SECONDS + PACE_SECONDS,  # one more pace than a stream lasts: no two streams tick together
    ),
    Scenario("burst", "stream of 64 events at once", "bench-burst", SMALL_BYTES, "closed", 1.0, 0.3),
    Scenario("rate", f"{RATE:.0f} requests a second", "bench-whole", SMALL_BYTES, "open", 4.0, 0.3),
)


@dataclass(frozen=True)
class Measure:
    """What one measurement gave. CPU in microseconds per answer: of the processes that serve, and of those
    beside them (Counterpoint's control process, which ships the ledger, until it was quiet again). `p50`, `p99`:
    microseconds; of whole answers in the open loop, of events in a paced stream."""

    completed: int
    per_second: float
    serving_us: float
    beside_us: float
    p50: float | None
    p99: float | None

    @property
    def cpu_us(self) -> float:
        """All processes together."""
        return self.serving_us + self.beside_us


class FailedError(Exception):
    """An answer was wrong, so the measurement is void."""


def percentile(values: list[int], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return float(ordered[math.ceil(len(ordered) * share) - 1])


def target(row: Row, scenario: Scenario) -> Target:
    """What to send to this row's gateway."""
    gateway = row.gateway
    body = request_body(row.called, scenario.order, scenario.size, stream=scenario.streamed)
    port = gateway.stream_port if scenario.streamed else gateway.port
    payload = request(row.dialect, port, KEY, body, gateway.headers)
    length = ANSWER_BYTES if row.relayed else None
    return Target(port, payload, length, row.dialect.last if scenario.streamed else b"")


async def measure(row: Row, scenario: Scenario, clock: Clock, scale: float, seed: int) -> Measure:
    """Take one measurement. Raises `FailedError` at the first wrong answer."""
    seconds = scenario.seconds * scale
    count = 16 if scenario.loop == "open" else row.gateway.connections
    clients = await connect(target(row, scenario), count)
    gc.collect()
    gc.disable()
    try:
        with clock.awake() if scenario.saturating else contextlib.nullcontext():
            serving, beside = row.gateway.processes()
            beside_before = sum(map(cpu_ns, beside))
            warmed = await closed_loop(clients, clock, scenario.warm, scenario.spread)
            _check(row, scenario, warmed)
            before = sum(map(cpu_ns, serving))
            if scenario.loop == "open":
                outcome = await open_loop(clients, clock, RATE, seconds, seed)
            else:
                outcome = await closed_loop(clients, clock, seconds, scenario.spread)
            served = sum(map(cpu_ns, serving)) - before
            _check(row, scenario, outcome)
    finally:
        gc.enable()
        for client in clients:
            client.close()
    await quiet(row.gateway)
    aside = sum(map(cpu_ns, beside)) - beside_before
    times = outcome.latencies or (outcome.delays if scenario.name == "paced" else [])
    return Measure(
        completed=outcome.completed,
        per_second=outcome.completed / outcome.seconds,
        serving_us=served / 1000 / outcome.completed,
        beside_us=aside / 1000 / (warmed.completed + outcome.completed),
        p50=percentile(times, 0.50) / 1000 if times else None,
        p99=percentile(times, 0.99) / 1000 if times else None,
    )


def _check(row: Row, scenario: Scenario, outcome: Outcome) -> None:
    if outcome.errors:
        count = len(outcome.errors)
        raise FailedError(
            f"{row.name}, {scenario.title}: {count} of {outcome.completed + count} answers were wrong. "
            f"The first: {outcome.errors[0]}"
        )
    if not outcome.completed:
        raise FailedError(f"{row.name}, {scenario.title}: no answer at all")


async def quiet(gateway: Gateway) -> None:
    """Until what runs beside the serving processes has caught up: it would cost the next gateway its time,
    and belongs to this one's account."""
    beside = gateway.processes()[1]
    if not beside:
        return
    step, calm, waited = 0.1, 0.0, 0.0
    last = sum(map(cpu_ns, beside))
    while calm < QUIET_SECONDS and waited < QUIET_LIMIT:
        await asyncio.sleep(step)
        waited += step
        now = sum(map(cpu_ns, beside))
        calm = calm + step if now - last < step * 1e9 * 0.05 else 0.0
        last = now
