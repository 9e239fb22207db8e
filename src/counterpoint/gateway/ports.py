"""What the gateway needs from others, who never import it: `app` joins them."""

from collections.abc import Callable
from typing import Literal, Protocol

from counterpoint.canonical import ChatRequest, EmbedRequest, EmbedResponse, Failure, StreamEvent
from counterpoint.directory import Key
from counterpoint.kept import Ask, Tell
from counterpoint.kept.errands import Done, Errand
from counterpoint.ledger import Entry
from counterpoint.limits import Denied, Hold, Wanted

Headers = tuple[tuple[bytes, bytes], ...]


class EngineSink(Protocol):
    """Takes what a local model answers: any number of events then done, or one result, or one failure."""

    def on_event(self, event: StreamEvent) -> None: ...

    def on_result(self, result: EmbedResponse | int) -> None: ...

    def on_done(self) -> None: ...

    def on_failure(self, failure: Failure) -> None: ...


class EngineCall(Protocol):
    """A call to a local model under way."""

    def cancel(self) -> None:
        """Nothing more will reach the sink."""


class Engines(Protocol):
    """Local models, started on demand."""

    def call(
        self,
        model: str,
        operation: Literal["chat", "embed", "count_tokens"],
        request: ChatRequest | EmbedRequest,
        keep_alive: float | None,
        sink: EngineSink,
    ) -> EngineCall: ...

    def running(self) -> frozenset[str]:
        """The models that are loaded, as far as this worker knows."""


class Ledger(Protocol):
    """Where entries go."""

    def append(self, entry: Entry) -> None:
        """Returns when the entry would survive the death of this process."""


class Commits(Protocol):
    """Where entries must have come to, besides the ledger's own safety, before an answer may end."""

    def wait(self, resume: Callable[[], None]) -> bool:
        """Whether the end of the answer whose entry was appended last must wait; then `resume` is called once, in
        bounded time."""


class Keys(Protocol):
    """Whoever knows keys that are newer than the directory at hand."""

    def look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
        """Call `answer` once, soon, with the key of that SHA-256, or `None`."""


class Purse(Protocol):
    """Whoever holds what calls may come to, of the limits that bind their keys."""

    def reserve(self, wanted: Wanted, answer: Callable[[Hold | Denied], None]) -> None:
        """Call `answer` once, in bounded time, at once where the leases at hand have it. A call that no limit binds
        gets `Hold()`, and nothing is kept of it."""

    def settle(self, hold: Hold, amounts: tuple[int, ...]) -> None:
        """The call is over and took so much of each part of what was held for it; the rest is free again. Empty:
        it took nothing."""


class Outlet(Protocol):
    """The way to the client: a whole answer, or one that begins, goes on and ends, or breaks off."""

    def respond(self, status: int, headers: Headers, body: bytes) -> None: ...

    def begin(self, status: int, headers: Headers) -> None: ...

    def send(self, data: bytes) -> None: ...

    def finish(self, data: bytes = b"") -> None: ...

    def abort(self) -> None: ...


class Desk(Protocol):
    """Whoever keeps files and batches."""

    def run(self, errand: Errand, answer: Callable[[Done | Failure], None]) -> None:
        """Call `answer` once, in bounded time."""


class Memory(Protocol):
    """Whoever keeps answers and conversations that clients come back to."""

    def ask(self, question: Ask, answer: Callable[[Tell | Failure], None]) -> None:
        """Call `answer` once, in bounded time, with what comes back, or with why nothing does."""
