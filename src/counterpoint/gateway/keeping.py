"""The way out of an answer that is kept: its last words wait until it is.

Whoever reads the end of an answer may go on it at once, so it must have been kept by then. Nothing before the end
waits. An answer that cannot be kept says so (`store` is false then): that is no reason to withhold it.
"""

import logging
from collections.abc import Callable
from typing import Any

from counterpoint.canonical import Failure
from counterpoint.directory import Key
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.ports import Memory, Outlet
from counterpoint.gateway.recalled import Recalled
from counterpoint.kept import Keep, Reported, Tell

log = logging.getLogger(__name__)

Json = dict[str, Any]
Headers = tuple[tuple[bytes, bytes], ...]


class Keeping:
    """An outlet before another one. `exchange`: whose answer it is; set before its first byte."""

    def __init__(self, outlet: Outlet, recalled: Recalled, key: Key, memory: Memory) -> None:
        self.exchange: Exchange | None = None
        self._outlet = outlet
        self._recalled = recalled
        self._key = key
        self._memory = memory
        self._watch = recalled.state.watch(None)
        self._waiting: list[Callable[[], None]] | None = None
        self._ended = False

    def _origin(self) -> tuple[str, bool, bool]:
        """Who answers; whether in the caller's dialect; whether he keeps answers."""
        candidate = self.exchange.candidate if self.exchange is not None else None
        if candidate is None or self.exchange is None:
            return "", False, False
        relayed = self.exchange.relayed
        return candidate.host.name, relayed, relayed and self._recalled.state.keeps in candidate.host.quirks

    def _amendment(self) -> Json | None:
        host, relayed, _ = self._origin()
        return self._recalled.amendment(host, relayed=relayed)

    # What the driver says

    def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """The whole answer."""
        answer = self._recalled.state.answer_in(body) if status == 200 else None
        if answer is None:
            self._outlet.respond(status, headers, body)
            return
        amend = self._amendment()
        if amend is not None:
            answer = {**answer, **amend}
            body = self._recalled.state.encode(answer)

        def send(kept: bool) -> None:
            told = body if kept else self._recalled.state.encode({**answer, "store": False})
            self._outlet.respond(status, headers, told)

        self._keep(answer, send)

    def begin(self, status: int, headers: Headers) -> None:
        """The head of a streamed one."""
        self._watch = self._recalled.state.watch(self._amendment())
        self._outlet.begin(status, headers)

    def send(self, data: bytes) -> None:
        """More of it."""
        self._pass_on(self._watch.feed(data), last=False)

    def finish(self, data: bytes = b"") -> None:
        """The end of it."""
        ended = self._watch.end is not None
        events = self._watch.feed(data)
        if not (ended or self._watch.end is not None):
            events += self._watch.close()
        self._pass_on(events, last=True)

    def abort(self) -> None:
        """Break it off."""
        self._waiting = None
        self._outlet.abort()

    def _pass_on(self, events: list[bytes], *, last: bool) -> None:
        data = b"".join(events)
        if self._waiting is not None:
            self._waiting.append(lambda: self._say(data, last=last))
            return
        end = self._watch.end
        if end is None or self._ended:
            self._say(data, last=last)
            return
        self._ended = True

        def send(kept: bool) -> None:
            if not kept:
                end.event["response"] = {**end.answer, "store": False}
                events[self._watch.at] = end.frame()
            self._say(b"".join(events), last=last)

        self._keep(end.answer, send)

    def _say(self, data: bytes, *, last: bool) -> None:
        if last:
            self._outlet.finish(data)
        elif data:
            self._outlet.send(data)

    # Keeping it

    def _keep(self, answer: Json, then: Callable[[bool], None]) -> None:
        wish, state = self._recalled.wish, self._recalled.state
        if not wish.store or state.status(answer) == "failed":
            then(True)
            return
        host, _, keeps = self._origin()
        kept = state.kept(
            answer,
            self._recalled.past,
            wish,
            project=self._key.project,
            key=self._key.id,
            host=host,
            keeps=keeps,
        )
        if kept is None:
            then(False)
            return
        self._waiting = []

        def told(tell: Tell | Failure) -> None:
            if isinstance(tell, Failure):
                log.warning("an answer could not be kept: %s", tell.code)
            waiting, self._waiting = self._waiting, None
            if waiting is None:
                return  # broken off meanwhile
            then(isinstance(tell, Reported))
            for say in waiting:
                say()

        self._memory.ask(Keep(kept[0], added=kept[1]), told)
