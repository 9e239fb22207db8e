"""Messages: a role, its words in one string, pictures beside them as bare base64, calls with their arguments as an
object (https://docs.ollama.com/api/chat)."""

from typing import Any

from counterpoint.canonical import Image, Media, Message, Opaque, Part, Reasoning, Text, ToolCall, ToolResult
from counterpoint.dialects.jsonio import Fields, compact, parse, refusal, wrong_type
from counterpoint.dialects.ollama.calls import Calls
from counterpoint.dialects.ollama.names import NAME
from counterpoint.dialects.ollama.objects import put_back, rest, spelled

_ROLES: dict[str, Any] = {name: name for name in ("system", "developer", "user", "assistant", "tool")}
_OF_FUNCTION = "function."
_PLACES = ("index",)
"""Fields of a call that only say where it stands."""

_BEGINNINGS = (
    ("iVBORw0KGgo", "image/png"),
    ("/9j/", "image/jpeg"),
    ("R0lGOD", "image/gif"),
    ("UklGR", "image/webp"),
    ("Qk", "image/bmp"),
)
"""How the base64 of a picture begins, by its signature."""


def decode_message(fields: Fields, calls: Calls) -> Message:
    """One message of a request."""
    role = fields.needed("role", fields.text)
    if role.lower() not in _ROLES:
        at = fields.at("role")
        raise refusal("dialects.field.value", at, path=at, wanted=", ".join(_ROLES), found=role)
    written = None if role == role.lower() else role
    role = role.lower()
    content = "absent" if "content" not in fields.whole else None
    if role == "tool":
        return _decode_result(fields, calls, content, written)
    parts = decode_parts(fields, calls)
    return Message(
        _ROLES[role], parts, extensions=rest(fields, content=content, role=written, **_lists(fields))
    )


def _lists(fields: Fields) -> dict[str, Any]:
    """Which lists were written though there is nothing in them."""
    empty = [name for name in ("images", "tool_calls") if fields.whole.get(name) == []]
    if fields.whole.get("thinking") == "":
        empty.append("thinking")
    return {"empty": empty} if empty else {}


def decode_parts(fields: Fields, calls: Calls) -> tuple[Part, ...]:
    """What is said: thinking, words, pictures and calls."""
    parts: list[Part] = []
    thinking, content = fields.text("thinking"), fields.text("content")
    if thinking:
        parts.append(Reasoning(thinking))
    if content:
        parts.append(Text(content))
    parts += decode_images(fields)
    parts += [decode_call(item, calls) for item in fields.each("tool_calls")]
    return tuple(parts)


def decode_images(fields: Fields) -> list[Part]:
    """Pictures, whose kind must be read off their bytes."""
    images: list[Part] = []
    for index, value in enumerate(fields.array("images") or ()):
        if type(value) is not str:
            if fields.strict:
                raise wrong_type(f"{fields.at('images')}[{index}]", "string", value)
            images.append(Opaque(NAME, "image", value))
            continue
        images.append(Image(Media("data", value, kind_of_image(value))))
    return images


def kind_of_image(data: str) -> str | None:
    """The media type of a picture in base64; `None` if its bytes do not tell."""
    return next((kind for first, kind in _BEGINNINGS if data.startswith(first)), None)


def decode_call(fields: Fields, calls: Calls) -> ToolCall:
    """One call. Its arguments are an object here, text in the hub."""
    call_id, kind = fields.text("id"), fields.text("type")
    function = fields.needed("function", fields.inner)
    name = function.needed("name", function.text)
    arguments = function.left.pop("arguments", None)
    placed = {name: function.any(name) for name in _PLACES if name in function.left} or None
    fields.left.update({_OF_FUNCTION + key: value for key, value in function.left.items()})
    return ToolCall(
        calls.call(name, call_id),
        name,
        arguments if type(arguments) is str else compact({} if arguments is None else arguments),
        extensions=rest(
            fields,
            id=None if call_id else "absent",
            type=kind,
            placed=placed,
            arguments="text" if type(arguments) is str else "absent" if arguments is None else None,
        ),
    )


def _decode_result(fields: Fields, calls: Calls, content: str | None, written: str | None) -> Message:
    named = fields.text("tool_name")
    call_id = fields.text("tool_call_id")
    said = fields.text("content")
    parts: tuple[Part, ...] = (Text(said),) if said else ()
    parts += tuple(decode_images(fields))
    spellings = rest(
        fields,
        content=content,
        role=written,
        name=named if named is not None else "",
        id=None if call_id is not None else "absent",
        **_lists(fields),
    )
    return Message("tool", (ToolResult(calls.result(named, call_id), parts),), extensions=spellings)


def encode_message(message: Message, calls: Calls) -> list[dict[str, Any]]:
    """A message as this API has it; results are messages of their own."""
    results = [part for part in message.parts if isinstance(part, ToolResult)]
    if results:
        return [_encode_result(message, result, calls) for result in results]
    body: dict[str, Any] = {
        "role": spelled(message.extensions, "role") or message.role,
        **encode_parts(message.parts, calls),
    }
    return [_finished(body, message)]


def _finished(body: dict[str, Any], message: Message) -> dict[str, Any]:
    left = put_back(message.extensions)
    if spelled(message.extensions, "content") or "content" in left:
        body.pop("content")
    for name in spelled(message.extensions, "empty") or ():
        body[name] = "" if name == "thinking" else []
    return {**body, **left}


def encode_parts(parts: tuple[Part, ...], calls: Calls) -> dict[str, Any]:
    """The fields of a message that say what it says."""
    body: dict[str, Any] = {"content": "".join([part.text for part in parts if isinstance(part, Text)])}
    thinking = "".join([part.text for part in parts if isinstance(part, Reasoning)])
    if thinking:
        body["thinking"] = thinking
    images = [image for part in parts if (image := _encode_image(part)) is not None]
    if images:
        body["images"] = images
    made = [encode_call(part, calls) for part in parts if isinstance(part, ToolCall)]
    if made:
        body["tool_calls"] = made
    return body


def _encode_image(part: Part) -> Any:
    match part:
        case Image(source=Media(value=value)):
            return value
        case Opaque(dialect=dialect, kind="image") if dialect == NAME:
            return part.value
        case _:
            return None


def encode_call(part: ToolCall, calls: Calls) -> dict[str, Any]:
    """One call."""
    calls.call(part.name, part.id)
    left = put_back(part.extensions)
    how = spelled(part.extensions, "arguments")
    function: dict[str, Any] = {**(spelled(part.extensions, "placed") or {}), "name": part.name}
    if how != "absent":
        function["arguments"] = part.arguments if how == "text" else arguments_object(part.arguments)[0]
    for name in [name for name in left if name.startswith(_OF_FUNCTION)]:
        function[name.removeprefix(_OF_FUNCTION)] = left.pop(name)
    call: dict[str, Any] = {}
    if spelled(part.extensions, "id") is None and part.id and "id" not in left:
        call["id"] = part.id
    kind = spelled(part.extensions, "type")
    return {**call, **({"type": kind} if kind else {}), "function": function, **left}


def arguments_object(text: str) -> tuple[Any, bool]:
    """The object that a call's arguments are, and whether they are one; else they are wrapped in one."""
    try:
        value = parse(text) if text.strip() else {}
    except ValueError:
        value = text
    return (value, True) if type(value) is dict else ({"arguments": value}, False)


def object_call(part: ToolCall) -> tuple[ToolCall, tuple[str, str] | None]:
    """A call of another dialect with an object for its arguments; and, if they were none, what is lost and why."""
    if part.kind == "custom":
        lost = ("tool_call.custom", "free-text input becomes an object")
        return ToolCall(part.id, part.name, compact({"input": part.arguments})), lost
    wrapped = ("tool_call.arguments", "arguments that are not a JSON object are wrapped in one")
    whole = arguments_object(part.arguments)[1]
    return ToolCall(part.id, part.name, part.arguments), None if whole else wrapped


def _encode_result(message: Message, result: ToolResult, calls: Calls) -> dict[str, Any]:
    said = encode_parts(result.parts, Calls())
    body: dict[str, Any] = {"role": spelled(message.extensions, "role") or "tool", **said}
    named = spelled(message.extensions, "name")
    if named is None:
        named = calls.name_of(result.call_id) or ""
    if named and "tool_name" not in put_back(message.extensions):
        body["tool_name"] = named
    left = put_back(message.extensions)
    if result.call_id and spelled(message.extensions, "id") is None and "tool_call_id" not in left:
        body["tool_call_id"] = result.call_id
    return _finished(body, message)
