"""Settings and tools of another dialect, as this one wants them."""

from typing import Any

import msgspec
import pytest

from counterpoint.canonical import (
    ChatRequest,
    OpaqueTool,
    OutputFormat,
    ReasoningSettings,
    Tool,
    ToolChoice,
)
from tests.unit.dialects.openai_responses.adapting.asking import said, sent

HI = said("user", "Hi")
TOOL = Tool("f")


def asking(**fields: Any) -> ChatRequest:
    return msgspec.structs.replace(HI, **fields)


@pytest.mark.parametrize(
    ("fields", "code", "severity"),
    [
        ({"n": 2}, "n", "meaning"),
        ({"stop": ("x",)}, "stop", "meaning"),
        ({"seed": 1}, "seed", "degraded"),
        ({"top_k": 5}, "top_k", "degraded"),
        ({"presence_penalty": 1}, "presence_penalty", "degraded"),
        ({"max_output": 5}, "max_output.range", "degraded"),
        ({"service_tier": "gold"}, "service_tier", "degraded"),
        ({"tool_choice": ToolChoice("required")}, "tool_choice", "meaning"),
        ({"parallel_tool_calls": False}, "parallel_tool_calls", "cosmetic"),
        ({"tools": (OpaqueTool("elsewhere", "search", {}),)}, "tool.search", "meaning"),
        ({"output": OutputFormat("json_schema", {})}, "output.strict", "degraded"),
        ({"reasoning": ReasoningSettings(effort="low")}, "reasoning.unavailable", "degraded"),
        ({"extensions": {"elsewhere": {"logit_bias": {}}}}, "field.logit_bias", "meaning"),
    ],
)
def test_what_it_has_no_setting_for_is_declared(fields: Any, code: str, severity: str) -> None:
    _, losses = sent(asking(**fields))
    assert [(loss[0], loss[2]) for loss in losses] == [(code, severity)]


def test_a_tool_is_no_stricter_than_it_was() -> None:
    body, losses = sent(asking(tools=(TOOL,), tool_choice=ToolChoice("tool", "f"), parallel_tool_calls=False))
    parameters = {"type": "object", "properties": {}}
    assert body["tools"] == [{"type": "function", "name": "f", "parameters": parameters, "strict": False}]
    assert body["tool_choice"] == {"type": "function", "name": "f"}
    assert losses == []
    custom = Tool("g", kind="custom")
    body, _ = sent(asking(tools=(custom,), tool_choice=ToolChoice("tool", "g")))
    assert body["tool_choice"] == {"type": "custom", "name": "g"}


@pytest.mark.parametrize(
    ("settings", "written"),
    [
        (ReasoningSettings(effort="minimal"), {"effort": "minimal"}),
        (ReasoningSettings(effort="max"), {"effort": "high"}),
        (ReasoningSettings("on", budget=1024), {"effort": "low"}),
        (ReasoningSettings("on", budget=30_000), {"effort": "high"}),
        (ReasoningSettings("adaptive", display="summarized"), {"summary": "auto"}),
        (ReasoningSettings("adaptive"), None),
        (ReasoningSettings("off"), None),
    ],
)
def test_an_amount_of_thinking_becomes_an_effort(settings: ReasoningSettings, written: Any) -> None:
    body, losses = sent(asking(reasoning=settings), model="gpt-5")
    assert body.get("reasoning") == written
    assert len(losses) == 1


def test_models_that_fix_their_sampling_are_not_told() -> None:
    body, losses = sent(asking(temperature=0.3, top_p=1), model="o3")
    assert "temperature" not in body
    assert body["top_p"] == 1
    assert losses == [("temperature", "temperature", "degraded")]


def test_fields_that_the_makers_other_api_shares_are_kept_where_the_host_takes_them() -> None:
    fields = {"elsewhere": {"prompt_cache_key": "k", "store": True, "verbosity": "low"}}
    body, losses = sent(asking(extensions=fields), "shared_fields")
    assert (body["prompt_cache_key"], body["store"], body["text"]) == ("k", True, {"verbosity": "low"})
    assert losses == []
    body, losses = sent(asking(extensions=fields))
    assert body["store"] is False
    assert {loss[0] for loss in losses} == {"field.prompt_cache_key", "field.store", "field.verbosity"}


def test_a_form_and_a_tier_are_passed_on() -> None:
    schema = {"type": "object"}
    body, losses = sent(
        asking(output=OutputFormat("json_schema", schema, strict=True), service_tier="standard_only")
    )
    assert body["text"]["format"] == {
        "type": "json_schema",
        "name": "answer",
        "schema": schema,
        "strict": True,
    }
    assert body["service_tier"] == "default"
    assert losses == []
