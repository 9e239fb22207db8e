"""Citations to the hub and back, wherever they point."""

from typing import Any

import pytest

from counterpoint.canonical import Citation
from counterpoint.dialects.bedrock_converse.citations import decode_citation, encode_citation
from counterpoint.dialects.jsonio import Fields

PLACES: list[dict[str, Any]] = [
    {"documentChar": {"documentIndex": 0, "start": 3, "end": 9}},
    {"documentPage": {"documentIndex": 1, "start": 1, "end": 2}},
    {"searchResultLocation": {"searchResultIndex": 0, "start": 0, "end": 1}},
    {"web": {"url": "https://example.org", "domain": "example.org"}},
    {"newKind": {"x": 1}},
]


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_of_place_comes_back(place: dict[str, Any]) -> None:
    raw = {"title": "t", "source": "s", "sourceContent": [{"text": "a"}, {"text": "b"}], "location": place}
    citation = decode_citation(Fields(raw))
    assert (citation.title, citation.quote) == ("t", "ab")
    assert encode_citation(citation) == raw


def test_what_others_have_words_for_is_told() -> None:
    page = decode_citation(Fields({"location": PLACES[3]}))
    assert page.url == "https://example.org"
    span = decode_citation(Fields({"location": PLACES[0]}))
    assert (span.document, span.start, span.end) == (0, 3, 9)


def test_a_citation_of_another_dialect() -> None:
    assert encode_citation(Citation("q", "https://example.org", "t")) == {
        "title": "t",
        "sourceContent": [{"text": "q"}],
        "location": {"web": {"url": "https://example.org"}},
    }
    assert encode_citation(Citation(document=2, start=1, end=4))["location"] == {
        "documentChar": {"documentIndex": 2, "start": 1, "end": 4}
    }
