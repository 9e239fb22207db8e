"""Losses as a call keeps and shows them: as many and as long as a ledger entry and a header have room for.

How many there are, and what the fields in their paths are called, is in the caller's hands.
"""

import re

from counterpoint.canonical import Loss

KEPT = 1000
LONGEST = 200
"""Letters of a code, a path or a detail that are kept."""
SHOWN = 20
HEADER_LIMIT = 4000
"""Bytes of the header: many clients take no more than 16 KB of headers in all."""

_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
"""A field's name may hold any character; a header's value may not."""


def bounded(losses: tuple[Loss, ...]) -> tuple[Loss, ...]:
    """`losses`, cut to what can be kept."""
    if not losses:
        return losses
    kept = losses[:KEPT]
    if all(len(loss.path) <= LONGEST and len(loss.code) <= LONGEST for loss in kept):
        return kept
    return tuple([_shortened(loss) for loss in kept])


def _shortened(loss: Loss) -> Loss:
    return Loss(loss.code[:LONGEST], loss.path[:LONGEST], loss.severity, loss.detail[:LONGEST])


def shown(losses: tuple[Loss, ...]) -> bytes:
    """`losses` as the value of a header; the last item says how many more there are."""
    items: list[bytes] = []
    room = HEADER_LIMIT
    for loss in losses[:SHOWN]:
        item = f"{loss.code};{loss.severity};{loss.path}".encode("ascii", "backslashreplace")
        room -= len(item) + 2
        if room < 0:
            break
        items.append(_CONTROL.sub(b"?", item))
    if len(items) < len(losses):
        items.append(b"more;%d" % (len(losses) - len(items)))
    return b", ".join(items)
