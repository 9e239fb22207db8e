"""Content blocks to canonical parts and back; the same blocks stand in requests and in answers.

What only this dialect has (server tools' calls and results, search results, containers, ...) stays whole in an
`Opaque`, so that a kind of block that did not exist when this was written passes too.
"""

from collections.abc import Callable, Sequence
from typing import Any

from counterpoint.canonical import (
    Document,
    Image,
    Media,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.citations import decode_citation, encode_citation
from counterpoint.dialects.anthropic_messages.names import NAME, escaped, original
from counterpoint.dialects.anthropic_messages.objects import Taken, put_back, spelled
from counterpoint.dialects.jsonio import compact, parse, wrong_type


def decode_content(value: Any, path: str, *, strict: bool = True) -> tuple[tuple[Part, ...], str | None]:
    """The parts of a `content`, and how it was written: `string`, `list` where a string could have said the
    same, `None` otherwise."""
    if type(value) is str:
        return (Text(value),), "string"
    if type(value) is not list:
        raise wrong_type(path, "string_or_array", value)
    parts = tuple(decode_block(block, f"{path}[{index}]", strict=strict) for index, block in enumerate(value))
    return parts, "list" if is_plain(parts) else None


def encode_content(parts: Sequence[Part], spelled_as: str | None) -> str | list[dict[str, Any]]:
    """A `content` as it was written, or in the shortest way."""
    if spelled_as != "list" and is_plain(parts) and isinstance(parts[0], Text):
        return parts[0].text
    return encode_blocks(parts)


def encode_blocks(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Parts as blocks; those that this dialect cannot say are left out (adapting has declared them)."""
    blocks = (encode_block(part) for part in parts)
    return [block for block in blocks if block is not None]


def is_plain(parts: Sequence[Part]) -> bool:
    """Whether a string could stand for `parts`."""
    if len(parts) != 1 or not isinstance(parts[0], Text):
        return False
    return not parts[0].citations and not parts[0].extensions.get(NAME)


def decode_block(value: Any, path: str, *, strict: bool = True) -> Part:
    """One content block. Raises `Refused` if it is no object, or (`strict`) not of its kind's shape."""
    taken = Taken(value, path, strict=strict)
    kind = taken.needed("type", taken.text) if strict else taken.text("type") or ""
    reader = _READERS.get(kind)
    try:
        part = reader(taken) if reader else None
    except Refused:
        if strict:
            raise
        part = None  # an upstream's block that is not as its kind should be: passed on, not understood
    return Opaque(NAME, kind, value) if part is None else part


def _text(taken: Taken) -> Part:
    text = _string(taken, "text")
    path = taken.at("citations")
    listed = taken.array("citations")
    citations = tuple(
        decode_citation(item, f"{path}[{index}]", strict=taken.strict)
        for index, item in enumerate(listed or ())
    )
    return Text(text, citations, taken.rest(citations=[] if listed == [] else None))


def _string(taken: Taken, name: str) -> str:
    """A field that must be there; an upstream that forgets it means nothing by it."""
    return taken.needed(name, taken.text) if taken.strict else taken.text(name) or ""


def _thinking(taken: Taken) -> Part:
    text, signature = _string(taken, "thinking"), taken.text("signature")
    return Reasoning(text, signature, extensions=taken.rest(maker=True))


def _redacted_thinking(taken: Taken) -> Part:
    return Reasoning(encrypted=_string(taken, "data"), extensions=taken.rest(maker=True))


def is_own(part: Reasoning) -> bool:
    """Whether this dialect's own maker thought `part`: only then are its seals worth anything here."""
    return spelled(part.extensions, "maker") is True


def _tool_use(taken: Taken) -> Part:
    call_id, name = _string(taken, "id"), _string(taken, "name")
    arguments = taken.needed("input", taken.object) if taken.strict else taken.any("input")
    return ToolCall(
        original(call_id),
        name,
        compact({} if arguments is None else arguments),
        extensions=taken.rest(),
    )


def _tool_result(taken: Taken) -> Part:
    call_id = original(_string(taken, "tool_use_id"))
    content, path = taken.any("content"), taken.at("content")
    parts: tuple[Part, ...] = ()
    how = None
    if content is not None:
        parts, how = decode_content(content, path, strict=taken.strict)
    failed = taken.boolean("is_error")
    return ToolResult(
        call_id,
        parts,
        failed is True,
        taken.rest(content="list" if content == [] else how, is_error=False if failed is False else None),
    )


def _image(taken: Taken) -> Part | None:
    source = _source(taken)
    return None if source is None else Image(source, extensions=taken.rest())


def _document(taken: Taken) -> Part | None:
    source = _source(taken) or _source_of_blocks(taken)
    if source is None:
        return None
    title, context, config = taken.text("title"), taken.text("context"), taken.object("citations")
    cite = config is not None and config.get("enabled") is True
    if config is not None and config.keys() - {"enabled"}:
        taken.left["citations"] = config
    plain = config is None or config == {"enabled": True} or "citations" in taken.left
    return Document(source, title, context, cite, taken.rest(citations=None if plain else config))


def _source(taken: Taken) -> Media | None:
    """The `source` of a picture or document; `None` (and left in its place) if the hub has no word for it."""
    raw = taken.left.get("source")
    if type(raw) is not dict:
        raise wrong_type(taken.at("source"), "object", raw)
    inner = Taken(raw, taken.at("source"), strict=taken.strict)
    kind = inner.text("type")
    if kind not in _SOURCES:
        return None
    name, media = _SOURCES[kind]
    media_type = inner.text("media_type") if kind in {"base64", "text"} else None
    source = Media(media, _string(inner, name), media_type)
    taken.left.pop("source")
    taken.rest_of("source", inner)
    return source


_SOURCES: dict[str, tuple[str, Any]] = {
    "base64": ("data", "data"),
    "url": ("url", "url"),
    "file": ("file_id", "file"),
    "text": ("data", "text"),
}
"""Kind of source to the field that holds it and to the canonical kind."""


def _source_of_blocks(taken: Taken) -> Media | None:
    """A document given as blocks: where they are all text, others may read it as one text. The blocks stay
    in place for this dialect, which can cite each."""
    content = taken.left["source"].get("content")
    if type(content) is str:
        return Media("text", content, "text/plain")
    texts = [_text_of(block) for block in content] if type(content) is list else [""]
    if "" in texts:
        return None
    return Media("text", "\n\n".join(texts), "text/plain")


def _text_of(block: Any) -> str:
    """The text of a text block; empty if it is no such block."""
    text = block.get("text") if type(block) is dict else None
    return text if type(text) is str else ""


_READERS: dict[str, Callable[[Taken], Part | None]] = {
    "text": _text,
    "thinking": _thinking,
    "redacted_thinking": _redacted_thinking,
    "tool_use": _tool_use,
    "tool_result": _tool_result,
    "image": _image,
    "document": _document,
}


def encode_block(part: Part) -> dict[str, Any] | None:
    """One block; `None` where this dialect has none for `part`."""
    match part:
        case Text():
            return _encode_text(part)
        case Reasoning(encrypted=str(data)):
            return {**put_back(part.extensions), "type": "redacted_thinking", "data": data}
        case Reasoning():
            return _encode_thinking(part)
        case ToolCall():
            return _encode_tool_use(part)
        case ToolResult():
            return _encode_tool_result(part)
        case Image():
            fields = put_back(part.extensions)
            return {**fields, "type": "image", "source": _encode_source(part.source, fields)}
        case Document():
            return _encode_document(part)
        case Refusal(text):
            return {"type": "text", "text": text}
        case Opaque(dialect=dialect, value=dict(value)) if dialect == NAME:
            return value
        case _:
            return None


def _encode_text(part: Text) -> dict[str, Any]:
    block = {**put_back(part.extensions), "type": "text", "text": part.text}
    if part.citations:
        block["citations"] = [encode_citation(citation) for citation in part.citations]
    elif spelled(part.extensions, "citations") is not None:
        block["citations"] = []
    return block


def _encode_thinking(part: Reasoning) -> dict[str, Any]:
    block = {**put_back(part.extensions), "type": "thinking", "thinking": part.text}
    if part.signature is not None:
        block["signature"] = part.signature
    return block


def _encode_tool_use(part: ToolCall) -> dict[str, Any]:
    return {
        **put_back(part.extensions),
        "type": "tool_use",
        "id": escaped(part.id),
        "name": part.name,
        "input": arguments_object(part.arguments)[0],
    }


def arguments_object(arguments: str) -> tuple[dict[str, Any], bool]:
    """A call's arguments as the object that this dialect wants, and whether they were one. Text that is no
    object (a model may write anything) is wrapped, so that none of it is lost."""
    if not arguments.strip():
        return {}, True
    try:
        value = parse(arguments)
    except ValueError:
        value = None
    if type(value) is dict:
        return value, True
    return {"arguments": arguments}, False


def _encode_tool_result(part: ToolResult) -> dict[str, Any]:
    block = {**put_back(part.extensions), "type": "tool_result", "tool_use_id": escaped(part.call_id)}
    how = spelled(part.extensions, "content")
    if part.parts or how == "list":
        block["content"] = encode_content(part.parts, how)
    if part.is_error:
        block["is_error"] = True
    elif spelled(part.extensions, "is_error") is False:
        block["is_error"] = False
    return block


def _encode_source(source: Media, fields: dict[str, Any]) -> dict[str, Any]:
    extra = fields.pop("source", None) or {}
    if extra.get("type") == "content":
        return dict(extra)
    match source.kind:
        case "url":
            known = {"type": "url", "url": source.value}
        case "file":
            known = {"type": "file", "file_id": source.value}
        case "text":
            known = {"type": "text", "data": source.value, "media_type": source.media_type or "text/plain"}
        case "data":
            known = {"type": "base64", "data": source.value}
            if source.media_type is not None:
                known["media_type"] = source.media_type
    return {**extra, **known}


def _encode_document(part: Document) -> dict[str, Any]:
    fields = put_back(part.extensions)
    block = {**fields, "type": "document", "source": _encode_source(part.source, fields)}
    if part.title is not None:
        block["title"] = part.title
    if part.context is not None:
        block["context"] = part.context
    config = spelled(part.extensions, "citations")
    if "citations" not in fields and (part.cite or config is not None):
        block["citations"] = {"enabled": True} if config is None else config
    return block
