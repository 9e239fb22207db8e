"""Settings of other dialects as this API takes them."""

from typing import Any

import pytest

from tests.unit.dialects.ollama.bodies import TOOL, elsewhere


def codes(**fields: Any) -> set[str]:
    return {loss.code for loss in elsewhere("openai-chat", **fields)[1].losses}


def test_what_means_the_same_goes_along() -> None:
    body, encoded = elsewhere(
        "openai-chat",
        max_tokens=9,
        temperature=0.5,
        seed=1,
        stop="x",
        stream=True,
        keep_alive="5m",
        tools=[TOOL],
    )
    assert encoded.losses == ()
    assert body["options"] == {"num_predict": 9, "temperature": 0.5, "seed": 1, "stop": ["x"]}
    assert (body["stream"], body["keep_alive"], body["tools"]) == (True, "5m", [TOOL])


def test_it_is_always_said_whether_to_stream() -> None:
    assert elsewhere("openai-chat")[0]["stream"] is False


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"n": 2}, {"n"}),
        ({"user": "u"}, {"user"}),
        ({"tools": [TOOL], "tool_choice": "required"}, {"tool_choice"}),
        ({"tools": [TOOL], "tool_choice": "none"}, {"tool_choice.none"}),
        ({"tools": [TOOL], "parallel_tool_calls": False}, {"parallel_tool_calls"}),
        ({"reasoning_effort": "high"}, {"reasoning.effort"}),
        ({"logit_bias": {"1": 2}}, {"field.logit_bias"}),
        ({"max_tokens": 0}, {"max_output"}),
    ],
)
def test_what_cannot_be_said_is_declared(fields: dict[str, Any], lost: set[str]) -> None:
    assert codes(**fields) == lost


def test_a_schema_goes_along_without_its_name() -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "p", "schema": {"type": "object"}}}
    body, encoded = elsewhere("openai-chat", response_format=wanted)
    assert body["format"] == {"type": "object"}
    assert {loss.code for loss in encoded.losses} == {"output.name"}


def test_thinking_is_turned_on_and_off() -> None:
    fields: dict[str, Any] = {"max_tokens": 2000}
    on = elsewhere("anthropic-messages", **fields, thinking={"type": "enabled", "budget_tokens": 1024})[0]
    off = elsewhere("anthropic-messages", **fields, thinking={"type": "disabled"})[0]
    assert (on["think"], off["think"]) == (True, False)
