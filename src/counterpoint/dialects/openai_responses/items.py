"""Items to canonical messages and parts: the same items stand in a request's input and in an answer's output.

What the assistant says, thinks and calls are items of their own here; the hub has them as the parts of one turn. So
items of the assistant that follow each other become one message, until something comes that another turn must begin
with: thinking or words after words without a call between them. Items that only this API's host can make or read
(searches, interpreters, references, ...) stay whole, as an `Opaque`, so that a kind of item which did not exist when
this was written passes too.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from counterpoint.canonical import Message, Opaque, Part, Reasoning, Refusal, Role, Text, ToolCall, ToolResult
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, refusal, wrong_type
from counterpoint.dialects.openai_responses.content import OF_ITEM, decode_content, is_plain, with_fields
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
Parts = tuple[Part, ...]

_ROLES = ("system", "developer", "user", "assistant")
OF_PIECE = "piece."
"""Before the name of a field of one piece of thinking."""

_RESULTS = ("_output", "_response")
"""How the types of items end that bring what the client's side did."""


def decode_input(values: Sequence[Any], path: str = "input") -> tuple[Message, ...]:
    """The conversation in a request's `input`."""
    messages: list[Message] = []
    turn: list[Part] = []

    def end_turn() -> None:
        if turn:
            messages.append(Message("assistant", tuple(turn)))
            turn.clear()

    for index, value in enumerate(values):
        message = _decode_item(Fields(value, f"{path}[{index}]"))
        if message.role != "assistant":
            end_turn()
            messages.append(message)
            continue
        if _begins_turn(turn, message.parts):
            end_turn()
        turn.extend(message.parts)
    end_turn()
    return tuple(messages)


def _begins_turn(turn: Sequence[Part], parts: Parts) -> bool:
    """Whether `parts` cannot go on `turn`, since they come before what is there already."""
    said = any(isinstance(part, Text | Refusal) for part in turn)
    called = any(isinstance(part, ToolCall) for part in turn)
    return said and not called and any(isinstance(part, Reasoning | Text | Refusal) for part in parts)


def decode_output(values: Sequence[Any], path: str = "output") -> Parts:
    """What is in an answer, nothing of it refused."""
    parts: list[Part] = []
    for index, value in enumerate(values):
        if type(value) is dict:
            parts += decode_answered(Fields(value, f"{path}[{index}]", strict=False))
    return tuple(parts)


def decode_answered(fields: Fields) -> Parts:
    """One item of an answer."""
    kind = fields.text("type") or ""
    decode = _ASSISTANT.get(kind)
    if fields.left.get("role", "assistant") != "assistant":
        decode = None  # of a compacted conversation: whose words they are must not be lost
    if decode is not None:
        try:
            return decode(fields)
        except Refused:
            pass  # an upstream's item that is not as its kind should be: passed on, not understood
    return (Opaque(NAME, kind, fields.whole),)


def _decode_item(fields: Fields) -> Message:
    kind = fields.text("type")
    if kind in {None, "message"}:
        return _decode_message(fields, kind)
    if kind in _ASSISTANT:
        return Message("assistant", _ASSISTANT[kind](fields))
    if kind in {"function_call_output", "custom_tool_call_output"}:
        return Message("tool", (_decode_result(fields, kind),))
    return Message(_role(fields, kind), (Opaque(NAME, kind, fields.whole),))


def _role(fields: Fields, kind: str) -> Role:
    """Whose turn an item belongs to that only this dialect understands."""
    role: Any = fields.left.get("role")
    if role in _ROLES:
        return role  # type: ignore[no-any-return] # one of them
    return "tool" if kind.endswith(_RESULTS) else "assistant"


def labels(fields: Fields) -> Json:
    """The item's `id` and `status`, taken out of it. In answers every item has a status, which goes without
    saying while it is that of the answer."""
    found = {name: fields.any(name) for name in (ID, STATUS) if name in fields.left}
    if not fields.strict and found.get(STATUS) in {"completed", "in_progress", None}:
        found.pop(STATUS, None)
    return found


def _spelled(marks: Json) -> Json:
    return {"~" + name: value for name, value in marks.items()}


def _decode_message(fields: Fields, kind: str | None) -> Message:
    role: Any = fields.needed("role", fields.text)
    if role not in _ROLES:
        at = fields.at("role")
        raise refusal(
            "dialects.field.value", at, code="invalid_value", path=at, wanted=", ".join(_ROLES), found=role
        )
    if role == "assistant":
        return Message("assistant", _decode_said(fields, kind))
    marks = labels(fields)
    if kind is None:
        marks[TYPE] = "absent"
    parts, how = _decode_contents(fields, CONTENT, "input_text")
    if how is not None:
        marks[CONTENT] = how
    return Message(role, parts, extensions=extras(NAME, {**fields.left, **_spelled(marks)}))


def _decode_contents(fields: Fields, name: str, usual: str) -> tuple[Parts, str | None]:
    """The parts of a string or list, and `list` where a string could have said the same."""
    value = fields.left.pop(name, None)
    if type(value) is str:
        return (Text(value),), None
    if type(value) is not list:
        raise wrong_type(fields.at(name), "string_or_array", value)
    parts = decode_content(value, fields, name, usual)
    return parts, "list" if len(parts) == 1 and is_plain(parts[0]) else None


def _decode_said(fields: Fields, kind: str | None = "message") -> Parts:
    """A message of the assistant. The item's labels are with its first part, its other fields too, under a
    name of their own; a message of nothing stays whole."""
    whole = fields.whole
    marks = labels(fields)
    if kind is None:
        marks[TYPE] = "absent"
    fields.any("role")
    parts, how = _decode_contents(fields, CONTENT, "output_text")
    if how is not None:
        marks[CONTENT] = how
    if not parts:
        return (Opaque(NAME, "message", whole),)
    rest = {OF_ITEM + name: value for name, value in fields.left.items()}
    first = with_fields(parts[0], {"~" + ITEM: marks, **rest})
    return (first, *(with_fields(part, {"~" + MORE: True}) for part in parts[1:]))


def _decode_call(fields: Fields) -> Parts:
    """`function_call` or `custom_tool_call`, whose input is free text."""
    custom = fields.whole["type"] == "custom_tool_call"
    marks = labels(fields)
    call_id = fields.needed("call_id", fields.text)
    name = fields.needed("name", fields.text)
    field = "input" if custom else "arguments"
    arguments = fields.needed(field, fields.text) if fields.strict else fields.text(field) or ""
    kind: Literal["function", "custom"] = "custom" if custom else "function"
    return (ToolCall(call_id, name, arguments, kind, extras(NAME, {**fields.left, "~" + ITEM: marks})),)


def _decode_reasoning(fields: Fields) -> Parts:
    """Thinking: a part for each piece of its summary and of its text. What only the maker can read is with the
    last."""
    marks = labels(fields)
    pieces = [
        *_pieces(fields, "summary", "summary_text", marks),
        *_pieces(fields, "content", "reasoning_text", marks),
    ]
    encrypted = fields.text("encrypted_content")
    if not fields.strict:
        for name in ("content", "encrypted_content"):
            fields.any(name)  # a null says nothing
    if not pieces:
        pieces = [Reasoning(extensions=extras(NAME, {"~" + KIND: "none"}))]
    if encrypted is not None:
        last = pieces[-1]
        pieces[-1] = Reasoning(last.text, encrypted=encrypted, extensions=last.extensions)
    first = with_fields(pieces[0], {**fields.left, "~" + ITEM: marks})
    return (first, *(with_fields(piece, {"~" + MORE: True}) for piece in pieces[1:]))


def _pieces(fields: Fields, name: str, kind: str, marks: Json) -> list[Reasoning]:
    """The thoughts in the list `name`. `marks`: where it is not as it usually is when it holds none."""
    listed = fields.array(name)
    if fields.strict and listed is None and name == "summary" and name not in fields.left:
        marks[name] = "absent"
    if fields.strict and listed == [] and name == "content":
        marks[name] = "empty"
    pieces: list[Reasoning] = []
    for index, value in enumerate(listed or ()):
        piece = fields.item(value, name, index)
        text = piece.needed("text", piece.text)
        found = piece.any("type")
        if found != kind:
            at = piece.at("type")
            raise refusal(
                "dialects.field.value", at, code="invalid_value", path=at, wanted=kind, found=str(found)
            )
        spelled = {"~" + KIND: "content"} if name == "content" else {}
        pieces.append(Reasoning(text, extensions=extras(NAME, {**_inside(piece), **spelled})))
    return pieces


def _inside(piece: Fields) -> Json:
    """What else a piece says, apart from what its item says."""
    return {OF_PIECE + name: value for name, value in piece.left.items()}


def _decode_result(fields: Fields, kind: str) -> ToolResult:
    marks = {**labels(fields), TYPE: kind}
    call_id = fields.needed("call_id", fields.text)
    parts, how = _decode_contents(fields, OUTPUT, "input_text")
    if how is not None or not parts:
        marks[OUTPUT] = "list"
    return ToolResult(call_id, parts, extensions=extras(NAME, {**fields.left, **_spelled(marks)}))


_ASSISTANT: dict[str, Callable[[Fields], Parts]] = {
    "message": _decode_said,
    "function_call": _decode_call,
    "custom_tool_call": _decode_call,
    "reasoning": _decode_reasoning,
}
