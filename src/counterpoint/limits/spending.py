"""What calls need of a limit, and what they have taken of it in the end. Pure."""

from collections.abc import Iterable

from counterpoint.limits.binding import counts
from counterpoint.limits.values import Charge, Hold, Limit, Wanted


def needed(limit: Limit, wanted: Wanted) -> int | None:
    """How much of `limit` is to be held for a call; `None` where nobody knows."""
    match limit.measure:
        case "money":
            return 0 if wanted.money is None and limit.unpriced else wanted.money
        case "tokens":
            return wanted.tokens
        case _:
            return 1


def taken(
    hold: Hold,
    *,
    offering: str,
    names: Iterable[str],
    tokens: int | None,
    money: int | None,
    requests: int = 1,
) -> tuple[int, ...]:
    """What one answer took, of each part of what was held for its call. `None`: nobody knows; then it is all that was
    held. `requests`: 0 for the calls that an exchange makes besides the one that it is counted as."""
    names = tuple(names)
    amounts = []
    for part in hold.parts:
        limit = part.limit
        if limit.measure == "concurrent" or (offering and not counts(limit, (offering,), names)):
            amounts.append(0)
        elif limit.measure == "requests":
            amounts.append(requests)
        else:
            said = money if limit.measure == "money" else tokens
            amounts.append(part.amount if said is None else said)
    return tuple(amounts)


def together(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    """What several answers of one call took."""
    return tuple(one + other for one, other in zip(first, second, strict=True)) if first else second


def charges(hold: Hold, amounts: tuple[int, ...]) -> tuple[Charge, ...]:
    """What an entry says of it: rates and calls at a time leave no trace in the ledger."""
    return tuple(
        Charge(part.limit.id, part.lease, part.period, amount)
        for part, amount in zip(hold.parts, amounts, strict=True)
        if amount and not part.limit.slides and part.limit.measure != "concurrent"
    )
