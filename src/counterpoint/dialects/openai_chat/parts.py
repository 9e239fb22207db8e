"""Content parts, the same in requests and answers: decoded from and encoded to the objects of a content list."""

from collections.abc import Sequence
from typing import Any

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
    Video,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields, compact, parse, wrong_type
from counterpoint.dialects.openai_chat.names import CONTENT, IN_CONTENT, NAME, PART

_AUDIO_TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg", "pcm16": "audio/pcm"}
_AUDIO_FORMATS = {media_type: name for name, media_type in _AUDIO_TYPES.items()} | {
    "audio/mp3": "mp3",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
}
_ABSENT = object()


def decode_content(fields: Fields) -> tuple[tuple[Part, ...], str | None]:
    """The parts of `content` and, where it was not written in the usual way, how it was written."""
    value = fields.left.pop(CONTENT, _ABSENT)
    if type(value) is str:
        return ((Text(value),), None) if value else ((), "empty")
    if value is None or value is _ABSENT:
        return (), ("absent" if value is _ABSENT else "null")
    if type(value) is list:
        parts = tuple(decode_part(fields.item(item, CONTENT, index)) for index, item in enumerate(value))
        return parts, (None if _is_list_by_nature(parts) else "list")
    if fields.strict:
        raise wrong_type(fields.at(CONTENT), "string_or_array", value)
    # Some hosts parse the JSON that structured output is; the text is what every client expects.
    return (Text(compact(value)),), "object"


def _is_list_by_nature(parts: tuple[Part, ...]) -> bool:
    return len(parts) > 1 or (len(parts) == 1 and not _is_plain(parts[0]))


def _is_plain(part: Part) -> bool:
    return isinstance(part, Text) and not fields_of(part.extensions, NAME)


def decode_part(fields: Fields) -> Part:
    """One object of a content list. What the hub has no word for stays whole, as an `Opaque`."""
    kind = fields.any("type")
    decode = _DECODERS.get(kind) if isinstance(kind, str) else None
    if decode is None:
        return Opaque(NAME, kind if isinstance(kind, str) else "", fields.whole)
    try:
        return decode(fields)
    except Refused:
        if fields.strict:
            raise
        return Opaque(NAME, str(kind), fields.whole)


def _decode_text(fields: Fields) -> Part:
    return Text(fields.needed("text", fields.text), extensions=extras(NAME, fields.left))


def _decode_refusal(fields: Fields) -> Part:
    text = fields.needed("refusal", fields.text)
    return Refusal(text, extensions=extras(NAME, {**fields.left, "~" + IN_CONTENT: True}))


def _decode_thinking(fields: Fields) -> Part:
    """Mistral's thinking: a list of texts (docs.mistral.ai, "Reasoning")."""
    value = fields.left.get("thinking")
    texts = [_thought(item) for item in (value if isinstance(value, list) else [value])]
    return Reasoning("".join(texts), extensions=extras(NAME, {"~" + PART: fields.whole}))


def _thought(item: Any) -> str:
    text = item.get("text") if isinstance(item, dict) else item
    return text if isinstance(text, str) else ""


def _decode_image(fields: Fields) -> Part:
    value = fields.left.get("image_url")
    if isinstance(value, str):  # the short form that many hosts take
        del fields.left["image_url"]
        spelled = {**fields.left, "~image_url": "string"}
        return Image(media_from_url(value), extensions=extras(NAME, spelled))
    inner = fields.needed("image_url", fields.inner)
    url, detail = inner.needed("url", inner.text), inner.text("detail")
    return Image(media_from_url(url), detail, extras(NAME, nested(fields, "image_url", inner)))


def decode_audio(fields: Fields, dialect: str = NAME) -> Part:
    """Sound, as both of the maker's APIs have it."""
    inner = fields.needed("input_audio", fields.inner)
    data, name = inner.needed("data", inner.text), inner.text("format")
    media_type = None if name is None else audio_type(name)
    if media_type and audio_format(media_type) != name:
        inner.left["format"] = name  # an unusual word for a usual type
    source = Media("data", data, media_type)
    return Audio(source, extensions=extras(dialect, nested(fields, "input_audio", inner)))


def _decode_file(fields: Fields) -> Part:
    inner = fields.needed("file", fields.inner)
    data, file_id = inner.text("file_data"), None
    if data is None:
        file_id = inner.needed("file_id", inner.text)
    filename = inner.text("filename")
    if data is not None:
        media = media_from_url(data)
        if media.kind == "url" and not data.startswith(("http://", "https://", "data:")):
            media = Media("data", data)
        source = Media(media.kind, media.value, media.media_type, filename)
    else:
        source = Media("file", file_id or "", None, filename)
    return Document(source, extensions=extras(NAME, nested(fields, "file", inner)))


def _decode_video(fields: Fields) -> Part:
    value = fields.left.get("video_url")
    if isinstance(value, str):
        del fields.left["video_url"]
        return Video(media_from_url(value), extras(NAME, {**fields.left, "~video_url": "string"}))
    inner = fields.needed("video_url", fields.inner)
    source = media_from_url(inner.needed("url", inner.text))
    return Video(source, extras(NAME, nested(fields, "video_url", inner)))


_DECODERS = {
    "text": _decode_text,
    "refusal": _decode_refusal,
    "thinking": _decode_thinking,
    "image_url": _decode_image,
    "input_audio": decode_audio,
    "file": _decode_file,
    "video_url": _decode_video,
}


def nested(fields: Fields, name: str, inner: Fields) -> dict[str, Any]:
    """What is left of an object and of one inside it; the inner names get `name.` before them."""
    # A caller's own `~` needs no second one (see `Fields`) behind a prefix.
    inside = {f"{name}.{key[1:] if key[:1] == '~' else key}": value for key, value in inner.left.items()}
    return {**fields.left, **inside}


def unnested(extension: dict[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """`nested`, undone: the outer fields and the inner ones."""
    prefix = name + "."
    outer = {key: value for key, value in extension.items() if not key.startswith(prefix)}
    inner = {key[len(prefix) :]: value for key, value in extension.items() if key.startswith(prefix)}
    return outer, inner


def media_from_url(url: str) -> Media:
    """The bytes in a `data:` URL (RFC 2397, base64, one plain media type), else the URL as it is."""
    if url.startswith("data:"):
        head, comma, value = url[5:].partition(",")
        media_type, _, encoding = head.partition(";")
        if comma and media_type and encoding == "base64":
            return Media("data", value, media_type)
    return Media("url", url)


def url_of(media: Media) -> str:
    """A URL for `media`: its own, or a `data:` URL."""
    if media.kind == "data" and media.media_type:
        return f"data:{media.media_type};base64,{media.value}"
    return media.value


def encode_part(part: Part) -> dict[str, Any] | None:
    """The object for a content list; `None` for what can never stand in one."""
    match part:
        case Text():
            return {"type": "text", "text": part.text, **fields_of(part.extensions, NAME)}
        case Refusal():
            return {"type": "refusal", "refusal": part.text, **fields_of(part.extensions, NAME)}
        case Image():
            return _encode_image(part)
        case Audio(source=Media()):
            return _encode_audio(part)
        case Document():
            return _encode_file(part)
        case Video():
            return _encode_url(part.source, "video_url", part.extensions, {})
        case Reasoning():
            whole = spelling(part.extensions, NAME, PART)
            if whole == "thinking":  # gathered from a stream
                return {"type": "thinking", "thinking": [{"type": "text", "text": part.text}]}
            return whole if isinstance(whole, dict) else None
        case Opaque(dialect=dialect) if dialect == NAME and isinstance(part.value, dict):
            return part.value
        case _:
            return None


def _encode_image(part: Image) -> dict[str, Any]:
    return _encode_url(part.source, "image_url", part.extensions, {"detail": part.detail})


def _encode_url(media: Media, name: str, extensions: Any, more: dict[str, Any]) -> dict[str, Any]:
    outer, inner = unnested(fields_of(extensions, NAME), name)
    url = url_of(media)
    if spelling(extensions, NAME, name) == "string":
        return {"type": name, name: url, **outer}
    said = {key: value for key, value in more.items() if value is not None}
    return {"type": name, name: {"url": url, **said, **inner}, **outer}


def _encode_audio(part: Audio) -> dict[str, Any]:
    outer, inner = unnested(fields_of(part.extensions, NAME), "input_audio")
    source = part.source or Media("data", "")
    body: dict[str, Any] = {"data": source.value}
    if source.media_type:
        body["format"] = audio_format(source.media_type)
    return {"type": "input_audio", "input_audio": {**body, **inner}, **outer}


def audio_type(name: str) -> str:
    """The media type of a `format`."""
    return _AUDIO_TYPES.get(name, f"audio/{name}")


def audio_format(media_type: str) -> str:
    """The `format` of a media type."""
    return _AUDIO_FORMATS.get(media_type, media_type.partition("/")[2])


def _encode_file(part: Document) -> dict[str, Any]:
    outer, inner = unnested(fields_of(part.extensions, NAME), "file")
    source = part.source
    body: dict[str, Any] = {}
    if source.filename is not None:
        body["filename"] = source.filename
    if source.kind == "file":
        body["file_id"] = source.value
    else:
        body["file_data"] = url_of(source)
    return {"type": "file", "file": {**body, **inner}, **outer}


def encode_content(parts: Sequence[Part], spelled: Any, *, none: Any = None) -> Any:
    """The value of `content`. `spelled`: how it had been written; `none`: what stands for no content."""
    if not parts:
        return {"empty": "", "list": [], "null": None}.get(spelled, none)
    if len(parts) == 1 and spelled != "list" and _is_plain(parts[0]):
        return _text_of(parts[0], spelled)
    return [item for item in map(encode_part, parts) if item is not None]


def _text_of(part: Part, spelled: Any) -> Any:
    text = part.text if isinstance(part, Text) else ""
    return parse(text) if spelled == "object" else text
