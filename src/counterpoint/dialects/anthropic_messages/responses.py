"""Whole answers: this dialect's JSON to canonical and back."""

from typing import Any

from counterpoint.canonical import ChatResponse, Choice, Finish, Loss
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.ids import new_id
from counterpoint.dialects.anthropic_messages.adapting.answers import adapted_answer
from counterpoint.dialects.anthropic_messages.content import decode_block, encode_blocks
from counterpoint.dialects.anthropic_messages.errors import failure_of
from counterpoint.dialects.anthropic_messages.finishing import decode_finish, encode_finish
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.objects import Taken, put_back, spelled
from counterpoint.dialects.anthropic_messages.usage import (
    decode_tier,
    decode_usage,
    encode_tier,
    encode_usage,
)
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import encode, not_an_answer, parse

AT_THE_END = ("stop_details", "container", "context_management")
"""Fields of an answer that a stream gives with its end: they belong to the choice, so that both fold alike."""


def decode_response(body: bytes) -> ChatResponse:
    """An answer of the Messages API. Raises `Refused` if it is none."""
    try:
        return _decode_response(read_answer(body))
    except RecursionError as error:
        raise not_an_answer("dialects.upstream.not_answer", reason="nested too deeply") from error


def _decode_response(raw: dict[str, Any]) -> ChatResponse:
    sequence = raw.pop("stop_sequence", None)  # always there in this dialect, mostly null
    taken = Taken(raw, strict=False)
    content = taken.array("content")
    if content is None:
        raise not_an_answer("dialects.upstream.not_answer", reason="no content")
    usage = taken.object("usage")
    for name in ("type", "role"):
        taken.any(name)
    at_the_end = {name: taken.left.pop(name) for name in AT_THE_END if name in taken.left}
    parts = tuple(
        decode_block(block, f"content[{index}]", strict=False)
        for index, block in enumerate(content)
        if type(block) is dict
    )
    finish = decode_finish(taken.text("stop_reason"), sequence if type(sequence) is str else None)
    return ChatResponse(
        taken.text("id") or "",
        taken.text("model") or "",
        (Choice(0, parts, finish, extensions=extras(NAME, at_the_end)),),
        decode_usage(usage),
        service_tier=decode_tier(usage),
        extensions=taken.rest(usage=usage),
    )


def read_answer(body: bytes) -> dict[str, Any]:
    """The JSON of an answer. Raises `Refused`, with the failure it reports if it is an error after all."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    if type(value) is not dict:
        raise not_an_answer("dialects.upstream.not_answer", reason="not an object")
    if value.get("type") == "error" or ("error" in value and "content" not in value):
        raise Refused(failure_of(value, None))
    return value


def encode_response(response: ChatResponse, source: str) -> Encoded:
    """`response` for a client of this dialect."""
    losses: tuple[Loss, ...] = ()
    if source != NAME:
        response, losses = adapted_answer(response)
    return Encoded(encode(_body(response)), losses)


def _body(response: ChatResponse) -> dict[str, Any]:
    choice = response.choices[0] if response.choices else Choice()
    usage = spelled(response.extensions, "usage")
    if usage is None:
        usage = encode_usage(response.usage)
        encode_tier(usage, response.service_tier)
    return {
        **put_back(response.extensions),
        **put_back(choice.extensions),
        "id": response.id or message_id(),
        "type": "message",
        "role": "assistant",
        "model": response.model,
        "content": encode_blocks(choice.parts),
        "stop_reason": encode_finish(choice.finish, choice.parts),
        "stop_sequence": (choice.finish or Finish("stop")).stop_sequence,
        "usage": usage,
    }


def message_id() -> str:
    """An id for an answer that came without one."""
    return "msg_" + new_id().replace("-", "")
