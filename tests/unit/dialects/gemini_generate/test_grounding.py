"""Citations out of grounding metadata."""

from typing import Any

import pytest

from counterpoint.dialects.gemini_generate.grounding import citations_of

PAGES = [{"web": {"uri": "https://a", "title": "A"}}, {"retrievedContext": {"uri": "gs://b"}}, {"odd": {}}]


def grounded(start: int, end: int, *pages: Any) -> Any:
    support = {"segment": {"startIndex": start, "endIndex": end}, "groundingChunkIndices": list(pages)}
    return {"groundingChunks": PAGES, "groundingSupports": [support]}


def test_bytes_become_code_points_of_the_right_text() -> None:
    ((index, citation),) = citations_of(grounded(7, 10, 0), ["déjà ", "vù."])
    assert (index, citation.url, citation.title) == (1, "https://a", "A")
    assert (citation.start, citation.end) == (0, 2)


def test_each_page_is_a_citation() -> None:
    found = list(citations_of(grounded(0, 3, 0, 1, 2, 9, "x"), ["abc"]))
    assert [citation.url for _, citation in found] == ["https://a", "gs://b"]


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        {},
        {"groundingSupports": [3, {}]},
        grounded(5, 9, 0),
        grounded(2, 1, 0),
        {"groundingChunks": 3},
    ],
)
def test_what_points_nowhere_is_no_citation(metadata: Any) -> None:
    assert list(citations_of(metadata, ["abc"])) == []
