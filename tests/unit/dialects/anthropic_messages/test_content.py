"""Blocks become parts and come back; what is wrong with one is said with its path."""

from typing import Any

import pytest

from counterpoint.canonical import Document, Image, Media, Opaque, Reasoning, Text, ToolCall, ToolResult
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.content import (
    arguments_object,
    decode_block,
    decode_content,
    encode_block,
    encode_content,
)
from counterpoint.dialects.anthropic_messages.names import NAME

CACHED = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
PDF = {"type": "base64", "data": "JVBERi0=", "media_type": "application/pdf"}
BLOCKS: list[dict[str, Any]] = [
    {"type": "text", "text": "hi"},
    {"type": "text", "text": "hi", "citations": None, **CACHED},
    {"type": "text", "text": "hi", "citations": []},
    {"type": "text", "text": "hi", "citations": [{"type": "char_location", "cited_text": "h"}]},
    {"type": "thinking", "thinking": "hm", "signature": "S=="},
    {"type": "thinking", "thinking": ""},
    {"type": "redacted_thinking", "data": "E=="},
    {
        "type": "tool_use",
        "id": "toolu_1",
        "name": "f",
        "input": {"a": [1, 2.5, None]},
        "caller": {"type": "direct"},
    },
    {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}, **CACHED},
    {"type": "tool_result", "tool_use_id": "toolu_1"},
    {"type": "tool_result", "tool_use_id": "toolu_1", "content": "42", "is_error": False},
    {"type": "tool_result", "tool_use_id": "toolu_1", "content": "", "is_error": True},
    {"type": "tool_result", "tool_use_id": "toolu_1", "content": []},
    {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "42"}], **CACHED},
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "tool_reference", "tool_name": "f"}]},
    {"type": "image", "source": {"type": "base64", "data": "AA==", "media_type": "image/png"}, **CACHED},
    {"type": "image", "source": {"type": "url", "url": "https://a/b.png", "new": 1}},
    {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
    {"type": "image", "source": {"type": "of_the_future", "x": 1}},
    {"type": "document", "source": PDF, "title": "T", "context": "C", "citations": {"enabled": True}},
    {"type": "document", "source": PDF, "title": None, "citations": {"enabled": False}},
    {"type": "document", "source": PDF, "citations": {"enabled": True, "style": "new"}},
    {"type": "document", "source": PDF, "citations": {}},
    {"type": "document", "source": {"type": "text", "data": "x", "media_type": "text/plain"}},
    {"type": "document", "source": {"type": "content", "content": "one"}},
    {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "a", **CACHED}]}},
    {"type": "document", "source": {"type": "content", "content": [{"type": "image", "source": {}}]}},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}},
    {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "x"}]},
    {"type": "of_the_future", "deep": {"er": [1]}},
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block["type"])
def test_a_block_comes_back_as_it_was(block: dict[str, Any]) -> None:
    assert encode_block(decode_block(block, "b")) == block


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block["type"])
def test_an_upstreams_block_comes_back_as_it_was(block: dict[str, Any]) -> None:
    assert encode_block(decode_block(block, "b", strict=False)) == block


def test_what_the_hub_understands() -> None:
    assert decode_block({"type": "tool_use", "id": "i", "name": "f", "input": {"a": 1}}, "b") == ToolCall(
        "i", "f", '{"a":1}'
    )
    document = decode_block({"type": "document", "source": PDF, "citations": {"enabled": True}}, "b")
    assert document == Document(Media("data", "JVBERi0=", "application/pdf"), cite=True)
    image = decode_block({"type": "image", "source": {"type": "url", "url": "https://a"}}, "b")
    assert image == Image(Media("url", "https://a"))
    result = decode_block({"type": "tool_result", "tool_use_id": "i", "content": "x", "is_error": True}, "b")
    assert isinstance(result, ToolResult)
    assert (result.call_id, result.parts, result.is_error) == ("i", (Text("x"),), True)
    thinking = decode_block({"type": "thinking", "thinking": "hm", "signature": "S"}, "b")
    assert isinstance(thinking, Reasoning)
    assert (thinking.text, thinking.signature, thinking.encrypted) == ("hm", "S", None)
    blocks = {"type": "content", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
    pages = decode_block({"type": "document", "source": blocks}, "b")
    assert isinstance(pages, Document)
    assert pages.source.value == "a\n\nb"


@pytest.mark.parametrize(
    ("block", "param"),
    [
        ("text", "b"),
        ({}, "b.type"),
        ({"type": 1}, "b.type"),
        ({"type": "text"}, "b.text"),
        ({"type": "text", "text": 1}, "b.text"),
        ({"type": "text", "text": "", "citations": "x"}, "b.citations"),
        ({"type": "text", "text": "", "citations": [1]}, "b.citations[0]"),
        ({"type": "tool_use", "id": "i", "name": "f", "input": "x"}, "b.input"),
        ({"type": "tool_use", "id": "i", "input": {}}, "b.name"),
        ({"type": "tool_result", "tool_use_id": "i", "content": 1}, "b.content"),
        ({"type": "tool_result", "tool_use_id": "i", "content": [{"type": "text"}]}, "b.content[0].text"),
        ({"type": "tool_result", "tool_use_id": "i", "is_error": "no"}, "b.is_error"),
        ({"type": "image"}, "b.source"),
        ({"type": "image", "source": {"type": "base64"}}, "b.source.data"),
        ({"type": "document", "source": {"type": "url", "url": 3}}, "b.source.url"),
        ({"type": "document", "source": PDF, "citations": True}, "b.citations"),
        ({"type": "thinking", "thinking": None}, "b.thinking"),
    ],
)
def test_what_is_wrong_with_a_block_is_said_with_its_path(block: Any, param: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_block(block, "b")
    assert caught.value.failure.param == param
    assert caught.value.failure.http_status == 400


def test_an_upstreams_odd_block_is_passed_on() -> None:
    odd = {"type": "tool_use", "id": 7, "name": "f", "input": [1]}
    assert isinstance(decode_block(odd, "b", strict=False), ToolCall)
    odd = {"type": "document", "source": 3}
    assert decode_block(odd, "b", strict=False) == Opaque(NAME, "document", odd)


def test_a_string_and_a_list_of_one_text_stay_apart() -> None:
    for content in ("hi", "", [{"type": "text", "text": "hi"}], []):
        parts, how = decode_content(content, "c")
        assert encode_content(parts, how) == content


def test_one_plain_text_of_another_dialect_is_a_string() -> None:
    assert encode_content((Text("hi"),), None) == "hi"
    assert encode_content((Text("a"), Text("b")), None) == [
        {"type": "text", "text": "a"},
        {"type": "text", "text": "b"},
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ({}, True)),
        (' {"a": 1} ', ({"a": 1}, True)),
        ("[1]", ({"arguments": "[1]"}, False)),
        ('{"a":', ({"arguments": '{"a":'}, False)),
    ],
)
def test_arguments_become_an_object(text: str, wanted: tuple[dict[str, Any], bool]) -> None:
    assert arguments_object(text) == wanted
