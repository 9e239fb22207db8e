"""Whole answers and streams, by the shared grammar; thinking is a piece of the content here."""

from collections.abc import Callable
from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatResponse,
    FinishEvent,
    Loss,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    StreamEvent,
    Text,
    ToolCall,
    UsageEvent,
)
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.jsonio import compact, encode, parse
from counterpoint.dialects.mistral_chat.names import GRAMMAR, NAME, mistrals, shared, unspelled
from counterpoint.dialects.openai_chat import responses
from counterpoint.dialects.openai_chat.names import REASONING_CONTENT
from counterpoint.dialects.openai_chat.stream_encoding import OpenAIStreamEncoder
from counterpoint.dialects.openai_chat.streams import OpenAIStreamDecoder
from counterpoint.dialects.openai_chat.usage import usage_body
from counterpoint.wire import frame_of, sse_frame

_Json = dict[str, Any]


def decode_response(body: bytes) -> ChatResponse:
    """Raises `Refused` with the failure that the body reports, or if it is not an answer at all."""
    return mistrals(responses.decode_response(body))


def encode_response(response: ChatResponse, source: str, created: int) -> Encoded:
    """The body for a client. An answer of the shared grammar needs nothing but its thinking moved."""
    own = source == NAME
    losses: list[Loss] = []
    response = shared(response) if own else _adapted(response, losses)
    encoded = responses.encode_response(response, GRAMMAR if own else source + "~", created)
    encoded = Encoded(encoded.body, (*losses, *encoded.losses))
    thought_of = encoded.body.rfind(b'"reasoning_content"') >= 0
    if own or (not thought_of and response.usage.reported):
        return encoded
    value = parse(encoded.body)
    value.setdefault("usage", {})  # clients want one, and it may be silent
    for choice in value["choices"]:
        message = choice["message"]
        thought = message.pop(REASONING_CONTENT, None)
        if thought:
            said = message.get("content")
            texts = [{"type": "text", "text": said}] if type(said) is str and said else said or []
            message["content"] = [thinking(thought), *texts]
    return Encoded(encode(value), encoded.losses)


def _adapted(response: ChatResponse, losses: list[Loss]) -> ChatResponse:
    """`response`, from another dialect, without how that had written it, its parts as Mistral's clients know them."""
    choices = tuple(
        msgspec.structs.replace(
            choice,
            parts=tuple(
                _part(part, f"choices[{choice.index}].parts[{place}]", losses)
                for place, part in enumerate(choice.parts)
            ),
        )
        for choice in response.choices
    )
    return unspelled(msgspec.structs.replace(response, choices=choices))


def _part(part: Part, path: str, losses: list[Loss]) -> Part:
    match part:
        case Refusal(text):
            return Text(text)
        case ToolCall(kind="custom"):
            losses.append(Loss("tool_call.custom", path, "degraded", "free-text input becomes an object"))
            return ToolCall(part.id, part.name, compact({"input": part.arguments}))
        case _:
            return part


def thinking(text: str) -> _Json:
    """A piece of content that says what the model thought."""
    return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}


class MistralStreamDecoder(OpenAIStreamDecoder):
    """One stream. Feed it bytes in any cut."""

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        return [_owned(event) for event in super().feed(data)]

    def close(self) -> list[StreamEvent]:
        """The end; an error if choices were still open, or if there were none."""
        return [_owned(event) for event in super().close()]


def _owned(event: StreamEvent) -> StreamEvent:
    if isinstance(event, UsageEvent) or (isinstance(event, PartDelta) and event.citation is None):
        return event  # nearly all of them: they hold no fields
    return mistrals(event)


class MistralStreamEncoder(OpenAIStreamEncoder):
    """One stream. Usage comes with the last choice: clients expect one in every chunk."""

    def __init__(self, model: str, now: Callable[[], float]) -> None:
        super().__init__(model, include_usage=False, now=now)
        self._finishes: list[FinishEvent] = []
        self._held: dict[tuple[int, int], ToolCall] = {}

    def encode(self, event: StreamEvent) -> bytes:
        """Chunks for one event."""
        if isinstance(event, FinishEvent):
            self._finishes.append(event)
            return b""
        if isinstance(event, PartStart):
            return self._start_of(event)
        if self._held and isinstance(event, PartDelta | PartEnd):
            return self._of_held(event)
        return super().encode(shared(event))

    def _start_of(self, event: PartStart) -> bytes:
        """Thinking is always a piece of content. Calls come whole: clients read each piece of one as a call."""
        value = event.value
        if isinstance(value, Reasoning):
            value = Reasoning(value.text, value.signature, value.encrypted)
        elif isinstance(value, Refusal):
            value = Text(value.text)
        elif isinstance(value, ToolCall):
            self._held[event.choice, event.part] = unspelled(value)
            return b""
        return super().encode(shared(PartStart(event.choice, event.part, value)))

    def _of_held(self, event: PartDelta | PartEnd) -> bytes:
        key = (event.choice, event.part)
        call = self._held.get(key)
        if call is None:
            return super().encode(shared(event))
        if isinstance(event, PartDelta):
            self._held[key] = msgspec.structs.replace(call, arguments=call.arguments + event.text)
            return b""
        del self._held[key]
        losses: list[Loss] = []
        part = _part(call, f"choices[{event.choice}].parts[{event.part}]", losses)
        self._losses.extend(losses)
        return super().encode(PartStart(event.choice, event.part, part))

    def close(self) -> bytes:
        """The chunks that end the choices, usage in the last."""
        chunks = [super(MistralStreamEncoder, self).encode(shared(event)) for event in self._finishes]
        if chunks and chunks[-1] and self._usage.reported:
            frame = frame_of(chunks[-1])
            if frame is not None:
                last = {**parse(frame.data), "usage": usage_body(self._usage)}
                chunks[-1] = sse_frame(encode(last))
        return b"".join(chunks) + super().close()

    def _thought(self, part: Reasoning, text: str) -> _Json:
        return {"content": [thinking(text)]}
