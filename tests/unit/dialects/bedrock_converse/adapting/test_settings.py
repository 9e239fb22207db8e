"""Settings of another dialect."""

from typing import Any

import pytest

from counterpoint.dialects.base import Target
from tests.unit.dialects.bedrock_converse.bodies import CLAUDE, NOVA, from_openai

TOOL = {"type": "function", "function": {"name": "f", "description": "", "parameters": {"type": "object"}}}

NAMED = {"type": "function", "function": {"name": "f"}}


def adapted(target: Target = CLAUDE, **fields: Any) -> tuple[Any, list[str]]:
    body, losses = from_openai(target, **fields)
    return body, [loss.code for loss in losses]


def test_what_it_has_no_word_for_is_declared() -> None:
    _, codes = adapted(n=2, seed=1, logprobs=True, user="u", frequency_penalty=1, presence_penalty=0)
    assert set(codes) == {"n", "seed", "logprobs", "user", "frequency_penalty"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("auto", {"auto": {}}), ("required", {"any": {}}), (NAMED, {"tool": {"name": "f"}})],
)
def test_choices_are_said(choice: Any, expected: Any) -> None:
    body, codes = adapted(tools=[TOOL], tool_choice=choice)
    assert body["toolConfig"]["toolChoice"] == expected
    assert codes == ["tool.description"]


def test_no_tool_may_be_called() -> None:
    body, codes = adapted(tools=[TOOL], tool_choice="none")
    assert "toolConfig" not in body
    assert "tool_choice" in codes
    assert "tool.withheld" in codes


def test_the_limit_thinking_and_schema_of_each_maker() -> None:
    body, codes = adapted(reasoning_effort="high", max_tokens=10_000)
    assert body["additionalModelRequestFields"] == {"thinking": {"type": "enabled", "budget_tokens": 8000}}
    assert codes == ["reasoning.effort"]
    body, codes = adapted(NOVA, reasoning_effort="low")
    assert body["additionalModelRequestFields"] == {
        "reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}
    }
    assert codes == []
    body, codes = adapted(Target("openai.gpt-oss-120b-1:0"), reasoning_effort="medium")
    assert body["additionalModelRequestFields"] == {"reasoning_effort": "medium"}
    _, codes = adapted(Target("meta.llama3-8b"), reasoning_effort="medium")
    assert codes == ["reasoning"]


def test_formats_of_the_output() -> None:
    schema = {"type": "object", "properties": {}}
    body, codes = adapted(
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "n", "schema": schema, "strict": True},
        }
    )
    inner = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert (inner["name"], codes) == ("n", [])
    _, codes = adapted(response_format={"type": "json_object"})
    assert codes == ["output.json"]


def test_labels_and_tiers() -> None:
    body, codes = adapted(metadata={"a": "b"}, service_tier="flex")
    assert (body["requestMetadata"], body["serviceTier"]) == ({"a": "b"}, {"type": "flex"})
    assert codes == []
    _, codes = adapted(metadata={"a": "b" * 300}, service_tier="scale", stop=["", "x"])
    assert set(codes) == {"metadata", "service_tier", "stop.blank"}
