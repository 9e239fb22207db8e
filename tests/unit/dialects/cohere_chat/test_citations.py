"""Citations point at the answer's words and name their source."""

from counterpoint.canonical import Citation
from counterpoint.dialects.cohere_chat.citations import decode_citation, encode_citation, is_of_text

OWN = {
    "start": 0,
    "end": 5,
    "text": "Hello",
    "sources": [
        {"type": "tool", "id": "call:0", "tool_output": {"url": "https://a.example", "title": "A"}},
        {"type": "document", "id": "doc:1", "document": {"text": "b"}},
    ],
}


def test_a_citation_comes_back_as_it_was() -> None:
    citation = decode_citation(OWN)
    assert (citation.url, citation.title, citation.start, citation.end) == ("https://a.example", "A", 0, 5)
    assert encode_citation(citation, "anything", 3) == OWN


def test_one_of_another_maker_gets_the_words_it_stands_for() -> None:
    citation = Citation(quote="q", url="https://b.example", title="B", start=2, end=4)
    encoded = encode_citation(citation, "abcdef", 1)
    assert encoded is not None
    assert (encoded["text"], encoded["content_index"]) == ("cd", 1)
    (source,) = encoded["sources"]
    assert source["document"] == {
        "id": "https://b.example",
        "title": "B",
        "url": "https://b.example",
        "text": "q",
    }


def test_offsets_into_a_source_are_not_offsets_into_the_answer() -> None:
    encoded = encode_citation(Citation(quote="q", document=2, start=90, end=99), "abc", 0)
    assert encoded is not None
    assert (encoded["start"], encoded["end"], encoded["sources"][0]["id"]) == (0, 3, "doc:2")
    assert encode_citation(Citation(), "abc", 0) is None


def test_what_is_cited_may_be_a_plan() -> None:
    assert is_of_text({})
    assert is_of_text({"type": "TEXT_CONTENT"})
    assert not is_of_text({"type": "PLAN"})


def test_sources_may_be_anything() -> None:
    assert decode_citation({"sources": [None, {"document": 3}], "start": "x"}).url is None
    assert decode_citation({"sources": 3}).url is None
    assert not is_of_text({"type": {}})
