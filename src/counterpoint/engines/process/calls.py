"""Takes calls on the Unix socket, runs them side by side, and ends the process when nobody needs it any more."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, cast

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    EmbedRequest,
    EmbedResponse,
    Failure,
    FailureKind,
    StreamEvent,
)
from counterpoint.canonical.errors import Refused
from counterpoint.engines.frames import (
    Answer,
    Call,
    Cancel,
    Count,
    Done,
    Event,
    Failed,
    FrameReader,
    Leaving,
    OutOfStepError,
    Status,
    Vectors,
    encode,
    questions,
)
from counterpoint.engines.process.settings import MEGABYTE, Settings
from counterpoint.i18n import say

UNREAD_LIMIT: Final = 64 * MEGABYTE
"""A caller that lets this much lie unread is taken for dead."""

_chats: Final = msgspec.msgpack.Decoder(ChatRequest)
_embeds: Final = msgspec.msgpack.Decoder(EmbedRequest)


class Model(Protocol):
    """What a loaded model can do; each raises `Refused`, for operations it does not have as well."""

    async def chat(self, request: ChatRequest, emit: Callable[[StreamEvent], None]) -> None: ...

    async def count(self, request: ChatRequest) -> int: ...

    async def embed(self, request: EmbedRequest) -> EmbedResponse: ...


class Calls:
    """All calls of the process. `finished` is set when it should end; `failure` then says why, if for a bad
    reason."""

    def __init__(
        self, model: Model, settings: Settings, status: Status, report: Callable[[Status], None]
    ) -> None:
        self._model = model
        self._settings = settings
        self._report = report
        self._status = status
        self._keep_alive = settings.keep_alive
        self._connections: set[_Connection] = set()
        self._active = 0
        self._server: asyncio.Server | None = None
        self._idle: asyncio.TimerHandle | None = None
        self.finished = asyncio.Event()

    async def listen(self, path: Path) -> None:
        """Take calls at `path`, which only this user can reach."""
        loop = asyncio.get_running_loop()
        mask = os.umask(0o177)  # the loop replaces a socket that a killed process left behind
        try:
            self._server = await loop.create_unix_server(lambda: _Connection(self), str(path))
        finally:
            os.umask(mask)
        self._tell(state="ready")
        self._rest()

    def leave(self, failure: Failure | None = None) -> None:
        """Take no more calls; those at work fail, with `failure` or because the model is unloaded."""
        if self.finished.is_set():
            return
        reason = failure or Failure(
            FailureKind.unavailable,
            say("engines.unloaded", lang="en"),
            code="engine_unloaded",
            retry_after=1.0,
            from_upstream=True,
        )
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.leave(reason)
        self._tell(state="unloading", failure=failure)
        self.finished.set()

    def joined(self, connection: "_Connection") -> None:
        self._connections.add(connection)

    def left(self, connection: "_Connection") -> None:
        self._connections.discard(connection)

    def begin(self, call: Call) -> None:
        """Count a call in. Raises `Refused` when too many wait already."""
        if self._active >= self._settings.parallel + self._settings.queue:
            raise Refused(
                Failure(
                    FailureKind.overloaded,
                    say("engines.queue_full", lang="en", waiting=self._settings.queue),
                    code="engine_overloaded",
                    retry_after=2.0,
                    from_upstream=True,
                )
            )
        self._active += 1
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        self._keep_alive = self._settings.keep_alive if call.keep_alive is None else call.keep_alive
        self._tell(calls=self._status.calls + 1)

    def end(self) -> None:
        """Count a call out."""
        self._active -= 1
        self._tell()
        if self._active == 0:
            self._rest()

    def _rest(self) -> None:
        if self._keep_alive >= 0:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._keep_alive, self.leave)

    def _tell(self, **changes: object) -> None:
        self._status = msgspec.structs.replace(
            self._status, active=self._active, last_call=time.time(), **changes
        )
        self._report(self._status)

    async def work(self, call: Call, send: Callable[[Answer], None]) -> None:
        """Do what `call` asks for; everything that goes wrong is an answer too."""
        try:
            if call.operation == "chat":
                await self._model.chat(_chats.decode(call.request), lambda event: send(Event(call.id, event)))
                send(Done(call.id))
            elif call.operation == "embed":
                send(Vectors(call.id, await self._model.embed(_embeds.decode(call.request))))
            else:
                send(Count(call.id, await self._model.count(_chats.decode(call.request))))
        except Refused as refusal:
            send(Failed(call.id, refusal.failure))
        except msgspec.DecodeError as error:
            reason = say("engines.request", lang="en", reason=error)
            send(Failed(call.id, Failure(FailureKind.bad_request, reason, code="engine_refused")))
        except (OSError, EOFError) as error:  # the native server's end of the private channel broke
            reason = say("engines.failed", lang="en", reason=error)
            failure = Failure(FailureKind.upstream_error, reason, code="engine_failed", from_upstream=True)
            send(Failed(call.id, failure))


class _Connection(asyncio.Protocol):
    """One caller's connection and its calls."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._reader = FrameReader()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._calls.joined(self)

    def data_received(self, data: bytes) -> None:
        try:
            for body in self._reader.feed(data):
                question = questions.decode(body)
                if isinstance(question, Cancel):
                    task = self._tasks.get(question.id)
                    if task is not None:
                        task.cancel()
                else:
                    self._take(question)
        except (OutOfStepError, msgspec.DecodeError):
            self._hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._calls.left(self)
        for task in self._tasks.values():
            task.cancel()

    def leave(self, failure: Failure) -> None:
        for number, task in self._tasks.items():
            self._send(Failed(number, failure))
            task.cancel()
        self._send(Leaving())
        if self._transport is not None:
            self._transport.close()
        self._transport = None

    def _take(self, call: Call) -> None:
        if self._transport is None:
            return
        try:
            self._calls.begin(call)
        except Refused as refusal:
            self._send(Failed(call.id, refusal.failure))
            return
        task = asyncio.get_running_loop().create_task(self._calls.work(call, self._send))
        self._tasks[call.id] = task
        task.add_done_callback(lambda ended: self._ended(call.id, ended))

    def _ended(self, number: int, task: asyncio.Task[None]) -> None:
        del self._tasks[number]
        error = None if task.cancelled() else task.exception()
        if error is not None:  # a defect of ours: the caller must not wait for ever
            loop = asyncio.get_running_loop()
            loop.call_exception_handler({"message": "a call failed unexpectedly", "exception": error})
            reason = say("engines.failed", lang="en", reason=type(error).__name__)
            self._send(Failed(number, Failure(FailureKind.internal, reason, code="engine_failed")))
        self._calls.end()

    def _send(self, answer: Answer) -> None:
        if self._transport is None:
            return
        self._transport.write(encode(answer))
        if self._transport.get_write_buffer_size() > UNREAD_LIMIT:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()
