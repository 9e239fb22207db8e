"""Bodies of the Gemini API, to write tests with."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, StreamEvent
from counterpoint.dialects.gemini_generate.requests import decode_request
from counterpoint.dialects.gemini_generate.responses import decode_response
from counterpoint.dialects.gemini_generate.streams import GenerateDecoder


def asked(*parts: Any, **fields: Any) -> ChatRequest:
    """A request of one turn of the user."""
    content = {"role": "user", "parts": list(parts) or [{"text": "Hi"}]}
    return decode_request(json.dumps({"contents": [content], **fields}).encode())


def candidate(*parts: Any, reason: str | None = "STOP", **fields: Any) -> Any:
    """One candidate of an answer."""
    said: Any = {"content": {"parts": list(parts), "role": "model"}, "index": 0, **fields}
    return said if reason is None else {**said, "finishReason": reason}


def chunk(*parts: Any, reason: str | None = None, **fields: Any) -> Any:
    """One chunk of a stream."""
    return {
        "candidates": [candidate(*parts, reason=reason)],
        "modelVersion": "m",
        "responseId": "r",
        **fields,
    }


def answered(*parts: Any, reason: str = "STOP", **fields: Any) -> ChatResponse:
    """An answer of one candidate."""
    return decode_response(json.dumps({"candidates": [candidate(*parts, reason=reason, **fields)]}).encode())


def sse(*chunks: Any) -> bytes:
    """Chunks as server-sent events."""
    return b"".join(b"data: " + json.dumps(one).encode() + b"\r\n\r\n" for one in chunks)


def array(*chunks: Any) -> bytes:
    """Chunks as one array."""
    return b"[" + b",\r\n".join(json.dumps(one).encode() for one in chunks) + b"\n]\n"


def events_of(body: bytes) -> list[StreamEvent]:
    """What a stream decodes to."""
    decoder = GenerateDecoder()
    return decoder.feed(body) + decoder.close()
