"""Bodies that are those of another dialect but for a few fields: Claude's, Nova's, and chat completions.

What such a body says is kept in the extensions of the dialect whose body it nearly is, so a caller and a host of the
same maker lose nothing on the way, whichever of its APIs each of them speaks.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, ChatResponse, Image, Loss, Message
from counterpoint.dialects.anthropic_messages import AnthropicMessages
from counterpoint.dialects.base import ChatDialect, Encoded, Target
from counterpoint.dialects.bedrock_converse import BedrockConverse
from counterpoint.dialects.bedrock_invoke.families import NAME, Family
from counterpoint.dialects.extensions import INNER as WRAPPED
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.dialects.openai_chat import OpenAIChat
from counterpoint.dialects.paths import locate

Json = dict[str, Any]

INNER: Mapping[Family, ChatDialect] = {
    "anthropic": AnthropicMessages(),
    "nova": BedrockConverse(),
    "chat": OpenAIChat(),
}
VERSION = "bedrock-2023-05-31"
"""https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html"""
_SCHEMA = "messages-v1"
_ANY = "model"
"""Stands for the model, which the address names, where the inner dialect wants one in the body."""


def decode_request(body: Json, family: Family) -> ChatRequest:
    """Raises `Refused` with the JSON path at fault."""
    marks: Json = {"~family": family, f"~{WRAPPED}": INNER[family].name}
    if family == "anthropic":
        marks["~anthropic_version"] = body.get("anthropic_version")
        body = {name: value for name, value in body.items() if name != "anthropic_version"}
    if family == "nova":
        body = _from_nova(dict(body), marks)
    else:
        body = {**body, "model": _ANY}
    request = INNER[family].decode_request(encode(body))
    return msgspec.structs.replace(request, model="", extensions={**request.extensions, NAME: marks})


def _from_nova(body: Json, marks: Json) -> Json:
    """https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html: what Converse has elsewhere."""
    if "schemaVersion" in body:
        marks["~schemaVersion"] = body.pop("schemaVersion")
    config = body.get("inferenceConfig")
    if type(config) is dict:
        config = body["inferenceConfig"] = dict(config)
        if "max_new_tokens" in config and "maxTokens" not in config:
            marks["~max_new_tokens"] = True
            config["maxTokens"] = config.pop("max_new_tokens")
        if "topK" in config and "additionalModelRequestFields" not in body:
            marks["~top_k"] = True
            body["additionalModelRequestFields"] = {"inferenceConfig": {"topK": config.pop("topK")}}
    return body


def encode_request(request: ChatRequest, target: Target, source: str, family: Family) -> Encoded:
    """`request` in the words of `family`."""
    inner = INNER[family]
    own = source == NAME
    losses: list[Loss] = []
    if family == "anthropic" and not own:
        request = _without_addresses(request, source, losses)
    encoded = inner.encode_request(request, target, inner.name if own else source)
    body: Json = parse(encoded.body)
    body.pop("model", None)

    def marked(name: str) -> Any:
        return spelling(request.extensions, NAME, name) if own else None

    if family == "anthropic":
        if not own or "stream" not in _said(request, inner.name):
            body.pop("stream", None)
        version = marked("anthropic_version") if own else VERSION
        body = {"anthropic_version": version or VERSION, **body}
    elif family == "nova":
        schema = marked("schemaVersion") if own else _SCHEMA
        body = _to_nova(body, short=bool(marked("max_new_tokens")))
        if schema is not None:
            body = {"schemaVersion": schema, **body}
    elif not own:
        for name in ("stream", "stream_options"):
            body.pop(name, None)
    return Encoded(encode(body), (*losses, *encoded.losses))


def _said(request: ChatRequest, inner: str) -> set[str]:
    """Whether a caller wrote `stream` into a body that has no need of it."""
    written = request.stream or spelling(request.extensions, inner, "stream") is not None
    return {"stream"} if written else set()


def _without_addresses(request: ChatRequest, source: str, losses: list[Loss]) -> ChatRequest:
    """Claude takes pictures here by their bytes only."""
    messages: list[Message] = []
    for index, message in enumerate(request.messages):
        kept = []
        for place, part in enumerate(message.parts):
            if isinstance(part, Image) and part.source.kind == "url":
                path = locate(source, request, f"messages[{index}].parts[{place}]")
                losses.append(Loss("part.image", path, "meaning", "the target takes pictures by their bytes"))
            else:
                kept.append(part)
        messages.append(msgspec.structs.replace(message, parts=tuple(kept)))
    return msgspec.structs.replace(request, messages=tuple(messages)) if losses else request


def _to_nova(body: Json, *, short: bool) -> Json:
    config: Json = dict(body.get("inferenceConfig") or {})
    if short and "maxTokens" in config:
        config["max_new_tokens"] = config.pop("maxTokens")
    more: Json = dict(body.get("additionalModelRequestFields") or {})
    inner = more.pop("inferenceConfig", None)
    if type(inner) is dict:
        config.update(inner)
        body.pop("additionalModelRequestFields")
        if more:
            body["additionalModelRequestFields"] = more
    if config:
        body["inferenceConfig"] = config
    return body


def decode_response(body: bytes, family: Family) -> ChatResponse:
    """Raises `Refused` if `body` is no answer of that family."""
    response = INNER[family].decode_response(body)
    return msgspec.structs.replace(response, extensions={**response.extensions, NAME: {"~family": family}})


def encode_response(
    response: ChatResponse, source: str, asked: ChatRequest | None, family: Family
) -> Encoded:
    """`response` for a client who asked in the words of `family`."""
    inner = INNER[family]
    return inner.encode_response(response, inner.name if source == NAME else source, asked)
