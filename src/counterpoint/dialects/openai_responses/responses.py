"""Whole answers, to canonical and back."""

import re
from typing import Any

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    Choice,
    Loss,
    Part,
    Text,
)
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.ids import new_id
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields, encode, not_an_answer, parse
from counterpoint.dialects.openai_responses.adapting.answers import adapted_answer
from counterpoint.dialects.openai_responses.envelope import own_id, repeated, split
from counterpoint.dialects.openai_responses.errors import failure_of
from counterpoint.dialects.openai_responses.finishing import ended, finish_from, has_calls
from counterpoint.dialects.openai_responses.item_encoding import PREFIXES, encode_turn
from counterpoint.dialects.openai_responses.items import decode_output
from counterpoint.dialects.openai_responses.names import ENVELOPE, LOGPROBS, NAME, USAGE
from counterpoint.dialects.openai_responses.usage import usage_body, usage_from

Json = dict[str, Any]
_NOT_IN_IDS = re.compile(r"[^a-zA-Z0-9]")


def answer_object(body: bytes) -> Json:
    """The object in an upstream's answer. Raises `Refused` for anything else and for a reported failure."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    if type(value) is not dict:
        raise not_an_answer("dialects.upstream.not_json")
    failure = failure_of(value)
    if failure is not None:
        raise Refused(failure)
    return value


def decode_response(body: bytes) -> ChatResponse:
    """Raises `Refused` with the failure that the body reports, or if it is not an answer at all."""
    return decode_answer(answer_object(body))


def decode_answer(value: Json) -> ChatResponse:
    """The answer in that object."""
    fields = Fields(value, strict=False)
    parts = decode_output(fields.needed("output", fields.array))
    usage = fields.object("usage")
    finish = finish_from(value.get("status"), value.get("incomplete_details"), called=has_calls(parts))
    answer_id, model = fields.text("id"), fields.text("model")
    created, tier = fields.integer("created_at"), fields.text("service_tier")
    around, rest = split(fields.left)
    marks: Json = {"~" + ENVELOPE: around}
    if usage is not None:
        marks["~" + USAGE] = usage
    return ChatResponse(
        answer_id or "",
        model or "",
        (Choice(0, parts, finish, logprobs_of(parts)),),
        usage_from(usage, value.get("tool_usage")),
        created,
        tier,
        extensions=extras(NAME, {**rest, **marks}),
    )


def logprobs_of(parts: tuple[Part, ...]) -> Json | None:
    """The probabilities of all that was said, in the hub's shape."""
    entries = [
        entry
        for part in parts
        if isinstance(part, Text)
        for entry in spelling(part.extensions, NAME, LOGPROBS) or ()
    ]
    return {"content": entries} if entries else None


class Labels:
    """Ids for the items of an answer, made from the answer's own."""

    def __init__(self, answer_id: str) -> None:
        self._stem = _NOT_IN_IDS.sub("", answer_id.removeprefix("resp_"))[-40:] or new_id().replace("-", "")
        self._count = 0

    def __call__(self, kind: str) -> str:
        """The next one, for an item of that type."""
        self._count += 1
        return f"{PREFIXES.get(kind, 'item')}_{self._stem}{self._count:02x}"


def response_id(answer_id: str) -> str:
    """The answer's id as clients of this dialect know ids."""
    return answer_id if answer_id.startswith("resp_") else f"resp_{answer_id or new_id().replace('-', '')}"


def encode_response(response: ChatResponse, source: str, asked: ChatRequest | None, now: int) -> Encoded:
    """The body for a client. `now`: the time, for an answer that has none of its own."""
    losses: tuple[Loss, ...] = ()
    own = source == NAME
    if not own:
        response, losses = adapted_answer(response)
    choice = response.choices[0] if response.choices else Choice()
    answer_id = response.id if own else own_id(asked) or response_id(response.id)
    body: Json = {
        "id": answer_id,
        "object": "response",
        "created_at": now if response.created is None else response.created,
        "model": response.model,
        "output": encode_turn(choice.parts, Labels(answer_id)),
    }
    around = spelling(response.extensions, NAME, ENVELOPE)
    if around is None:
        around = {**repeated(asked), "error": None, **ended(choice.finish), "completed_at": now}
    usage = spelling(response.extensions, NAME, USAGE)
    if usage is not None:
        body["usage"] = usage
    elif response.usage.reported:
        body["usage"] = usage_body(response.usage)
    if response.service_tier is not None:
        body["service_tier"] = response.service_tier
    return Encoded(encode({**fields_of(response.extensions, NAME), **body, **around}), losses)
