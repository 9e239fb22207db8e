"""Where two JSON values differ, said in the paths of the first, with lists aligned like texts in a diff.

Why not compare by index: one block left out of a list would make every later one look different.
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec


class Node(msgspec.Struct):
    """A JSON value that knows where it stood. `value` is a dict of nodes, a list of nodes, or a scalar."""

    path: str
    value: Any


class Difference(msgspec.Struct, frozen=True):
    """One place. `kind`: `missing` from the second value, `added` by it, or `changed`."""

    path: str
    kind: str
    before: str = ""
    after: str = ""


def tree(value: Any, path: str = "") -> Node:
    """`value` with the paths of everything in it."""
    if isinstance(value, dict):
        return Node(
            path, {name: tree(item, f"{path}.{name}" if path else name) for name, item in value.items()}
        )
    if isinstance(value, list):
        return Node(path, [tree(item, f"{path}[{index}]") for index, item in enumerate(value)])
    return Node(path, value)


def plain(node: Node) -> Any:
    """The value without its paths."""
    if isinstance(node.value, dict):
        return {name: plain(item) for name, item in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value


def differences(before: Node, after: Node) -> Iterator[Difference]:
    """Every place where `after` is not as `before`."""
    if isinstance(before.value, dict) and isinstance(after.value, dict):
        yield from _of_objects(before, after)
    elif isinstance(before.value, list) and isinstance(after.value, list):
        yield from _of_lists(before, after)
    elif plain(before) != plain(after):
        yield Difference(before.path, "changed", _short(before), _short(after))


def _of_objects(before: Node, after: Node) -> Iterator[Difference]:
    for name, item in before.value.items():
        if name in after.value:
            yield from differences(item, after.value[name])
        else:
            yield Difference(item.path, "missing", before=_short(item))
    for name, item in after.value.items():
        if name not in before.value:
            path = f"{before.path}.{name}" if before.path else name
            yield Difference(path, "added", after=_short(item))


def _of_lists(before: Node, after: Node) -> Iterator[Difference]:
    for first, second in _aligned(before.value, after.value):
        if second is None and first is not None:
            yield Difference(first.path, "missing", before=_short(first))
        elif first is None and second is not None:
            yield Difference(before.path, "added", after=_short(second))
        elif first is not None and second is not None:
            yield from differences(first, second)


def _short(node: Node) -> str:
    return json.dumps(plain(node), ensure_ascii=False)[:120]


_ALONE = 1.0


def _aligned(before: list[Node], after: list[Node]) -> list[tuple[Node | None, Node | None]]:
    """Pairs of what belongs together, cheapest in all (Needleman and Wunsch)."""
    costs = [[(_cost(first, second)) for second in after] for first in before]
    rows, columns = len(before), len(after)
    total = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows, -1, -1):
        for column in range(columns, -1, -1):
            ways = []
            if row < rows:
                ways.append(total[row + 1][column] + _ALONE)
            if column < columns:
                ways.append(total[row][column + 1] + _ALONE)
            if row < rows and column < columns:
                ways.append(total[row + 1][column + 1] + costs[row][column])
            total[row][column] = min(ways, default=0.0)
    return _pairs(before, after, costs, total)


def _pairs(
    before: list[Node], after: list[Node], costs: list[list[float]], total: list[list[float]]
) -> list[tuple[Node | None, Node | None]]:
    pairs: list[tuple[Node | None, Node | None]] = []
    row = column = 0
    while row < len(before) or column < len(after):
        both = row < len(before) and column < len(after)
        if both and total[row][column] == total[row + 1][column + 1] + costs[row][column]:
            pairs.append((before[row], after[column]))
            row, column = row + 1, column + 1
        elif row < len(before) and total[row][column] == total[row + 1][column] + _ALONE:
            pairs.append((before[row], None))
            row += 1
        else:
            pairs.append((None, after[column]))
            column += 1
    return pairs


def _cost(first: Node, second: Node) -> float:
    """0 for equals, below 1 for the same kind of thing, above 2 (worse than both alone) for others."""
    one, other = plain(first), plain(second)
    if one == other:
        return 0.0
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return 1.5
    if any(name in one and name in other and one[name] != other[name] for name in ("role", "type", "name")):
        return 2.5
    leaves, others = set(_leaves(one)), set(_leaves(other))
    return 0.9 - 0.4 * len(leaves & others) / max(len(leaves | others), 1)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}[]")
    else:
        yield path, json.dumps(value)
