"""Content parts, the same in requests, answers and tools' results: to and from the objects of a content list.

A kind of part that the hub has no word for stays whole in an `Opaque`, in an object of its own (`WHOLE`): an `Opaque`
without one is an item.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from counterpoint.canonical import Audio, Document, Image, Media, Opaque, Part, Refusal, Text
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.openai_chat.parts import (
    audio_format,
    decode_audio,
    media_from_url,
    unnested,
    url_of,
)
from counterpoint.dialects.openai_responses.citations import decode_annotation, encode_annotation
from counterpoint.dialects.openai_responses.names import ANNOTATIONS, ITEM, LOGPROBS, MORE, NAME, TYPE

Json = dict[str, Any]

WHOLE = "~content"
"""In an `Opaque`: the content part that it keeps."""

OF_ITEM = "item."
"""Before the name of an item's field where it stands with the item's first part."""


def decode_content(values: Sequence[Any], fields: Fields, name: str, usual: str) -> tuple[Part, ...]:
    """The parts of the list `name`. `usual`: the type that its texts have."""
    return tuple(decode_part(fields.item(value, name, index), usual) for index, value in enumerate(values))


def decode_part(fields: Fields, usual: str) -> Part:
    """One object of a content list. An upstream's that is not as its kind should be is passed on whole."""
    kind = fields.any("type")
    decode = _DECODERS.get(kind) if type(kind) is str else None
    try:
        part = decode(fields) if decode is not None else None
    except Refused:
        if fields.strict:
            raise
        part = None
    if part is None:
        return Opaque(NAME, kind if type(kind) is str else "", {WHOLE: fields.whole})
    if kind != usual and isinstance(part, Text):
        return with_fields(part, {"~" + TYPE: kind})
    return part


def with_fields(part: Part, fields: Json) -> Part:
    """`part` with `fields` among those of this dialect; what keeps a thing whole keeps them beside it."""
    if isinstance(part, Opaque):
        return msgspec.structs.replace(part, value={**part.value, **fields})
    own = {**part.extensions.get(NAME, {}), **fields}
    return msgspec.structs.replace(part, extensions={**part.extensions, **extras(NAME, own)})


def _decode_text(fields: Fields) -> Part:
    text = fields.needed("text", fields.text)
    marks: Json = {}
    citations = [decode_annotation(item) for item in _listed(fields, ANNOTATIONS)]
    known = tuple(citation for citation in citations if citation is not None)
    if len(known) != len(citations):
        known = ()  # what is no annotation at all: the list stays an extension, whole
    elif type(fields.left.get(ANNOTATIONS)) is list and not fields.any(ANNOTATIONS) and fields.strict:
        marks["~" + ANNOTATIONS] = "empty"
    listed = _listed(fields, LOGPROBS)
    if type(fields.left.get(LOGPROBS)) is list:
        del fields.left[LOGPROBS]
        if listed or fields.strict:
            marks["~" + LOGPROBS] = listed
    return Text(text, known, extras(NAME, {**fields.left, **marks}))


def _listed(fields: Fields, name: str) -> list[Any]:
    value = fields.left.get(name)
    return value if type(value) is list else []


def _decode_refusal(fields: Fields) -> Part:
    text = fields.needed("refusal", fields.text)
    return Refusal(text, extras(NAME, fields.left))


def _decode_image(fields: Fields) -> Part:
    url, file_id = fields.text("image_url"), None
    if url is None:
        file_id = fields.text("file_id")
    if url is None and file_id is None:
        fields.needed("image_url", fields.text)
    source = Media("file", file_id or "") if url is None else media_from_url(url)
    return Image(source, fields.text("detail"), extras(NAME, fields.left))


def _decode_file(fields: Fields) -> Part:
    data, url, file_id = fields.text("file_data"), None, None
    if data is None:
        url = fields.text("file_url")
    if data is None and url is None:
        file_id = fields.needed("file_id", fields.text)
    name = fields.text("filename")
    if data is not None:
        media = media_from_url(data)
        if media.kind == "url" and not data.startswith("data:"):
            media = Media("data", data)
        source = msgspec.structs.replace(media, filename=name)
    else:
        kind: Any = "file" if url is None else "url"
        source = Media(kind, file_id or url or "", None, name)
    return Document(source, extensions=extras(NAME, fields.left))


def _decode_audio(fields: Fields) -> Part:
    return decode_audio(fields, NAME)


_DECODERS: dict[str, Callable[[Fields], Part]] = {
    "input_text": _decode_text,
    "output_text": _decode_text,
    "text": _decode_text,
    "refusal": _decode_refusal,
    "input_image": _decode_image,
    "input_file": _decode_file,
    "input_audio": _decode_audio,
}


def own_fields(part: Part) -> Json:
    """The part's own fields to put back, those of its item left out."""
    if isinstance(part, Opaque):
        return {}
    fields = fields_of(part.extensions, NAME)
    return {name: value for name, value in fields.items() if not name.startswith(OF_ITEM)}


def is_plain(part: Part) -> bool:
    """Whether a string could stand for `part`."""
    if not isinstance(part, Text) or part.citations:
        return False
    held = part.extensions.get(NAME, {})
    return all(name in _OF_THE_ITEM or name.startswith(OF_ITEM) for name in held)


_OF_THE_ITEM = {"~" + ITEM, "~" + MORE}


def encode_content(parts: Sequence[Part], usual: str, *, answer: bool = False) -> list[Json]:
    """The objects of a content list; parts that it cannot hold are left out (adapting has declared them)."""
    encoded = (encode_part(part, usual, answer=answer) for part in parts)
    return [item for item in encoded if item is not None]


def encode_part(part: Part, usual: str, *, answer: bool = False) -> Json | None:
    """One object for a content list. `answer`: with the lists that every text of an answer has."""
    fields = own_fields(part)
    match part:
        case Text():
            return {**_encode_text(part, usual, answer=answer), **fields}
        case Refusal():
            return {"type": "refusal", "refusal": part.text, **fields}
        case Image():
            return {**_encode_image(part), **fields}
        case Document():
            return {**_encode_file(part.source), **fields}
        case Audio(source=Media()):
            return _encode_audio(part, fields)
        case Opaque(dialect=dialect, value={"~content": dict(value)}) if dialect == NAME:
            return value
        case _:
            return None


def _encode_text(part: Text, usual: str, *, answer: bool) -> Json:
    body: Json = {"type": spelling(part.extensions, NAME, TYPE) or usual, "text": part.text}
    annotations = [known for item in part.citations if (known := encode_annotation(item)) is not None]
    said = spelling(part.extensions, NAME, ANNOTATIONS) or (answer and ANNOTATIONS not in own_fields(part))
    if annotations or said:
        body[ANNOTATIONS] = annotations
    logprobs = spelling(part.extensions, NAME, LOGPROBS)
    if logprobs is not None or answer:
        body[LOGPROBS] = logprobs or []
    return body


def _encode_image(part: Image) -> Json:
    body: Json = {"type": "input_image"}
    if part.source.kind == "file":
        body["file_id"] = part.source.value
    else:
        body["image_url"] = url_of(part.source)
    if part.detail is not None:
        body["detail"] = part.detail
    return body


def _encode_file(source: Media) -> Json:
    body: Json = {"type": "input_file"}
    if source.filename is not None:
        body["filename"] = source.filename
    if source.kind == "file":
        body["file_id"] = source.value
    elif source.kind == "url" and not source.value.startswith("data:"):
        body["file_url"] = source.value
    else:
        body["file_data"] = url_of(source)
    return body


def _encode_audio(part: Audio, fields: Json) -> Json:
    outer, inner = unnested(fields, "input_audio")
    source = part.source or Media("data", "")
    body: Json = {"data": source.value}
    if source.media_type:
        body["format"] = audio_format(source.media_type)
    return {"type": "input_audio", "input_audio": {**body, **inner}, **outer}
