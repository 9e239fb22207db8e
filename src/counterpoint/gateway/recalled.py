"""A call together with what it goes on: what it is sent with, and what its answer will say of it."""

from typing import Any

from counterpoint.canonical import ChatRequest, Failure, Loss
from counterpoint.dialects.registry import State
from counterpoint.kept import Trail

Json = dict[str, Any]


class Recalled:
    """`body`: as it came; `trail`: what leads up to it. `refusal`: why it cannot be answered. `id`: of its answer,
    where that is made here. Raises `Refused` if what it says about state is wrong."""

    def __init__(self, state: State, body: bytes, trail: Trail | None = None) -> None:
        self.state = state
        self.body = body
        self.wish = state.wish(body)
        self.refusal: Failure | None = None
        self.id = state.new_id()
        self._trail = trail or Trail()
        self._past = state.past(body, self.wish, self._trail)
        self._sent: dict[str | None, tuple[bytes, tuple[Loss, ...]]] = {}

    def recall(self, trail: Trail) -> None:
        """What leads up to it is known now."""
        self._trail = trail
        if trail.missing is not None:
            self.refusal = self.state.missing_past(self.wish, trail.missing)
        elif trail.too_long:
            self.refusal = self.state.because("too_long")
        else:
            self._past = self.state.past(self.body, self.wish, trail)

    @property
    def past(self) -> Any:
        """The call, with what it goes on."""
        return self._past

    @property
    def stream(self) -> bool:
        """Whether its answer is wanted as events, whatever the client gets."""
        return self.wish.stream or self.wish.background

    def body_for(self, host: str | None) -> tuple[bytes, tuple[Loss, ...]]:
        """What to send to `host`, which speaks the caller's dialect; `None`: to whoever does not."""
        known = self._sent.get(host)
        if known is None:
            known = self._sent[host] = self._past.body_for(host)
        return known

    def adapted(self, request: ChatRequest) -> ChatRequest:
        """`request`, for whoever speaks another dialect."""
        return self.state.adapted(request, {**self.told, "id": self.id})

    @property
    def told(self) -> Json:
        """What the answer says of it."""
        return self.state.told(self.wish)

    def amendment(self, host: str, *, relayed: bool) -> Json | None:
        """What an answer must say that came from `host`, instead of what it says; `None`: it is right as it is."""
        if self.wish.background:
            return {**self.told, "id": self.id}
        if not relayed or self.body_for(host)[0] is self.body:
            return None
        return self.told
