"""Figures as Prometheus reads them: the text format, version 0.0.4. Pure.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = tuple[tuple[str, str], ...]
Value = int | float | Decimal


class Family(msgspec.Struct, frozen=True):
    """One metric. `samples`: by its labels; of a histogram, counts by bucket, the last one for what is above all
    bounds, and the sum."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: Mapping[Labels, Value] = {}
    bounds: Sequence[float] = ()
    histograms: Mapping[Labels, tuple[Sequence[int], float]] = {}


def exposed(families: Iterable[Family]) -> str:
    """All of them."""
    return "".join(line for family in families for line in _lines(family))


def _lines(family: Family) -> Iterable[str]:
    told = family.help.replace("\\", "\\\\").replace("\n", "\\n")
    yield f"# HELP {family.name} {told}\n# TYPE {family.name} {family.kind}\n"
    for labels, value in sorted(family.samples.items()):
        yield f"{family.name}{_braced(labels)} {value}\n"
    for labels, (counts, total) in sorted(family.histograms.items()):
        reached = 0
        for bound, count in zip((*family.bounds, float("inf")), counts, strict=True):
            reached += count
            edge = "+Inf" if bound == float("inf") else repr(float(bound))
            yield f"{family.name}_bucket{_braced((*labels, ('le', edge)))} {reached}\n"
        yield f"{family.name}_sum{_braced(labels)} {total}\n{family.name}_count{_braced(labels)} {reached}\n"


def _braced(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
