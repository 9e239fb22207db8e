"""Small bodies of Converse, for the tests of this folder."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Loss
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT

CLAUDE = Target("us.anthropic.claude-sonnet-4-5-20250929-v1:0")
NOVA = Target("us.amazon.nova-2-lite-v1:0")
CONVERSE, OPENAI, ANTHROPIC = CHAT["bedrock-converse"], CHAT["openai-chat"], CHAT["anthropic-messages"]


def user(*blocks: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def asked(**fields: Any) -> dict[str, Any]:
    return {"messages": [user({"text": "Hi"})], **fields}


def decoded(body: Any) -> ChatRequest:
    return CONVERSE.decode_request(json.dumps(body).encode())


def home_again(body: Any) -> Any:
    """A request, to canonical and back."""
    encoded = CONVERSE.encode_request(decoded(body), CLAUDE, CONVERSE.name)
    assert encoded.losses == ()
    return json.loads(encoded.body)


def from_openai(target: Target = CLAUDE, **fields: Any) -> tuple[Any, tuple[Loss, ...]]:
    """A chat completions request as Converse has it, and what that cost."""
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields}
    request = OPENAI.decode_request(json.dumps(body).encode())
    encoded = CONVERSE.encode_request(request, target, OPENAI.name)
    return json.loads(encoded.body), encoded.losses


def answer(*blocks: Any, reason: str = "end_turn", **fields: Any) -> bytes:
    usage = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
    message = {"role": "assistant", "content": list(blocks)}
    body = {"output": {"message": message}, "stopReason": reason, "usage": usage, "metrics": {"latencyMs": 7}}
    return json.dumps({**body, **fields}).encode()


def response(*blocks: Any) -> ChatResponse:
    return CONVERSE.decode_response(answer(*blocks))
