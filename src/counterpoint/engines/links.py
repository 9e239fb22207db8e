"""Local models by name, as a gateway worker uses them: where one listens is asked for only when it must be.

A model that is loaded is called at once, without asking anybody. One that is not answers with "unreachable";
then its place is asked for, which starts it, and the same call goes there. The caller notices the wait only.
"""

from collections.abc import Callable
from pathlib import Path

from counterpoint.canonical import ChatRequest, EmbedRequest, EmbedResponse, Failure, StreamEvent
from counterpoint.engines.client import UNREACHABLE, CallHandle, EngineLink, Sink
from counterpoint.engines.frames import Operation

Locate = Callable[[str, Callable[[Path | Failure], None]], None]
"""Have the model of that name started and answer, once and later, with where it listens or why it does not."""

_MOST_TRIES = 3
"""A model may be unloaded again between being located and being called."""


class Links:
    """Links to all local models of one worker."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self._links: dict[str, EngineLink] = {}

    def call(
        self,
        model: str,
        operation: Operation,
        request: ChatRequest | EmbedRequest,
        keep_alive: float | None,
        sink: Sink,
    ) -> "ModelCall":
        """Begin a call to `model`; the sink is never called before this returns."""
        return ModelCall(self, model, (operation, request, keep_alive), sink)

    def close(self) -> None:
        """Hang up everywhere; calls in flight fail."""
        links, self._links = self._links, {}
        for link in links.values():
            link.close()

    def running(self) -> frozenset[str]:
        """The models whose processes are there: those of which this worker has a connection."""
        return frozenset(name for name, link in self._links.items() if link.connected)

    def link(self, model: str) -> EngineLink | None:
        """The link to `model`, if it was located before."""
        return self._links.get(model)

    def locate(self, model: str, answer: Callable[[Path | Failure], None]) -> None:
        """Have `model` started."""
        self._locate(model, answer)

    def linked(self, model: str, path: Path) -> EngineLink:
        """The link to `model`, which listens at `path`."""
        link = self._links.get(model)
        if link is None or link.path != path:
            link = self._links[model] = EngineLink(path)
        return link


class ModelCall:
    """One call, from its first try to its end. It is the link's sink and passes everything on."""

    __slots__ = ("_handle", "_links", "_model", "_sink", "_tries", "_what")

    def __init__(
        self,
        links: Links,
        model: str,
        what: tuple[Operation, ChatRequest | EmbedRequest, float | None],
        sink: Sink,
    ) -> None:
        self._links = links
        self._model = model
        self._what = what
        self._sink: Sink | None = sink
        self._tries = 0
        self._handle: CallHandle | None = None
        link = links.link(model)
        if link is not None:
            self._handle = link.call(*what, self)
        else:
            links.locate(model, self._located)

    def cancel(self) -> None:
        """Stop the work; the sink hears nothing more."""
        self._sink = None
        if self._handle is not None:
            self._handle.cancel()

    def _located(self, place: Path | Failure) -> None:
        if self._sink is None:
            return
        if isinstance(place, Failure):
            self._sink.on_failure(place)
            return
        self._handle = self._links.linked(self._model, place).call(*self._what, self)

    def on_event(self, event: StreamEvent) -> None:
        if self._sink is not None:
            self._sink.on_event(event)

    def on_result(self, result: EmbedResponse | int) -> None:
        if self._sink is not None:
            self._sink.on_result(result)

    def on_done(self) -> None:
        if self._sink is not None:
            self._sink.on_done()

    def on_failure(self, failure: Failure) -> None:
        self._handle = None
        if self._sink is None:
            return
        self._tries += 1
        if failure.code == UNREACHABLE and self._tries < _MOST_TRIES:
            self._links.locate(self._model, self._located)
        else:
            self._sink.on_failure(failure)
