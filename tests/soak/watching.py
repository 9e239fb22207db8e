"""What a soak looks at, processes second by second and answers one by one, and what it makes of them."""

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_PAGE = os.sysconf("SC_PAGE_SIZE")
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Look:
    """One process at one moment. `memory`: resident bytes."""

    at: float
    memory: int
    files: int


def look(pid: int, at: float) -> Look | None:
    """`None` once it has gone."""
    folder = Path("/proc") / str(pid)
    try:
        return Look(
            at, int((folder / "statm").read_text().split()[1]) * _PAGE, len(os.listdir(folder / "fd"))
        )
    except (OSError, IndexError):
        return None


@dataclass(frozen=True)
class Growth:
    """Of one process, between the beginning and the end of its life after it had warmed up."""

    name: str
    seconds: float
    memory: tuple[float, float]
    files: tuple[float, float]

    @property
    def share(self) -> float:
        """By how much its memory grew."""
        return self.memory[1] / self.memory[0] - 1.0


def growth(name: str, looks: list[Look], warm: float, least: float) -> Growth | None:
    """`warm`: seconds that it has to find its size; `None`: it lived for less than `least` after that."""
    settled = [each for each in looks if each.at >= looks[0].at + warm]
    if len(settled) < 4 or settled[-1].at - settled[0].at < least:
        return None
    part = max(2, len(settled) // 4)
    first, last = settled[:part], settled[-part:]
    return Growth(
        name,
        settled[-1].at - settled[0].at,
        (median(each.memory for each in first), median(each.memory for each in last)),
        (median(each.files for each in first), median(each.files for each in last)),
    )


def percentile(values: list[float], share: float) -> float:
    """Of `values`, which need not be in order; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def stability(latencies: list[tuple[float, float]], share: float = 0.99) -> tuple[float, float]:
    """The percentile of the first third of the time and of the last. `latencies`: when, and how long."""
    if not latencies:
        return 0.0, 0.0
    begin, end = min(at for at, _ in latencies), max(at for at, _ in latencies)
    third = (end - begin) / 3
    first = [took for at, took in latencies if at < begin + third]
    last = [took for at, took in latencies if at >= end - third]
    return percentile(first, share), percentile(last, share)


@dataclass
class Seen:
    """Everything. `outcomes`: kind of call to what became of it, to how often. `ids`: of answers that came whole.
    `calm`: latencies of plain calls, but for those beside a disturbance."""

    outcomes: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    ids: list[str] = field(default_factory=list)
    calm: list[tuple[float, float]] = field(default_factory=list)
    looks: dict[tuple[str, int], list[Look]] = field(default_factory=lambda: defaultdict(list))
    disturbances: list[tuple[float, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def note(self, kind: str, outcome: str) -> None:
        """One call's."""
        self.outcomes[kind][outcome] += 1

    def disturbed(self, at: float, seconds: float, kinds: tuple[str, ...] = ()) -> bool:
        """Whether something happened in the `seconds` before `at`."""
        return any(
            0 <= at - moment < seconds and (not kinds or what in kinds) for moment, what in self.disturbances
        )
