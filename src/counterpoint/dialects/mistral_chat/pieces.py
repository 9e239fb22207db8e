"""Pieces of content that only Mistral writes so, in the hub's words and back.

https://docs.mistral.ai/capabilities/document_ai and /audio_and_transcription: a document by its address (which may hold
the document), sound as text alone, a file by its id.
"""

from typing import Any

from counterpoint.canonical import Audio, Document, Media, Opaque, Part, Reasoning, ToolResult
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.mistral_chat.names import GRAMMAR, NAME
from counterpoint.dialects.openai_chat.names import PART
from counterpoint.dialects.openai_chat.parts import media_from_url, url_of

_Json = dict[str, Any]
SET_ASIDE = "~"
"""Before the kind of a piece that the shared grammar would misread."""
_ASIDE = ("document_url", "file", "input_audio")


def aside(piece: Any) -> Any:
    """`piece` as the shared grammar keeps it whole."""
    if type(piece) is not dict or piece.get("type") not in _ASIDE:
        return piece
    if piece["type"] == "input_audio" and type(piece.get("input_audio")) is dict:
        return piece
    return {**piece, "type": SET_ASIDE + piece["type"]}


def adopted(part: Part) -> Part:
    """`part` in the hub's words, if it had been set aside."""
    if not isinstance(part, Opaque) or part.kind[:1] != SET_ASIDE or type(part.value) is not dict:
        return part
    kind = part.kind[1:]
    whole = {**part.value, "type": kind}
    rest = {
        name: value for name, value in whole.items() if name not in {"type", kind, "document_name", "file_id"}
    }
    kept = extras(NAME, rest)
    said = whole.get("file_id" if kind == "file" else kind)
    if type(said) is not str:
        return Opaque(part.dialect, kind, whole)
    if kind == "input_audio":
        marked = {**kept, GRAMMAR: {"~input_audio": "string"}}
        return Audio(
            media_from_url(said) if "://" in said or said[:5] == "data:" else Media("data", said),
            extensions=marked,
        )
    name = whole.get("document_name")
    title = name if type(name) is str else None
    if kind == "file":
        return Document(Media("file", said, None, title), extensions=kept)
    media = media_from_url(said)
    return Document(Media(media.kind, media.value, media.media_type, title), extensions=kept)


def written(part: Part) -> Part:
    """`part` as the shared grammar writes it in Mistral's words."""
    match part:
        case Document(source):
            body: _Json = fields_of(part.extensions, NAME) | fields_of(part.extensions, GRAMMAR)
            name = {} if source.filename is None else {"document_name": source.filename}
            if source.kind == "file":
                return Opaque(GRAMMAR, "file", {"type": "file", "file_id": source.value, **body})
            return Opaque(
                GRAMMAR,
                "document_url",
                {"type": "document_url", "document_url": url_of(source), **name, **body},
            )
        case Audio(source) if source is not None and (
            source.kind == "url"
            or source.media_type is None
            or spelling(part.extensions, GRAMMAR, "input_audio")
        ):
            rest = fields_of(part.extensions, NAME)
            if spelling(part.extensions, GRAMMAR, "input_audio") or source.kind == "url":
                return Opaque(
                    GRAMMAR, "input_audio", {"type": "input_audio", "input_audio": url_of(source), **rest}
                )
            return part
        case Reasoning() if spelling(part.extensions, GRAMMAR, PART) is None:
            return Reasoning(part.text, extensions={GRAMMAR: {"~" + PART: "thinking"}})
        case ToolResult(parts=inner):
            return ToolResult(part.call_id, tuple(map(written, inner)), part.is_error, part.extensions)
        case _:
            return part
