"""Canonical messages and parts to items. What cannot stand here has been adapted before (`adapting`).

A part goes on the item of the part before it where it came so, or (in another dialect's turn) where both are words
of one message. `Labels` gives items of an answer their ids, which clients of this dialect rely on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from counterpoint.canonical import Message, Opaque, Part, Reasoning, Refusal, Text, ToolCall, ToolResult
from counterpoint.dialects.extensions import fields_of, spelling
from counterpoint.dialects.openai_responses.content import (
    OF_ITEM,
    WHOLE,
    encode_content,
    encode_part,
    is_plain,
    own_fields,
)
from counterpoint.dialects.openai_responses.items import OF_PIECE
from counterpoint.dialects.openai_responses.names import (
    CONTENT,
    ID,
    ITEM,
    KIND,
    MORE,
    NAME,
    OUTPUT,
    STATUS,
    TYPE,
)

Json = dict[str, Any]
PREFIXES = {"message": "msg", "function_call": "fc", "custom_tool_call": "ctc", "reasoning": "rs"}
"""How the ids of items begin."""


def encode_messages(messages: Iterable[Message]) -> list[Json]:
    """The items of a request's `input`."""
    items: list[Json] = []
    custom: set[str] = set()
    for message in messages:
        if message.role == "assistant":
            items += encode_turn(message.parts)
            custom |= {
                part.id for part in message.parts if isinstance(part, ToolCall) and part.kind == "custom"
            }
        else:
            items += _encode_others(message, custom)
    return items


def _encode_others(message: Message, custom: set[str]) -> Iterator[Json]:
    """What the user, the system or a tool says."""
    rest: list[Part] = []
    alone = True
    for part in message.parts:
        if isinstance(part, ToolResult):
            yield _encode_result(part, custom)
        elif is_item(part):
            yield dict(part.value) if isinstance(part, Opaque) else {}
        else:
            rest.append(part)
            continue
        alone = False
    if rest or alone:
        yield _encode_message(message, rest)


def is_item(part: Part) -> bool:
    """Whether `part` is an item that was kept whole."""
    return isinstance(part, Opaque) and part.dialect == NAME and WHOLE not in part.value


def _encode_message(message: Message, parts: Sequence[Part]) -> Json:
    extensions = message.extensions
    body: Json = {} if spelling(extensions, NAME, TYPE) == "absent" else {"type": "message"}
    body["role"] = "user" if message.role == "tool" else message.role
    body["content"] = _string_or_list(parts, spelling(extensions, NAME, CONTENT), "input_text")
    for name in (ID, STATUS):
        label = spelling(extensions, NAME, name)
        if label is not None:
            body[name] = label
    return {**fields_of(extensions, NAME), **body}


def _string_or_list(parts: Sequence[Part], how: str | None, usual: str) -> Any:
    if len(parts) == 1 and how != "list" and is_plain(parts[0]) and isinstance(parts[0], Text):
        return parts[0].text
    return encode_content(parts, usual)


def _encode_result(part: ToolResult, custom: set[str]) -> Json:
    extensions = part.extensions
    usual = "custom_tool_call_output" if part.call_id in custom else "function_call_output"
    body: Json = {"type": spelling(extensions, NAME, TYPE) or usual, "call_id": part.call_id}
    how = spelling(extensions, NAME, OUTPUT)
    empty = not part.parts and how != "list"
    body["output"] = "" if empty else _string_or_list(part.parts, how, "input_text")
    for name in (ID, STATUS):
        label = spelling(extensions, NAME, name)
        if label is not None:
            body[name] = label
    return {**fields_of(extensions, NAME), **body}


def marks_of(part: Part) -> Json:
    """The spellings with a part, wherever it keeps them."""
    held = part.value if isinstance(part, Opaque) else part.extensions.get(NAME, {})
    return {name[1:]: value for name, value in held.items() if name[:1] == "~"}


def grouped(parts: Iterable[Part], *, answer: bool) -> Iterator[list[Part]]:
    """The parts of each item."""
    group: list[Part] = []
    for part in parts:
        if group and not goes_on(group[-1], part, answer=answer):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def goes_on(before: Part, part: Part, *, answer: bool) -> bool:
    """Whether `part` belongs to the item of the part `before` it. In an `answer` the words of another dialect's turn
    are one message; in a request each is its own, since only a message of this API's own has several."""
    marks = marks_of(part)
    if ITEM in marks or is_item(part) or is_item(before):
        return False
    if MORE in marks:
        return True
    return answer and _is_said(before) and _is_said(part)


def _is_said(part: Part) -> bool:
    """Whether `part` stands in a message."""
    return not isinstance(part, Reasoning | ToolCall)


def encode_turn(parts: Iterable[Part], label: Callable[[str], str] | None = None) -> list[Json]:
    """The items of what the assistant says. `label`: in an answer, what gives an item without an id one."""
    return [encode_item(group, label) for group in grouped(parts, answer=label is not None)]


def encode_item(group: Sequence[Part], label: Callable[[str], str] | None = None) -> Json:
    """One item of the assistant, from all its parts."""
    first = group[0]
    known = marks_of(first).get(ITEM)
    marks = known or {}
    match first:
        case Opaque() if is_item(first):
            return dict(first.value)
        case Reasoning():
            body = _encode_reasoning(group, marks)
        case ToolCall():
            body = _encode_call(first)
        case _:
            body = _encode_said(group, marks, answer=label is not None)
    for name in (ID, STATUS):
        if name in marks:
            body[name] = marks[name]
    if label is not None:
        if known is None:
            body[ID] = label(body["type"])
        body.setdefault(STATUS, "completed")
    return body


def _encode_said(group: Sequence[Part], marks: Json, *, answer: bool) -> Json:
    first = group[0]
    held = first.value if isinstance(first, Opaque) else fields_of(first.extensions, NAME)
    rest = {name.removeprefix(OF_ITEM): value for name, value in held.items() if name.startswith(OF_ITEM)}
    body: Json = {**rest} if marks.get(TYPE) == "absent" and not answer else {**rest, "type": "message"}
    body["role"] = "assistant"
    if answer:
        body["content"] = encode_content(group, "output_text", answer=True)
    else:
        body["content"] = _string_or_list(group, marks.get(CONTENT), "output_text")
    return body


def _encode_call(call: ToolCall) -> Json:
    fields = own_fields(call)
    if call.kind == "custom":
        body = {"type": "custom_tool_call", "call_id": call.id, "name": call.name, "input": call.arguments}
    else:
        body = {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
    return {**fields, **body}


def _encode_reasoning(group: Sequence[Part], marks: Json) -> Json:
    summary: list[Json] = []
    content: list[Json] = []
    encrypted: str | None = None
    for part in group:
        if not isinstance(part, Reasoning):
            continue
        encrypted = part.encrypted or encrypted
        kind = spelling(part.extensions, NAME, KIND)
        if kind != "none":
            place = content if kind == "content" else summary
            place.append(piece_of(part))
    fields = own_fields(group[0])
    body = {name: value for name, value in fields.items() if not name.startswith(OF_PIECE)}
    body["type"] = "reasoning"
    if summary or marks.get("summary") != "absent":
        body["summary"] = summary
    if content or marks.get("content") == "empty":
        body["content"] = content
    if encrypted is not None:
        body["encrypted_content"] = encrypted
    return body


def piece_of(part: Reasoning) -> Json:
    """One piece of thinking."""
    kind = "reasoning_text" if spelling(part.extensions, NAME, KIND) == "content" else "summary_text"
    fields = fields_of(part.extensions, NAME)
    inside = {
        name.removeprefix(OF_PIECE): value for name, value in fields.items() if name.startswith(OF_PIECE)
    }
    return {**inside, "type": kind, "text": part.text}


def content_part(part: Part) -> Json | None:
    """One part of an answer's message, with the lists that every text of an answer has."""
    return encode_part(part, "output_text", answer=True)


def refused(parts: Iterable[Part]) -> bool:
    """Whether the model declined."""
    return any(isinstance(part, Refusal) for part in parts)
