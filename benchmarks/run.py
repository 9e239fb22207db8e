"""`python -m benchmarks.run`: measure Counterpoint beside its peers, in one run, and write down what came out.

Rounds are interleaved (each gateway once for each kind of load, then all again) and medians taken, because the
machine is rarely ours alone. The gateways share one core, the load generator and the mock upstream the other.
"""

import argparse
import contextlib
import gc
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks import report
from benchmarks.gateways import Gateway, Place, Row, on_core, rows
from benchmarks.processes import machine, pss_bytes
from benchmarks.scenarios import RATE, SCENARIOS, FailedError, Measure, Scenario, measure

ROUNDS = 3
QUICK_SCALE = 0.5
NOT_BY_DEFAULT = {"plane"}


def options(words: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one short round, under a minute; writes no file"
    )
    parser.add_argument(
        "--only",
        metavar="NAMES",
        help="gateways, by comma: direct, nginx, counterpoint, litellm, portkey, plane",
    )
    parser.add_argument("--loads", metavar="NAMES", help="kinds of load: small, large, paced, burst, rate")
    parser.add_argument("--rounds", type=int, help=f"how often each is measured ({ROUNDS})")
    parser.add_argument("--litellm", metavar="PATH", help="the litellm program, if it is not on PATH")
    parser.add_argument(
        "--portkey", metavar="PATH", help="Portkey's start-server.js, if not installed globally"
    )
    parser.add_argument("--write", action="store_true", help="write files after a quick or partial run too")
    parser.add_argument("--enforce", action="store_true", help="exit with 1 when a target is missed")
    return parser.parse_args(words)


def chosen(asked: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """The rows to measure, and why others are left out."""
    every = rows(asked.litellm, asked.portkey)
    names = {row.gateway.name for row in every}
    wanted = set(asked.only.split(",")) if asked.only else names - NOT_BY_DEFAULT
    if wanted - names:
        sys.exit(f"unknown: {', '.join(sorted(wanted - names))} (known: {', '.join(sorted(names))})")
    kept = [row for row in every if row.gateway.name in wanted]
    missing = {row.gateway.name: row.gateway.missing() for row in kept}
    return [row for row in kept if not missing[row.gateway.name]], [why for why in missing.values() if why]


@contextlib.contextmanager
def running(measured: list[Row], place: Place) -> Iterator[None]:
    """All gateways up, with the mock upstream behind them."""
    with on_core(place.load_core):
        upstream = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.upstream"],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parent.parent,
        )
    started: list[Gateway] = []
    try:
        assert upstream.stdout is not None
        place.upstream = int(upstream.stdout.readline())
        for gateway in {id(row.gateway): row.gateway for row in measured}.values():
            started.append(gateway)
            gateway.start(place)
        for gateway in started:
            gateway.wait()
        yield
    finally:
        for gateway in started:
            gateway.stop()
        upstream.kill()
        upstream.wait()


async def measure_all(
    measured: list[Row], loads: list[Scenario], rounds: int, scale: float, left_out: list[str]
) -> dict[str, dict[str, list[Measure]]]:
    """By row's name and load's name: one measure per round. A peer that cannot sustain the open loop's rate, or
    gives wrong answers, is left out and said to be; a wrong answer of ours voids the run."""
    results: dict[str, dict[str, list[Measure]]] = {row.name: {} for row in measured}
    failing: set[tuple[str, str]] = set()
    for turn, load, row in itertools.product(range(rounds), loads, measured):
        if (row.name, load.name) in failing:
            continue
        if load.loop == "open" and _too_slow(results[row.name]):
            failing.add((row.name, load.name))
            left_out.append(f"{row.name}, {load.title}: more than it can serve")
            continue
        try:
            taken = await measure(row, load, scale, seed=turn)
        except FailedError as error:
            if not row.gateway.peer:
                raise
            failing.add((row.name, load.name))
            left_out.append(str(error).partition("\r\n")[0])
            continue
        results[row.name].setdefault(load.name, []).append(taken)
        print(report.progress(turn + 1, rounds, row, load, taken), file=sys.stderr, flush=True)
    return results


def _too_slow(measures: dict[str, list[Measure]]) -> bool:
    small = measures.get("small", [])
    return bool(small) and max(each.per_second for each in small) < 1.5 * RATE


def memory(measured: list[Row]) -> dict[str, int]:
    """PSS of all of a gateway's processes, by its name."""
    gateways = {row.gateway.name: row.gateway for row in measured}
    found = {name: sum(map(pss_bytes, itertools.chain(*each.processes()))) for name, each in gateways.items()}
    return {name: size for name, size in found.items() if size}


def main(words: list[str] | None = None) -> None:
    """Measure, print, write."""
    words = sys.argv[1:] if words is None else words
    asked = options(words)
    measured, left_out = chosen(asked)
    loads = [load for load in SCENARIOS if not asked.loads or load.name in asked.loads.split(",")]
    rounds = asked.rounds or (1 if asked.quick else ROUNDS)
    scale = QUICK_SCALE if asked.quick else 1.0
    cores = sorted(os.sched_getaffinity(0))
    gateway_core, load_core = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
    about = machine()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="counterpoint-bench-") as folder:
        place = Place(0, Path(folder), gateway_core, load_core)
        try:
            with running(measured, place), on_core(load_core):
                at_start = memory(measured)
                gc.collect()
                gc.freeze()
                results = uvloop.run(measure_all(measured, loads, rounds, scale, left_out))
                at_end = memory(measured)
        except (FailedError, RuntimeError) as error:
            sys.exit(f"benchmark failed: {error}")
    versions = {row.gateway.name: row.gateway.version() for row in measured}
    found = report.Report(
        command="python -m benchmarks.run " + " ".join(words),
        seconds=round(time.monotonic() - began),
        rounds=rounds,
        pinned=gateway_core is not None,
        machine=about,
        versions={name: version for name, version in versions.items() if version},
        left_out=left_out,
        loads=[load.name for load in loads],
        results=results,
        memory_start=at_start,
        memory_end=at_end,
    )
    print(report.as_text(found))
    if asked.write or not (asked.quick or asked.only or asked.loads):
        for path in report.write(found):
            print(f"written: {path}")
    if asked.enforce and not all(each.reached for each in report.targets(found)):
        sys.exit(1)


if __name__ == "__main__":
    main()
