"""Small JSON bodies of this dialect, and what becomes of them."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, Part, PartEnd, PartStart, StreamEvent
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_responses.names import NAME
from counterpoint.dialects.openai_responses.request_encoding import encode_request
from counterpoint.dialects.openai_responses.requests import decode_request
from counterpoint.dialects.openai_responses.streams import ResponsesDecoder
from counterpoint.wire.sse import SseReader


def asked(*items: Any, **fields: Any) -> bytes:
    """A request of these items, or of one greeting."""
    return json.dumps({"model": "m", "input": list(items) or "Hi", **fields}).encode()


def decoded(*items: Any, **fields: Any) -> ChatRequest:
    """The canonical form of that request."""
    return decode_request(asked(*items, **fields))


def back(body: bytes) -> Any:
    """That body decoded and encoded again."""
    request = decode_request(body)
    return json.loads(encode_request(request, Target(request.model), NAME).body)


def answer(*output: Any, **fields: Any) -> dict[str, Any]:
    """An answer of these items."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 7,
        "model": "m",
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "output": list(output),
        "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5},
        **fields,
    }


def said(text: str, **fields: Any) -> dict[str, Any]:
    """A message of the assistant in an answer."""
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": [], **fields}
    return {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [part]}


def call(arguments: str = "{}", **fields: Any) -> dict[str, Any]:
    """A call in an answer."""
    item = {"id": "fc_1", "type": "function_call", "status": "completed", "call_id": "c1", "name": "f"}
    return {**item, "arguments": arguments, **fields}


def sse(*events: Any) -> bytes:
    """A stream of these events."""
    return b"".join(
        b"event: %b\ndata: %b\n\n" % (event["type"].encode(), json.dumps(event).encode()) for event in events
    )


def event(kind: str, **fields: Any) -> dict[str, Any]:
    """One event of the first item."""
    return {"type": f"response.{kind}", "output_index": 0, **fields}


def created(**fields: Any) -> dict[str, Any]:
    """How a stream begins."""
    return event("created", response=answer(status="in_progress", usage=None, **fields))


def completed(*output: Any, **fields: Any) -> dict[str, Any]:
    """How a stream ends."""
    return event("completed", response=answer(*output, **fields))


def events_of(body: bytes) -> list[StreamEvent]:
    """What a stream decodes to."""
    decoder = ResponsesDecoder()
    return decoder.feed(body) + decoder.close()


def told(body: bytes) -> list[Any]:
    """The events in a stream that was encoded."""
    return [json.loads(frame.data) for frame in SseReader().feed(body)]


def part(index: int, value: Part, *inside: StreamEvent) -> list[StreamEvent]:
    """A part from its beginning to its end."""
    return [PartStart(0, index, value), *inside, PartEnd(0, index)]
