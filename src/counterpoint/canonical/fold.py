"""Fold a stream back into the whole answer it carried."""

from collections.abc import Iterable
from typing import Any

import msgspec

from counterpoint.canonical.errors import Failure, Refused
from counterpoint.canonical.events import (
    ErrorEvent,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    UsageEvent,
)
from counterpoint.canonical.parts import Audio, Media, Part, Text
from counterpoint.canonical.responses import ChatResponse, Choice
from counterpoint.canonical.usage import UNREPORTED, Usage


class _Growing:
    """One choice while its parts grow: strings are gathered in lists and joined once."""

    def __init__(self) -> None:
        self.values: dict[int, Part] = {}
        self.strings: dict[tuple[int, str], list[str]] = {}
        self.citations: dict[int, list[Any]] = {}
        self.logprobs: list[Any] = []
        self.finish: FinishEvent | None = None

    def grow(self, delta: PartDelta) -> None:
        if delta.text:
            self.strings.setdefault((delta.part, delta.field), []).append(delta.text)
        if delta.citation is not None:
            self.citations.setdefault(delta.part, []).append(delta.citation)
        if delta.logprobs:
            self.logprobs.extend(delta.logprobs)

    def choice(self, index: int) -> Choice:
        for (part, name), pieces in self.strings.items():
            self.values[part] = extend(self.values[part], name, "".join(pieces))
        for part, citations in self.citations.items():
            value = self.values[part]
            if isinstance(value, Text):
                self.values[part] = msgspec.structs.replace(
                    value, citations=value.citations + tuple(citations)
                )
        parts = tuple(self.values[key] for key in sorted(self.values))
        return Choice(
            index=index,
            parts=parts,
            finish=self.finish.finish if self.finish else None,
            logprobs={"content": self.logprobs} if self.logprobs else None,
            extensions=self.finish.extensions if self.finish else {},
        )


def extend(value: Part, name: str, more: str) -> Part:
    """`value` with `more` at the end of its string `name` (of an `Audio`, `data` is its base64)."""
    if isinstance(value, Audio) and name == "data":
        source = value.source or Media(kind="data", value="")
        return msgspec.structs.replace(
            value, source=msgspec.structs.replace(source, value=source.value + more)
        )
    return msgspec.structs.replace(value, **{name: (getattr(value, name) or "") + more})


def fold(events: Iterable[StreamEvent]) -> ChatResponse:
    """The whole answer that `events` carried.

    Raises `Refused` with the stream's own failure when it ended in an `ErrorEvent`.
    """
    start = StartEvent()
    usage: Usage = UNREPORTED
    growing: dict[int, _Growing] = {}
    failure: Failure | None = None
    for event in events:
        match event:
            case StartEvent():
                start = event
            case PartStart(choice, part, value):
                growing.setdefault(choice, _Growing()).values[part] = value
            case PartDelta():
                growing[event.choice].grow(event)
            case PartEnd():
                pass
            case FinishEvent():
                growing.setdefault(event.choice, _Growing()).finish = event
            case UsageEvent(usage):
                pass
            case ErrorEvent(failure):
                pass
    if failure is not None:
        raise Refused(failure)
    return ChatResponse(
        id=start.id,
        model=start.model,
        created=start.created,
        service_tier=start.service_tier,
        choices=tuple(growing[index].choice(index) for index in sorted(growing)),
        usage=usage,
        extensions=start.extensions,
    )
