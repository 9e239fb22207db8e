"""Each kind of citation comes back as it was."""

from typing import Any

import pytest

from counterpoint.canonical import Citation
from counterpoint.dialects.anthropic_messages.citations import decode_citation, encode_citation

CHARACTERS = {
    "type": "char_location",
    "cited_text": "Ruby",
    "document_index": 1,
    "document_title": "facts.txt",
    "start_char_index": 0,
    "end_char_index": 4,
}


@pytest.mark.parametrize(
    "value",
    [
        CHARACTERS,
        {**CHARACTERS, "document_title": None, "file_id": None},
        {"type": "page_location", "cited_text": "x", "document_index": 0, "start_page_number": 1},
        {"type": "web_search_result_location", "url": "https://a", "title": None, "encrypted_index": "E"},
        {"type": "search_result_location", "source": "s", "title": "t", "search_result_index": 0},
        {"type": "of_the_future", "where": [1]},
    ],
)
def test_it_comes_back(value: dict[str, Any]) -> None:
    assert encode_citation(decode_citation(value, "c", strict=True)) == value


def test_the_hub_understands_quote_source_and_place() -> None:
    citation = decode_citation(CHARACTERS, "c", strict=True)
    assert (citation.quote, citation.document, citation.title) == ("Ruby", 1, "facts.txt")
    assert (citation.start, citation.end) == (0, 4)


def test_one_made_elsewhere_gets_the_kind_that_fits() -> None:
    assert encode_citation(Citation(url="https://a", title="t"))["type"] == "web_search_result_location"
    assert encode_citation(Citation(document=0, title="t")) == {
        "type": "char_location",
        "document_index": 0,
        "document_title": "t",
    }
