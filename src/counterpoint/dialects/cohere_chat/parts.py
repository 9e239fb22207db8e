"""What a message says, both ways: texts, thoughts, images, documents, calls."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from counterpoint.canonical import (
    Document,
    Image,
    Media,
    Opaque,
    Part,
    Reasoning,
    Text,
    ToolCall,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.cohere_chat.names import NAME, put_back, rest, spelled
from counterpoint.dialects.jsonio import Fields, compact

_Json = dict[str, Any]
DATA = "document"
"""Field of a document that is more than its text: its id, the names of its data. It never goes out as one."""


def decode_content(fields: Fields) -> tuple[tuple[Part, ...], str | None]:
    """The parts of `content`, and how it was written where that was not a list."""
    if "content" not in fields.left:
        return (), "absent"
    value = fields.left.pop("content")
    if type(value) is str:
        return ((Text(value),) if value else ()), "string"
    if value is None:
        return (), "null"
    fields.left["content"] = value
    return tuple(decode_part(item) for item in fields.each("content")), None


def decode_part(fields: Fields) -> Part:
    """One object of a content list. What the hub has no word for stays whole."""
    kind = fields.any("type")
    decode = _DECODERS.get(kind) if type(kind) is str else None
    if decode is not None:
        try:
            return decode(fields)
        except Refused:
            if fields.strict:
                raise
    return Opaque(NAME, kind if type(kind) is str else "", fields.whole)


def _text(fields: Fields) -> Part:
    return Text(fields.needed("text", fields.text), extensions=rest(fields))


def _thinking(fields: Fields) -> Part:
    return Reasoning(fields.needed("thinking", fields.text), extensions=rest(fields))


def _image(fields: Fields) -> Part:
    inner = fields.needed("image_url", fields.inner)
    source = media_of(inner.needed("url", inner.text))
    detail = inner.text("detail")
    return Image(source, detail, rest(fields, image_url=inner.left or None))


def _document(fields: Fields) -> Part:
    value = fields.left.get("document")
    if type(value) is not dict and type(value) is not str:
        fields.needed("document", fields.inner)  # says what is wrong with it
    return document_of(fields.any("document"), rest(fields))


_DECODERS = {"text": _text, "thinking": _thinking, "image_url": _image, "document": _document}


def document_of(value: Any, extensions: Any, *, cite: bool = False) -> Document:
    """A document: text alone, or an object of `data` in whatever fields its owner chose."""
    data = value.get("data") if type(value) is dict else value
    title = data.get("title") if type(data) is dict else None
    words = {name: item for name, item in data.items() if name != "title"} if type(data) is dict else data
    document = Document(
        Media("text", _said(words), "text/plain"), title if type(title) is str else None, cite=cite
    )
    kept = {**extensions.get(NAME, {}), "~document": value}
    if encode_document(document) != value and value != document.source.value:
        kept[DATA] = True
    return msgspec.structs.replace(document, extensions={NAME: kept})


def _said(data: Any) -> str:
    """The text of a document: its only string as it is, several as JSON."""
    if type(data) is str:
        return data
    if type(data) is dict and len(data) == 1:
        only = next(iter(data.values()))
        if type(only) is str:
            return only
    return compact(data)


def media_of(url: str) -> Media:
    """The bytes in a `data:` URL, else the URL as it is."""
    head, comma, value = url.partition(",")
    media_type = head[5:].removesuffix(";base64")
    if (
        url.startswith("data:")
        and comma
        and head.endswith(";base64")
        and media_type
        and ";" not in media_type
    ):
        return Media("data", value, media_type)
    return Media("url", url)


def decode_call(fields: Fields, made_id: str = "") -> ToolCall:
    """One of `tool_calls`."""
    inner = fields.needed("function", fields.inner)
    kind = fields.text("type")
    call_id, name = fields.text("id"), inner.needed("name", inner.text)
    arguments = inner.text("arguments")
    return ToolCall(
        call_id or made_id,
        name,
        arguments or "",
        extensions=rest(
            fields,
            type=None if kind == "function" else "absent" if kind is None else kind,
            id="absent" if call_id is None else None,
            arguments="absent" if arguments is None else None,
            function=inner.left or None,
        ),
    )


def encode_call(call: ToolCall) -> _Json:
    """One entry of `tool_calls`."""
    body: _Json = {} if spelled(call.extensions, "id") else {"id": call.id}
    kind = spelled(call.extensions, "type")
    if kind != "absent":
        body["type"] = "function" if kind is None else kind
    function: _Json = {"name": call.name}
    if call.arguments or not spelled(call.extensions, "arguments"):
        function["arguments"] = call.arguments
    body["function"] = {**function, **(spelled(call.extensions, "function") or {})}
    return {**body, **put_back(call.extensions)}


def encode_content(parts: Sequence[Part], how: str | None) -> Any:
    """The value of `content`. `how`: as `decode_content` has it."""
    texts = [part.text for part in parts if isinstance(part, Text)]
    if how == "string":
        return "".join(texts)
    if how == "null":
        return None
    return [encoded for encoded in map(encode_part, parts) if encoded is not None]


def encode_part(part: Part) -> _Json | None:
    """The object for a content list; `None` for what never stands in one."""
    match part:
        case Text():
            return {"type": "text", "text": part.text, **put_back(part.extensions)}
        case Reasoning():
            return {"type": "thinking", "thinking": part.text, **put_back(part.extensions)}
        case Image():
            image = {"url": url_of(part.source)}
            if part.detail is not None:
                image["detail"] = part.detail
            more: Mapping[str, Any] = spelled(part.extensions, "image_url") or {}
            return {"type": "image_url", "image_url": {**image, **more}, **put_back(part.extensions)}
        case Document():
            more = {name: value for name, value in put_back(part.extensions).items() if name != DATA}
            return {"type": "document", "document": encode_document(part), **more}
        case Opaque(dialect=dialect) if dialect == NAME:
            return dict(part.value)
        case _:
            return None


def url_of(media: Media) -> str:
    """Its own URL, or a `data:` URL."""
    if media.kind == "data" and media.media_type:
        return f"data:{media.media_type};base64,{media.value}"
    return media.value


def encode_document(part: Document) -> Any:
    """The document as its owner wrote it, else its text and title."""
    own = spelled(part.extensions, "document")
    if own is not None:
        return own
    data = {"text": part.source.value}
    return {"data": {"title": part.title, **data} if part.title is not None else data}
