"""What a limit is, what a call wants of those that bind it, and what it holds. Money is in micro-units of the
organisation's currency; moments are microseconds since the epoch."""

from typing import Literal

import msgspec

Scope = Literal["organisation", "project", "key", "user"]
Measure = Literal["money", "requests", "tokens", "concurrent"]
Per = Literal["minute", "hour", "day", "week", "month", "total"]
"""Calendar periods in the organisation's zone, but for `minute` and `hour`, which slide. `concurrent` has none and
says `total`."""


class Limit(msgspec.Struct, frozen=True, omit_defaults=True):
    """At most `amount` of `measure` `per` period for `subject` (an id; of the kind `scope`).

    `models`: glob patterns over `host/model` and bare names that it counts; empty: all. `on_hit`: what a call that
    does not fit gets; `downgrade`: it goes the route `route` instead, as long as that one's cost is none of this
    limit's. `unpriced`: whether offerings without a known price may be called under it (a budget cannot hold what
    has no price)."""

    id: str
    scope: Scope
    subject: str
    measure: Measure
    amount: int
    per: Per = "total"
    models: tuple[str, ...] = ()
    on_hit: Literal["block", "downgrade"] = "block"
    route: str = ""
    unpriced: bool = False

    @property
    def slides(self) -> bool:
        """Whether it holds over any span of its length, not from one date to another."""
        return self.per in ("minute", "hour")


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """What a call may come to at most: `money` is `None` where an offering has no known price. `offerings`: all that
    it may be answered by, `host/model`; `names`: all by which its model was called."""

    organisation: str
    project: str
    key: str
    user: str
    offerings: tuple[str, ...]
    names: tuple[str, ...]
    tokens: int
    money: int | None


class Charge(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What an exchange took of one limit, through one lease, for the period that begins at `period`."""

    limit: str
    lease: str
    period: int
    amount: int


class Part(msgspec.Struct, frozen=True, gc=False):
    """What is held of one limit: at most `amount`, by a lease. `period`: the moment at which the period begins that
    it counts for; of a limit that slides, the slot."""

    limit: Limit
    lease: str
    period: int
    amount: int


class Standing(msgspec.Struct, frozen=True, gc=False):
    """How a rate stood when a call was held for: so many of `limit` are `left`, all again in `resets` seconds."""

    measure: Measure
    limit: int
    left: int
    resets: float


class Hold(msgspec.Struct, frozen=True, gc=False):
    """What is held for a call under way."""

    parts: tuple[Part, ...] = ()
    standings: tuple[Standing, ...] = ()


Reason = Literal["spent", "reserved", "rate", "busy", "too_large", "unpriced", "away"]
"""Why a call does not fit. `spent`: the budget is. `reserved`: calls under way may take what is left. `rate`: too many
lately. `busy`: too many at once. `too_large`: it may take more than the limit is in all. `unpriced`: what it costs is
not known. `away`: nobody can say how much is left."""


class Denied(msgspec.Struct, frozen=True, gc=False):
    """A call does not fit `limit`, for `reason`. `retry_after`: seconds until it may; `resets`: the moment at which
    the period ends, `None` where there is no end. `wanted`: how much it would have held."""

    limit: Limit
    reason: Reason
    retry_after: float | None = None
    resets: int | None = None
    wanted: int = 0
    standings: tuple[Standing, ...] = ()
