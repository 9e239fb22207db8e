"""One item of an answer as events tell it: its beginning, each of its parts, its end.

An item is known whole only at its end, so its parts are gathered here meanwhile.
"""

from typing import Any

import msgspec

from counterpoint.canonical import (
    Citation,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.openai_responses.adapting.answers import entry_of
from counterpoint.dialects.openai_responses.citations import encode_annotation
from counterpoint.dialects.openai_responses.content import with_fields
from counterpoint.dialects.openai_responses.item_encoding import content_part, encode_item, is_item, piece_of
from counterpoint.dialects.openai_responses.names import ID, KIND, LOGPROBS, NAME, STATUS

Json = dict[str, Any]
Told = tuple[str, Json]
"""An event's type and its fields, without what every event of an item has."""


class SpokenPart:
    """One part while it grows. `index`: its place in its item's list."""

    def __init__(self, value: Part, index: int) -> None:
        self.value = value
        self.index = index
        self.ended = False
        self._texts: list[str] = []
        self._sealed: list[str] = []
        self._citations: list[Citation] = []
        self._logprobs: list[Any] = []

    @property
    def place(self) -> Json:
        """Where it stands, as its events say it."""
        if isinstance(self.value, ToolCall):
            return {}
        return {"summary_index" if self._is_summary else "content_index": self.index}

    @property
    def _is_summary(self) -> bool:
        return isinstance(self.value, Reasoning) and spelling(self.value.extensions, NAME, KIND) != "content"

    @property
    def _is_blank(self) -> bool:
        """Whether nothing of it can be read: it only seals its item."""
        return isinstance(self.value, Reasoning) and spelling(self.value.extensions, NAME, KIND) == "none"

    @property
    def _word(self) -> str:
        """What its events are called."""
        match self.value:
            case ToolCall(kind="custom"):
                return "response.custom_tool_call_input"
            case ToolCall():
                return "response.function_call_arguments"
            case Refusal():
                return "response.refusal"
            case Reasoning():
                return "response.reasoning_summary_text" if self._is_summary else "response.reasoning_text"
            case _:
                return "response.output_text"

    def start(self) -> list[Told]:
        """Its beginning; a call has none of its own."""
        if isinstance(self.value, ToolCall) or self._is_blank:
            return []
        part = self._part_body(self.value)
        if self._is_summary:
            return [("response.reasoning_summary_part.added", {**self.place, "part": part})]
        return [("response.content_part.added", {**self.place, "part": part})]

    def _part_body(self, value: Part) -> Json:
        if isinstance(value, Reasoning):
            return piece_of(value)
        return content_part(value) or {}

    def say(self, text: str, logprobs: Any = None) -> list[Told]:
        """More of it."""
        self._texts.append(text)
        told: Json = {**self.place, "delta": text}
        if isinstance(self.value, Text):
            entries = [entry_of(entry) for entry in logprobs or ()]
            self._logprobs += entries
            told["logprobs"] = entries
        return [(f"{self._word}.delta", told)]

    def seal(self, text: str) -> None:
        """More of what only the maker can read."""
        self._sealed.append(text)

    def cite(self, citation: Citation) -> list[Told]:
        """One more citation."""
        annotation = encode_annotation(citation)
        if annotation is None:
            return []
        self._citations.append(citation)
        where = {**self.place, "annotation_index": len(self._citations) - 1}
        return [("response.output_text.annotation.added", {**where, "annotation": annotation})]

    def end(self) -> list[Told]:
        """Its end, with all that was said."""
        self.ended = True
        self.value = self._final()
        if self._is_blank:
            return []
        match self.value:
            case ToolCall(kind="custom", arguments=text):
                return [(f"{self._word}.done", {"input": text})]
            case ToolCall(name=name, arguments=text):
                return [(f"{self._word}.done", {"name": name, "arguments": text})]
            case Refusal(text):
                told: Json = {"refusal": text}
            case Text(text):
                told = {"text": text, "logprobs": list(self._logprobs)}
            case Reasoning(text):
                told = {"text": text}
            case _:
                return [("response.content_part.done", {**self.place, "part": self._part_body(self.value)})]
        ended = "response.reasoning_summary_part.done" if self._is_summary else "response.content_part.done"
        part = self._part_body(self.value)
        return [(f"{self._word}.done", {**self.place, **told}), (ended, {**self.place, "part": part})]

    def _final(self) -> Part:
        text = "".join(self._texts)
        match self.value:
            case ToolCall() as call:
                return msgspec.structs.replace(call, arguments=text)
            case Text() as said:
                value: Part = msgspec.structs.replace(said, text=text, citations=tuple(self._citations))
                return with_fields(value, {"~" + LOGPROBS: self._logprobs}) if self._logprobs else value
            case Refusal() as refusal:
                return msgspec.structs.replace(refusal, text=text)
            case Reasoning() as thought:
                sealed = "".join(self._sealed) or None
                return msgspec.structs.replace(thought, text=text, encrypted=sealed)
            case other:
                return other


class SpokenItem:
    """One item. `label`: an id for one that has none."""

    def __init__(self, first: Part, index: int, label: Any) -> None:
        self.index = index
        self.parts: list[SpokenPart] = []
        self.done = False
        self._first = first
        begun = encode_item([first], label)
        self.id = str(begun.get(ID, ""))
        self._label = lambda _: self.id
        self._begun = begun

    @property
    def ended(self) -> bool:
        """Whether none of its parts grows any more."""
        return all(part.ended for part in self.parts)

    def add(self, value: Part) -> SpokenPart:
        """One more part."""
        kind = _list_of(value)
        part = SpokenPart(value, sum(_list_of(other.value) == kind for other in self.parts))
        self.parts.append(part)
        return part

    def start(self) -> Json:
        """The item as its beginning tells it: nothing said yet."""
        if isinstance(self._first, Opaque) and is_item(self._first):
            return self._begun
        empty = {"content": [], "summary": [], "arguments": "", "input": ""}
        begun = {name: empty.get(name, value) for name, value in self._begun.items()}
        begun.pop("encrypted_content", None)
        if begun["type"] == "reasoning":
            begun.pop("content", None)
        return {**begun, STATUS: "in_progress"}

    def whole(self) -> Json:
        """The item as its end tells it."""
        return encode_item([part.value for part in self.parts] or [self._first], self._label)


def _list_of(value: Part) -> str:
    """In which of its item's lists a part stands."""
    if isinstance(value, Reasoning) and spelling(value.extensions, NAME, KIND) != "content":
        return "summary"
    return "content"
