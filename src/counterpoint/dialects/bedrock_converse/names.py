"""The name of this dialect, and the words in which it speaks of files and calls."""

import hashlib
from collections.abc import Mapping

from counterpoint.dialects.callids import escaped

NAME = "bedrock-converse"

CACHE = "cache_control"
"""Under this name a cache mark is kept with the part before it: other dialects have the same mark as a field."""

IMAGES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENTS = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
}
VIDEOS = {
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "flv": "video/x-flv",
    "mpeg": "video/mpeg",
    "mpg": "video/mpg",
    "wmv": "video/x-ms-wmv",
    "three_gp": "video/3gpp",
}
SOUNDS = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "mp4": "audio/mp4",
    "ogg": "audio/ogg",
    "webm": "audio/webm",
    "m4a": "audio/m4a",
    "pcm": "audio/pcm",
}
"""The `format` of a file to its media type, for each kind of block
(https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html and its siblings)."""
FORMATS: Mapping[str, Mapping[str, str]] = {
    "image": IMAGES,
    "document": DOCUMENTS,
    "video": VIDEOS,
    "audio": SOUNDS,
}
_SAME = {"image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav"}
"""Widely written, but no media types."""


def format_of(kind: str, media_type: str | None) -> str | None:
    """What this dialect calls a media type in a block of that kind; `None`: it has no word for it."""
    plain = (media_type or "").partition(";")[0].strip().lower()
    plain = _SAME.get(plain, plain)
    return next((name for name, known in FORMATS[kind].items() if known == plain), None)


_LONGEST = 64


def call_id_of(call_id: str) -> str:
    """A call's id within this API's grammar: letters, digits, `_` and `-`, at most 64 of them. One that does not
    fit is escaped so that it can be undone, or (too long) replaced by its digest."""
    fitting = escaped(call_id)
    if 0 < len(fitting) <= _LONGEST:
        return fitting
    return "call_" + hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()[:40]
