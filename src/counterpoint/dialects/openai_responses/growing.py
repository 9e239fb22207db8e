"""One item of a stream while it grows: its events in, part events out.

Hosts leave out what they like (parts' beginnings, deltas, ends), so whatever the end of an item tells and no event
before it did is said then.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from counterpoint.canonical import (
    Citation,
    Opaque,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    StreamEvent,
    Text,
    ToolCall,
)
from counterpoint.dialects.extensions import fields_of, spelling
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.openai_responses.citations import decode_annotation, encode_annotation
from counterpoint.dialects.openai_responses.content import OF_ITEM, WHOLE, with_fields
from counterpoint.dialects.openai_responses.item_encoding import is_item, marks_of
from counterpoint.dialects.openai_responses.items import decode_answered
from counterpoint.dialects.openai_responses.names import ID, ITEM, KIND, LOGPROBS, MORE, NAME

Json = dict[str, Any]
Events = list[StreamEvent]
GrowingField = Literal["text", "arguments", "encrypted"]

_CALLS = {"function_call", "custom_tool_call"}
_WORDS = {"message", "reasoning"}


class _Piece:
    """One part that grows. `said`: what has been told of its text. `cited`: how many of its citations."""

    def __init__(self, part: int) -> None:
        self.part = part
        self.said = ""
        self.cited: list[Any] = []
        self.open = True


class GrowingItem:
    """One item. `number`: gives the next part's index in the choice."""

    def __init__(self, raw: Json, number: Callable[[], int]) -> None:
        kind = raw.get("type")
        self.kind = kind if type(kind) is str else ""
        self._number = number
        self._labels: Json = {ID: raw[ID]} if type(raw.get(ID)) is str else {}
        self._rest = self._rest_of(raw)
        self._pieces: dict[tuple[str, int], _Piece] = {}
        self._ended = False
        self._begun = False
        # An item that stays whole has its place among the parts now, though it is told at its end.
        self._reserved = number() if self.kind not in _CALLS | _WORDS else None
        self.part: int | None = None

    def _rest_of(self, raw: Json) -> Json:
        """The item's own fields for which the hub has no word, as far as its beginning tells them."""
        if self.kind == "message":
            known = {ID, "type", "status", "role", "content"}
            return {OF_ITEM + name: value for name, value in raw.items() if name not in known}
        known = {ID, "type", "status", "call_id", "name", "arguments", "input"}
        if self.kind == "reasoning":
            known |= {"summary", "content", "encrypted_content"}
        return {name: value for name, value in raw.items() if name not in known and value is not None}

    @property
    def called(self) -> bool:
        """Whether it is a call that the client answers."""
        return self.kind in _CALLS and self._begun

    def begin(self, raw: Json, events: Events) -> None:
        """What its beginning tells."""
        if self.kind in _CALLS and type(raw.get("name")) is str:
            self._begin_call(raw, events)

    def _begin_call(self, raw: Json, events: Events) -> None:
        call_id = raw.get("call_id") if type(raw.get("call_id")) is str else raw.get(ID)
        kind: Literal["function", "custom"] = "custom" if self.kind == "custom_tool_call" else "function"
        value = ToolCall(call_id if type(call_id) is str else "", raw["name"], "", kind)
        self._start(("call", 0), value, events)

    def _start(self, key: tuple[str, int], value: Part, events: Events) -> _Piece:
        piece = self._pieces[key] = _Piece(self._number())
        marks = {"~" + MORE: True} if self._begun else {**self._rest, "~" + ITEM: self._labels}
        self._begun = True
        events.append(PartStart(0, piece.part, with_fields(value, marks)))
        return piece

    def piece(self, key: tuple[str, int], events: Events) -> _Piece:
        """The part of that kind and index, begun now if it was not."""
        known = self._pieces.get(key)
        if known is not None:
            return known
        self._end_pieces(events)
        value: Part = Text("")
        if key[0] == "refusal":
            value = Refusal("")
        elif key[0] == "summary":
            value = Reasoning()
        elif self.kind == "reasoning":
            value = with_fields(Reasoning(), {"~" + KIND: "content"})
        return self._start(key, value, events)

    def grow(
        self,
        key: tuple[str, int],
        text: Any,
        events: Events,
        field: GrowingField = "text",
        logprobs: Any = None,
    ) -> None:
        """More of one part."""
        if key[0] == "call" and key not in self._pieces:
            return  # without a name there is no call yet: its end tells all
        piece = self.piece(key, events)
        if not piece.open:
            return
        more = text if type(text) is str else ""
        entries = logprobs if type(logprobs) is list and logprobs else None
        if more or entries:
            piece.said += more
            events.append(PartDelta(0, piece.part, more, field, logprobs=entries))

    def cite(self, key: tuple[str, int], annotation: Any, events: Events) -> None:
        """One more citation."""
        citation = decode_annotation(annotation)
        piece = self.piece(key, events)
        if citation is not None and piece.open:
            self._cite(piece, citation, events)

    def _cite(self, piece: _Piece, citation: Citation, events: Events) -> None:
        piece.cited.append(encode_annotation(citation))
        events.append(PartDelta(0, piece.part, citation=citation))

    def _end_pieces(self, events: Events) -> None:
        for piece in self._pieces.values():
            if piece.open:
                piece.open = False
                events.append(PartEnd(0, piece.part))

    def end(self, raw: Json, events: Events) -> None:
        """The whole item: what was not told before, and its end."""
        if self._ended:
            return
        self._ended = True
        if self._reserved is not None:
            value = Opaque(NAME, self.kind, raw)
            events += [PartStart(0, self._reserved, value), PartEnd(0, self._reserved)]
            return
        parts = decode_answered(Fields(raw, strict=False))
        self._labels = marks_of(parts[0]).get(ITEM, self._labels) if not self._begun else self._labels
        for key, part in self._keyed(parts):
            self._complete(key, part, events)
        self._end_pieces(events)

    def abandon(self, events: Events) -> None:
        """The answer has ended without this item's end."""
        self._ended = True
        self._end_pieces(events)

    def _keyed(self, parts: tuple[Part, ...]) -> list[tuple[tuple[str, int], Part]]:
        """Each part of the whole item with the key under which events spoke of it: the first with the first, and
        so on, since some hosts do not count as they should."""
        spoken: dict[str, list[tuple[str, int]]] = {}
        for key in sorted(self._pieces, key=lambda key: key[1]):
            spoken.setdefault(_place(key[0], self.kind), []).append(key)
        counts: Counter[str] = Counter()
        keyed: list[tuple[tuple[str, int], Part]] = []
        for part in parts:
            name = _name(part)
            place = _place(name, self.kind)
            known = spoken.get(place, [])
            number = counts[place]
            counts[place] += 1
            keyed.append((known[number] if number < len(known) else (name, number), part))
        return keyed

    def _complete(self, key: tuple[str, int], part: Part, events: Events) -> None:
        """Say what was not said of `part`, which is known whole now."""
        if isinstance(part, Opaque) and (is_item(part) or WHOLE in part.value):
            if not (is_item(part) and self._pieces):
                self._whole(part, events)
            return
        known = self._pieces.get(key)
        if known is None:
            known = self._begin_late(key, part, events)
        text, field = _text_of(part)
        if known.open and text.startswith(known.said) and len(text) > len(known.said):
            self.grow(key, text[len(known.said) :], events, field, _logprobs(part, known))
        if isinstance(part, Text) and known.open:
            for citation in part.citations:
                if encode_annotation(citation) not in known.cited:
                    self._cite(known, citation, events)
        if isinstance(part, Reasoning) and part.encrypted and known.open:
            events.append(PartDelta(0, known.part, part.encrypted, "encrypted"))

    def _begin_late(self, key: tuple[str, int], part: Part, events: Events) -> _Piece:
        if isinstance(part, ToolCall):
            value: Part = ToolCall(part.id, part.name, "", part.kind)
            self._rest = fields_of(part.extensions, NAME) | self._rest
            return self._start(key, value, events)
        if key[0] == "none":
            return self._start(key, with_fields(Reasoning(), {"~" + KIND: "none"}), events)
        return self.piece(key, events)

    def _whole(self, part: Part, events: Events) -> None:
        number = self._number()
        self._begun = True
        events += [PartStart(0, number, part), PartEnd(0, number)]


def _name(part: Part) -> str:
    """What events call the list in which `part` stands."""
    match part:
        case ToolCall():
            return "call"
        case Reasoning():
            return spelling(part.extensions, NAME, KIND) or "summary"
        case Refusal():
            return "refusal"
        case _:
            return "content"


def _place(name: str, kind: str) -> str:
    """The list itself: refusals stand among a message's words."""
    return "content" if kind == "message" else name


def _text_of(part: Part) -> tuple[str, GrowingField]:
    match part:
        case ToolCall(arguments=arguments):
            return arguments, "arguments"
        case Text(text) | Refusal(text) | Reasoning(text):
            return text, "text"
        case _:
            return "", "text"


def _logprobs(part: Part, known: _Piece) -> Any:
    """The probabilities of a text of which nothing was told before."""
    return spelling(part.extensions, NAME, LOGPROBS) if isinstance(part, Text) and not known.said else None
