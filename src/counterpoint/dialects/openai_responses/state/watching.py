"""An answer on its way to the client: what it says at its end is what is kept.

Where a call was sent otherwise than the client wrote it (with the whole conversation, in the background), the answer
tells what the client asked for, not what was sent. All else passes untouched.
"""

from typing import Any

import msgspec

from counterpoint.dialects.jsonio import encode, parse
from counterpoint.dialects.openai_responses.streams import BEGINNINGS, ENDS
from counterpoint.wire import FrameTooLong, SseCutter, frame_of, sse_frame

Json = dict[str, Any]


_ENDING = tuple(kind.encode() for kind in sorted(ENDS))
_TELLING = BEGINNINGS | ENDS
_BEFORE = {"response.created", "response.queued"}


class End(msgspec.Struct):
    """The event that tells the whole answer."""

    kind: str
    event: Json

    @property
    def answer(self) -> Json:
        """The answer itself."""
        answer: Json = self.event["response"]
        return answer

    def frame(self) -> bytes:
        """The event, as it is now."""
        return sse_frame(encode(self.event), self.kind)


def object_in(body: bytes) -> Json | None:
    """The answer that a body is."""
    try:
        value = parse(body)
    except ValueError:
        return None
    return value if type(value) is dict and type(value.get("output")) is list else None


class Watch:
    """One stream. `amend`: what the answer says instead of what it said. `first`: the number that the next event is
    given; the stream's beginning was told already then. `None`: each keeps its own. `end`: set once the whole answer
    has been told, by the event at the place `at` of those that `feed` returned."""

    def __init__(self, amend: Json | None = None, first: int | None = None) -> None:
        self.end: End | None = None
        self.at = 0
        self.number = first
        self._amend = amend
        self._cutter = SseCutter()

    def feed(self, data: bytes) -> list[bytes]:
        """The events to send on."""
        try:
            events = self._cutter.feed(data)
        except FrameTooLong:
            return [self._cutter.close()]
        return self._each(events, silent=self._amend is None and self.number is None)

    def close(self) -> list[bytes]:
        """What was left without an end."""
        rest = self._cutter.close()
        return self._each([rest], silent=True) if rest else []

    def _each(self, events: list[bytes], *, silent: bool) -> list[bytes]:
        out: list[bytes] = []
        for raw in events:
            ended = self.end is not None
            told = self._noted(raw) if silent else self._amended(raw)
            if self.end is not None and not ended:
                self.at = len(out)
            if told:
                out.append(told)
        return out

    def _noted(self, raw: bytes) -> bytes:
        if self.end is None and any(word in raw for word in _ENDING):
            self._note(raw)
        return raw

    def _note(self, raw: bytes) -> Json | None:
        """The event in `raw`, noted if it is the end."""
        frame = frame_of(raw)
        if frame is None:
            return None
        try:
            event = parse(frame.data)
        except ValueError:
            return None
        if type(event) is not dict:
            return None
        kind = event.get("type") or frame.event
        if type(kind) is not str:
            return None
        event["type"] = kind
        if kind in ENDS and type(event.get("response")) is dict and self.end is None:
            self.end = End(kind, event)
        return event

    def _amended(self, raw: bytes) -> bytes:
        event = self._note(raw)
        if event is None:
            return raw
        if self.number is not None:
            if event["type"] in _BEFORE:
                return b""
            event["sequence_number"] = self.number
            self.number += 1
        answer = event.get("response")
        if event["type"] in _TELLING and type(answer) is dict:
            event["response"] = {**answer, **(self._amend or {})}
        elif self.number is None:
            return raw
        return sse_frame(encode(event), str(event["type"]))
