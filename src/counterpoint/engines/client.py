"""How a gateway worker calls a local model: callbacks on its own event loop, no task per request.

One link serves one model's process; any number of calls share its connection. It connects at the first call
and again whenever a call finds it disconnected, so a model that unloaded itself or was restarted needs no care
here. The link keeps no answer back: events go to the sink as they arrive. A local model is slower than any
client that still reads, and its context bounds an answer, so there is no flow control between calls.
"""

import asyncio
from pathlib import Path
from typing import Final, Protocol, cast

import msgspec

from counterpoint.canonical import ChatRequest, EmbedRequest, EmbedResponse, Failure, FailureKind, StreamEvent
from counterpoint.engines.frames import (
    MAX_FRAME,
    Answer,
    Call,
    Cancel,
    Count,
    Done,
    Event,
    Failed,
    FrameReader,
    Leaving,
    Operation,
    OutOfStepError,
    Vectors,
    answers,
    encode,
    encode_request,
)
from counterpoint.i18n import say

UNREACHABLE: Final = "engine_unreachable"
"""Failure code: the call never reached a model (its process is not there, or is just unloading). Nothing was
done: have the process started and call again."""

LOST: Final = "engine_lost"
"""Failure code: the process ended while it worked on the call."""


class Sink(Protocol):
    """Where one call's answer goes: events then done, or one result, or a failure at any time; each of
    `on_result`, `on_done`, `on_failure` ends the call, and only one of them comes, once."""

    def on_event(self, event: StreamEvent) -> None:
        """One event of a chat."""

    def on_result(self, result: EmbedResponse | int) -> None:
        """The vectors of an `embed` call, the number of a `count_tokens` call."""

    def on_done(self) -> None:
        """The chat is complete."""

    def on_failure(self, failure: Failure) -> None:
        """There will be no (more) answer."""


class CallHandle:
    """One call in flight."""

    __slots__ = ("_connection", "_id")

    def __init__(self, connection: "_Connection", call: int) -> None:
        self._connection = connection
        self._id = call

    def cancel(self) -> None:
        """Stop the work; the sink hears nothing more. Does nothing when the call has ended."""
        self._connection.cancel(self._id)


class EngineLink:
    """Calls to one model's process, which listens at `path`. Belongs to the event loop it is used in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: _Connection | None = None

    def call(
        self,
        operation: Operation,
        request: ChatRequest | EmbedRequest,
        keep_alive: float | None,
        sink: Sink,
    ) -> CallHandle:
        """Begin a call. `keep_alive` as in `frames.Call`. The sink is never called before this returns."""
        if self._connection is None or self._connection.ended:
            self._connection = _Connection(self.path)
        return self._connection.call(operation, request, keep_alive, sink)

    @property
    def connected(self) -> bool:
        """Whether the process is there."""
        return self._connection is not None and not self._connection.ended

    def close(self) -> None:
        """Hang up. Calls in flight fail as lost."""
        if self._connection is not None:
            self._connection.end(lost())
            self._connection = None


class _Connection(asyncio.Protocol):
    """One connection and the calls on it. Once ended it is never used again: the link opens another."""

    def __init__(self, path: Path) -> None:
        self.ended = False
        self._sinks: dict[int, Sink] = {}
        self._next = 1
        self._transport: asyncio.Transport | None = None
        self._waiting: dict[int, bytes] = {}
        self._reader = FrameReader()
        self._connecting = asyncio.get_running_loop().create_task(self._connect(path))

    def call(
        self, operation: Operation, request: ChatRequest | EmbedRequest, keep_alive: float | None, sink: Sink
    ) -> CallHandle:
        number = self._next
        self._next += 1
        self._sinks[number] = sink
        try:
            frame = encode(Call(number, operation, encode_request(request), keep_alive))
        except (OverflowError, RecursionError) as error:  # JSON knows numbers and depths that frames do not
            self._refuse(number, say("engines.request", lang="en", reason=error))
            return CallHandle(self, number)
        if len(frame) > MAX_FRAME:
            self._refuse(number, say("engines.request_size", lang="en", size=len(frame), limit=MAX_FRAME))
        elif self._transport is None:
            self._waiting[number] = frame
        else:
            self._transport.write(frame)
        return CallHandle(self, number)

    def _refuse(self, number: int, message: str) -> None:
        """Fail a call that cannot be sent, once its caller knows that it has begun."""
        failure = Failed(number, Failure(FailureKind.bad_request, message, code="engine_refused"))
        asyncio.get_running_loop().call_soon(self._deliver, failure)

    def cancel(self, number: int) -> None:
        if self._sinks.pop(number, None) is None:
            return
        if self._waiting.pop(number, None) is None and self._transport is not None:
            self._transport.write(encode(Cancel(number)))

    def end(self, failure: Failure) -> None:
        """Every call in flight fails with `failure`; the connection is closed."""
        if self.ended:
            return
        self.ended = True
        self._connecting.cancel()
        if self._transport is not None:
            self._transport.close()
        sinks, self._sinks = self._sinks, {}
        for sink in sinks.values():
            sink.on_failure(failure)

    async def _connect(self, path: Path) -> None:
        try:
            await asyncio.get_running_loop().create_unix_connection(lambda: self, str(path))
        except OSError as error:
            self.end(unreachable(error.strerror or str(error)))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process answered: send what has been waiting."""
        self._transport = cast("asyncio.Transport", transport)
        if self.ended:
            self._transport.close()
            return
        waiting, self._waiting = self._waiting, {}
        self._transport.write(b"".join(waiting.values()))

    def data_received(self, data: bytes) -> None:
        """Answers, in any cut."""
        try:
            for body in self._reader.feed(data):
                self._deliver(answers.decode(body))
        except (OutOfStepError, msgspec.DecodeError):
            self.end(lost())

    def connection_lost(self, exc: Exception | None) -> None:
        """The process died (when it leaves in order, it says so before)."""
        self.end(lost())

    def _deliver(self, answer: Answer) -> None:
        match answer:
            case Event(number, event):
                sink = self._sinks.get(number)
                if sink is not None:
                    sink.on_event(event)
            case Vectors(number, result) | Count(number, result):
                sink = self._sinks.pop(number, None)
                if sink is not None:
                    sink.on_result(result)
            case Done(number):
                sink = self._sinks.pop(number, None)
                if sink is not None:
                    sink.on_done()
            case Failed(number, failure):
                sink = self._sinks.pop(number, None)
                if sink is not None:
                    sink.on_failure(failure)
            case Leaving():
                self.end(unreachable(say("engines.unloading", lang="en")))


def lost() -> Failure:
    """The failure of a call whose model's process ended while it worked on it."""
    return Failure(
        FailureKind.unavailable,
        say("engines.lost", lang="en"),
        code=LOST,
        retry_after=1.0,
        from_upstream=True,
    )


def unreachable(reason: str) -> Failure:
    """The failure of a call that never reached a model."""
    return Failure(
        FailureKind.unavailable,
        say("engines.unreachable", lang="en", reason=reason),
        code=UNREACHABLE,
        retry_after=1.0,
        from_upstream=True,
    )
