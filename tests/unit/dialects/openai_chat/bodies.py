"""Small JSON bodies of this dialect, and what becomes of them."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, Message
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_chat.request_encoding import encode_request
from counterpoint.dialects.openai_chat.requests import decode_request

HI = {"role": "user", "content": "Hi"}


def asked(*messages: Any, **fields: Any) -> bytes:
    """A request of these messages, or of one greeting."""
    return json.dumps({"model": "m", "messages": list(messages) or [HI], **fields}).encode()


def decoded(*messages: Any, **fields: Any) -> ChatRequest:
    """The canonical form of that request."""
    return decode_request(asked(*messages, **fields))


def only(message: Any) -> Message:
    """The canonical form of one message."""
    return decoded(message).messages[0]


def back(body: bytes) -> Any:
    """That body decoded and encoded again."""
    request = decode_request(body)
    return json.loads(encode_request(request, Target(request.model), "openai-chat").body)


def sse(*chunks: Any, done: bool = True) -> bytes:
    """A stream of these chunks."""
    events = b"".join(b"data: %b\n\n" % json.dumps(chunk).encode() for chunk in chunks)
    return events + (b"data: [DONE]\n\n" if done else b"")


def chunk(delta: Any = None, finish: str | None = None, index: int = 0, **fields: Any) -> dict[str, Any]:
    """One chunk with one choice."""
    choice = {"index": index, "delta": delta or {}, "finish_reason": finish}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 7,
        "model": "m",
        "choices": [choice],
        **fields,
    }
