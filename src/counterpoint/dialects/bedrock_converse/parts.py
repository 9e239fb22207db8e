"""Content blocks to canonical parts and back; the same blocks stand in requests and in answers.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html. A block is an object with one
field that says what it is. What only this dialect has (its own tools' calls and results, search results) stays whole
in an `Opaque`, so that a kind of block that did not exist when this was written passes too. A cache point is a block
of its own here and a field of the block before it elsewhere, so it is kept with the part that it follows.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from counterpoint.canonical import (
    Audio,
    Document,
    Extensions,
    Image,
    Media,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Video,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.bedrock_converse.citations import decode_citation, encode_citation
from counterpoint.dialects.bedrock_converse.names import CACHE, FORMATS, NAME, call_id_of, format_of
from counterpoint.dialects.bedrock_converse.objects import left_in, put_back, rest, spelled
from counterpoint.dialects.callids import original
from counterpoint.dialects.jsonio import Fields, compact, parse

POINT = "cachePoint"


def decode_blocks(blocks: Iterable[Fields]) -> tuple[Part, ...]:
    """The parts of a `content`. Raises `Refused` (of a request only) where a block is not of its kind's shape."""
    parts: list[Part] = []
    for block in blocks:
        marked = _marked(parts[-1], block) if parts and POINT in block else None
        if marked is None:
            parts.append(decode_block(block))
        else:
            parts[-1] = marked
    return tuple(parts)


def _marked(part: Part, block: Fields) -> Part | None:
    """`part` with the cache point that follows it; `None` where it cannot carry that."""
    point = block.left.get(POINT)
    if type(point) is not dict or len(block.left) > 1 or isinstance(part, Opaque):
        return None
    if CACHE in part.extensions.get(NAME, {}) or (isinstance(part, Text) and not part.text.strip()):
        return None  # blanks are left out by others, and a mark would go with them
    return msgspec.structs.replace(part, extensions=marked(part.extensions, point))


def marked(extensions: Extensions, point: dict[str, Any]) -> Extensions:
    """`extensions` with a cache point, as the mark that other dialects know."""
    mark: dict[str, Any] = {"type": "ephemeral"}
    if point.get("ttl") is not None:
        mark["ttl"] = point["ttl"]
    own = {**extensions.get(NAME, {}), CACHE: mark}
    if point_of(mark) != point:
        own["~point"] = point
    return {**extensions, NAME: own}


def point_of(mark: Any) -> dict[str, Any]:
    """The cache point for a mark."""
    ttl = mark.get("ttl") if type(mark) is dict else None
    return {"type": "default"} if ttl is None else {"type": "default", "ttl": ttl}


def decode_block(fields: Fields) -> Part:
    """One content block."""
    kind = next((name for name in _READERS if name in fields), None)
    part = None
    if kind is not None:
        try:
            part = _READERS[kind](fields)
        except Refused:
            if fields.strict:
                raise  # an upstream's block that is not as its kind should be is passed on, not understood
    if part is None:
        return Opaque(NAME, kind or next(iter(fields.whole), ""), fields.whole)
    return part


def _text(fields: Fields) -> Part | None:
    text = fields.text("text")
    return None if text is None else Text(text, extensions=rest(fields))


def _guarded(fields: Fields) -> Part | None:
    """Text that a guardrail is to look at: to others it is text, and that it should be looked at is lost."""
    holder = fields.needed("guardContent", fields.inner)
    inner = holder.inner("text")
    text = inner.text("text") if inner is not None else None
    if inner is None or text is None or holder.left:
        return None
    fields.left["guardContent"] = {"text": inner.left}
    return Text(text, extensions=rest(fields))


def _cited(fields: Fields) -> Part:
    holder = fields.needed("citationsContent", fields.inner)
    pieces = [item.text("text") or "" for item in holder.each("content")]
    citations = tuple(decode_citation(item) for item in holder.each("citations"))
    left_in(fields, "citationsContent", holder)
    return Text("".join(pieces), citations, rest(fields, pieces=pieces if len(pieces) != 1 else True))


def _reasoning(fields: Fields) -> Part | None:
    holder = fields.needed("reasoningContent", fields.inner)
    inner, hidden = holder.inner("reasoningText"), holder.text("redactedContent")
    if inner is None and hidden is None:
        return None
    text = signature = None
    if inner is not None:
        text, signature = inner.text("text"), inner.text("signature")
        left_in(holder, "reasoningText", inner)
    left_in(fields, "reasoningContent", holder)
    return Reasoning(text or "", signature, hidden, thought(rest(fields)))


def thought(extensions: Extensions = {}) -> Extensions:  # noqa: B006 - never changed
    """The extensions of thinking that came in this dialect."""
    return {**extensions, NAME: {**extensions.get(NAME, {}), "~maker": True}}


def is_own(part: Reasoning) -> bool:
    """Whether `part` came in this dialect: only then are its seals worth anything here."""
    return spelled(part.extensions, "maker") is True


SERVED = "server_tool_use"


def _tool_use(fields: Fields) -> Part | None:
    inner = fields.needed("toolUse", fields.inner)
    kind = inner.text("type")
    if kind == SERVED:
        return None
    call_id, name, given = inner.text("toolUseId"), inner.text("name"), inner.any("input")
    left_in(fields, "toolUse", inner)
    return ToolCall(
        original(call_id or ""),
        name or "",
        compact({} if given is None else given),
        extensions=rest(fields, type=kind, input=_how(given), id=_odd(call_id)),
    )


def _odd(call_id: str | None) -> str | None:
    """An id that a host gave against the grammar of this API: it goes back as it came."""
    return call_id if call_id and call_id_of(original(call_id)) != call_id else None


def _how(given: Any) -> str | None:
    """How the input of a call was written, where it was no object."""
    return "absent" if given is None else None if type(given) is dict else "any"


def _tool_result(fields: Fields) -> Part | None:
    inner = fields.needed("toolResult", fields.inner)
    kind, status = inner.text("type"), inner.text("status")
    if kind not in {None, "tool_result"}:
        return None  # of a tool that the host itself ran
    given = inner.text("toolUseId")
    written = inner.left.get("content")
    parts = tuple(_result_block(item) for item in inner.each("content"))
    left_in(fields, "toolResult", inner)
    failed = status == "error"
    how = None if failed else status
    empty = "absent" if written is None else None
    said = rest(fields, status=how, type=kind, content=empty, id=_odd(given))
    return ToolResult(original(given or ""), parts, failed, said)


def _result_block(fields: Fields) -> Part:
    if "json" not in fields:
        return decode_block(fields)
    value = fields.any("json")
    return Text(compact(value), extensions=rest(fields, json=value))


def _image(fields: Fields) -> Part | None:
    source, extensions = _located(fields, "image")
    return None if source is None else Image(source, extensions=extensions)


def _video(fields: Fields) -> Part | None:
    source, extensions = _located(fields, "video")
    return None if source is None else Video(source, extensions=extensions)


def _audio(fields: Fields) -> Part | None:
    source, extensions = _located(fields, "audio")
    return None if source is None else Audio(source, extensions=extensions)


def _document(fields: Fields) -> Part | None:
    inner = fields.needed("document", fields.inner)
    title, context, config = inner.text("name"), inner.text("context"), inner.object("citations")
    cite = config is not None and config.get("enabled") is True
    plain = config is None or config == {"enabled": True}
    source, extensions = _source(fields, "document", inner, citations=None if plain else config)
    return None if source is None else Document(source, title, context, cite, extensions)


def _located(fields: Fields, kind: str) -> tuple[Media | None, Extensions]:
    return _source(fields, kind, fields.needed(kind, fields.inner))


def _source(fields: Fields, kind: str, inner: Fields, **spellings: Any) -> tuple[Media | None, Extensions]:
    """Where a file comes from, and all else about it; without the first where the hub has no word for that."""
    form, holder = inner.text("format"), inner.inner("source")
    media_type = FORMATS[kind].get(form, f"{kind}/{form}") if form is not None else None
    source = None if holder is None else _media(holder, media_type)
    if holder is not None:
        left_in(inner, "source", holder)
    left_in(fields, kind, inner)
    written = "absent" if form is None else form if form != format_of(kind, media_type) else None
    return source, rest(fields, format=written, **spellings)


def _media(source: Fields, media_type: str | None) -> Media | None:
    data, text = source.text("bytes"), source.text("text")
    if data is not None:
        return Media("data", data, media_type)
    if text is not None:
        return Media("text", text, media_type)
    place = source.inner("s3Location")
    uri = place.text("uri") if place is not None else None
    if place is not None and uri is not None:
        left_in(source, "s3Location", place)
        return Media("file", uri, media_type)
    content = source.left.get("content")
    if type(content) is list and all(
        type(item) is dict and type(item.get("text")) is str for item in content
    ):
        # The pieces stay in place for this dialect, which can cite each.
        return Media("text", "\n\n".join([item["text"] for item in content]), media_type or "text/plain")
    return None


_READERS: dict[str, Callable[[Fields], Part | None]] = {
    "text": _text,
    "image": _image,
    "document": _document,
    "video": _video,
    "audio": _audio,
    "toolUse": _tool_use,
    "toolResult": _tool_result,
    "guardContent": _guarded,
    "reasoningContent": _reasoning,
    "citationsContent": _cited,
}


def encode_blocks(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Parts as blocks; those that this dialect cannot say are left out (adapting has declared them)."""
    blocks: list[dict[str, Any]] = []
    for part in parts:
        block = encode_block(part)
        if block is not None:
            mark = block.pop(CACHE, None)
            blocks.append(block)
            if mark is not None:
                blocks.append({POINT: spelled(part.extensions, "point") or point_of(mark)})  # type: ignore[union-attr]
    return blocks


def encode_block(part: Part) -> dict[str, Any] | None:
    """One block; `None` where this dialect has none for `part`."""
    match part:
        case Text():
            return _encode_text(part)
        case Reasoning():
            return _encode_reasoning(part)
        case ToolCall():
            return _encode_call(part)
        case ToolResult():
            return _encode_result(part)
        case Image(source):
            return _encode_file("image", source, put_back(part.extensions), part.extensions)
        case Video(source):
            return _encode_file("video", source, put_back(part.extensions), part.extensions)
        case Audio(source=Media() as source):
            return _encode_file("audio", source, put_back(part.extensions), part.extensions)
        case Document():
            return _encode_document(part)
        case Refusal(text):
            return {"text": text}
        case Opaque(dialect=dialect, value=dict(value)) if dialect == NAME:
            return dict(value)
        case _:
            return None


def _encode_text(part: Text) -> dict[str, Any]:
    fields = put_back(part.extensions)
    value = spelled(part.extensions, "json")
    if value is not None:
        return {"json": value, **fields}
    if "guardContent" in fields:
        guard = fields.pop("guardContent")
        return {"guardContent": {"text": {"text": part.text, **(guard.get("text") or {})}}, **fields}
    pieces = spelled(part.extensions, "pieces")
    if pieces is None and not part.citations:
        return {"text": part.text, **fields}
    texts = pieces if type(pieces) is list else [part.text]
    said = {
        "content": [{"text": text} for text in texts],
        "citations": [encode_citation(citation) for citation in part.citations],
        **(fields.pop("citationsContent", None) or {}),
    }
    return {"citationsContent": said, **fields}


def _encode_reasoning(part: Reasoning) -> dict[str, Any]:
    fields = put_back(part.extensions)
    left = dict(fields.pop("reasoningContent", None) or {})
    if part.encrypted is not None:
        return {"reasoningContent": {**left, "redactedContent": part.encrypted}, **fields}
    inner = {**(left.pop("reasoningText", None) or {}), "text": part.text}
    if part.signature is not None:
        inner["signature"] = part.signature
    return {"reasoningContent": {**left, "reasoningText": inner}, **fields}


def arguments_object(arguments: str) -> tuple[dict[str, Any], bool]:
    """A call's arguments as the object that this dialect wants, and whether they were one."""
    if not arguments.strip():
        return {}, True
    try:
        value = parse(arguments)
    except ValueError:
        value = None
    return (value, True) if type(value) is dict else ({"arguments": arguments}, False)


def _encode_call(part: ToolCall) -> dict[str, Any]:
    fields = put_back(part.extensions)
    inner = {
        **(fields.pop("toolUse", None) or {}),
        "toolUseId": spelled(part.extensions, "id") or call_id_of(part.id),
        "name": part.name,
    }
    how = spelled(part.extensions, "input")
    if how != "absent":
        inner["input"] = parse(part.arguments) if how == "any" else arguments_object(part.arguments)[0]
    kind = spelled(part.extensions, "type")
    if kind is not None:
        inner["type"] = kind
    return {"toolUse": inner, **fields}


def _encode_result(part: ToolResult) -> dict[str, Any]:
    fields = put_back(part.extensions)
    inner = {
        **(fields.pop("toolResult", None) or {}),
        "toolUseId": spelled(part.extensions, "id") or call_id_of(part.call_id),
        "content": encode_blocks(part.parts),
    }
    if not part.parts and spelled(part.extensions, "content") == "absent":
        del inner["content"]
    status = "error" if part.is_error else spelled(part.extensions, "status")
    if status is not None:
        inner["status"] = status
    kind = spelled(part.extensions, "type")
    if kind is not None:
        inner["type"] = kind
    return {"toolResult": inner, **fields}


def _encode_document(part: Document) -> dict[str, Any]:
    block = _encode_file("document", part.source, put_back(part.extensions), part.extensions)
    inner = block["document"]
    if part.title is not None:
        inner["name"] = part.title
    if part.context is not None:
        inner["context"] = part.context
    config = spelled(part.extensions, "citations")
    if part.cite or config is not None:
        inner["citations"] = {"enabled": True} if config is None else config
    return block


def _encode_file(kind: str, source: Media, fields: dict[str, Any], extensions: Extensions) -> dict[str, Any]:
    inner = dict(fields.pop(kind, None) or {})
    left = dict(inner.pop("source", None) or {})
    form = spelled(extensions, "format") or format_of(kind, source.media_type)
    if form is not None and form != "absent":
        inner["format"] = form
    return {kind: {**inner, "source": _encode_source(source, left)}, **fields}


def _encode_source(source: Media, left: dict[str, Any]) -> dict[str, Any]:
    if "content" in left:
        return left
    if source.kind == "data":
        return {**left, "bytes": source.value}
    if source.kind == "text":
        return {**left, "text": source.value}
    return {**left, "s3Location": {"uri": source.value, **(left.get("s3Location") or {})}}
