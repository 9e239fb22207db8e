"""Formats that are read by kreuzberg: rtf, odt, odp, epub and Office's older binary formats.

It hands on Markdown, whose structure is kept as far as it found one.
"""

import html
import re
from typing import Final

import kreuzberg

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.markup import add_markdown
from counterpoint.knowledge.parsing.ooxml import microseconds
from counterpoint.knowledge.parsing.outcome import DAMAGED, ENCRYPTED, UNKNOWN, UnreadableError
from counterpoint.knowledge.parsing.packages import check_package
from counterpoint.knowledge.parsing.plain import add_text

MEDIA_TYPES: Final = {
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "epub": "application/epub+zip",
    "doc": "application/msword",
    "ppt": "application/vnd.ms-powerpoint",
}
_PLAIN: Final = {"doc", "ppt"}
"""Whose structure it does not find: as Markdown their paragraphs would run into one."""
_FIELD = re.compile(
    r"\b(?:SEQ|PAGEREF|HYPERLINK|TOC|REF|MERGEFORMAT)\b[^\n]{0,80}?\\\*? ?(?:ARABIC|MERGEFORMAT|h)\b ?"
)


def read(kind: str, data: bytes) -> Parsed:
    """The document, which is of that kind."""
    if kind not in MEDIA_TYPES:
        raise UnreadableError(UNKNOWN, kind=kind)
    if data.startswith(b"PK"):
        check_package(data)
    plain = kind in _PLAIN
    config = kreuzberg.ExtractionConfig(
        output_format="plain" if plain else "markdown", use_cache=False, enable_quality_processing=False
    )
    try:
        result = kreuzberg.extract_bytes_sync(data, MEDIA_TYPES[kind], config)
    except kreuzberg.KreuzbergError as error:
        said = str(error).lower()
        raise UnreadableError(ENCRYPTED if "password" in said or "encrypt" in said else DAMAGED) from None
    draft = Draft()
    metadata = result.metadata or {}
    draft.title = str(metadata.get("title") or "")
    draft.author = ", ".join(str(author) for author in metadata.get("authors") or ())
    draft.modified = microseconds(str(metadata.get("modified_at") or ""))
    if plain:
        add_text(draft, _FIELD.sub("", html.unescape(result.content)))
    else:
        add_markdown(draft, result.content)
    return draft.finish()
