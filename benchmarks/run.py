"""`python -m benchmarks.run`: measure Counterpoint beside its peers, in one run, and write down what came out.

Rounds are interleaved (each gateway once for each kind of load, then all again) and medians taken, because the
machine is rarely ours alone. The gateways share one core, the load generator and the mock upstream the other.
"""

import argparse
import asyncio
import contextlib
import gc
import itertools
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks import report
from benchmarks.clock import Clock
from benchmarks.gateways import Gateway, Place, Row, on_core, rows
from benchmarks.processes import machine, pss_bytes
from benchmarks.scenarios import RATE, SCENARIOS, FailedError, Measure, Scenario, measure
from benchmarks.upstream import listen

ROUNDS = 3
QUICK_SCALE = 0.5
NOT_BY_DEFAULT = {"plane"}


@dataclass(frozen=True)
class Plan:
    """What was asked for. `scale`: of the measuring times. `gateway_core`: `None` on a machine with one core."""

    command: str
    loads: list[Scenario]
    rounds: int
    scale: float
    gateway_core: int | None


def options(words: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one short round without peers, under a minute; writes no file"
    )
    parser.add_argument(
        "--only",
        metavar="NAMES",
        help="gateways, by comma: direct, nginx, envoy, counterpoint, counterpoint-limited, counterpoint-committed, "
        "litellm, portkey, plane",
    )
    parser.add_argument("--loads", metavar="NAMES", help="kinds of load: small, large, paced, burst, rate")
    parser.add_argument("--rounds", type=int, help=f"how often each is measured ({ROUNDS})")
    parser.add_argument("--litellm", metavar="PATH", help="the litellm program, if it is not on PATH")
    parser.add_argument(
        "--portkey", metavar="PATH", help="Portkey's start-server.js, if not installed globally"
    )
    parser.add_argument("--envoy", metavar="PATH", help="the envoy program, if it is not on PATH")
    parser.add_argument("--write", action="store_true", help="write files after a quick or partial run too")
    parser.add_argument("--enforce", action="store_true", help="exit with 1 when a target is missed")
    return parser.parse_args(words)


def chosen(asked: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """The rows to measure, and why others are left out."""
    every = rows(asked.litellm, asked.portkey, asked.envoy)
    names = {row.gateway.name for row in every}
    peers = {row.gateway.name for row in every if row.gateway.peer}
    usual = names - NOT_BY_DEFAULT - (peers if asked.quick else set())
    wanted = set(asked.only.split(",")) if asked.only else usual
    if wanted - names:
        sys.exit(f"unknown: {', '.join(sorted(wanted - names))} (known: {', '.join(sorted(names))})")
    kept = [row for row in every if row.gateway.name in wanted]
    missing = {row.gateway.name: row.gateway.missing() for row in kept}
    return [row for row in kept if not missing[row.gateway.name]], [why for why in missing.values() if why]


@contextlib.asynccontextmanager
async def running(measured: list[Row], place: Place) -> AsyncIterator[None]:
    """All gateways up."""
    started: list[Gateway] = []
    try:
        for gateway in {id(row.gateway): row.gateway for row in measured}.values():
            started.append(gateway)
            gateway.start(place)
        for gateway in started:
            await asyncio.to_thread(gateway.wait)
        yield
    finally:
        for gateway in started:
            await asyncio.to_thread(gateway.stop)


async def measure_all(
    measured: list[Row], plan: Plan, clock: Clock, left_out: list[str]
) -> dict[str, dict[str, list[Measure]]]:
    """By row's name and load's name: one measure per round. A peer that cannot sustain the open loop's rate, or
    gives wrong answers, is left out and said to be; a wrong answer of ours voids the run."""
    results: dict[str, dict[str, list[Measure]]] = {row.name: {} for row in measured}
    failing: set[tuple[str, str]] = set()
    for turn, load, row in itertools.product(range(plan.rounds), plan.loads, measured):
        if (row.name, load.name) in failing:
            continue
        if load.loop == "open" and _too_slow(results[row.name]):
            failing.add((row.name, load.name))
            left_out.append(f"{row.name}, {load.title}: more than it can serve")
            continue
        try:
            taken = await measure(row, load, clock, plan.scale, seed=turn)
        except FailedError as error:
            if not row.gateway.peer:
                raise
            failing.add((row.name, load.name))
            left_out.append(str(error).partition("\r\n")[0])
            continue
        results[row.name].setdefault(load.name, []).append(taken)
        print(report.progress(turn + 1, plan.rounds, row, load, taken), file=sys.stderr, flush=True)
    return results


def _too_slow(measures: dict[str, list[Measure]]) -> bool:
    small = measures.get("small", [])
    return bool(small) and max(each.per_second for each in small) < 1.5 * RATE


def memory(measured: list[Row]) -> dict[str, int]:
    """PSS of all of a gateway's processes, by its name."""
    gateways = {row.gateway.name: row.gateway for row in measured}
    found = {name: sum(map(pss_bytes, itertools.chain(*each.processes()))) for name, each in gateways.items()}
    return {name: size for name, size in found.items() if size}


async def session(measured: list[Row], plan: Plan, left_out: list[str]) -> report.Report:
    """One run from start to end."""
    about = machine()
    began = time.monotonic()
    clock = Clock(asyncio.get_running_loop())
    upstream = await listen(clock)
    with tempfile.TemporaryDirectory(prefix="counterpoint-bench-") as folder:
        port = upstream.sockets[0].getsockname()[1]
        place = Place(port, Path(folder), plan.gateway_core)
        async with running(measured, place):
            at_start = memory(measured)
            gc.collect()
            gc.freeze()
            results = await measure_all(measured, plan, clock, left_out)
            at_end = memory(measured)
    upstream.close()
    clock.close()
    versions = {row.gateway.name: row.gateway.version() for row in measured}
    about["load_average_after"] = machine()["load_average"]
    return report.Report(
        command=plan.command,
        seconds=round(time.monotonic() - began),
        rounds=plan.rounds,
        pinned=plan.gateway_core is not None,
        machine=about,
        versions={name: version for name, version in versions.items() if version},
        left_out=left_out,
        loads=[load.name for load in plan.loads],
        results=results,
        memory_start=at_start,
        memory_end=at_end,
    )


def main(words: list[str] | None = None) -> None:
    """Measure, print, write."""
    words = sys.argv[1:] if words is None else words
    asked = options(words)
    measured, left_out = chosen(asked)
    cores = sorted(os.sched_getaffinity(0))
    plan = Plan(
        command=" ".join(["python -m benchmarks.run", *(Path(word).name for word in words)]),
        loads=[load for load in SCENARIOS if not asked.loads or load.name in asked.loads.split(",")],
        rounds=asked.rounds or (1 if asked.quick else ROUNDS),
        scale=QUICK_SCALE if asked.quick else 1.0,
        gateway_core=cores[0] if len(cores) > 1 else None,
    )
    try:
        with on_core(cores[1] if len(cores) > 1 else None):
            found = uvloop.run(session(measured, plan, left_out))
    except (FailedError, RuntimeError) as error:
        sys.exit(f"benchmark failed: {error}")
    print(report.as_text(found))
    if asked.write or not (asked.quick or asked.only or asked.loads):
        for path in report.write(found):
            print(f"written: {path}")
    if asked.enforce and not all(each.reached for each in report.targets(found)):
        sys.exit(1)


if __name__ == "__main__":
    main()
