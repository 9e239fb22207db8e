"""Files of another dialect as this one takes them: bytes or a place in S3, of the formats that it knows.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html has the rules of names: letters,
digits, spaces, hyphens, parentheses and brackets; no two alike in a request.
"""

import base64
import re
from typing import Any

import msgspec

from counterpoint.canonical import Audio, Document, Image, Media, Video
from counterpoint.dialects.bedrock_converse.names import format_of
from counterpoint.dialects.losing import Losing

_FITS = re.compile(r"[^A-Za-z0-9\-()\[\] ]+")
_SPACES = re.compile(r" {2,}")
_LONGEST = 200


_SAFE = str.maketrans("-_", "+/")


def _plain(source: Media) -> Media:
    """The same in the usual alphabet of base64, which is the only one that this API reads (RFC 4648, 4 and 5)."""
    if "-" not in source.value and "_" not in source.value and len(source.value) % 4 == 0:
        return source
    value = source.value.translate(_SAFE).rstrip("=")
    return msgspec.structs.replace(source, value=value + "=" * (-len(value) % 4))


class Files:
    """The files of one request on their way."""

    def __init__(self, losing: Losing) -> None:
        self._losing = losing
        self._names: set[str] = set()

    def adapt(self, part: Image | Document | Audio | Video, path: str) -> Any:
        """`part` as this dialect takes it; `None`: it is left out, and that is declared."""
        kind = type(part).__name__.lower()
        source = part.source
        if source is None:
            self._losing.lose(f"part.{kind}", path, "meaning", "there is nothing in it")
            return None
        if isinstance(part, Image) and part.detail is not None and part.detail != "auto":
            self._losing.lose("image.detail", path, "degraded", "the target chooses the resolution itself")
        reason = self._obstacle(kind, source)
        if reason is not None:
            self._losing.lose(f"part.{kind}", path, "meaning", reason)
            return None
        if source.kind == "data":
            part = msgspec.structs.replace(part, source=_plain(source))
        if isinstance(part, Document):
            return self._document(part, path)
        if isinstance(part, Image):
            return msgspec.structs.replace(part, detail=None)
        return part

    def _obstacle(self, kind: str, source: Media) -> str | None:
        if source.kind == "url" or (source.kind == "file" and not source.value.startswith("s3://")):
            return "the target takes files by their bytes or from S3"
        if kind == "document" and source.kind == "text":
            return None
        return None if format_of(kind, source.media_type) else "the target does not know this kind of file"

    def _document(self, part: Document, path: str) -> Document:
        source = part.source
        if source.kind == "text":
            data = base64.b64encode(source.value.encode("utf-8", "replace")).decode()
            source = Media("data", data, "text/plain")
        title = part.title if part.title is not None else source.filename
        name = self._name(title, path)
        return msgspec.structs.replace(part, source=source, title=name)

    def _name(self, title: str | None, path: str) -> str:
        wanted = _SPACES.sub(" ", _FITS.sub("-", title or "")).strip()[:_LONGEST] or "document"
        name, number = wanted, 1
        while name in self._names:
            number += 1
            name = f"{wanted} ({number})"
        self._names.add(name)
        if title is not None and name != title:
            self._losing.lose(
                "document.title", f"{path}.title", "cosmetic", "a name of letters, digits and spaces"
            )
        return name
