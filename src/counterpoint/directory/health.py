"""What gateway workers have measured of offerings, as they tell it."""

from typing import Literal

import msgspec

BreakerState = Literal["closed", "open", "half_open"]
"""`closed`: it is asked. `open`: it failed too often, and is left alone for a while. `half_open`: one call tries
whether it answers again."""


class OfferingHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of one offering, lately, by one worker. `calls`, `failures`: of the last minute. `consecutive`: failures since it
    last answered. `first_event`: seconds to the first event, the recent ones weighing more; `None`: not measured.
    `failure`: the kind of the last one. `since`: when the breaker came into its state, `until`: when an open one is
    tried again; both in epoch seconds, 0 where that means nothing."""

    offering: str
    breaker: BreakerState = "closed"
    calls: int = 0
    failures: int = 0
    consecutive: int = 0
    first_event: float | None = None
    failure: str = ""
    since: float = 0.0
    until: float = 0.0


class WorkerHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of all that one worker has asked. `at`: epoch seconds."""

    worker: str
    at: float
    offerings: tuple[OfferingHealth, ...] = ()
