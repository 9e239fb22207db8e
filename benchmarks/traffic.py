"""The requests that are sent and the answers that come back: the same bytes for every gateway.

The first word of the text says what the mock upstream does: `bench-whole` answers at once with 1 KB, `bench-paced`
streams 64 events 10 ms apart, `bench-burst` streams 64 events at once. Each event of a paced stream carries the time
at which it was sent, so that its way can be measured at the other end.
"""

import json
from dataclasses import dataclass
from typing import Any

EVENTS = 64
PACE_SECONDS = 0.010
ANSWER_BYTES = 1024
SMALL_BYTES = 1126  # 1.1 KiB
LARGE_BYTES = 20 * 1024
MARK = b"~end"
"""Ends the text of every whole answer: who sees it has the text to its end."""
STAMP = b"t=%019d;"
WORDS = "The theme enters alone, is answered a fifth higher, and each voice keeps its own way. "


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def text(size: int) -> str:
    """Plain words, `size` characters."""
    return (WORDS * (size // len(WORDS) + 1))[:size]


@dataclass(frozen=True)
class Dialect:
    """One public API: where it is called and how its stream ends."""

    name: str
    path: str
    headers: bytes
    last: bytes


OPENAI = Dialect("openai", "/v1/chat/completions", b"", b"data: [DONE]")
ANTHROPIC = Dialect(
    "anthropic", "/v1/messages", b"anthropic-version: 2023-06-01\r\n", b'"type":"message_stop"'
)
# Real names, so that a gateway which knows prices has to work them out.
OPENAI_MODEL, ANTHROPIC_MODEL = "gpt-4o-mini", "claude-haiku-4-5"


def request_body(model: str, order: str, size: int, *, stream: bool) -> bytes:
    """A chat request of `size` bytes that both dialects understand. `order`: what the upstream is to do."""
    request: dict[str, Any] = {"model": model, "max_tokens": 256, "temperature": 0.2, "stream": stream}
    request["messages"] = [{"role": "user", "content": ""}]
    room = size - len(_json(request))
    request["messages"][0]["content"] = f"{order} {text(room)}"[:room]
    return _json(request)


def request(dialect: Dialect, port: int, key: str, body: bytes, headers: bytes) -> bytes:
    """The whole HTTP request, with what clients send at the least; no compression, so that answers compare.
    `headers`: the gateway's own."""
    secret = f"authorization: Bearer {key}" if dialect is OPENAI else f"x-api-key: {key}"
    return b"".join(
        (
            f"POST {dialect.path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n".encode(),
            b"accept-encoding: identity\r\nconnection: keep-alive\r\naccept: application/json\r\n",
            b"content-type: application/json\r\nuser-agent: counterpoint-benchmark\r\n",
            f"{secret}\r\n".encode(),
            dialect.headers + headers,
            b"content-length: %d\r\n\r\n" % len(body),
            body,
        )
    )


def whole_answer(dialect: Dialect) -> bytes:
    """An answer of exactly `ANSWER_BYTES`."""
    room = ANSWER_BYTES - len(_json(_whole(dialect, MARK.decode())))
    return _json(_whole(dialect, text(room) + MARK.decode()))


def _whole(dialect: Dialect, content: str) -> dict[str, Any]:
    if dialect is OPENAI:
        return {
            "id": "chatcmpl-BenchmarkBenchmarkBenchmark",
            "object": "chat.completion",
            "created": 1763758800,
            "model": OPENAI_MODEL,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content, "refusal": None},
                    "logprobs": None,
                    "finish_reason": "stop",
                }
            ],
            "usage": {
                "prompt_tokens": 250,
                "completion_tokens": 120,
                "total_tokens": 370,
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
            },
            "system_fingerprint": "fp_benchmark",
        }
    return {
        "id": "msg_BenchmarkBenchmarkBenchmark",
        "type": "message",
        "role": "assistant",
        "model": ANTHROPIC_MODEL,
        "content": [{"type": "text", "text": content}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 250, "output_tokens": 120},
    }


@dataclass(frozen=True)
class Script:
    """A stream in pieces: `first`, then for each event `before` + stamp + `after`, then `last`."""

    first: bytes
    before: bytes
    after: bytes
    last: bytes


def script(dialect: Dialect, *, include_usage: bool) -> Script:
    """How the upstream streams its answer in this dialect."""
    return _openai_script(include_usage=include_usage) if dialect is OPENAI else _anthropic_script()


_FILLER = " each voice keeps its own way"


def _openai_script(*, include_usage: bool) -> Script:
    def chunk(choices: list[dict[str, Any]], usage: dict[str, int] | None = None) -> bytes:
        event: dict[str, Any] = {
            "id": "chatcmpl-BenchmarkBenchmarkBenchmark",
            "object": "chat.completion.chunk",
            "created": 1763758800,
            "model": OPENAI_MODEL,
            "service_tier": "default",
            "system_fingerprint": "fp_benchmark",
            "choices": choices,
        }
        if include_usage:
            event["usage"] = usage
        return b"data: " + _json(event) + b"\n\n"

    def choice(delta: dict[str, str], finish: str | None = None) -> list[dict[str, Any]]:
        return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]

    before, after = chunk(choice({"content": "@" + _FILLER})).split(b"@")
    last = chunk(choice({}, "stop"))
    if include_usage:
        last += chunk([], {"prompt_tokens": 250, "completion_tokens": EVENTS, "total_tokens": 250 + EVENTS})
    first = chunk(choice({"role": "assistant", "content": ""}))
    return Script(first, before, after, last + b"data: [DONE]\n\n")


def _anthropic_script() -> Script:
    def event(name: str, **fields: Any) -> bytes:
        return b"event: %b\ndata: %b\n\n" % (name.encode(), _json({"type": name, **fields}))

    message: dict[str, Any] = {
        "id": "msg_BenchmarkBenchmarkBenchmark",
        "type": "message",
        "role": "assistant",
        "model": ANTHROPIC_MODEL,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 250, "output_tokens": 1},
    }
    block = {"type": "text", "text": ""}
    delta = {"type": "text_delta", "text": "@" + _FILLER}
    before, after = event("content_block_delta", index=0, delta=delta).split(b"@")
    first = event("message_start", message=message)
    first += event("content_block_start", index=0, content_block=block)
    last = event("content_block_stop", index=0)
    last += event(
        "message_delta",
        delta={"stop_reason": "end_turn", "stop_sequence": None},
        usage={"output_tokens": EVENTS},
    )
    return Script(first, before, after, last + event("message_stop"))
