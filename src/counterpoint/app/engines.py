"""The gateway's port for local models: the control process starts a model, the worker then talks to it directly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from counterpoint.canonical import ChatRequest, EmbedRequest, EmbedResponse, Failure, StreamEvent
from counterpoint.engines.client import UNREACHABLE, CallHandle, EngineLink

if TYPE_CHECKING:
    from counterpoint.gateway.ports import EngineSink

Operation = Literal["chat", "embed", "count_tokens"]
TRIES = 3
"""A model may unload itself in the very moment of a call; it is then started again, this often at most."""


class LinkedEngines:
    """Calls local models over links that are kept per model. `ensure` gives the socket of a running one."""

    def __init__(self, ensure: Callable[[str], asyncio.Future[Path]]) -> None:
        self._ensure = ensure
        self._links: dict[str, tuple[Path, EngineLink]] = {}

    def call(
        self,
        model: str,
        operation: str,
        request: ChatRequest | EmbedRequest,
        keep_alive: float | None,
        sink: EngineSink,
    ) -> _Call:
        """Begin a call; the model is started first if it does not run."""
        call = _Call(self, model, cast("Operation", operation), request, keep_alive, sink)
        call.begin()
        return call

    def ensure(self, model: str) -> asyncio.Future[Path]:
        """Have the model running."""
        return self._ensure(model)

    def link(self, model: str) -> EngineLink | None:
        """The link to a model that was running when last seen."""
        known = self._links.get(model)
        return known[1] if known else None

    def linked(self, model: str, path: Path) -> EngineLink:
        """The link to a model that listens at `path`."""
        known = self._links.get(model)
        if known is None or known[0] != path:
            if known is not None:
                known[1].close()
            known = self._links[model] = (path, EngineLink(path))
        return known[1]


class _Call:
    """One call, over as many starts of its model as it takes. It is the link's sink until the answer begins."""

    def __init__(
        self,
        engines: LinkedEngines,
        model: str,
        operation: Operation,
        request: ChatRequest | EmbedRequest,
        keep_alive: float | None,
        sink: EngineSink,
    ) -> None:
        self._engines = engines
        self._model = model
        self._operation: Operation = operation
        self._request = request
        self._keep_alive = keep_alive
        self._sink = sink
        self._handle: CallHandle | None = None
        self._waiting: asyncio.Future[Path] | None = None
        self._tries = 0
        self._cancelled = False

    def begin(self) -> None:
        """Over the link at hand, else after a start."""
        link = self._engines.link(self._model)
        if link is not None and not self._tries:
            self._send(link)
        else:
            self._start()

    def _start(self) -> None:
        self._tries += 1
        self._waiting = self._engines.ensure(self._model)
        self._waiting.add_done_callback(self._started)

    def _started(self, waiting: asyncio.Future[Path]) -> None:
        self._waiting = None
        if self._cancelled or waiting.cancelled():
            return
        error = waiting.exception()
        if error is None:
            self._send(self._engines.linked(self._model, waiting.result()))
            return
        failure = getattr(error, "failure", None)
        if not isinstance(failure, Failure):
            raise error
        self._sink.on_failure(failure)

    def _send(self, link: EngineLink) -> None:
        self._handle = link.call(self._operation, self._request, self._keep_alive, self)

    def cancel(self) -> None:
        """The gateway's port: nothing more reaches the sink."""
        self._cancelled = True
        if self._waiting is not None:
            self._waiting.cancel()
        if self._handle is not None:
            self._handle.cancel()

    def on_event(self, event: StreamEvent) -> None:
        self._sink.on_event(event)

    def on_result(self, result: EmbedResponse | int) -> None:
        self._sink.on_result(result)

    def on_done(self) -> None:
        self._sink.on_done()

    def on_failure(self, failure: Failure) -> None:
        if self._cancelled:
            return
        if failure.code == UNREACHABLE and self._tries < TRIES:
            self._start()
        else:
            self._sink.on_failure(failure)
