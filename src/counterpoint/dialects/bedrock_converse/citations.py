"""Citations: where in the sources something was found.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Citation.html: a location is one of several kinds;
the hub has words for places in a document's characters and for web pages, the others keep their own.
"""

from typing import Any

from counterpoint.canonical import Citation
from counterpoint.dialects.bedrock_converse.objects import left_in, put_back, rest, spelled
from counterpoint.dialects.jsonio import Fields

_WEB, _CHARACTERS = "web", "documentChar"


def decode_citation(fields: Fields) -> Citation:
    """One entry of a block's `citations`, or of a delta."""
    quotes = [item.text("text") or "" for item in fields.each("sourceContent")]
    location = fields.inner("location")
    kind = next(iter(location.left), None) if location is not None else None
    url = document = start = end = None
    place = location.inner(kind) if location is not None and kind is not None else None
    if location is not None and place is not None and kind is not None:
        document = place.integer("documentIndex")
        if kind == _WEB:
            url = place.text("url")
        elif kind == _CHARACTERS:
            start, end = place.integer("start"), place.integer("end")
        left_in(location, kind, place)
    if location is not None:
        left_in(fields, "location", location)
    return Citation(
        "".join(quotes) if quotes else None,
        url,
        fields.text("title"),
        document,
        start,
        end,
        rest(fields, kind=kind, quotes=quotes if len(quotes) > 1 else None),
    )


def encode_citation(citation: Citation) -> dict[str, Any]:
    """As in a block's `citations`."""
    fields = put_back(citation.extensions)
    location = dict(fields.pop("location", None) or {})
    kind = spelled(citation.extensions, "kind") or (_WEB if citation.url is not None else _CHARACTERS)
    place = {"url": citation.url, "documentIndex": citation.document}
    if kind == _CHARACTERS:
        place |= {"start": citation.start, "end": citation.end}
    known = {name: value for name, value in place.items() if value is not None}
    said: dict[str, Any] = {}
    if citation.title is not None:
        said["title"] = citation.title
    quotes = spelled(citation.extensions, "quotes") or ([] if citation.quote is None else [citation.quote])
    if quotes:
        said["sourceContent"] = [{"text": quote} for quote in quotes]
    if known or kind in location:
        said["location"] = {**location, kind: {**(location.get(kind) or {}), **known}}
    return {**said, **fields}
