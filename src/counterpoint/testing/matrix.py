"""What clients of each dialect can say through hosts of each other, feature by feature, as the golden cases came out.

The data ships in the package, so that the question is answered where the cases are not.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, Literal

import msgspec

Outcome = Literal["exact", "lossy", "refused"]
ABSENT = "-"
"""Where the client's dialect has no word for the feature, or the host's none for such an answer."""


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """One feature from one dialect to another. `codes`: of the losses, or why it is refused."""

    outcome: Outcome
    codes: tuple[str, ...] = ()


class Matrix(msgspec.Struct, frozen=True):
    """`cells`: client dialect, host's dialect, feature. What is not there cannot be said."""

    features: tuple[str, ...]
    cells: Mapping[str, Mapping[str, Mapping[str, Cell]]]


def shipped() -> Matrix:
    """As it came with the package."""
    return msgspec.json.decode((files("counterpoint.testing") / "matrix.json").read_bytes(), type=Matrix)


def named(matrix: Matrix, clients: Sequence[str], upstreams: Sequence[str]) -> dict[str, Any]:
    """With names, for programs: client dialect, host's dialect, feature, and there `outcome` and `codes`. What is not
    there cannot be said."""
    return {
        "features": matrix.features,
        "cells": {
            client: {
                upstream: {
                    feature: {"outcome": cell.outcome, "codes": cell.codes}
                    for feature, cell in matrix.cells[client][upstream].items()
                }
                for upstream in upstreams
                if upstream != client
            }
            for client in clients
        },
    }


def rows(matrix: Matrix, client: str, upstreams: Sequence[str]) -> Iterator[list[str]]:
    """A row for each feature that can be said anywhere: its name, and a word for each host's dialect."""
    for feature in matrix.features:
        cells = [_of(matrix, client, upstream, feature) for upstream in upstreams]
        if any(cell != ABSENT for cell in cells):
            yield [feature, *cells]


def _of(matrix: Matrix, client: str, upstream: str, feature: str) -> str:
    if client == upstream:
        return "exact"
    cell = matrix.cells.get(client, {}).get(upstream, {}).get(feature)
    if cell is None:
        return ABSENT
    return cell.outcome if cell.outcome == "exact" else f"{cell.outcome}: {', '.join(cell.codes)}"


HEAD = """\
# Dialects and features

What clients of each dialect can say through hosts of each other dialect. Written by `python -m scripts.golden` from the
golden cases in `tests/golden`; a test fails when it is stale. `counterpoint dialects matrix` prints the same.

- **exact**: it arrives as it was. Between two ends of the same dialect the bytes pass untouched.
- **lossy**: with the losses that are named, which are declared in each answer. What even plain text loses between the
  two is named in the row `text` alone.
- **refused**: the call ends before anything is sent.
- **-**: the client's dialect has no word for it, or the host's has none for such an answer.
"""


def markdown(matrix: Matrix, clients: Sequence[str], upstreams: Sequence[str], *, page: bool = False) -> str:
    """As tables, one for each client dialect. `page`: with what they mean."""
    lines = [HEAD] if page else []
    for client in clients:
        others = [name for name in upstreams if name != client]
        lines.append(f"## Clients of `{client}`\n")
        lines.append(f"| feature | {' | '.join(f'`{name}`' for name in others)} |")
        lines.append(f"| --- {'| --- ' * len(others)}|")
        for feature, *cells in rows(matrix, client, others):
            lines.append(f"| {feature} | {' | '.join(map(_marked, cells))} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _marked(cell: str) -> str:
    outcome, colon, codes = cell.partition(": ")
    return f"{outcome}: {', '.join(f'`{code}`' for code in codes.split(', '))}" if colon else outcome
