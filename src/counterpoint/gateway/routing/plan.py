"""What a call is to do, decided before its first attempt, and what the decision rests on."""

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from counterpoint.directory.losspolicy import LossPolicy
from counterpoint.directory.routes import Check, Retrying, Timeouts
from counterpoint.gateway.names import Candidate, Considered


class Facts(msgspec.Struct, frozen=True):
    """What routing must know of a call. `tokens`: estimated, of its input; `output`: the most it may bring. `needs`:
    capabilities that the request uses. `session`, `prefix`: what a sticky route knows the caller by, empty if
    unsaid."""

    tokens: int = 0
    output: int | None = None
    needs: frozenset[str] = frozenset()
    session: str = ""
    prefix: str = ""


class Asked(Protocol):
    """A call, as far as routing may look into it; `facts.CallFacts` reads one, `facts.Given` is one told in advance."""

    def facts(self) -> Facts:
        """Reads the request, once; asked for only where the route depends on it. `session` is not in it."""

    def modest(self, room: float, signs: tuple[bytes, ...]) -> bool:
        """Whether it is seen without reading that the call has `room` (of tokens, in and out), and none of `signs`."""

    def session(self, header: str) -> str:
        """What that header of the call says, empty if nothing."""


class Standings(msgspec.Struct, frozen=True):
    """What this worker has measured. `closed_off`: offerings whose breaker is open: they are left out as long as
    another is left. `first_event`: seconds to the first event, lately, by offering. `last`: the offering that a
    sticky caller was served by, under the `Plan.sticky` of that call."""

    closed_off: frozenset[str] = frozenset()
    first_event: Mapping[str, float] = {}
    last: Mapping[str, str] = {}


class Step(msgspec.Struct, frozen=True):
    """One candidate in its turn. `check`: its answer counts only if it passes; otherwise the next step of a higher
    `stage` is taken (a failure goes on to the next step, whatever its stage). `judges`: who may be asked by a `judge`
    check. `names`: by which the call came to it; `losses`: what the route and the project add to the organisation's
    policies on losses."""

    candidate: Candidate
    check: Check | None = None
    judges: tuple[Candidate, ...] = ()
    stage: int = 0
    names: tuple[str, ...] = ()
    losses: tuple[LossPolicy, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """`steps`: tried in this order, at least one. `names`: all names that led there, the first as the caller wrote it.
    `considered`: every candidate and why it was kept or dropped. `route`: its name, empty if none was called.
    `sticky`: under which to remember who answers, empty: nothing is to be remembered. `shadows`: each gets a copy."""

    steps: tuple[Step, ...]
    names: tuple[str, ...] = ()
    considered: tuple[Considered, ...] = ()
    route: str = ""
    retrying: Retrying = Retrying()
    timeouts: Timeouts = Timeouts()
    hedge_after: float | None = None
    shadows: tuple[Candidate, ...] = ()
    sticky: str = ""


Chance = Callable[[], float]
"""A number in [0, 1), anew at each call."""

NOTHING_KNOWN = Standings()
"""Of a worker that has just begun."""
