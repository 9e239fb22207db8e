"""From the native server's chunks to canonical events, one choice at a time. Pure.

A chunk has some text (or thinking). The text runs through two readers: one takes tool calls out of it, in the
form `tooling` prescribes and the grammar enforces, the other looks for stop sequences in what is left.
"""

import re
from typing import Any, Final, Literal, NamedTuple

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    Finish,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    StreamEvent,
    Text,
    Tool,
    ToolCall,
    Usage,
)
from counterpoint.canonical.finish import FinishReason
from counterpoint.canonical.ids import new_id
from counterpoint.engines.process.stops import StopFinder, held_back
from counterpoint.engines.process.thoughts import ThoughtReader
from counterpoint.engines.process.tooling import CALL_CLOSE, CALL_OPEN, CUSTOM_FIELD

_MARKER: Final = CALL_OPEN.strip()
_NAME: Final = re.compile(r'\s*\{"name": ("(?:[^"\\]|\\.)*"), "arguments": ')
_END: Final = "}" + CALL_CLOSE
_SPACE: Final = re.compile(r"\s*\Z")


class Piece(NamedTuple):
    """What the call reader found: free text, the name of a call, some of its arguments, or its end."""

    kind: Literal["text", "name", "arguments", "end"]
    text: str = ""


class CallReader:
    """Takes tool calls out of a text that comes in any cut."""

    def __init__(self) -> None:
        self._buffer = ""
        self._state: Literal["text", "name", "arguments"] = "text"

    def feed(self, text: str) -> list[Piece]:
        """The pieces that are now certain."""
        self._buffer += text
        pieces: list[Piece] = []
        while self._step(pieces):
            pass
        return pieces

    def close(self) -> list[Piece]:
        """What was held back when the text ended; a call without its end stays without it."""
        rest, self._buffer = self._buffer, ""
        if self._state == "name" or not rest:
            return []
        return [Piece(self._state, rest)]

    def _step(self, pieces: list[Piece]) -> bool:
        if self._state == "text":
            return self._text(pieces)
        if self._state == "name":
            match = _NAME.match(self._buffer)
            if match is None:
                return False
            pieces.append(Piece("name", msgspec.json.decode(match[1], type=str)))
            self._buffer = self._buffer[match.end() :]
            self._state = "arguments"
            return True
        return self._arguments(pieces)

    def _text(self, pieces: list[Piece]) -> bool:
        before, marker, after = self._buffer.partition(_MARKER)
        if marker:
            self._put(pieces, "text", before.rstrip())
            self._buffer = after
            self._state = "name"
            return True
        # White space before a call belongs to neither; hold it until it is known what follows.
        cut = len(before) - held_back(before, (_MARKER,))
        space = _SPACE.search(before, 0, cut)
        cut = space.start() if space is not None else cut
        self._put(pieces, "text", before[:cut])
        self._buffer = before[cut:]
        return False

    def _arguments(self, pieces: list[Piece]) -> bool:
        # JSON has no raw line feed within a string and no "<" outside one, so the end cannot occur inside.
        before, end, after = self._buffer.partition(_END)
        if end:
            self._put(pieces, "arguments", before)
            pieces.append(Piece("end"))
            self._buffer = after
            self._state = "text"
            return True
        cut = len(before) - held_back(before, (_END,))
        self._put(pieces, "arguments", before[:cut])
        self._buffer = before[cut:]
        return False

    @staticmethod
    def _put(pieces: list[Piece], kind: Literal["text", "arguments"], text: str) -> None:
        if text:
            pieces.append(Piece(kind, text))


class ChoiceAnswer:
    """One choice: chunks in, events out. `tools`: its text may hold calls; `thinking`: it begins within a
    thought that the native server does not tell from the answer."""

    def __init__(self, request: ChatRequest, choice: int, tools: bool, thinking: bool = False) -> None:
        self._choice = choice
        self._thoughts = ThoughtReader() if thinking else None
        self._calls = CallReader() if tools else None
        self._custom = {
            tool.name for tool in request.tools if isinstance(tool, Tool) and tool.kind == "custom"
        }
        self._stops = StopFinder(request.stop)
        self._next_part = 0
        self._open: Literal["text", "reasoning", "call"] | None = None
        self._call_arguments: list[str] | None = None
        self._called = False
        self._logprobs: list[tuple[int, list[Any]]] = []
        self._thinking_tokens = 0
        self._prompt = self._cached = self._output = 0
        self.reason: str | None = None

    @property
    def stopped(self) -> bool:
        """A stop sequence was met: nothing more is wanted."""
        return self._stops.met is not None

    def chunk(self, chunk: dict[str, Any]) -> list[StreamEvent]:
        """The events of one chunk of the native stream."""
        events: list[StreamEvent] = []
        self._count(chunk)
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            thought = delta.get("reasoning_content")
            if thought:
                self._thinking_tokens = self._output
                self._grow(events, "reasoning", thought, None)
            text = delta.get("content")
            if text and self._thoughts is not None:
                thought, text = self._thoughts.feed(text)
                if thought:
                    self._thinking_tokens = self._output
                    self._grow(events, "reasoning", thought, None)
            if text and not self.stopped:
                logprobs = _known((choice.get("logprobs") or {}).get("content"))
                self._text(events, text, logprobs)
            self.reason = choice.get("finish_reason") or self.reason
        return events

    def close(self) -> list[StreamEvent]:
        """The events that end the choice."""
        events: list[StreamEvent] = []
        if self._thoughts is not None and (rest := self._thoughts.close()):
            self._grow(events, "reasoning", rest, None)
        if not self.stopped:
            for piece in self._calls.close() if self._calls is not None else ():
                self._piece(events, piece)
            self._say(events, self._stops.close())
        self._end(events)
        events.append(FinishEvent(self._choice, self._finish()))
        return events

    @property
    def usage(self) -> Usage:
        """What this choice used, as far as it went."""
        return Usage(
            input=self._prompt - self._cached,
            cache_read=self._cached,
            output=self._output - self._thinking_tokens,
            reasoning=self._thinking_tokens,
        )

    def _count(self, chunk: dict[str, Any]) -> None:
        timings = chunk.get("timings")
        if timings:
            self._cached = timings["cache_n"]
            self._prompt = self._cached + timings["prompt_n"]
            self._output = timings["predicted_n"]

    def _finish(self) -> Finish:
        if self.stopped:
            return Finish("stop", raw="stop", stop_sequence=self._stops.met)
        reason: FinishReason = "length" if self.reason == "length" else "stop"
        if self._called and reason == "stop":
            reason = "tool_calls"
        return Finish(reason, raw=self.reason)

    def _text(self, events: list[StreamEvent], text: str, logprobs: list[Any] | None) -> None:
        if self._calls is None:
            if logprobs:
                self._logprobs.append((len(text), logprobs))
            self._say(events, self._stops.feed(text))
            return
        pieces = self._calls.feed(text)
        if logprobs and self._open != "call":
            self._logprobs.append((0, logprobs))
        for piece in pieces:
            self._piece(events, piece)

    def _piece(self, events: list[StreamEvent], piece: Piece) -> None:
        if self.stopped:
            return
        if piece.kind == "text":
            self._say(events, self._stops.feed(piece.text))
        elif piece.kind == "name":
            self._say(events, self._stops.close())
            self._begin_call(events, piece.text)
        elif piece.kind == "arguments":
            if self._call_arguments is not None:
                self._call_arguments.append(piece.text)
            else:
                part = self._next_part - 1
                events.append(PartDelta(self._choice, part, piece.text, field="arguments"))
        else:
            self._end(events)

    def _begin_call(self, events: list[StreamEvent], name: str) -> None:
        self._end(events)
        self._called = True
        self._open = "call"
        self._logprobs.clear()
        custom = name in self._custom
        self._call_arguments = [] if custom else None
        call = ToolCall(
            id=f"call_{new_id().replace('-', '')}", name=name, kind="custom" if custom else "function"
        )
        events.append(PartStart(self._choice, self._next_part, call))
        self._next_part += 1

    def _say(self, events: list[StreamEvent], text: str) -> None:
        if text:
            self._grow(events, "text", text, self._taken_logprobs(len(text)))

    def _taken_logprobs(self, length: int) -> list[Any] | None:
        """The entries of the tokens that `length` characters, about to be said, cover."""
        entries: list[Any] = []
        while self._logprobs and self._logprobs[0][0] <= length:
            covered, some = self._logprobs.pop(0)
            length -= covered
            entries.extend(some)
        if length and self._logprobs:
            covered, some = self._logprobs[0]
            self._logprobs[0] = (covered - length, some)
        return entries or None

    def _grow(
        self, events: list[StreamEvent], kind: Literal["text", "reasoning"], text: str, logprobs: Any
    ) -> None:
        if self._open != kind:
            self._end(events)
            self._open = kind
            value = Text("") if kind == "text" else Reasoning()
            events.append(PartStart(self._choice, self._next_part, value))
            self._next_part += 1
        events.append(PartDelta(self._choice, self._next_part - 1, text, logprobs=logprobs))

    def _end(self, events: list[StreamEvent]) -> None:
        if self._open is None:
            return
        part = self._next_part - 1
        if self._call_arguments is not None:
            text = _free_text("".join(self._call_arguments))
            events.append(PartDelta(self._choice, part, text, field="arguments"))
            self._call_arguments = None
        events.append(PartEnd(self._choice, part))
        self._open = None


def _known(entries: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Entries without the fields that only the native server has."""
    if not entries:
        return None
    return [
        {
            name: [_entry(other) for other in value] if name == "top_logprobs" else value
            for name, value in _entry(entry).items()
        }
        for entry in entries
    ]


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "id"}


def _free_text(arguments: str) -> str:
    """The text given to a custom tool; what there is of it as it stands if the answer was cut short."""
    try:
        fields = msgspec.json.decode(arguments, type=dict[str, str])
    except msgspec.DecodeError:
        return arguments
    return fields.get(CUSTOM_FIELD, "")


def summed(usages: list[Usage]) -> Usage:
    """Of several choices for one prompt: the prompt counts once, every output counts."""
    first = usages[0]
    return Usage(
        input=first.input,
        cache_read=first.cache_read,
        output=sum(usage.output for usage in usages),
        reasoning=sum(usage.reasoning for usage in usages),
    )
