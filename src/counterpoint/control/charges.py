"""What an exchange cost by what was charged: so much for input, so much for output. The ledger has one amount for an
exchange; it is divided by the prices as they are now, so that the parts always add up to what was charged then."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from counterpoint.canonical import Usage
from counterpoint.catalog.prices import TOKEN_CLASSES, cost_of
from counterpoint.directory.values import Price
from counterpoint.storage.types import from_pico, to_pico

COUNTED = ("web_searches", "images", "audio_seconds", "characters", "search_units")
"""What is charged beside tokens."""
REQUESTS = "requests"
"""What is charged where a call costs and nothing was counted."""


class Part(msgspec.Struct, frozen=True):
    """So much of one class, and what it cost; `None`: no price is known. `listed`: by the list price, if that is
    known."""

    name: str
    quantity: int
    cost: Decimal | None
    listed: Decimal | None


def parts_of(usage: Usage, cost: Decimal | None, price: Price | None, listed: Price | None) -> list[Part]:
    """By class. `price`: what is paid now, `listed`: the list price; the costs of the parts add up to `cost`."""
    found: dict[str, int] = {name: getattr(usage, name) for name in (*TOKEN_CLASSES, *COUNTED)}
    used = {name: count for name, count in found.items() if count}
    if not used:
        used = {REQUESTS: 1} if cost else {}
    shares = divided(cost, {name: _cost(name, count, price) for name, count in used.items()}, used)
    return [Part(name, count, shares[name], _cost(name, count, listed)) for name, count in used.items()]


def divided(
    cost: Decimal | None, weights: Mapping[str, Decimal | None], used: Mapping[str, int]
) -> dict[str, Decimal | None]:
    """The cost by name, to the pico-unit: by weights where all are known and not all nothing, else by what was used."""
    if cost is None:
        return dict.fromkeys(used)
    known = {name: weight for name, weight in weights.items() if weight is not None}
    whole = len(known) == len(used) and any(known.values())
    shares = {name: known[name] if whole else Decimal(count) for name, count in used.items()}
    total = sum(shares.values(), Decimal(0))
    left = pico = to_pico(cost)
    found: dict[str, Decimal | None] = {}
    for name, share in shares.items():
        part = int(pico * share / total)
        left -= part
        found[name] = from_pico(part)
    largest = max(shares, key=lambda name: shares[name], default=None)
    if largest is not None and left:
        found[largest] = (found[largest] or Decimal(0)) + from_pico(left)
    return found


def _cost(name: str, count: int, price: Price | None) -> Decimal | None:
    """What so much of a class costs alone, in the first band; what is charged for the call itself is apart."""
    if price is None or name == REQUESTS:
        return None
    alone = msgspec.structs.replace(price, request=0) if name in TOKEN_CLASSES else price
    return cost_of(msgspec.structs.replace(Usage(), **{name: count}), alone)
