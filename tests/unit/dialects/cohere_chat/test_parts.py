"""What a message says, both ways."""

from typing import Any

import pytest

from counterpoint.canonical import Document, Image, Media, Opaque, Reasoning, Text
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.cohere_chat.names import NAME
from counterpoint.dialects.cohere_chat.parts import (
    decode_call,
    decode_content,
    decode_part,
    document_of,
    encode_call,
    encode_content,
    encode_part,
    media_of,
)
from counterpoint.dialects.jsonio import Fields

PIECES: list[dict[str, Any]] = [
    {"type": "text", "text": "a", "more": 1},
    {"type": "thinking", "thinking": "b"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "high", "x": 2}},
    {"type": "document", "document": {"id": "d", "data": {"title": "T", "text": "c", "n": "1"}}},
    {"type": "document", "document": "plain"},
    {"type": "hologram", "value": 3},
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_comes_back_as_it_was(piece: dict[str, Any]) -> None:
    assert encode_part(decode_part(Fields(piece))) == piece


@pytest.mark.parametrize(("content", "how"), [("a", "string"), (None, "null"), ("", "string"), ([], None)])
def test_content_is_written_as_it_was(content: object, how: str | None) -> None:
    parts, written = decode_content(Fields({"content": content}))
    assert written == how
    assert encode_content(parts, written) == content


def test_content_may_be_absent() -> None:
    assert decode_content(Fields({})) == ((), "absent")


@pytest.mark.parametrize(
    "piece", [{"type": "text"}, {"type": "image_url", "image_url": 3}, {"type": "document"}]
)
def test_a_callers_mistake_is_refused_and_an_upstreams_kept(piece: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        decode_part(Fields(piece, "messages[0].content[0]"))
    assert isinstance(decode_part(Fields(piece, strict=False)), Opaque)


def test_a_documents_words_are_its_only_text_or_all_of_it() -> None:
    assert document_of("plain", {}).source.value == "plain"
    assert document_of({"data": {"title": "T", "text": "c"}}, {}).source.value == "c"
    assert document_of({"data": {"a": "1", "b": "2"}}, {}).source.value == '{"a":"1","b":"2"}'
    assert document_of({"data": {"title": "T", "text": "c"}}, {}).title == "T"


def test_pictures_are_data_or_addresses() -> None:
    assert media_of("data:image/png;base64,AA") == Media("data", "AA", "image/png")
    assert media_of("https://a.example/b.png") == Media("url", "https://a.example/b.png")
    assert media_of("data:image/png,AA") == Media("url", "data:image/png,AA")
    encoded = encode_part(Image(Media("data", "AA", "image/png")))
    assert encoded == {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}


@pytest.mark.parametrize(
    "call",
    [
        {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        {"function": {"name": "f"}},
        {"id": "", "type": "", "function": {"name": "f", "arguments": "{"}},
        {"id": "a", "type": "function", "function": {"name": "f", "arguments": "", "x": 1}, "index": 2},
    ],
)
def test_a_call_comes_back_as_it_was(call: dict[str, Any]) -> None:
    assert encode_call(decode_call(Fields(call))) == call


def test_words_of_others_become_pieces() -> None:
    assert encode_part(Text("a")) == {"type": "text", "text": "a"}
    assert encode_part(Reasoning("a")) == {"type": "thinking", "thinking": "a"}
    document = Document(Media("text", "a"), "T")
    assert encode_part(document) == {"type": "document", "document": {"data": {"title": "T", "text": "a"}}}
    assert encode_part(Opaque("elsewhere", "x", {})) is None
    assert encode_part(Opaque(NAME, "x", {"type": "x"})) == {"type": "x"}
