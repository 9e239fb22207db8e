"""Citations: which words of an answer rest on which document or tool's output.

https://docs.cohere.com/v2/docs/citations. `start` and `end` count characters of the content that `content_index` names,
`text` repeats them; so here a citation points into the answer, not into its source.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Citation
from counterpoint.dialects.cohere_chat.names import CITATION, NAME, spelled
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields


def decode_citation(value: Mapping[str, Any]) -> Citation:
    """One citation. Of several sources the first that says so gives title and address."""
    fields = Fields(dict(value), strict=False)
    listed = value.get("sources")
    sources = [_about(item) for item in listed if type(item) is dict] if type(listed) is list else []
    return Citation(
        url=next((url for url, _ in sources if url), None),
        title=next((title for _, title in sources if title), None),
        start=fields.integer("start"),
        end=fields.integer("end"),
        extensions=extras(NAME, {"~" + CITATION: dict(value)}),
    )


def _about(source: Mapping[str, Any]) -> tuple[str | None, str | None]:
    held = source.get("document") or source.get("tool_output")
    held = held if type(held) is dict else {}
    address = held.get("url") or source.get("id")
    url = address if type(address) is str and address.startswith(("http://", "https://")) else None
    title = held.get("title") or source.get("id")
    return url, title if type(title) is str else None


def is_of_text(value: Mapping[str, Any]) -> bool:
    """Whether it cites words of the answer, not of a plan or a thought."""
    return value.get("type") in (None, "TEXT_CONTENT")  # a tuple: the value may be anything


def encode_citation(citation: Citation, text: str, index: int) -> dict[str, Any] | None:
    """The citation for a client, `text` being what it stands in, the content at `index`. `None`: it points at no words
    of the answer."""
    own = spelled(citation.extensions, CITATION)
    if own is not None:
        return dict(own)
    source: dict[str, Any] = {
        name: value
        for name, value in (("title", citation.title), ("url", citation.url), ("text", citation.quote))
        if value is not None
    }
    inside = citation.document is None and citation.start is not None and citation.end is not None
    start = (citation.start or 0) if inside else 0
    end = (citation.end or 0) if inside else len(text)
    if not source and citation.document is None:
        return None
    name = citation.url or (f"doc:{citation.document}" if citation.document is not None else "doc:0")
    return {
        "start": start,
        "end": end,
        "text": text[start:end],
        "sources": [{"type": "document", "id": name, "document": {"id": name, **source}}],
        "type": "TEXT_CONTENT",
        "content_index": index,
    }
