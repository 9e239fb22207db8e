"""Citations: one canonical word for this dialect's several kinds of place in a source."""

from typing import Any

from counterpoint.canonical import Citation
from counterpoint.dialects.anthropic_messages.objects import Taken, put_back, spelled

_IN_DOCUMENT = ("char_location", "page_location", "content_block_location")
"""The kinds that point into a document of the request; they call its title `document_title`."""


def decode_citation(value: Any, path: str, *, strict: bool) -> Citation:
    """One entry of a text block's `citations`, or of a `citations_delta`."""
    taken = Taken(value, path, strict=strict)
    kind = taken.text("type") or ""
    return Citation(
        quote=taken.text("cited_text"),
        url=taken.text("url"),
        title=taken.text(_title(kind)),
        document=taken.integer("document_index"),
        start=taken.integer("start_char_index"),
        end=taken.integer("end_char_index"),
        extensions=taken.rest(type=kind),
    )


def encode_citation(citation: Citation) -> dict[str, Any]:
    """As in a text block."""
    kind = spelled(citation.extensions, "type")
    if kind is None:
        kind = "char_location" if citation.url is None else "web_search_result_location"
    known = {
        "type": kind,
        "cited_text": citation.quote,
        "url": citation.url,
        _title(kind): citation.title,
        "document_index": citation.document,
        "start_char_index": citation.start,
        "end_char_index": citation.end,
    }
    return {
        **put_back(citation.extensions),
        **{name: value for name, value in known.items() if value is not None},
    }


def _title(kind: str) -> str:
    return "document_title" if kind in _IN_DOCUMENT else "title"
