"""The proof on a whole folder of recordings: every exchange in it in exactly one of four counts, by several processes.

`counterpoint dialects check` prints what `prove` returns; docs/your-recordings.md says what the counts mean.
"""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.testing.checking import BUCKETS, Bucket, Outcome, outcome
from counterpoint.testing.folders import Batch, Damaged, batches, exchanges

_AT_ONCE = 25
"""Files in one piece of work: enough that handing them over costs little, few enough that progress is seen."""

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


class Named(msgspec.Struct, frozen=True):
    """One exchange by name. `interaction`: its number in the file, from 0; -1: the whole file."""

    file: str
    interaction: int
    dialect: str
    reason: str


class Counts(msgspec.Struct):
    """How many exchanges came to what. `codes`: in how many each loss was declared."""

    exact: int = 0
    lossy: int = 0
    refused: int = 0
    failed: int = 0
    codes: dict[str, int] = {}

    def add(self, bucket: Bucket, codes: Iterable[str]) -> None:
        """One more."""
        setattr(self, bucket, getattr(self, bucket) + 1)
        for code in codes:
            self.codes[code] = self.codes.get(code, 0) + 1


class DialectCounts(Counts):
    """As `Counts`. `speaks`: the dialect of ours that these are of; `None`: none is. `reasons`: why exchanges were
    refused, the commonest first."""

    speaks: str | None = None
    reasons: dict[str, int] = {}


class Totals(msgspec.Struct):
    """Of all dialects. They add up to the lines of the indexes, or to the exchanges found."""

    exact: int = 0
    lossy: int = 0
    refused: int = 0
    failed: int = 0


class Report(msgspec.Struct):
    """`dialects`: by the name under which they are filed. `pairs`: what each dialect of ours came to in each other.
    `skipped`: files in which there are no exchanges."""

    dialects: dict[str, DialectCounts]
    totals: Totals
    failed: list[Named]
    refused: list[Named]
    pairs: dict[str, dict[str, Counts]]
    skipped: list[str]
    seconds: float = 0.0


def prove(folder: Path, *, jobs: int = 1, progress: Progress = lambda done, total: None) -> Report:
    """The proof on everything in `folder`. Raises `OSError` if it cannot be read."""
    began = time.monotonic()
    found, damaged = batches(folder)
    outcomes = [_damaged(each) for each in damaged]
    skipped: list[str] = []
    for done, (batch, results) in enumerate(_worked(folder, found, jobs), 1):
        outcomes += results
        if not results and not batch.rows:
            skipped.append(batch.file)
        progress(done, len(found))
    report = _summed(outcomes)
    report.skipped = sorted(skipped)
    report.seconds = round(time.monotonic() - began, 1)
    return report


def examined(folder: Path, work: Sequence[Batch]) -> list[list[Outcome]]:
    """What becomes of every exchange in these files; run in a process of its own."""
    return [
        [_damaged(each) if isinstance(each, Damaged) else outcome(each) for each in exchanges(folder, batch)]
        for batch in work
    ]


def _damaged(each: Damaged) -> Outcome:
    row = each.row
    return Outcome(
        file=row.file,
        interaction=row.interaction,
        filed=row.dialect,
        dialect=None,
        bucket="failed",
        reason=each.reason,
    )


Worked = Iterator[tuple[Batch, list[Outcome]]]


def _worked(folder: Path, found: Sequence[Batch], jobs: int) -> Worked:
    if jobs <= 1 or len(found) <= _AT_ONCE:
        for batch in found:
            yield batch, examined(folder, [batch])[0]
        return
    pieces = [found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE)]
    lost: list[Batch] = []
    with _pool(jobs) as pool:
        waiting = {pool.submit(examined, folder, piece): piece for piece in pieces}
        for future in as_completed(waiting):
            try:
                yield from zip(waiting[future], future.result(), strict=True)
            except BrokenProcessPool:
                lost += waiting[future]
    for batch in lost:
        yield batch, _alone(folder, batch)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Processes that begin anew: a fork would copy the threads that draw the progress, half way through.
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def _alone(folder: Path, batch: Batch) -> list[Outcome]:
    """One file in a process of its own, since with others a process died: of which one is seen now."""
    with _pool(1) as pool:
        try:
            return pool.submit(examined, folder, [batch]).result()[0]
        except BrokenProcessPool:
            reason = "the process that proved it died"
    rows = batch.rows
    if not rows:
        return [
            Outcome(
                file=batch.file, interaction=-1, filed="unknown", dialect=None, bucket="failed", reason=reason
            )
        ]
    return [_damaged(Damaged(row, reason)) for row in rows]


def _summed(outcomes: Sequence[Outcome]) -> Report:
    ordered = sorted(outcomes, key=lambda each: (each.file, each.interaction))
    report = Report({}, Totals(), [], [], {}, [])
    reasons: dict[str, Counter[str]] = {}
    for each in ordered:
        counts = report.dialects.setdefault(each.filed, DialectCounts(speaks=each.dialect))
        counts.speaks = counts.speaks or each.dialect
        counts.add(each.bucket, each.codes)
        setattr(report.totals, each.bucket, getattr(report.totals, each.bucket) + 1)
        named = Named(each.file, each.interaction, each.filed, each.reason)
        if each.bucket == "failed":
            report.failed.append(named)
        elif each.bucket == "refused":
            report.refused.append(named)
            reasons.setdefault(each.filed, Counter())[each.reason] += 1
        if each.dialect is not None:
            others = report.pairs.setdefault(each.dialect, {})
            for name, crossed in each.crossed.items():
                others.setdefault(name, Counts()).add(crossed.bucket, crossed.codes)
    _order(report, reasons)
    return report


def _order(report: Report, reasons: dict[str, Counter[str]]) -> None:
    """The commonest first, names where there is no commoner."""
    for filed, told in reasons.items():
        report.dialects[filed].reasons = dict(_commonest(told))
    for counts in (
        *report.dialects.values(),
        *(each for row in report.pairs.values() for each in row.values()),
    ):
        counts.codes = dict(_commonest(Counter(counts.codes)))
    report.dialects = dict(
        sorted(report.dialects.items(), key=lambda item: (item[1].speaks is None, -_size(item[1]), item[0]))
    )


def _commonest(counted: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _size(counts: Counts) -> int:
    return sum(getattr(counts, bucket) for bucket in BUCKETS)
