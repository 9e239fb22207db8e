"""A client's request to canonical."""

from typing import Any

from counterpoint.canonical import ChatRequest, Message, Text
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, decode_object, refusal, wrong_type
from counterpoint.dialects.openai_responses.items import decode_input
from counterpoint.dialects.openai_responses.names import (
    INCLUDE,
    INPUT,
    LOGPROBS_WANTED,
    MODEL,
    NAME,
    PLACE,
    STREAM,
    TOOLS,
)
from counterpoint.dialects.openai_responses.settings import decode_reasoning, decode_text
from counterpoint.dialects.openai_responses.tools import decode_tool_choice, decode_tools


def decode_request(body: bytes) -> ChatRequest:
    """Raises `Refused` with the JSON path at fault. A field without a word in the hub stays an extension."""
    fields = Fields(decode_object(body))
    marks: dict[str, Any] = {}
    model = fields.text("model")
    if model == "":
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    if model is None:
        marks[MODEL] = "absent"  # a stored prompt may name it, or the host's URL
    messages = _decode_instructions(fields) + _decode_input(fields, marks)
    if fields.left.get("tools") == []:
        marks[TOOLS] = "empty"
    tools = decode_tools(fields)
    stream = fields.boolean("stream")
    if stream is False:
        marks[STREAM] = False
    top_logprobs = fields.integer("top_logprobs")
    return ChatRequest(
        model=model or "",
        messages=messages,
        tools=tools,
        tool_choice=decode_tool_choice(fields),
        parallel_tool_calls=fields.boolean("parallel_tool_calls"),
        output=decode_text(fields, marks),
        reasoning=decode_reasoning(fields, marks),
        max_output=fields.integer("max_output_tokens"),
        temperature=fields.number("temperature"),
        top_p=fields.number("top_p"),
        logprobs=_decode_include(fields, marks) or (True if top_logprobs else None),
        top_logprobs=top_logprobs,
        stream=bool(stream),
        include_usage=bool(stream),
        user=fields.text("user"),
        service_tier=fields.text("service_tier"),
        metadata=fields.object("metadata"),
        extensions=extras(NAME, fields.left | {"~" + name: value for name, value in marks.items()}),
    )


def _decode_instructions(fields: Fields) -> tuple[Message, ...]:
    text = fields.text("instructions")
    if text is None:
        return ()
    return (Message("system", (Text(text),), extensions=extras(NAME, {"~" + PLACE: "instructions"})),)


def _decode_input(fields: Fields, marks: dict[str, Any]) -> tuple[Message, ...]:
    value = fields.left.pop(INPUT, None)
    if type(value) is str:
        marks[INPUT] = "string"
        return (Message("user", (Text(value),)),)
    if value is None:
        marks[INPUT] = "absent"  # a stored prompt or conversation has all there is
        return ()
    if type(value) is not list:
        raise wrong_type(INPUT, "string_or_array", value)
    return decode_input(value)


def _decode_include(fields: Fields, marks: dict[str, Any]) -> bool | None:
    """Whether probabilities are wanted; what else is to be included stays an extension."""
    listed = fields.texts(INCLUDE)
    if listed is None:
        return None
    marks[INCLUDE] = list(listed)
    others = [item for item in listed if item != LOGPROBS_WANTED]
    if others:
        fields.left[INCLUDE] = others  # so that another dialect declares them lost
    return True if LOGPROBS_WANTED in listed else None
