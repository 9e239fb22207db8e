"""Whole answers of both calls: this API's JSON to canonical and back. They differ in where the words stand."""

import re
from typing import Any

from counterpoint.canonical import ChatResponse, Choice, Loss, ToolCall
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.jsonio import Fields, encode, not_an_answer
from counterpoint.dialects.ollama.answers import adapted_answer
from counterpoint.dialects.ollama.calls import Calls
from counterpoint.dialects.ollama.errors import failure_of
from counterpoint.dialects.ollama.finishing import decode_finish, encode_finish
from counterpoint.dialects.ollama.messages import decode_parts, encode_parts
from counterpoint.dialects.ollama.moments import moment_of, seconds_of
from counterpoint.dialects.ollama.names import FAMILY
from counterpoint.dialects.ollama.objects import answer_object, put_back, rest, spelled
from counterpoint.dialects.ollama.usage import READ, TIMES, WRITTEN, decode_usage, encode_usage

_NO_DIGITS = re.compile(r"\D")
_MESSAGE = "message."
"""Before the name of a field that stood in `message`."""


def decode_response(body: bytes) -> ChatResponse:
    """An answer of either call. Raises `Refused` if it is none."""
    value = answer_object(body)
    if value.get("error"):
        raise Refused(failure_of(value, None))
    if "message" not in value and "response" not in value:
        raise not_an_answer("dialects.upstream.missing", path="message")
    try:
        return _decode_response(Fields(value, strict=False))
    except RecursionError as error:
        raise not_an_answer("dialects.upstream.not_answer", reason="nested too deeply") from error


def _decode_response(fields: Fields) -> ChatResponse:
    created = fields.text("created_at")
    message = said_in(fields)
    parts = decode_parts(message, Calls(stem_of(created)))
    left_of_message(message, fields)
    logprobs = fields.array("logprobs")
    finish = decode_finish(fields.text("done_reason"), called=any(isinstance(p, ToolCall) for p in parts))
    done = fields.any("done")
    usage = decode_usage({name: fields.any(name) for name in (READ, WRITTEN)})
    choice = Choice(0, parts, finish, None if logprobs is None else {"content": logprobs})
    return ChatResponse(
        "",
        fields.text("model") or "",
        (choice,),
        usage,
        seconds_of(created),
        extensions=rest(
            fields,
            created_at=created,
            times=times_of(fields),
            done=None if done is True else {"was": done},
        ),
    )


def stem_of(created: str | None) -> str:
    """What ids are made from for calls that the server gives none: they must differ from turn to turn."""
    return f"call_{_NO_DIGITS.sub('', created or '')}"


def said_in(fields: Fields) -> Fields:
    """Where an answer, or a piece of one, says something: in its `message`, or beside it."""
    message = fields.inner("message") if type(fields.left.get("message")) is dict else None
    if message is None:
        beside = {"response": "content", "thinking": "thinking", "tool_calls": "tool_calls"}
        return Fields(
            {name: fields.any(field) for field, name in beside.items() if field in fields}, strict=False
        )
    if message.left.get("role") == "assistant":
        del message.left["role"]
    return message


def left_of_message(message: Fields, fields: Fields) -> None:
    """Keep what the hub has no word for."""
    fields.left.update({_MESSAGE + name: value for name, value in message.left.items() if value is not None})


def times_of(fields: Fields) -> dict[str, Any] | None:
    """How long things took: of interest to nobody but the one who asked the machine itself."""
    return {name: fields.any(name) for name in TIMES if name in fields} or None


def encode_response(response: ChatResponse, source: str, now: float, *, prompted: bool) -> Encoded:
    """`response` for a client. `now`: for an answer that does not say when it was made. `prompted`: it answers
    `/api/generate`."""
    losses: tuple[Loss, ...] = ()
    own = source in FAMILY
    if not own:
        response, losses = adapted_answer(response)
    choice = response.choices[0] if response.choices else Choice()
    left = put_back(response.extensions)
    message = encode_parts(choice.parts, Calls())
    if prompted:
        losses += tuple(unsaid(choice))
    message |= {
        name.removeprefix(_MESSAGE): left.pop(name) for name in list(left) if name.startswith(_MESSAGE)
    }
    at = spelled(response.extensions, "created_at")
    done = spelled(response.extensions, "done")
    body: dict[str, Any] = {
        "model": response.model,
        "created_at": at or moment_of(now if response.created is None else response.created),
        **saying(message, prompted=prompted),
        "done": True if done is None else done["was"],
        "done_reason": encode_finish(choice.finish, own=own),
        **(spelled(response.extensions, "times") or {}),
        **encode_usage(response.usage),
    }
    if isinstance(choice.logprobs, dict) and choice.logprobs.get("content") is not None:
        body["logprobs"] = choice.logprobs["content"]
    return Encoded(encode({**body, **left}), losses)


def saying(message: dict[str, Any], *, prompted: bool) -> dict[str, Any]:
    """The fields of an answer, or of a piece of one, that say something."""
    if not prompted:
        return {"message": {"role": "assistant", **message}}
    said = {"response": message.get("content", "")}
    return {**said, "thinking": message["thinking"]} if "thinking" in message else said


def unsaid(choice: Choice) -> list[Loss]:
    """What the answer to a prompt has no place for."""
    return [
        Loss("part.tool_call", f"choices[0].parts[{place}]", "meaning", "the target has no such part")
        for place, part in enumerate(choice.parts)
        if isinstance(part, ToolCall)
    ]
