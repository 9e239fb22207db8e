"""Calls whose answers nobody reads: what they are, and the way out for them."""

import msgspec

from counterpoint.canonical.ids import new_id
from counterpoint.directory import Key
from counterpoint.gateway.admission import Side
from counterpoint.gateway.call import Call
from counterpoint.gateway.names import Candidate
from counterpoint.gateway.ports import Headers
from counterpoint.gateway.routing.plan import Plan, Step

MOST_SHADOWS = 64
"""That a worker makes at a time: what is more is not made, for they must not weigh on callers."""


def shadow_of(call: Call, key: Key, plan: Plan, candidate: Candidate) -> tuple[Call, Side]:
    """The same call to `candidate`, beside the one that is carried out by `plan`."""
    alone = Plan((Step(candidate),), plan.names, route=plan.route, timeouts=plan.timeouts)
    return msgspec.structs.replace(call, id=new_id()), Side("shadow", call.id, key, alone)


class Nowhere:
    """An outlet. It is among `others` as long as its answer is being made."""

    def __init__(self, others: "set[Nowhere]") -> None:
        self._others = others
        others.add(self)

    def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """A whole answer."""
        self._others.discard(self)

    def begin(self, status: int, headers: Headers) -> None:
        """The head of a streamed one."""

    def send(self, data: bytes) -> None:
        """More of it."""

    def finish(self, data: bytes = b"") -> None:
        """The end of it."""
        self._others.discard(self)

    def abort(self) -> None:
        """It breaks off."""
        self._others.discard(self)
