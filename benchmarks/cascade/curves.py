"""Cost and quality as curves, measured as in the RouteLLM paper (https://arxiv.org/abs/2406.18665, section 3).

Quality is the share of the gap between the small and the large model that was recovered (PGR). A curve is a policy's
settings joined by straight lines, which mixing two settings by lot reaches; it begins where the small model always
answers and ends where the large one does. APGR is the area under it (random mixing: 0.5), CPT(x) the least cost at
which x of the gap is recovered. Cost is counted twice: as the share of calls that the large model gets, as in the
paper, and in dollars, from what always-small costs (0) to what always-large costs (1), samples and judges included.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.cascade.replay import Outcome

Point = tuple[float, float]
REPLICATES = 400
_SEED = 20240618


@dataclass(frozen=True)
class Settings:
    """A policy at each of its settings, from lenient to strict, between always-small and always-large. `labels`: what
    tells the settings apart."""

    name: str
    small: Sequence[Outcome]
    inner: Sequence[Sequence[Outcome]]
    large: Sequence[Outcome]
    labels: Sequence[str] = ()

    @property
    def all(self) -> list[Sequence[Outcome]]:
        """In their order."""
        return [self.small, *self.inner, self.large]


@dataclass(frozen=True)
class Sums:
    """Means over a sample of calls, by setting."""

    quality: list[float]
    cost: list[float]
    large: list[float]

    def points(self, *, dollars: bool) -> list[Point]:
        """(cost, PGR), from always-small to always-large."""
        gap = self.quality[-1] - self.quality[0]
        span = self.cost[-1] - self.cost[0]
        across = [(each - self.cost[0]) / span for each in self.cost] if dollars else self.large
        return [(x, (each - self.quality[0]) / gap) for x, each in zip(across, self.quality, strict=True)]


def means(settings: Settings, chosen: Sequence[int] | None = None) -> Sums:
    """Of all calls, or of the chosen ones."""
    return _means(_columns(settings), chosen)


def _columns(settings: Settings) -> list[list[list[float]]]:
    return [
        [[each.quality for each in run], [each.cost for each in run], [float(each.large) for each in run]]
        for run in settings.all
    ]


def _means(columns: Sequence[Sequence[Sequence[float]]], chosen: Sequence[int] | None) -> Sums:
    def mean(values: Sequence[float]) -> float:
        if chosen is None:
            return sum(values) / len(values)
        return sum(map(values.__getitem__, chosen)) / len(chosen)

    quality, cost, large = zip(*([mean(values) for values in run] for run in columns), strict=True)
    return Sums(list(quality), list(cost), list(large))


def apgr(points: Sequence[Point]) -> float:
    """The area under the curve between no cost and that of always-large; what costs more than that counts up to it."""
    area = 0.0
    for (x, y), (end, high) in _segments(points):
        last = min(end, 1.0)
        if last <= x:
            continue
        top = y + (high - y) * (last - x) / (end - x)
        area += (last - x) * (y + top) / 2
    return area


def cpt(points: Sequence[Point], share: float) -> float | None:
    """The least cost at which that share of the gap is recovered; `None`: never for less than always-large."""
    for (x, y), (end, high) in _segments(points):
        if y >= share:
            return x
        if high >= share:
            return x + (end - x) * (share - y) / (high - y)
    return None


def _segments(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    """The lines between neighbours, by cost."""
    ordered = sorted(points)
    return list(pairwise(ordered))


def interval(settings: Settings, measure: Callable[[Sums], float | None]) -> tuple[float, float] | None:
    """Where the middle 95 % of bootstrap replicates lie; `None`: some have no value."""
    columns, count, chance = _columns(settings), len(settings.small), random.Random(_SEED)
    found = []
    for _ in range(REPLICATES):
        value = measure(_means(columns, chance.choices(range(count), k=count)))
        if value is None:
            return None
        found.append(value)
    found.sort()
    return found[round(0.025 * (REPLICATES - 1))], found[round(0.975 * (REPLICATES - 1))]
