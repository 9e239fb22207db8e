"""Which module reads which kind of file, and one file's way through it: kind, reader, language, bounds."""

import importlib
import importlib.util
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.kinds import kind_of
from counterpoint.knowledge.parsing.outcome import (
    DAMAGED,
    NO_OCR,
    NO_TEXT,
    TOO_LARGE,
    Outcome,
    Unreadable,
    UnreadableError,
)
from counterpoint.knowledge.parsing.soundness import sound
from counterpoint.knowledge.text.languages import language_of

MOST_BYTES: Final = 200 * 1024 * 1024

_READERS: Final = {
    "docx": "word",
    "xlsx": "sheets",
    "pptx": "slides",
    "pdf": "pdf",
    "html": "web",
    "md": "markup",
    "txt": "plain",
    "csv": "separated",
    "tsv": "separated",
    "json": "values",
    "eml": "mail",
    "msg": "outlook",
    "image": "pictures",
}
"""Modules whose `read` takes a file's bytes; every other kind goes to `other`, which is told the kind."""


def read(name: str, media_type: str, data: bytes) -> Outcome:
    """The file as a document, or why it is none. Runs in a child process; see `pool`."""
    try:
        if len(data) > MOST_BYTES:
            raise UnreadableError(TOO_LARGE)
        kind = kind_of(name, media_type, data)
        parsed = reader_of(kind)(data)
    except UnreadableError as error:
        return error.outcome
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - strangers' files make libraries fail in every way: that is what they are, damaged
        return Unreadable(DAMAGED)
    if not parsed.text:
        return Unreadable(NO_TEXT)
    if not sound(parsed):
        return Unreadable(DAMAGED)
    return msgspec.structs.replace(parsed, language=language_of(parsed.text[:50_000]))


def reader_of(kind: str) -> Callable[[bytes], Parsed]:
    """What reads files of that kind; its libraries are loaded with it."""
    if kind == "image" and importlib.util.find_spec("rapidocr") is None:
        raise UnreadableError(NO_OCR)
    module = _READERS.get(kind, "other")
    found = importlib.import_module(f"counterpoint.knowledge.parsing.{module}").read
    reader: Callable[[bytes], Parsed] = found if kind in _READERS else partial(found, kind)
    return reader
