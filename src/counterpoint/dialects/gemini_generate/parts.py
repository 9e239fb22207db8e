"""Parts of a `Content` to canonical parts and back; the same parts stand in requests and in answers.

https://ai.google.dev/api/caching#Part. A part is an object with one field that says what it is, and others about it
(`thought`, `thoughtSignature`, `videoMetadata`). What only this dialect has (code that the host ran, its own tools'
calls) stays whole in an `Opaque`.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from counterpoint.canonical import (
    Audio,
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
    Video,
)
from counterpoint.dialects.gemini_generate.calls import Calls
from counterpoint.dialects.gemini_generate.names import NAME, SIGNATURE
from counterpoint.dialects.gemini_generate.objects import put_back, rest, spelled
from counterpoint.dialects.jsonio import Fields, compact, parse

KINDS = (
    *("text", "inlineData", "fileData", "functionCall", "functionResponse"),
    *("executableCode", "codeExecutionResult", "toolCall", "toolResponse"),
)
"""Fields of a part that say what it is; one that has none of them is text."""
ABOUT = frozenset({"text", "thought", SIGNATURE, "videoMetadata", "mediaResolution", "partMetadata"})


def decode_part(fields: Fields, calls: Calls) -> Part:
    """One part. Raises `Refused` (of a request only) where a known field is not of its type."""
    if "functionCall" in fields:
        return _call(fields, calls)
    if "functionResponse" in fields:
        return _result(fields, calls)
    media = _media(fields) if "inlineData" in fields or "fileData" in fields else None
    if media is not None:
        return media
    kind = next((name for name in KINDS if name in fields), "text")
    if kind != "text" or fields.left.keys() - ABOUT:
        return Opaque(NAME, kind if kind in fields else next(iter(fields.left)), dict(fields.left))
    return _text(fields)


def _text(fields: Fields) -> Part:
    text = fields.text("text")
    how = "absent" if text is None and "text" not in fields.left else None
    if fields.left.get("thought") is True:
        fields.any("thought")
        return Reasoning(text or "", fields.text(SIGNATURE), extensions=rest(fields, maker=True, text=how))
    return Text(text or "", extensions=rest(fields, text=how))


def is_own(part: Reasoning) -> bool:
    """Whether this dialect's own maker thought `part`."""
    return spelled(part.extensions, "maker") is True


def _call(fields: Fields, calls: Calls) -> Part:
    inner = fields.needed("functionCall", fields.inner)
    name, given, arguments = inner.text("name") or "", _given(inner), inner.object("args")
    if inner.left:
        fields.left["functionCall"] = inner.left
    return ToolCall(
        calls.call(name, given),
        name,
        compact({} if arguments is None else arguments),
        extensions=rest(
            fields,
            id="absent" if given is None else None,
            args="absent" if arguments is None else None,
        ),
    )


def _given(fields: Fields) -> str | None:
    """The id of a call; an empty one is none, and stays where it is."""
    return fields.text("id") if fields.left.get("id") != "" else None


def _result(fields: Fields, calls: Calls) -> Part:
    inner = fields.needed("functionResponse", fields.inner)
    name, given, response = inner.text("name") or "", _given(inner), inner.object("response")
    pictures = tuple(decode_part(item, calls) for item in inner.each("parts"))
    words, failed = _said(response)
    if inner.left:
        fields.left["functionResponse"] = inner.left
    return ToolResult(
        calls.result(name, given),
        (*map(Text, words), *pictures),
        failed,
        rest(fields, id="absent" if given is None else None, tool=name, response=response),
    )


_OUTPUT, _ERROR = "output", "error"
"""Keys that the API suggests for a result and for a failure (`FunctionResponse.response`)."""


def _said(response: dict[str, Any] | None) -> tuple[list[str], bool]:
    """A tool's answer as texts, and whether it failed."""
    if response is None:
        return [], False
    if len(response) == 1:
        for key in (_OUTPUT, "result", _ERROR):
            value = response.get(key)
            if type(value) is str:
                return [value], key == _ERROR
            if type(value) is list and len(value) > 1 and all(type(item) is str for item in value):
                return value, key == _ERROR
    return [compact(response)], False


_URL_SAFE, _BARE = "url", "bare"
"""Base64 in the other of RFC 4648's alphabets, with its padding or without: this API reads both, others one."""
_TO_STANDARD, _TO_URL = str.maketrans("-_", "+/"), str.maketrans("+/", "-_")


def _standard(data: str) -> str:
    return data.translate(_TO_STANDARD) + "=" * (-len(data) % 4)


def _media(fields: Fields) -> Part | None:
    name = "inlineData" if "inlineData" in fields else "fileData"
    inner = fields.inner(name)
    if inner is None:
        return None
    media_type, title = inner.text("mimeType"), inner.text("displayName")
    value = inner.text("data" if name == "inlineData" else "fileUri")
    if value is None:
        fields.left[name] = {
            **inner.left,
            **({"mimeType": media_type} if media_type is not None else {}),
            **({"displayName": title} if title is not None else {}),
        }
        return None
    if inner.left:
        fields.left[name] = inner.left
    alphabet = None
    if name == "inlineData" and ("-" in value or "_" in value):
        alphabet, value = _URL_SAFE if value[-1:] == "=" or not len(value) % 4 else _BARE, _standard(value)
    source = Media("data" if name == "inlineData" else _place(value), value, media_type, title)
    extensions = rest(fields, base64=alphabet)
    match (media_type or "").partition("/")[0]:
        case "image":
            return Image(source, extensions=extensions)
        case "audio":
            return Audio(source, extensions=extensions)
        case "video":
            return Video(source, extensions=extensions)
        case "" if "youtube.com/" in value or "youtu.be/" in value:
            return Video(source, extensions=extensions)
        case _:
            return Document(source, extensions=extensions)


_FILES = ("https://generativelanguage.googleapis.com/", "gs://", "files/")


def _place(address: str) -> Any:
    """Whether a `fileUri` is known to this host only."""
    return "file" if address.startswith(_FILES) else "url"


def encode_parts(parts: Sequence[Part], calls: Calls) -> list[dict[str, Any]]:
    """Parts as this dialect has them; those that it cannot say are left out (adapting has declared them)."""
    encoded = (encode_part(part, calls) for part in parts)
    return [part for part in encoded if part is not None]


def encode_part(part: Part, calls: Calls) -> dict[str, Any] | None:
    """One part; `None` where this dialect has none for it."""
    match part:
        case Text(text):
            return {**_words(part, text), **put_back(part.extensions)}
        case Reasoning(text, signature):
            said = {**_words(part, text), "thought": True, **put_back(part.extensions)}
            return said if signature is None else {**said, SIGNATURE: signature}
        case ToolCall():
            return _encode_call(part, calls)
        case ToolResult():
            return _encode_result(part, calls)
        case Image() | Video() | Document() | Audio():
            if part.source is None:
                return None
            source, alphabet = part.source, spelled(part.extensions, "base64")
            if alphabet is not None:
                written = source.value.translate(_TO_URL)
                source = msgspec.structs.replace(
                    source, value=written.rstrip("=") if alphabet == _BARE else written
                )
            return _encode_media(source, put_back(part.extensions))
        case Refusal(text):
            return {"text": text}
        case Opaque(dialect=dialect, value=dict(value)) if dialect == NAME:
            return value
        case _:
            return None


def _words(part: Text | Reasoning, text: str) -> dict[str, Any]:
    return {} if spelled(part.extensions, "text") else {"text": text}


def arguments_object(arguments: str) -> tuple[dict[str, Any], bool]:
    """A call's arguments as the object that this dialect wants, and whether they were one."""
    if not arguments.strip():
        return {}, True
    with suppress(ValueError):
        value = parse(arguments)
        if type(value) is dict:
            return value, True
    return {"arguments": arguments}, False


def _encode_call(part: ToolCall, calls: Calls) -> dict[str, Any]:
    calls.call(part.name, part.id)
    fields = put_back(part.extensions)
    inner = dict(fields.pop("functionCall", None) or {})
    if spelled(part.extensions, "id") is None:
        inner["id"] = part.id
    inner["name"] = part.name
    if part.arguments != "{}" or spelled(part.extensions, "args") is None:
        inner["args"] = arguments_object(part.arguments)[0]
    return {"functionCall": inner, **fields}


def _encode_result(part: ToolResult, calls: Calls) -> dict[str, Any]:
    fields = put_back(part.extensions)
    inner = dict(fields.pop("functionResponse", None) or {})
    if spelled(part.extensions, "id") is None:
        inner["id"] = part.call_id
    name = spelled(part.extensions, "tool")
    inner["name"] = calls.name_of(part.call_id) or part.call_id if name is None else name
    response, media = spelled(part.extensions, "response"), _pictures(part, calls)
    if response is None and (name is None or any(isinstance(item, Text) for item in part.parts)):
        response = _response(part)
    if response is not None:
        inner["response"] = response
    if media:
        inner["parts"] = media
    return {"functionResponse": inner, **fields}


def _pictures(part: ToolResult, calls: Calls) -> list[dict[str, Any]]:
    return encode_parts([item for item in part.parts if not isinstance(item, Text)], calls)


def _response(part: ToolResult) -> dict[str, Any]:
    """What a tool said, as an object: its own, or its words under the key that the API suggests."""
    texts = [item.text for item in part.parts if isinstance(item, Text)]
    if not part.is_error and len(texts) == 1:
        value, is_object = arguments_object(texts[0])
        if is_object and compact(value) == texts[0]:  # else the tool's own way to write it would be lost
            return value
    return {_ERROR if part.is_error else _OUTPUT: texts if len(texts) > 1 else "".join(texts)}


def _encode_media(source: Media, fields: dict[str, Any]) -> dict[str, Any]:
    inline = source.kind == "data"
    name = "inlineData" if inline else "fileData"
    inner = dict(fields.pop(name, None) or {})
    if source.media_type is not None:
        inner["mimeType"] = source.media_type
    if source.filename is not None:
        inner["displayName"] = source.filename
    inner["data" if inline else "fileUri"] = source.value
    return {name: inner, **fields}
