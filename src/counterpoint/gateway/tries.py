"""One try at one candidate: what has come of it so far. Several may be under way for one exchange; each knows nothing
of the others, and nothing here decides what follows.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from counterpoint.canonical import Failure, Loss, Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.registry import speaker
from counterpoint.directory.routes import Timeouts
from counterpoint.gateway import refusals
from counterpoint.gateway.answers import Answer
from counterpoint.gateway.call import Call
from counterpoint.gateway.names import Candidate
from counterpoint.gateway.passing import Passed
from counterpoint.gateway.routing.plan import Step
from counterpoint.ledger import Attempt

ERROR_BODY_LIMIT = 1024 * 1024
HELD_LIMIT = 64 * 1024 * 1024
"""Bytes held back until a stream has said something: its first event may carry an image."""

Role = Literal["answer", "sample", "judge"]
"""What a try is for: the caller's answer, one more answer to compare it with, or what a judge thinks of it."""


def sooner(one: float | None, other: float | None) -> float | None:
    """Of two deadlines, as far as they are set."""
    return other if one is None or (other is not None and other < one) else one


class Try:
    """`index`: of its step. `reason`: as in the ledger's `Attempt`. `deadline`: when it is too late for what is waited
    for. `over`: nothing more of it counts; `done`: its answer was whole. `checked`: it
    is looked at before the caller gets it. `refused`: the host's status is none of success."""

    role: Role = "answer"
    answer: Answer | None = None
    losses: tuple[Loss, ...] = ()
    deadline: float | None = None
    status: int | None = None
    failure: Failure | None = None
    over = False
    done = False
    checked = False
    refused = False
    ended: float | None = None
    first_event: float | None = None
    held_size = 0
    error_headers: Mapping[str, str] = {}
    error_size = 0

    def __init__(
        self, number: int, index: int, step: Step, timeouts: Timeouts, now: float, reason: str = ""
    ) -> None:
        candidate = step.candidate
        host = candidate.host
        self.number = number
        self.index = index
        self.step = step
        self.candidate: Candidate = candidate
        self.began = now
        self.reason = reason
        self.patience = host.first_event_timeout if timeouts.first_event is None else timeouts.first_event
        self.idle = host.idle_timeout if timeouts.idle is None else timeouts.idle
        self.held: list[bytes] = []
        self._error_body: list[bytes] = []

    # What comes of it

    def head(self, status: int, headers: Mapping[str, str], now: float) -> None:
        """The host has answered with a status."""
        self.status = status
        if 200 <= status < 300:
            self.deadline = now + self.patience
            if isinstance(self.answer, Passed):
                self.answer.head(headers)
        else:
            self.refused = True
            self.error_headers = headers
            self.deadline = now + self.idle  # for the whole body of the error

    def more_error(self, data: bytes) -> bool:
        """More of an error's body; whether yet more is of use."""
        self._error_body.append(data)
        self.error_size += len(data)
        return self.error_size <= ERROR_BODY_LIMIT

    def hold(self, data: bytes) -> bool:
        """Keep back what must wait; whether there is room for more."""
        if data:
            self.held.append(data)
            self.held_size += len(data)
        return self.held_size <= HELD_LIMIT

    def released(self) -> bytes:
        """What was kept back."""
        out = self.held[0] if len(self.held) == 1 else b"".join(self.held)
        self.held.clear()
        return out

    def error(self, call: Call) -> Failure:
        """What the host's status and body mean."""
        candidate, status = self.candidate, self.status or 0
        if status < 400:
            return refusals.redirecting_host(call.lang, candidate.host.name, status)
        if status in (401, 403) and not self._is_policy():
            return refusals.refused_credentials(call.lang, candidate.host.name, status)
        upstream = speaker(candidate.dialect) or call.dialect
        failure = upstream.decode_error(status, self.error_headers, b"".join(self._error_body))
        if status >= 500 or failure.raw is None or candidate.dialect != call.client_dialect:
            failure = msgspec.structs.replace(failure, from_upstream=True)
        return failure

    def _is_policy(self) -> bool:
        """A 403 may also mean that the host's own policy refuses this very request (moderation, region)."""
        return self.status == 403 and b"moderation" in b"".join(self._error_body)[:4096]

    def lacks_counter(self, call: Call) -> bool:
        """Not every host that speaks a dialect has its token counter; a 404 that names the model means the model."""
        if call.operation != "count_tokens" or self.status not in (404, 405, 501):
            return False
        return b"model" not in b"".join(self._error_body)[:4096].lower()

    # What is left of it

    def end(self, now: float, failure: Failure | None = None) -> None:
        """Nothing more of it counts."""
        self.over = True
        self.deadline = None
        if self.ended is None:
            self.ended = now
            self.failure = failure
            self.held.clear()

    @property
    def usage(self) -> Usage:
        """What it is known to have used."""
        return UNREPORTED if self.answer is None else self.answer.usage

    def attempt(self, start: float, now: float) -> Attempt:
        """For the ledger. `start`: of the exchange."""
        ended = now if self.ended is None else self.ended
        word = None if self.failure is None else self.failure.kind.value
        first = None if self.first_event is None else int((self.first_event - self.began) * 1e6)
        return Attempt(
            self.candidate.name,
            200
            if self.status is None and first is not None
            else self.status,  # a local model has no word for it
            word,
            int((ended - self.began) * 1e6),
            max(0, int((self.began - start) * 1e6)),
            first,
            self.reason,
        )
