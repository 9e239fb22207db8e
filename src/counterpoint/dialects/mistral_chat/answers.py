"""Whole answers and streams, by the shared grammar; thinking is a piece of the content here."""

from collections.abc import Callable
from typing import Any

from counterpoint.canonical import (
    ChatResponse,
    FinishEvent,
    Part,
    PartDelta,
    Reasoning,
    StreamEvent,
    UsageEvent,
)
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.dialects.mistral_chat.names import GRAMMAR, NAME, ours, shared
from counterpoint.dialects.openai_chat import responses
from counterpoint.dialects.openai_chat.names import REASONING_CONTENT
from counterpoint.dialects.openai_chat.stream_encoding import OpenAIStreamEncoder
from counterpoint.dialects.openai_chat.streams import OpenAIStreamDecoder
from counterpoint.dialects.openai_chat.usage import usage_body
from counterpoint.wire import frame_of, sse_frame

_Json = dict[str, Any]


def decode_response(body: bytes) -> ChatResponse:
    """Raises `Refused` with the failure that the body reports, or if it is not an answer at all."""
    return ours(responses.decode_response(body))


def encode_response(response: ChatResponse, source: str, created: int) -> Encoded:
    """The body for a client. An answer of the shared grammar needs nothing but its thinking moved."""
    own = source == NAME
    encoded = responses.encode_response(shared(response), GRAMMAR if own else source, created)
    if own or encoded.body.rfind(b'"reasoning_content"') < 0:
        return encoded
    value = parse(encoded.body)
    for choice in value["choices"]:
        message = choice["message"]
        thought = message.pop(REASONING_CONTENT, None)
        if thought:
            said = message.get("content")
            texts = [{"type": "text", "text": said}] if type(said) is str and said else said or []
            message["content"] = [thinking(thought), *texts]
    return Encoded(encode(value), encoded.losses)


def thinking(text: str) -> _Json:
    """A piece of content that says what the model thought."""
    return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}


class MistralStreamDecoder(OpenAIStreamDecoder):
    """One stream. Feed it bytes in any cut."""

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        return [_ours(event) for event in super().feed(data)]

    def close(self) -> list[StreamEvent]:
        """The end; an error if choices were still open, or if there were none."""
        return [_ours(event) for event in super().close()]


def _ours(event: StreamEvent) -> StreamEvent:
    if isinstance(event, UsageEvent) or (isinstance(event, PartDelta) and event.citation is None):
        return event  # nearly all of them: they hold no fields
    return ours(event)


class MistralStreamEncoder(OpenAIStreamEncoder):
    """One stream. Usage comes with the last choice: clients expect one in every chunk."""

    def __init__(self, model: str, now: Callable[[], float]) -> None:
        super().__init__(model, include_usage=False, now=now)
        self._finishes: list[FinishEvent] = []

    def encode(self, event: StreamEvent) -> bytes:
        """Chunks for one event."""
        if isinstance(event, FinishEvent):
            self._finishes.append(event)
            return b""
        return super().encode(shared(event))

    def close(self) -> bytes:
        """The chunks that end the choices, usage in the last."""
        chunks = [super(MistralStreamEncoder, self).encode(shared(event)) for event in self._finishes]
        if chunks and chunks[-1] and self._usage.reported:
            frame = frame_of(chunks[-1])
            if frame is not None:
                last = {**parse(frame.data), "usage": usage_body(self._usage)}
                chunks[-1] = sse_frame(encode(last))
        return b"".join(chunks) + super().close()

    def _thought(self, part: Part, text: str) -> _Json:
        return {"content": [thinking(text)]} if isinstance(part, Reasoning) else {}
