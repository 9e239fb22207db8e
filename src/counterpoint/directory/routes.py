"""Routes: which offerings a name stands for, in what order they are tried, and under which conditions. Policies are
data; `gateway/routing` reads them, `control/routes` keeps them.

A route is called by its name, as a model is. Money is in micro-units of the organisation's currency.
"""

from typing import Literal

import msgspec

from counterpoint.directory.losspolicy import LossPolicy

PolicyName = Literal["priority", "weighted", "cheapest", "fastest", "sticky", "cascade", "canary"]
"""`priority`: in the order of the targets. `weighted`: drawn by `Target.weight`. `cheapest`: by the price of this
call's estimated tokens. `fastest`: by the measured time to the first event. `sticky`: what a session, or a common
beginning of prompts, was served by before. `cascade`: in order, each answer checked, the last one taken as it is.
`canary`: the second target gets `weight` per mille of the calls, the first one the rest."""

StickyBy = Literal["session", "prefix"]
CheckKind = Literal["schema", "confidence", "agreement", "judge"]


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """When the answer of a cascade's step is accepted. `schema`: it is JSON that fits the request's own schema (or
    `schema_` where the request has none). `confidence`: the mean probability of its tokens is at least `least`
    (0..1). `agreement`: of `samples` answers at least the share `least` say the same; where `judge` is set, all but
    the first are that model's (of a route: each candidate's in its turn). `judge`: the model `judge` (an offering,
    alias or route) finds it good enough: a score of at least `least` (0..1)."""

    kind: CheckKind
    least: float = 0.5
    samples: int = 3
    judge: str = ""
    schema_: str = msgspec.field(name="schema", default="")


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of a route: a model's name (`host/model`, a bare name, which means every offering of that model, or
    an alias). `weight`: its share of a `weighted` route's calls, or per mille of a `canary`'s. `check`: of a
    cascade's step; the last one needs none."""

    model: str
    weight: int = 1
    check: Check | None = None


class Constraints(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an offering must satisfy. Empty: anything. Whatever is not known of an offering counts as not satisfied:
    conditions fail closed.

    `capabilities`: it must have all. `context`: at least so many tokens. `max_input_price`, `max_output_price`:
    micro-units of the organisation's currency per million tokens. `residency`: ISO 3166 codes (or `EU`, `EEA`) of
    the places where it may be computed; `jurisdictions`: of the countries whose law may bind its host.
    `licences`: glob patterns of SPDX identifiers. `open_weights`: only those. `makers`, `hosts`: glob patterns of
    the only ones; `not_makers`, `not_hosts`: of those never. None regards case.
    `losses`: what a translation may lose (stricter than the organisation's rules, never laxer)."""

    capabilities: frozenset[str] = frozenset()
    context: int | None = None
    max_input_price: int | None = None
    max_output_price: int | None = None
    residency: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    open_weights: bool = False
    makers: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    not_makers: tuple[str, ...] = ()
    not_hosts: tuple[str, ...] = ()
    losses: LossPolicy | None = None


class Retrying(msgspec.Struct, frozen=True, omit_defaults=True):
    """`attempts`: at one offering, the first included. `base`, `most`: seconds between them, doubled each time, with
    full jitter; what a host asks for by Retry-After counts instead, up to `longest_wait` seconds, beyond which the
    next offering is tried. `budget`: retries per calls of a worker (a share), so that an outage is not made worse."""

    attempts: int = 2
    base: float = 0.25
    most: float = 4.0
    longest_wait: float = 10.0
    budget: float = 0.2


class Timeouts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Seconds; `None`: the host's own. `total`: of the whole exchange, all its attempts together."""

    connect: float | None = None
    first_event: float | None = None
    idle: float | None = None
    total: float | None = None


class Route(msgspec.Struct, frozen=True, omit_defaults=True):
    """`name`: by which it is called. `fallbacks`: names tried after all targets have failed, under the same
    constraints. `sticky_by`: what a `sticky` route knows a caller by. `hedge_after`: seconds without a first event
    after which the next candidate is asked as well; the first to say something answers. `shadows`: names that get a
    copy of a `shadow_share` (per mille) of the calls, whose answers nobody waits for. `session_header`: the request
    header that names a session."""

    name: str
    policy: PolicyName = "priority"
    targets: tuple[Target, ...] = ()
    fallbacks: tuple[str, ...] = ()
    constraints: Constraints = Constraints()
    sticky_by: StickyBy = "session"
    session_header: str = "x-counterpoint-session"
    retrying: Retrying = Retrying()
    timeouts: Timeouts = Timeouts()
    hedge_after: float | None = None
    shadows: tuple[str, ...] = ()
    shadow_share: int = 1000


class Project(msgspec.Struct, frozen=True, omit_defaults=True):
    """What workers know of a project. `data_class`: of what it sends (`public`, `internal`, …, as the organisation
    calls them). `constraints`: hold for every call of its keys, whatever the route says."""

    id: str
    name: str
    data_class: str = ""
    constraints: Constraints = Constraints()
