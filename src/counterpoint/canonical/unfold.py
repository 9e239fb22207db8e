"""Take a whole answer apart into the events that would have told it."""

from collections.abc import Iterator

import msgspec

from counterpoint.canonical.events import (
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    UsageEvent,
)
from counterpoint.canonical.parts import Part, Reasoning, Refusal, Text, ToolCall
from counterpoint.canonical.responses import ChatResponse, Choice


def unfold(response: ChatResponse) -> Iterator[StreamEvent]:
    """`fold` makes the same answer of them again."""
    yield StartEvent(
        id=response.id,
        model=response.model,
        created=response.created,
        service_tier=response.service_tier,
        extensions=response.extensions,
    )
    for choice in response.choices:
        yield from _choice(choice)
    if response.usage.reported:
        yield UsageEvent(response.usage)


def _choice(choice: Choice) -> Iterator[StreamEvent]:
    told = choice.logprobs.get("content") if isinstance(choice.logprobs, dict) else None
    for index, part in enumerate(choice.parts):
        logprobs = told if isinstance(part, Text) else None
        if logprobs:
            told = None  # once, with the first text
        yield from _part(choice.index, index, part, logprobs)
    if choice.finish is not None:
        yield FinishEvent(choice.index, choice.finish, choice.extensions)


def _part(choice: int, index: int, part: Part, logprobs: object) -> Iterator[StreamEvent]:
    match part:
        case Text(text, citations):
            yield PartStart(choice, index, msgspec.structs.replace(part, text="", citations=()))
            yield PartDelta(choice, index, text, logprobs=logprobs)
            for citation in citations:
                yield PartDelta(choice, index, citation=citation)
        case Refusal(text):
            yield PartStart(choice, index, msgspec.structs.replace(part, text=""))
            yield PartDelta(choice, index, text)
        case ToolCall(arguments=arguments):
            yield PartStart(choice, index, msgspec.structs.replace(part, arguments=""))
            yield PartDelta(choice, index, arguments, "arguments")
        case Reasoning(text, signature, encrypted):
            bare = msgspec.structs.replace(part, text="", signature=None, encrypted=None)
            yield PartStart(choice, index, bare)
            yield PartDelta(choice, index, text)
            if signature is not None:
                yield PartDelta(choice, index, signature, "signature")
            if encrypted is not None:
                yield PartDelta(choice, index, encrypted, "encrypted")
        case _:
            yield PartStart(choice, index, part)
    yield PartEnd(choice, index)
