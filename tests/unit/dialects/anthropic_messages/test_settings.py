"""Thinking and the format of the answer, wherever their author wrote them."""

from typing import Any

import pytest

from counterpoint.canonical import ReasoningSettings
from counterpoint.dialects.anthropic_messages.objects import Taken
from counterpoint.dialects.anthropic_messages.settings import (
    at_top_level,
    decode_output,
    decode_reasoning,
    encode_format,
    encode_thinking,
)

FORMAT = {"type": "json_schema", "schema": {"type": "object"}, "new": 1}


@pytest.mark.parametrize(
    ("value", "mode"),
    [
        ({"type": "enabled", "budget_tokens": 2048}, "on"),
        ({"type": "disabled"}, "off"),
        ({"type": "adaptive", "display": "omitted"}, "adaptive"),
        ({"type": "between_tools", "x": 1}, None),
    ],
)
def test_thinking_comes_back(value: dict[str, Any], mode: str | None) -> None:
    reasoning = decode_reasoning(Taken(value, "thinking"), "high")
    assert reasoning is not None
    assert (reasoning.mode, reasoning.effort) == (mode, "high")
    assert encode_thinking(reasoning) == value


def test_an_effort_alone_says_nothing_of_thinking() -> None:
    assert decode_reasoning(None, None) is None
    assert decode_reasoning(None, "low") == ReasoningSettings(effort="low")
    assert encode_thinking(ReasoningSettings(effort="low")) is None


def test_the_format_is_read_in_both_places() -> None:
    request, config = Taken({}, ""), Taken({"format": dict(FORMAT)}, "output_config")
    now = decode_output(request, config)
    assert now is not None
    assert not at_top_level(now)
    assert "format" not in config.left
    early = decode_output(Taken({"output_format": dict(FORMAT)}, ""), None)
    assert early is not None
    assert at_top_level(early)
    assert encode_format(now) == encode_format(early) == FORMAT
    assert now.schema == {"type": "object"}


def test_a_format_without_a_word_for_it_stays_in_its_place() -> None:
    request = Taken({"output_format": {"type": "grammar"}}, "")
    assert decode_output(request, None) is None
    assert request.left == {"output_format": {"type": "grammar"}}
    config = Taken({"format": {"type": "json_schema"}}, "output_config")
    assert decode_output(request, config) is None
    assert config.left == {"format": {"type": "json_schema"}}
