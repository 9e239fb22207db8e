"""Counts what shipped entries tell: calls, tokens, cost, latencies, failures, attempts. In memory, since the start of
this process, as Prometheus expects it.

Labels are names of which there are few: those that an operator configured. What a caller wrote is none.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.ledger import Entry
from counterpoint.telemetry.exposition import Family, Labels, Value

BOUNDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
"""Of latencies in seconds: those that the GenAI conventions of OpenTelemetry name."""
TOKENS = tuple(
    name
    for name in Usage.__struct_fields__
    if name not in {"reported", "web_searches", "images", "audio_seconds", "characters", "search_units"}
)
COUNTERS = {
    "requests": "Calls that were answered, by the status that the caller got.",
    "side_calls": "Billed calls besides those of callers: checks, hedges, shadows.",
    "tokens": "Tokens by disjoint class.",
    "cost": "What calls cost, where their price is known.",
    "unpriced_calls": "Calls whose price is not known.",
    "failures": "Calls that failed, by kind.",
    "attempts": "Tries at offerings, by what came of them.",
}
MOST = 5000
"""Series of a metric; what would be further ones is counted together, under empty names."""


class _Histograms:
    def __init__(self) -> None:
        self.found: dict[Labels, tuple[list[int], list[float]]] = {}

    def note(self, labels: Labels, seconds: float) -> None:
        counts, total = self.found.setdefault(labels, ([0] * (len(BOUNDS) + 1), [0.0]))
        counts[bisect_right(BOUNDS, seconds)] += 1
        total[0] += seconds

    def told(self) -> dict[Labels, tuple[list[int], float]]:
        return {labels: (list(counts), total[0]) for labels, (counts, total) in self.found.items()}


class Figures:
    """Fed by the shipper's thread, read by whoever asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[str, dict[Labels, Value]] = {name: {} for name in COUNTERS}
        self._durations, self._firsts = _Histograms(), _Histograms()
        self._known: set[Labels] = set()

    def take(self, entries: Iterable[Entry]) -> None:
        """Counts them."""
        with self._lock:
            for entry in entries:
                self._take(entry)

    def _offering(self, entry: Entry) -> Labels:
        labels = (("host", entry.host), ("model", entry.model), ("operation", entry.operation))
        if labels not in self._known:
            if len(self._known) >= MOST:
                return (("host", ""), ("model", ""), ("operation", entry.operation))
            self._known.add(labels)
        return labels

    def _take(self, entry: Entry) -> None:
        labels = self._offering(entry)
        if entry.purpose:
            self._add("side_calls", (*labels, ("purpose", entry.purpose)))
        else:
            self._add("requests", (*labels, ("status", str(entry.status))))
            self._durations.note(labels, entry.total_micros / 1e6)
            if entry.first_event_micros is not None and entry.stream:
                self._firsts.note(labels, entry.first_event_micros / 1e6)
            if entry.failure is not None:
                self._add("failures", (*labels, ("failure", entry.failure)))
        for name in TOKENS:
            count = getattr(entry.usage, name)
            if count > 0:
                self._add("tokens", (*labels, ("class", name)), count)
        if entry.cost is None:
            self._add("unpriced_calls", labels)
        elif entry.cost:
            self._add("cost", (*labels, ("currency", entry.currency)), entry.cost)
        for attempt in entry.attempts:
            outcome = attempt.failure or "answered"
            self._add("attempts", (("offering", attempt.offering), ("outcome", outcome)))

    def _add(self, name: str, labels: Labels, amount: Any = 1) -> None:
        counted = self._counted[name]
        counted[labels] = counted.get(labels, 0) + amount

    def families(self) -> list[Family]:
        """As they stand."""
        with self._lock:
            counters = [
                Family(f"counterpoint_{name}_total", "counter", text, dict(self._counted[name]))
                for name, text in COUNTERS.items()
            ]
            return [*counters, *self._latencies()]

    def _latencies(self) -> Iterator[Family]:
        for name, text, histograms in (
            ("request_duration", "From the request to the last byte of its answer.", self._durations),
            ("time_to_first_event", "From the request to the first event of a stream.", self._firsts),
        ):
            yield Family(
                f"counterpoint_{name}_seconds",
                "histogram",
                text,
                bounds=BOUNDS,
                histograms=histograms.told(),
            )
