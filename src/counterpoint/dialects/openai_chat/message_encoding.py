"""Canonical messages to this dialect's JSON. What cannot stand here has been adapted before (`adapting`)."""

from collections.abc import Iterator, Sequence
from typing import Any

from counterpoint.canonical import (
    Audio,
    Citation,
    Message,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.canonical.parts import Extensions
from counterpoint.dialects.extensions import fields_of, spelling
from counterpoint.dialects.jsonio import parse
from counterpoint.dialects.openai_chat import quirks as quirk
from counterpoint.dialects.openai_chat.names import (
    ANNOTATION,
    ANNOTATIONS,
    ARGUMENTS,
    CALL_ID,
    CONTENT,
    DETAIL,
    FIELD,
    ID,
    IN_CONTENT,
    LEGACY,
    NAME,
    PART,
    REASONING,
    REASONING_CONTENT,
    REASONING_DETAILS,
    ROLE,
    TOOL_CALLS,
    TOP_LEVEL,
    TYPE,
)
from counterpoint.dialects.openai_chat.parts import encode_content, unnested

Json = dict[str, Any]
_NO_QUIRKS: frozenset[str] = frozenset()


def encode_messages(messages: Sequence[Message], quirks: frozenset[str]) -> list[Json]:
    """The conversation. A message that holds several tool results becomes one message for each."""
    encoded: list[Json] = []
    for message in messages:
        encoded.extend(_encode_message(message, quirks))
    return encoded


def _encode_message(message: Message, quirks: frozenset[str]) -> Iterator[Json]:
    if message.role == "assistant":
        yield with_rest({"role": "assistant", **_named(message)}, encode_assistant(message, quirks))
        return
    results = [part for part in message.parts if isinstance(part, ToolResult)]
    for result in results:
        yield _encode_result(message, result, quirks)
    rest = [part for part in message.parts if not isinstance(part, ToolResult)]
    if rest or not results:
        role: str = "user" if message.role == "tool" else message.role
        if role == "developer" and quirk.NO_DEVELOPER_ROLE in quirks:
            role = "system"
        body = {"role": role, **_content(rest, message.extensions, quirks, none=""), **_named(message)}
        yield with_rest(body, fields_of(message.extensions, NAME))


def _named(message: Message) -> Json:
    return {} if message.name is None else {"name": message.name}


def with_rest(body: Json, rest: Json) -> Json:
    """`body` and, after it, the fields that it does not have itself."""
    return {**body, **{name: value for name, value in rest.items() if name not in body}} if rest else body


def _content(parts: Sequence[Part], extensions: Extensions, quirks: frozenset[str], *, none: Any) -> Json:
    """`{"content": ...}`, or nothing where it had been left out."""
    how = spelling(extensions, NAME, CONTENT)
    if not parts and how == "absent":
        return {}
    texts = [part.text for part in parts if isinstance(part, Text)]
    if quirk.STRING_CONTENT in quirks and len(texts) == len(parts) and parts:
        return {CONTENT: "\n".join(texts)}
    return {CONTENT: encode_content(parts, how, none=none)}


def _encode_result(message: Message, result: ToolResult, quirks: frozenset[str]) -> Json:
    content = _content(result.parts, message.extensions, quirks, none="")
    rest = fields_of(message.extensions, NAME)
    if spelling(message.extensions, NAME, ROLE):
        return with_rest({"role": "function", **_named(message), **content}, rest)
    body: Json = {"role": "tool", **content, **_named(message)}
    if not spelling(message.extensions, NAME, CALL_ID):
        body["tool_call_id"] = result.call_id
    return with_rest(body, rest)


def encode_assistant(message: Message, quirks: frozenset[str] = _NO_QUIRKS) -> Json:
    """The fields of an assistant's message or answer, but for its role and name."""
    thoughts: list[Reasoning] = []
    content: list[Part] = []
    calls: list[ToolCall | Opaque] = []
    body: Json = {}
    for part in message.parts:
        match part:
            case Reasoning() if not spelling(part.extensions, NAME, PART):
                thoughts.append(part)
            case ToolCall() if spelling(part.extensions, NAME, LEGACY):
                body["function_call"] = _encode_legacy_call(part)
            case ToolCall():
                calls.append(part)
            case Opaque(kind="tool_call"):
                calls.append(part)
            case Refusal() if not spelling(part.extensions, NAME, IN_CONTENT):
                body["refusal"] = body.get("refusal", "") + part.text
            case Audio():
                body["audio"] = _encode_spoken(part)
            case _:
                content.append(part)
    if calls or spelling(message.extensions, NAME, TOOL_CALLS):
        body[TOOL_CALLS] = [encode_call(call) for call in calls]
    none = None if body else ""
    body = {**_content(content, message.extensions, quirks, none=none), **body}
    body.update(_encode_reasoning(thoughts, message.extensions))
    body.update(_encode_annotations(content, message.extensions))
    return with_rest(body, fields_of(message.extensions, NAME))


def _encode_reasoning(thoughts: Sequence[Reasoning], extensions: Extensions) -> Json:
    body: Json = {}
    details = [detail for part in thoughts if (detail := detail_of(part)) is not None]
    if details or spelling(extensions, NAME, REASONING_DETAILS):
        body[REASONING_DETAILS] = details
    for part in thoughts:
        if not spelling(part.extensions, NAME, DETAIL):
            field = spelling(part.extensions, NAME, FIELD) or REASONING_CONTENT
            body[field] = body.get(field, "") + part.text
    for name in (REASONING, REASONING_CONTENT):
        text = spelling(extensions, NAME, name)
        if text is not None:
            body[name] = text
    return body


def detail_of(part: Reasoning) -> Json | None:
    """An entry of `reasoning_details`, what a stream had brought in pieces put together again."""
    about = spelling(part.extensions, NAME, DETAIL)
    if not isinstance(about, dict):
        return None
    text = "summary" if about.get("type") == "reasoning.summary" else "text"
    said = {text: part.text or None, "signature": part.signature, "data": part.encrypted}
    return {**{name: value for name, value in said.items() if value is not None}, **about}


def _encode_annotations(content: Sequence[Part], extensions: Extensions) -> Json:
    citations = [citation for part in content if isinstance(part, Text) for citation in part.citations]
    annotations = [body for citation in citations if (body := annotation_of(citation)) is not None]
    if annotations or spelling(extensions, NAME, ANNOTATIONS):
        return {ANNOTATIONS: annotations}
    return {}


def annotation_of(citation: Citation) -> Json | None:
    """The citation as this dialect has it; `None` for one that has no URL, or that stands elsewhere."""
    known = spelling(citation.extensions, NAME, ANNOTATION)
    if known is not None:
        return dict(known)
    if citation.url is None or spelling(citation.extensions, NAME, TOP_LEVEL):
        return None
    inner: Json = {"url": citation.url, "title": citation.title or citation.url}
    in_answer = citation.document is None
    inner["start_index"] = citation.start if in_answer and citation.start is not None else 0
    inner["end_index"] = citation.end if in_answer and citation.end is not None else 0
    if citation.quote is not None:
        inner["content"] = citation.quote
    return {"type": "url_citation", "url_citation": inner}


def _encode_spoken(part: Audio) -> Json:
    body: Json = {}
    if part.id is not None:
        body["id"] = part.id
    if part.source is not None:
        body["data"] = part.source.value
    if part.transcript is not None:
        body["transcript"] = part.transcript
    return with_rest(body, fields_of(part.extensions, NAME))


def encode_call(call: ToolCall | Opaque) -> Json:
    """One entry of `tool_calls`."""
    if isinstance(call, Opaque):
        return dict(call.value)
    outer, inner = unnested(fields_of(call.extensions, NAME), call.kind)
    body: Json = {}
    if not spelling(call.extensions, NAME, ID):
        body["id"] = call.id
    how = spelling(call.extensions, NAME, TYPE)
    if how != "absent":
        body["type"] = "" if how == "empty" else call.kind
    if call.kind == "custom":
        body["custom"] = with_rest({"name": call.name, "input": call.arguments}, inner)
    else:
        body["function"] = with_rest({"name": call.name, **_arguments(call)}, inner)
    return with_rest(body, outer)


def _arguments(call: ToolCall) -> Json:
    how = spelling(call.extensions, NAME, ARGUMENTS)
    if how == "absent" and not call.arguments:
        return {}
    if how == "object":
        return {"arguments": parse(call.arguments)}
    return {"arguments": call.arguments}


def _encode_legacy_call(call: ToolCall) -> Json:
    return with_rest({"name": call.name, **_arguments(call)}, fields_of(call.extensions, NAME))
