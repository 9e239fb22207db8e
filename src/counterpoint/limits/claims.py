"""What a worker asks of control about one limit, and what it is granted."""

import msgspec


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """`holds`: all that the worker has of the period `period`, used or not, itself; with what it is granted now, that
    is what it has. So a grant that was lost on its way is healed by the next claim, and giving back is to hold less.
    `turn` ascends. `least`: what the call at the head of the queue needs, `waiting`: all that wait, together;
    0: nobody waits. `rate`: what the worker uses a second. `back`: of a rate, (slot, amount) given back; less than
    nothing is what was used unasked while nobody answered, `slot` being how many microseconds ago."""

    limit: str
    period: int | None
    holds: int
    turn: int
    least: int = 0
    waiting: int = 0
    rate: int = 0
    back: tuple[tuple[int, int], ...] = ()


class Grant(msgspec.Struct, frozen=True, omit_defaults=True):
    """`amount`: granted now, of the period `period` (of a rate: the slot). `until`: when that ends (microseconds since
    the epoch). `left`: of the limit, for anyone. `spent`: counted for good, or used of the window. `scarce`: somebody
    lacks what others hold. `retry_after`: seconds until there may be more. `gone`: there is no such limit any more."""

    limit: str
    period: int
    amount: int = 0
    until: int | None = None
    left: int = 0
    spent: int = 0
    scarce: bool = False
    retry_after: float | None = None
    gone: bool = False
