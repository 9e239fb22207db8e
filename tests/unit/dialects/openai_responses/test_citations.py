"""Annotations of every kind become citations, and come back as they were."""

from typing import Any

import pytest

from counterpoint.canonical import Citation
from counterpoint.dialects.openai_responses.citations import decode_annotation, encode_annotation


@pytest.mark.parametrize(
    ("annotation", "url", "title", "start"),
    [
        (
            {"type": "url_citation", "url": "https://a", "title": "A", "start_index": 1, "end_index": 2},
            "https://a",
            "A",
            1,
        ),
        ({"type": "file_citation", "file_id": "f", "filename": "a.pdf", "index": 9}, None, "a.pdf", None),
        (
            {"type": "container_file_citation", "container_id": "c", "filename": "b", "start_index": 4},
            None,
            "b",
            4,
        ),
        ({"type": "of_tomorrow", "x": 1}, None, None, None),
    ],
)
def test_every_kind_is_kept(annotation: Any, url: Any, title: Any, start: Any) -> None:
    citation = decode_annotation(annotation)
    assert citation is not None
    assert (citation.url, citation.title, citation.start) == (url, title, start)
    assert encode_annotation(citation) == annotation


def test_another_dialects_citation_needs_a_url() -> None:
    assert encode_annotation(Citation(title="a document", document=0)) is None
    assert encode_annotation(Citation(url="https://a", start=3, end=5, document=1)) == {
        "type": "url_citation",
        "url": "https://a",
        "title": "",
        "start_index": 0,
        "end_index": 0,
    }
    assert decode_annotation("x") is None
