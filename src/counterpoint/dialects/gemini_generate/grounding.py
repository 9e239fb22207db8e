"""Citations: which words of an answer rest on which of the pages that the host found.

https://ai.google.dev/api/generate-content#GroundingMetadata. Segments are counted in bytes of UTF-8 over the answer's
text; canonical citations in code points of their part.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from counterpoint.canonical import Citation
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.gemini_generate.names import NAME

_OURS = extras(NAME, {"~grounded": True})
"""This dialect's own clients read the metadata itself, which stays beside the answer."""


def citations_of(metadata: Any, texts: Sequence[str]) -> Iterator[tuple[int, Citation]]:
    """For each text (by its place in `texts`) the citations that lie in it."""
    if type(metadata) is not dict:
        return
    sources = [_source(chunk) for chunk in _list(metadata, "groundingChunks")]
    for support in _list(metadata, "groundingSupports"):
        segment = support.get("segment") if type(support) is dict else None
        if type(segment) is not dict:
            continue
        place = _locate(segment, texts)
        if place is None:
            continue
        index, start, end = place
        for number in _list(support, "groundingChunkIndices"):
            if type(number) is int and 0 <= number < len(sources) and sources[number] is not None:
                url, title = sources[number] or ("", None)
                yield index, Citation(url=url, title=title, start=start, end=end, extensions=_OURS)


def _list(value: dict[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if type(found) is list else []


def _source(chunk: Any) -> tuple[str, str | None] | None:
    if type(chunk) is not dict:
        return None
    for kind in ("web", "retrievedContext", "maps"):
        page = chunk.get(kind)
        if type(page) is dict and type(page.get("uri")) is str:
            title = page.get("title")
            return page["uri"], title if type(title) is str else None
    return None


def _locate(segment: dict[str, Any], texts: Sequence[str]) -> tuple[int, int, int] | None:
    """The text that a segment lies in, and where, in code points."""
    start, end = segment.get("startIndex", 0), segment.get("endIndex", 0)
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        return None
    before = 0
    for index, text in enumerate(texts):
        size = len(text.encode("utf-8", "replace"))
        if before <= start < before + size:
            raw = text.encode("utf-8", "replace")
            first = len(raw[: start - before].decode("utf-8", "ignore"))
            last = len(raw[: end - before].decode("utf-8", "ignore"))
            return index, first, last
        before += size
    return None
