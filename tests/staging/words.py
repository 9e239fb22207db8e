"""The dialects, secrets and requests that clients and hosts on the stage have in common."""

from typing import Any

import msgspec

OPENAI, ANTHROPIC, EMBEDDINGS = "openai-chat", "anthropic-messages", "openai-embeddings"
PATHS = {OPENAI: "/v1/chat/completions", ANTHROPIC: "/v1/messages", EMBEDDINGS: "/v1/embeddings"}
SECRET = "cp-stage-secret-of-the-caller"
HOST_SECRET = "stage-secret-of-the-host"
PATIENCE = 30.0
"""Seconds after which something hangs; never a measure of speed."""


def request(dialect: str, body: bytes, **headers: str) -> bytes:
    """A whole request, the last of its connection."""
    lines = [f"POST {PATHS[dialect]} HTTP/1.1", "host: x", "connection: close"]
    lines += [f"content-length: {len(body)}", f"authorization: Bearer {SECRET}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def plain(dialect: str, model: str, **more: Any) -> bytes:
    """The body of a short good request."""
    fields: dict[str, Any] = {"messages": [{"role": "user", "content": "hi"}]}
    if dialect == EMBEDDINGS:
        fields = {"input": "hi"}
    if dialect == ANTHROPIC:
        fields["max_tokens"] = 20
    return msgspec.json.encode({"model": model, **fields, **more})
