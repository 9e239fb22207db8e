"""What was found, as tables in `docs/cascade.md` and a chart beside it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.cascade.arenas import Arena
from benchmarks.cascade.curves import Settings, Sums, apgr, cpt, interval, means
from benchmarks.cascade.published import ROUTERS
from benchmarks.cascade.replay import Outcome

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "cascade.md"
CHART = ROOT / "docs" / "images" / "cascade.svg"
Measure = Callable[[Sums], float | None]


def marks(part: str) -> tuple[str, str]:
    """Between which a part stands."""
    return f"<!-- cascade, {part}: begin -->", f"<!-- cascade, {part}: end -->"


def written(page: str, part: str, text: str) -> str:
    """`page` with that part anew."""
    begin, end = marks(part)
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    assert after, f"{PAGE.name} has no part {part}"
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def as_markdown(arena: Arena, found: Sequence[Settings]) -> str:
    """One arena: its curves, then their points."""
    return "\n".join(
        [f"### {arena.title}", "", *_ends(arena, found[0]), "", *_curves(arena, found), "", *_points(found)]
    )


def _ends(arena: Arena, settings: Settings) -> list[str]:
    ends = means(settings)
    small, large = (
        f"`{name}`: quality {ends.quality[at]:.3f}, ${ends.cost[at] * 1000:.3f} per 1,000 calls"
        for name, at in ((arena.small, 0), (arena.large, -1))
    )
    return [f"{len(arena.items):,} calls. Always {small}; always {large}."]


def _curves(arena: Arena, found: Sequence[Settings]) -> list[str]:
    lines = [
        "| curve | APGR, calls | CPT(50 %) | CPT(80 %) | APGR, dollars | CPT(50 %) | CPT(80 %) |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for settings in found:
        cells = [cell for dollars in (False, True) for cell in _measured(settings, dollars=dollars)]
        lines.append(f"| {settings.name} | {' | '.join(cells)} |")
    lines.append("| random mix | 0.500 | 50 % | 80 % | 0.500 | 50 % | 80 % |")
    for each in ROUTERS.get(arena.published, ()):
        costs = f"{each.cpt50 * 100:.0f} % | {each.cpt80 * 100:.0f} %"
        lines.append(f"| *published: {each.router}* | {each.apgr:.3f} | {costs} | | | |")
    return lines


def _measured(settings: Settings, *, dollars: bool) -> list[str]:
    """Each figure with the interval of its bootstrap."""
    area = _between(settings, lambda sums: apgr(sums.points(dollars=dollars)))
    assert area is not None
    cells = [f"{area[0]:.3f} ({area[1]:.3f} to {area[2]:.3f})"]
    for share in (0.5, 0.8):
        cost = _between(settings, partial(_price, share=share, dollars=dollars))
        cells.append(
            "never" if cost is None else "{:.0f} % ({:.0f} to {:.0f})".format(*(each * 100 for each in cost))
        )
    return cells


def _price(sums: Sums, *, share: float, dollars: bool) -> float | None:
    return cpt(sums.points(dollars=dollars), share)


def _quality(sums: Sums, *, at: int) -> float:
    return sums.quality[at]


def _between(settings: Settings, measure: Measure) -> tuple[float, float, float] | None:
    value, ends = measure(means(settings)), interval(settings, measure)
    return None if value is None or ends is None else (value, *ends)


def _points(found: Sequence[Settings]) -> list[str]:
    lines = [
        "| setting | quality | 95 % | $ per 1,000 calls | calls to the large one | gap recovered | answers per call |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for settings in found:
        sums = means(settings)
        for at, run in enumerate(settings.inner, 1):
            low, high = interval(settings, partial(_quality, at=at)) or (0.0, 0.0)
            pgr = sums.points(dollars=False)[at][1]
            taken = sum(each.answers for each in run) / len(run)
            label = (
                settings.name if len(settings.inner) == 1 else f"{settings.name}, {_strictness(settings, at)}"
            )
            lines.append(
                f"| {label} | {sums.quality[at]:.3f} | {low:.3f} to {high:.3f} | {sums.cost[at] * 1000:.3f} "
                f"| {sums.large[at] * 100:.1f} % | {pgr * 100:.0f} % | {taken:.2f} |"
            )
    return lines


def _strictness(settings: Settings, at: int) -> str:
    return settings.labels[at - 1] if settings.labels else f"setting {at}"


def pool_as_markdown(found: Sequence[tuple[str, str, list[Outcome]]]) -> str:
    """The policies over a pool."""
    lines = ["| policy | targets | quality | $ per 1,000 calls |", "| --- | --- | ---: | ---: |"]
    for policy, what, run in found:
        quality, cost = (sum(getattr(each, name) for each in run) / len(run) for name in ("quality", "cost"))
        lines.append(f"| {policy} | {what} | {quality:.3f} | {cost * 1000:.3f} |")
    return "\n".join(lines)
