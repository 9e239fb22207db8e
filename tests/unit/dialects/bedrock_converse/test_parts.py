"""Content blocks to parts and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    Audio,
    Document,
    Image,
    Opaque,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Video,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.bedrock_converse.parts import (
    arguments_object,
    decode_blocks,
    encode_blocks,
    is_own,
    point_of,
)
from counterpoint.dialects.jsonio import Fields

S3 = {"s3Location": {"uri": "s3://bucket/a", "bucketOwner": "123456789012"}}
BLOCKS: list[tuple[type, dict[str, Any]]] = [
    (Text, {"text": "Hi"}),
    (Text, {"text": "Hi", "unknown": 1}),
    (Text, {"guardContent": {"text": {"text": "Hi", "qualifiers": ["query"]}}}),
    (Text, {"citationsContent": {"content": [{"text": "a"}], "citations": [{"title": "t"}]}}),
    (Text, {"citationsContent": {"content": [{"text": "a"}, {"text": "b"}], "citations": []}}),
    (Image, {"image": {"format": "png", "source": {"bytes": "AAAA"}}}),
    (Image, {"image": {"format": "png", "source": S3}}),
    (Video, {"video": {"format": "three_gp", "source": {"bytes": "AAAA"}}}),
    (Audio, {"audio": {"format": "x-aac", "source": {"bytes": "AAAA"}}}),
    (Document, {"document": {"name": "a", "format": "pdf", "source": {"bytes": "AAAA"}}}),
    (Document, {"document": {"name": "a", "source": {"text": "words"}, "citations": {"enabled": False}}}),
    (
        Document,
        {"document": {"name": "a", "context": "c", "source": {"content": [{"text": "b"}, {"text": "c"}]}}},
    ),
    (ToolCall, {"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": 1}}}),
    (ToolCall, {"toolUse": {"toolUseId": "functions.f:0", "name": "f", "input": [1]}}),
    (ToolCall, {"toolUse": {"toolUseId": "t1", "name": "f"}}),
    (ToolResult, {"toolResult": {"toolUseId": "t1", "content": [{"text": "a"}], "status": "success"}}),
    (ToolResult, {"toolResult": {"toolUseId": "t1", "content": [{"json": {"a": None}}], "status": "error"}}),
    (ToolResult, {"toolResult": {"toolUseId": "t1", "content": []}}),
    (ToolResult, {"toolResult": {"toolUseId": "t1"}}),
    (Reasoning, {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}}),
    (Reasoning, {"reasoningContent": {"redactedContent": "AAAA"}}),
    (Opaque, {"toolUse": {"toolUseId": "t", "name": "f", "input": {}, "type": "server_tool_use"}}),
    (Opaque, {"toolResult": {"toolUseId": "t", "content": [], "type": "nova_grounding_result"}}),
    (Opaque, {"searchResult": {"source": "s", "title": "t", "content": []}}),
    (Opaque, {"cachePoint": {"type": "default"}}),
    (Opaque, {"newKind": {"x": 1}}),
]


@pytest.mark.parametrize(("kind", "block"), BLOCKS)
def test_every_block_comes_back(kind: type, block: dict[str, Any]) -> None:
    (part,) = decode_blocks([Fields(block)])
    assert type(part) is kind
    assert encode_blocks([part]) == [block]


def test_a_cache_point_is_kept_with_the_block_before_it() -> None:
    points: list[dict[str, Any]] = [
        {"type": "default"},
        {"type": "default", "ttl": "1h"},
        {"type": "odd", "x": 1},
    ]
    for point in points:
        blocks = [{"text": "a"}, {"cachePoint": point}, {"text": "b"}]
        parts = decode_blocks(map(Fields, blocks))
        assert len(parts) == 2
        assert encode_blocks(parts) == blocks
    assert point_of({"type": "ephemeral", "ttl": "1h"}) == {"type": "default", "ttl": "1h"}


def test_two_cache_points_in_a_row_stay_two() -> None:
    blocks = [{"text": "a"}, {"cachePoint": {"type": "default"}}, {"cachePoint": {"type": "default"}}]
    assert encode_blocks(decode_blocks(map(Fields, blocks))) == blocks


@pytest.mark.parametrize("block", [{"toolUse": 5}, {"text": 5}, {"image": {"format": 5, "source": {}}}, 5])
def test_a_callers_block_of_the_wrong_shape_is_refused_with_its_path(block: Any) -> None:
    with pytest.raises(Refused) as refused:
        decode_blocks([Fields(block, "messages[0].content[0]")])
    assert (refused.value.failure.param or "").startswith("messages[0].content[0]")


@given(
    st.dictionaries(
        st.sampled_from(["text", "toolUse", "image", "document"]), st.integers() | st.text(), max_size=2
    )
)
def test_an_upstreams_odd_block_is_passed_on(block: dict[str, Any]) -> None:
    (part,) = decode_blocks([Fields(block, strict=False)])
    assert encode_blocks([part]) == [block]


def test_arguments_that_are_no_object_are_wrapped() -> None:
    assert arguments_object('{"a": 1}') == ({"a": 1}, True)
    assert arguments_object(" ") == ({}, True)
    assert arguments_object("{a") == ({"arguments": "{a"}, False)


def test_only_its_own_thinking_is_its_own() -> None:
    (part,) = decode_blocks([Fields({"reasoningContent": {"reasoningText": {"text": "hm"}}})])
    assert isinstance(part, Reasoning)
    assert is_own(part)
    assert not is_own(Reasoning("hm"))
