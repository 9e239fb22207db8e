"""The answer's form and the amount of thinking, there and back."""

from typing import Any

import pytest

from counterpoint.canonical import OutputFormat, ReasoningSettings
from counterpoint.dialects.openai_responses.settings import encode_reasoning, encode_text
from tests.unit.dialects.openai_responses.bodies import asked, back, decoded

SCHEMA = {"type": "object"}


@pytest.mark.parametrize(
    "text",
    [
        {},
        {"format": {"type": "text"}},
        {"format": {"type": "json_object"}, "verbosity": "low"},
        {"format": {"type": "json_schema", "name": "a", "schema": SCHEMA, "strict": True, "new": 1}},
        {"format": {"type": "grammar_of_tomorrow", "x": 1}},
        {"verbosity": None, "format": None},
    ],
)
def test_text_comes_back(text: Any) -> None:
    assert back(asked(text=text))["text"] == text


def test_a_schema_is_known() -> None:
    form = {"type": "json_schema", "name": "a", "schema": SCHEMA, "strict": False, "description": "d"}
    assert decoded(text={"format": form}).output == OutputFormat("json_schema", SCHEMA, "a", "d", False)


@pytest.mark.parametrize(
    ("reasoning", "known"),
    [
        ({"effort": "low"}, ("low", None, None)),
        ({"effort": "none", "summary": "auto"}, ("none", "off", "summarized")),
        ({"summary": "detailed", "context": "all_turns"}, (None, None, "summarized")),
    ],
)
def test_reasoning_is_understood_and_comes_back(reasoning: Any, known: Any) -> None:
    settings = decoded(reasoning=reasoning).reasoning
    assert settings is not None
    assert (settings.effort, settings.mode, settings.display) == known
    assert back(asked(reasoning=reasoning))["reasoning"] == reasoning


def test_reasoning_that_says_nothing_is_none() -> None:
    nothing = {"effort": None, "summary": None}
    assert decoded(reasoning=nothing).reasoning is None
    assert back(asked(reasoning=nothing))["reasoning"] == nothing


def test_what_another_dialect_says_is_written() -> None:
    settings = ReasoningSettings(effort="high", display="summarized")
    assert encode_reasoning(settings, None) == {"effort": "high", "summary": "auto"}
    assert encode_reasoning(ReasoningSettings(), None) is None
    assert encode_text(OutputFormat("json"), {"a": 1}, None) == (
        {"format": {"type": "json_object"}},
        {"a": 1},
    )
