"""The curves as a picture, drawn without a library: a panel for each arena."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from benchmarks.cascade.arenas import Arena
from benchmarks.cascade.curves import Point, Settings, means

WIDTH, HEIGHT, LEFT, TOP = 360, 240, 56, 44
COLUMNS = 2
GAP_X, GAP_Y = 96, 150
MOST_X, MOST_Y = 1.15, 1.3
# Okabe and Ito's colours, which most who see colours differently can tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")


def drawn(arenas: Sequence[tuple[Arena, Sequence[Settings]]]) -> str:
    """All of them."""
    rows = -(-len(arenas) // COLUMNS)
    width, height = COLUMNS * (WIDTH + GAP_X) + 16, rows * (HEIGHT + GAP_Y)
    panels = [
        _panel(
            arena, found, (at % COLUMNS) * (WIDTH + GAP_X) + LEFT, (at // COLUMNS) * (HEIGHT + GAP_Y) + TOP
        )
        for at, (arena, found) in enumerate(arenas)
    ]
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-size="12" '
                'font-family="system-ui, sans-serif" fill="#222">'
            ),
            "<title>Recovered quality against cost, for cascades and random mixing</title>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *panels,
            "</svg>",
            "",
        ]
    )


def _panel(arena: Arena, found: Sequence[Settings], x: int, y: int) -> str:
    dollars = arena.name != "mt-bench"
    axis = "dollars" if dollars else "calls to the large one"
    title = escape(arena.title.partition(" (")[0])
    pieces = [
        f'<g transform="translate({x} {y})">',
        f'<text x="0" y="-16" font-weight="600">{title}</text>',
        *_grid(),
        f'<text x="{WIDTH / 2}" y="{HEIGHT + 34}" text-anchor="middle">cost, share of always-large ({axis})</text>',
        f'<text transform="translate(-40 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">gap recovered</text>',
        _line([(0, 0), (1, 1)], "#777", ' stroke-dasharray="4 4"'),
    ]
    for at, settings in enumerate(found):
        points = means(settings).points(dollars=dollars)
        pieces.append(_line(sorted(points), COLOURS[at]))
        pieces += [_dot(point, COLOURS[at]) for point in points[1:-1] if point[0] <= MOST_X]
        top = HEIGHT + 52 + at * 15
        pieces.append(f'<rect x="0" y="{top - 9}" width="14" height="4" fill="{COLOURS[at]}"/>')
        pieces.append(f'<text x="20" y="{top - 3}" font-size="11">{escape(settings.name)}</text>')
    return "\n".join([*pieces, "</g>"])


def _grid() -> list[str]:
    lines = []
    for tick in (0, 0.25, 0.5, 0.75, 1):
        across, up = _at((tick, tick))
        lines.append(f'<line x1="{across:.1f}" x2="{across:.1f}" y1="0" y2="{HEIGHT}" stroke="#e3e3e3"/>')
        lines.append(f'<line x1="0" x2="{WIDTH}" y1="{up:.1f}" y2="{up:.1f}" stroke="#e3e3e3"/>')
        lines.append(
            f'<text x="{across:.1f}" y="{HEIGHT + 16}" text-anchor="middle" font-size="11">{tick:g}</text>'
        )
        lines.append(f'<text x="-6" y="{up + 4:.1f}" text-anchor="end" font-size="11">{tick:g}</text>')
    return lines


def _at(point: Point) -> Point:
    return point[0] / MOST_X * WIDTH, HEIGHT - point[1] / MOST_Y * HEIGHT


def _line(points: Sequence[Point], colour: str, more: str = "") -> str:
    """Cut off where the panel ends."""
    shown: list[Point] = []
    for (x, y), (end, high) in pairwise(points):
        shown.append((x, y))
        if end > MOST_X:
            shown.append((MOST_X, y + (high - y) * (MOST_X - x) / (end - x)))
            break
    else:
        shown.append(points[-1])
    path = " ".join(f"{across:.1f},{up:.1f}" for across, up in map(_at, shown))
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{more}/>'


def _dot(point: Point, colour: str) -> str:
    across, up = _at(point)
    return f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{colour}"/>'
