"""Requests and answers of legacy completions."""

import json
from typing import Any

from counterpoint.dialects.registry import CHAT

DIALECT = CHAT["openai-completions-legacy"]


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def asked(**fields: Any) -> bytes:
    return dumped({"model": "m", "prompt": "Once", **fields})


def choice(**fields: Any) -> dict[str, Any]:
    return {"text": "", "index": 0, "logprobs": None, "finish_reason": None, **fields}


def answered(*choices: dict[str, Any], **fields: Any) -> bytes:
    head = {"id": "cmpl-1", "object": "text_completion", "created": 7, "model": "m"}
    return dumped({**head, "choices": list(choices), **fields})


def event(*choices: dict[str, Any], **fields: Any) -> bytes:
    return b"data: " + answered(*choices, **fields) + b"\n\n"


DONE = b"data: [DONE]\n\n"
USAGE = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
LOGPROBS = {
    "tokens": ["Hi", " there"],
    "token_logprobs": [-0.1, -0.2],
    "top_logprobs": [{"Hi": -0.1, "Ho": -2.0}, {" there": -0.2}],
    "text_offset": [4, 6],
}
