"""Blocks that only this dialect understands grow to what a whole answer would have."""

from counterpoint.dialects.anthropic_messages.opaque import GrowingBlock


def test_input_is_put_together() -> None:
    growing = GrowingBlock({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}})
    for piece in ("", '{"que', 'ry": "x"}'):
        growing.grow({"type": "input_json_delta", "partial_json": piece})
    assert growing.whole()["input"] == {"query": "x"}


def test_strings_grow_and_other_values_replace() -> None:
    growing = GrowingBlock({"type": "compaction", "content": "a", "n": 1})
    growing.grow({"type": "compaction_delta", "content": "b", "n": 2, "new": "c", "gone": None})
    growing.grow({"type": "citations_delta", "citation": {"type": "x"}})
    assert growing.whole() == {
        "type": "compaction",
        "content": "ab",
        "n": 2,
        "new": "c",
        "citations": [{"type": "x"}],
    }


def test_broken_input_is_kept_as_text() -> None:
    growing = GrowingBlock({"type": "mcp_tool_use", "input": {}})
    growing.grow({"type": "input_json_delta", "partial_json": '{"a'})
    assert growing.whole()["input"] == '{"a'
