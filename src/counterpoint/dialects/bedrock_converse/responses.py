"""Whole answers: this dialect's JSON to canonical and back."""

from typing import Any

from counterpoint.canonical import ChatResponse, Choice, Loss
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.bedrock_converse.adapting.answers import adapted_answer
from counterpoint.dialects.bedrock_converse.errors import failure_of, is_ours
from counterpoint.dialects.bedrock_converse.finishing import decode_finish, encode_finish
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.bedrock_converse.objects import left_in, put_back, rest, spelled
from counterpoint.dialects.bedrock_converse.parts import decode_blocks, encode_blocks
from counterpoint.dialects.bedrock_converse.usage import decode_usage, encode_usage
from counterpoint.dialects.jsonio import Fields, encode, not_an_answer, parse

METRICS = {"latencyMs": 0}
"""The field must be there; how long another host took is not in its answer."""


def decode_response(body: bytes) -> ChatResponse:
    """An answer of `Converse`. Raises `Refused` if it is none."""
    try:
        return _decode_response(Fields(read_answer(body), strict=False))
    except RecursionError as error:
        raise not_an_answer("dialects.upstream.not_answer", reason="nested too deeply") from error


def read_answer(body: bytes) -> dict[str, Any]:
    """The JSON of an answer. Raises `Refused`, with the failure it reports if it is an error after all."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    if type(value) is not dict:
        raise not_an_answer("dialects.upstream.not_answer", reason="not an object")
    if "output" not in value:
        if is_ours(value):
            raise Refused(failure_of(value, "", None))
        raise not_an_answer("dialects.upstream.not_answer", reason="no output")
    return value


def _decode_response(fields: Fields) -> ChatResponse:
    output = fields.needed("output", fields.inner)
    message = output.needed("message", output.inner)
    role = message.text("role")
    parts = decode_blocks(item for item in message.each("content"))
    left_in(output, "message", message)
    left_in(fields, "output", output)
    usage, metrics = fields.object("usage"), fields.object("metrics")
    finish = decode_finish(fields.text("stopReason"))
    tier = fields.inner("serviceTier")
    served = None if tier is None else tier.text("type")
    if tier is not None:
        left_in(fields, "serviceTier", tier)
    return ChatResponse(
        choices=(Choice(0, parts, finish),),
        usage=decode_usage(usage),
        service_tier=served,
        extensions=rest(fields, usage=usage, metrics=metrics, role="absent" if role is None else None),
    )


def encode_response(response: ChatResponse, source: str) -> Encoded:
    """`response` for a client of this dialect."""
    losses: tuple[Loss, ...] = ()
    if source != NAME:
        response, losses = adapted_answer(response)
    return Encoded(encode(_body(response, own=source == NAME)), losses)


def _body(response: ChatResponse, *, own: bool) -> dict[str, Any]:
    choice = response.choices[0] if response.choices else Choice()
    left = put_back(response.extensions)
    output = dict(left.pop("output", None) or {})
    message: dict[str, Any] = {"role": "assistant", "content": encode_blocks(choice.parts)}
    if spelled(response.extensions, "role") is not None:
        del message["role"]
    usage = spelled(response.extensions, "usage")
    body: dict[str, Any] = {
        "output": {**output, "message": {**message, **(output.get("message") or {})}},
        "usage": encode_usage(response.usage) if usage is None else usage,
    }
    if choice.finish is not None or not own:
        body["stopReason"] = encode_finish(choice.finish, choice.parts, own=own)
    metrics = spelled(response.extensions, "metrics") if own else METRICS
    if metrics is not None:
        body["metrics"] = metrics
    if response.service_tier in _TIERS or (own and response.service_tier is not None):
        body["serviceTier"] = {"type": response.service_tier, **(left.pop("serviceTier", None) or {})}
    return {**body, **left}


_TIERS = frozenset({"priority", "default", "flex", "reserved"})
