"""What one exchange used and cost."""

from decimal import Decimal
from typing import Literal

import msgspec

from counterpoint.canonical import Loss, Usage
from counterpoint.limits import Charge

Purpose = Literal["", "escalated", "sample", "judge", "outrun", "failed", "shadow"]
"""`failed`: a try that failed after its host had said what it used, where another one answered."""


class Attempt(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One try at one offering. `status`: HTTP status of the upstream, `None` if none came. `failure`: the
    kind of failure, `None` on success. `micros`: microseconds from its start to its end; `after`: from the exchange's
    start to its own; `first_event_micros`: from its own start. `reason`: why it was made or ended, where that is no
    failure: `retry`, `fallback`, `hedge`, `outrun` (another one answered first), `escalated` (a cascade's check)."""

    offering: str
    status: int | None = None
    failure: str | None = None
    micros: int = 0
    after: int = 0
    first_event_micros: int | None = None
    reason: str = ""


class Entry(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One ledger entry.

    `id`: a UUIDv7, time-sortable, also the request id that the caller was told. `at`: start, microseconds
    since the epoch, UTC. `requested`: the model name as the caller wrote it; `offering`: `host/id` that
    answered, empty if none was chosen. `first_event_micros`, `total_micros`: latency from the parsed
    request to the first event of the answer and to its last byte. `cost`: in units of `currency`, exact;
    `None` when no price is known, which is not zero. `status`: what the caller got (499: he left).

    An exchange that asks a host more than once and pays for it (a cascade's rejected answers, samples and judges,
    hedges that were outrun, shadows) leaves one entry for each such call, with its `purpose` and the `parent` entry's
    id; what is counted as requests has no purpose. `trace`: the caller's `traceparent` header (W3C Trace Context).
    `charges`: what it took of limits, in the organisation's currency.
    """

    id: str
    at: int
    operation: str
    client_dialect: str
    organisation: str = ""
    project: str = ""
    key: str = ""
    requested: str = ""
    offering: str = ""
    host: str = ""
    model: str = ""
    maker: str = ""
    upstream_dialect: str = ""
    stream: bool = False
    status: int = 200
    failure: str | None = None
    finish: str | None = None
    usage: Usage = Usage(reported=False)
    cost: Decimal | None = None
    currency: str = "USD"
    first_event_micros: int | None = None
    total_micros: int = 0
    attempts: tuple[Attempt, ...] = ()
    losses: tuple[Loss, ...] = ()
    request_bytes: int = 0
    response_bytes: int = 0
    user: str = ""
    route: str = ""
    purpose: Purpose = ""
    parent: str = ""
    trace: str = ""
    charges: tuple[Charge, ...] = ()
