"""Pictures and documents of another dialect as this one takes them: data or a web address, few media types."""

import base64
import binascii

import msgspec

from counterpoint.canonical import Document, Image, Media
from counterpoint.dialects.losing import Losing

_PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp"}
_PDF = "application/pdf"


def adapt_image(part: Image, path: str, losing: Losing) -> Image | None:
    """`None`: it is left out, and that is declared."""
    source = part.source
    if source.media_type == "image/jpg":  # which is no media type, but widely written
        source = msgspec.structs.replace(source, media_type="image/jpeg")
        part = msgspec.structs.replace(part, source=source)
    reason = None
    if source.kind == "file":
        reason = "a file id is known only to the host that issued it"
    elif source.kind == "data" and source.media_type not in _PICTURES:
        reason = "the target takes JPEG, PNG, GIF and WebP"
    elif source.kind == "url" and not _is_web(source.value):
        reason = "the target fetches only web addresses"
    if reason is not None:
        losing.lose("part.image", path, "meaning", reason)
        return None
    if part.detail is not None:
        if part.detail != "auto":
            losing.lose("image.detail", path, "degraded", "the target chooses the resolution itself")
        return msgspec.structs.replace(part, detail=None)
    return part


def adapt_document(part: Document, path: str, losing: Losing) -> Document | None:
    """`None`: it is left out, and that is declared."""
    source = _document_source(part.source)
    if source is None:
        losing.lose(
            "part.document", path, "meaning", "the target takes PDF and plain text, by data or address"
        )
        return None
    if source.kind == "text" and part.source.kind == "data" and part.source.media_type != source.media_type:
        losing.lose("document.media_type", path, "cosmetic", "the target calls every text plain text")
    title = part.title if part.title is not None else source.filename
    return msgspec.structs.replace(part, source=source, title=title)


def _document_source(source: Media) -> Media | None:
    if source.kind == "text" or (source.kind == "url" and _is_web(source.value)):
        return source
    if source.kind != "data":
        return None
    if source.media_type == _PDF:
        return source
    if source.media_type is not None and source.media_type.partition(";")[0].startswith("text/"):
        return _as_text(source)
    return None


def _as_text(source: Media) -> Media | None:
    try:
        text = base64.b64decode(source.value, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return Media("text", text, "text/plain", source.filename)


def _is_web(address: str) -> bool:
    return address.lower().startswith(("https://", "http://"))
