"""Requests and answers as this API has them."""

import json
from typing import Any

from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.registry import CHAT

DIALECT, PROMPTED = CHAT["ollama-chat"], CHAT["ollama-generate"]
PNG = "iVBORw0KGgoAAAANSUhEUg=="
TOOL = {
    "type": "function",
    "function": {"name": "weather", "description": "d", "parameters": {"type": "object", "properties": {}}},
}
CALL = {"function": {"name": "weather", "arguments": {"city": "Paris"}}}
END: dict[str, Any] = {
    "done": True,
    "done_reason": "stop",
    "total_duration": 9,
    "prompt_eval_count": 14,
    "eval_count": 5,
}


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def asked(**fields: Any) -> bytes:
    """A request of `/api/chat`."""
    return dumped({"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields})


def prompted(**fields: Any) -> bytes:
    """A request of `/api/generate`."""
    return dumped({"model": "m", "prompt": "Hi", **fields})


def line(**fields: Any) -> bytes:
    """A piece of an answer."""
    return (
        dumped({"model": "m", "created_at": "2026-08-07T06:08:09.335586Z", "done": False, **fields}) + b"\n"
    )


def said(**message: Any) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": "", **message}}


def elsewhere(home: str, **fields: Any) -> tuple[dict[str, Any], Encoded]:
    """A request of OpenAI's chat or another dialect, as this API has it, with its losses."""
    body = dumped({"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields})
    encoded = DIALECT.encode_request(CHAT[home].decode_request(body), Target("m"), home)
    return json.loads(encoded.body), encoded
