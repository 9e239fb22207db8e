"""Messages to canonical: the same objects stand in a request's history and in an answer.

The order of an assistant's parts is: reasoning, content, refusal, audio, tool calls. The dialect has them in
separate fields, so no other order can be known.
"""

from typing import Any, TypeGuard

import msgspec

from counterpoint.canonical import (
    Audio,
    Citation,
    Media,
    Message,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.extensions import extras, spelling
from counterpoint.dialects.jsonio import Fields, compact, refusal
from counterpoint.dialects.openai_chat.names import (
    ANNOTATION,
    ANNOTATIONS,
    ARGUMENTS,
    CALL_ID,
    CONTENT,
    DETAIL,
    FIELD,
    ID,
    LEGACY,
    NAME,
    REASONING,
    REASONING_CONTENT,
    REASONING_DETAILS,
    ROLE,
    TOOL_CALLS,
    TYPE,
)
from counterpoint.dialects.openai_chat.parts import decode_content, nested

Spellings = dict[str, Any]


def decode_messages(every: list[Any], path: str = "messages") -> tuple[Message, ...]:
    """A conversation. Legacy function calls have no ids: a result gets the id of the last call to its name."""
    messages: list[Message] = []
    legacy_ids: dict[str, str] = {}
    for index, value in enumerate(every):
        message = _decode_message(Fields(value, f"{path}[{index}]"), index, legacy_ids)
        messages.append(message)
    return tuple(messages)


def _decode_message(fields: Fields, index: int, legacy_ids: dict[str, str]) -> Message:
    role = fields.needed("role", fields.text)
    match role:
        case "assistant":
            parts, left = decode_assistant(fields, f"call_{index}")
            legacy_ids.update((part.name, part.id) for part in parts if _is_legacy(part))
            return Message(role, parts, _name(left), extras(NAME, left))
        case "tool" | "function":
            return _decode_result(fields, role, legacy_ids)
        case "system" | "developer" | "user":
            parts, how = decode_content(fields)
            left = {**fields.left, **_spelled({CONTENT: how})}
            return Message(role, parts, _name(left), extras(NAME, left))
        case _:
            where = fields.at("role")
            raise refusal(
                "dialects.field.value", where, code="invalid_value", path=where, wanted=_ROLES, found=role
            )


_ROLES = "system, developer, user, assistant, tool, function"


def _name(left: Spellings) -> str | None:
    """The message's `name`, taken out of `left`."""
    return left.pop("name") if isinstance(left.get("name"), str) else None


def _is_legacy(part: Part) -> TypeGuard[ToolCall]:
    return isinstance(part, ToolCall) and bool(spelling(part.extensions, NAME, LEGACY))


def _spelled(marks: Spellings) -> Spellings:
    return {"~" + name: value for name, value in marks.items() if value is not None}


def _decode_result(fields: Fields, role: str, legacy_ids: dict[str, str]) -> Message:
    """A tool's result; in the legacy words it has only the function's name."""
    call_id = fields.text("tool_call_id")
    parts, how = decode_content(fields)
    left = {**fields.left, **_spelled({CONTENT: how})}
    name = _name(left)
    if role == "function":
        left["~" + ROLE] = role
        call_id = call_id or legacy_ids.get(name or "", name or "")
    elif call_id is None:
        left["~" + CALL_ID] = "absent"
    return Message("tool", (ToolResult(call_id or "", parts),), name, extras(NAME, left))


def decode_assistant(
    fields: Fields, stem: str, *, make_ids: bool = False
) -> tuple[tuple[Part, ...], Spellings]:
    """The parts of an assistant's message or answer, and what is left of its fields. `stem`: the id of a
    legacy call, which has none, and with `make_ids` what others without one get theirs from."""
    marks: Spellings = {}
    parts = _decode_reasoning(fields, marks)
    content, marks[CONTENT] = decode_content(fields)
    parts.extend(_with_annotations(fields, content, marks))
    # Some hosts fill every field they know with empty strings: those say nothing and stay extensions.
    if fields.left.get("refusal") != "":
        refused = fields.text("refusal")
        parts.extend([] if refused is None else [Refusal(refused)])
    if says_something(fields.left.get("audio")):
        parts.append(_decode_spoken(fields.needed("audio", fields.inner)))
    calls = fields.array(TOOL_CALLS)
    if calls is not None and not calls:
        marks[TOOL_CALLS] = "empty"
    parts.extend(
        decode_call(fields.item(call, TOOL_CALLS, number), f"{stem}_{number}" if make_ids else "")
        for number, call in enumerate(calls or ())
    )
    if says_something(fields.left.get("function_call")):
        parts.append(_decode_legacy_call(fields.needed("function_call", fields.inner), stem))
    return tuple(parts), {**fields.left, **_spelled(marks)}


def says_something(value: Any) -> bool:
    """Whether `value` is there and not an object of nothing but empty values."""
    return any(value.values()) if isinstance(value, dict) else value is not None


def _decode_reasoning(fields: Fields, marks: Spellings) -> list[Part]:
    """Thinking, in whichever field a host shows it: `reasoning_content` (DeepSeek, Z.AI, vLLM), `reasoning`
    (Groq, OpenRouter, Cerebras), `reasoning_details` (OpenRouter; with signatures, to be sent back)."""
    details = _decode_details(fields, marks)
    if details:
        for name in (REASONING, REASONING_CONTENT):
            if isinstance(fields.left.get(name), str):
                marks[name] = fields.any(name)
        return details
    parts: list[Part] = []
    for name in (REASONING_CONTENT, REASONING):
        text = fields.left.get(name)
        if not isinstance(text, str):
            continue
        if parts or not text:
            marks[name] = fields.any(name)
        else:
            field = {} if name == REASONING_CONTENT else {"~" + FIELD: name}
            parts.append(Reasoning(fields.any(name), extensions=extras(NAME, field)))
    return parts


def _decode_details(fields: Fields, marks: Spellings) -> list[Part]:
    details = fields.left.get(REASONING_DETAILS)
    if not isinstance(details, list):
        return []
    parts = [part for part in map(reasoning_detail, details) if part is not None]
    if len(parts) != len(details):
        return []  # an entry of another kind: the list stays an extension, whole
    del fields.left[REASONING_DETAILS]
    if not details:
        marks[REASONING_DETAILS] = "empty"
    return list(parts)


def reasoning_detail(detail: Any) -> Reasoning | None:
    """One entry of `reasoning_details` (openrouter.ai/docs, "Reasoning tokens")."""
    if not isinstance(detail, dict) or not str(detail.get("type", "")).startswith("reasoning."):
        return None
    text, summary = detail.get("text"), detail.get("summary")
    signature, data = detail.get("signature"), detail.get("data")
    said = text if isinstance(text, str) else summary
    return Reasoning(
        said if isinstance(said, str) else "",
        signature if isinstance(signature, str) else None,
        data if isinstance(data, str) else None,
        extras(NAME, {"~" + DETAIL: detail}),
    )


def _with_annotations(fields: Fields, content: tuple[Part, ...], marks: Spellings) -> list[Part]:
    """The content, its last text with the citations of `annotations`, unless they are not all URL citations."""
    parts = list(content)
    annotations = fields.left.get(ANNOTATIONS)
    if annotations == []:
        marks[ANNOTATIONS] = "empty"
        del fields.left[ANNOTATIONS]
        return parts
    texts = [index for index, part in enumerate(parts) if isinstance(part, Text)]
    if not texts or not isinstance(annotations, list):
        return parts
    citations = [citation for citation in map(url_citation, annotations) if citation is not None]
    if len(citations) == len(annotations):
        del fields.left[ANNOTATIONS]
        parts[texts[-1]] = msgspec.structs.replace(parts[texts[-1]], citations=tuple(citations))
    return parts


def url_citation(annotation: Any) -> Citation | None:
    """One entry of `annotations`, if it cites a URL."""
    inner = annotation.get("url_citation") if isinstance(annotation, dict) else None
    if not isinstance(inner, dict) or annotation.get("type") != "url_citation":
        return None
    cited = Fields(inner, strict=False)
    return Citation(
        quote=cited.text("content"),
        url=cited.text("url"),
        title=cited.text("title"),
        start=cited.integer("start_index"),
        end=cited.integer("end_index"),
        extensions=extras(NAME, {"~" + ANNOTATION: annotation}),
    )


def _decode_spoken(audio: Fields) -> Audio:
    data = audio.text("data")
    source = None if data is None else Media("data", data)
    return Audio(source, audio.text("transcript"), audio.text("id"), extras(NAME, audio.left))


def decode_call(fields: Fields, made_id: str = "") -> Part:
    """One entry of `tool_calls`, function or custom; any other kind stays whole. `made_id`: for one without."""
    kind = fields.text("type")
    if kind not in {None, "", "function", "custom"}:
        return Opaque(NAME, "tool_call", fields.whole)
    try:
        return _decode_known_call(fields, kind, made_id)
    except Refused:
        if fields.strict:
            raise
        return Opaque(NAME, "tool_call", fields.whole)


def _decode_known_call(fields: Fields, kind: str | None, made_id: str) -> ToolCall:
    call_id = fields.text("id")
    field = "custom" if kind == "custom" else "function"
    body = fields.needed(field, fields.inner)
    name = body.needed("name", body.text)
    marks: Spellings = {
        TYPE: None if kind else ("absent" if kind is None else "empty"),
        ID: "absent" if call_id is None else None,
    }
    if kind == "custom":
        arguments = body.text("input") or ""
    else:
        arguments, marks[ARGUMENTS] = _arguments(body)
    extensions = extras(NAME, {**nested(fields, field, body), **_spelled(marks)})
    return ToolCall(
        call_id or made_id, name, arguments, "custom" if kind == "custom" else "function", extensions
    )


def _arguments(body: Fields) -> tuple[str, str | None]:
    """The arguments as JSON text; some hosts and clients have the object itself."""
    value = body.left.get("arguments")
    if isinstance(value, dict):
        return compact(body.any("arguments")), "object"
    text = body.text("arguments")
    return text or "", ("absent" if text is None else None)


def _decode_legacy_call(call: Fields, call_id: str) -> ToolCall:
    name = call.needed("name", call.text)
    arguments, how = _arguments(call)
    left = {**call.left, **_spelled({ARGUMENTS: how, LEGACY: True})}
    return ToolCall(call_id, name, arguments, extensions=extras(NAME, left))
