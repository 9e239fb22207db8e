"""Settings and tools of another dialect: in this one's words, every loss declared."""

from typing import Any

import pytest

from counterpoint.canonical import OpaqueTool, OutputFormat, ReasoningSettings, Tool, ToolChoice
from tests.unit.dialects.openai_chat.adapting.asking import said, sent


def settings(*quirks: str, model: str = "gpt-4o", **fields: Any) -> tuple[Any, list[tuple[str, str]]]:
    body, losses = sent(said("user", "x", **fields), *quirks, model=model)
    return (
        {name: value for name, value in body.items() if name not in {"model", "messages"}},
        [(code, severity) for code, _, severity in losses],
    )


def test_what_both_have_goes_over() -> None:
    fields: dict[str, Any] = {
        "max_output": 5,
        "temperature": 0.5,
        "top_p": 0.9,
        "stop": ("a",),
        "user": "u",
        "stream": True,
    }
    assert settings(**fields) == (
        {
            "max_completion_tokens": 5,
            "temperature": 0.5,
            "top_p": 0.9,
            "stop": ["a"],
            "user": "u",
            "stream": True,
        },
        [],
    )


@pytest.mark.parametrize(
    ("fields", "body", "losses"),
    [
        ({"top_k": 3}, {}, [("top_k", "degraded")]),
        ({"metadata": {"a": "b"}}, {}, [("metadata", "cosmetic")]),
        ({"stop": tuple("abcde")}, {"stop": list("abcd")}, [("stop.count", "degraded")]),
        ({"service_tier": "standard_only"}, {"service_tier": "default"}, []),
        ({"service_tier": "auto"}, {"service_tier": "auto"}, []),
        ({"service_tier": "gold"}, {}, [("service_tier", "degraded")]),
        ({"extensions": {"elsewhere": {"container": "c"}}}, {}, [("field.container", "meaning")]),
        ({"tool_choice": ToolChoice("required")}, {}, [("tool_choice", "meaning")]),
        (
            {"tool_choice": ToolChoice("none"), "parallel_tool_calls": False},
            {},
            [("tool_choice", "cosmetic"), ("parallel_tool_calls", "cosmetic")],
        ),
    ],
)
def test_what_one_lacks_is_declared(fields: Any, body: Any, losses: Any) -> None:
    assert settings(**fields) == (body, losses)


def test_a_host_that_takes_top_k_gets_it() -> None:
    assert settings("top_k", top_k=3) == ({"top_k": 3}, [])


def test_models_with_fixed_sampling_are_not_told_how_to_sample() -> None:
    body, losses = settings(model="o4-mini", temperature=0.2, top_p=1)
    assert body == {"top_p": 1}
    assert losses == [("temperature", "degraded")]
    assert settings(model="gpt-5-chat-latest", temperature=0.2)[0] == {"temperature": 0.2}


def test_tools_that_only_their_host_can_run_are_lost() -> None:
    own = Tool("f", "d", {"type": "object"}, extensions={"elsewhere": {"cache_control": {}}})
    search = OpaqueTool("elsewhere", "web_search_20250305", {})
    body, losses = settings(tools=(own, search), tool_choice=ToolChoice("tool", "f"))
    assert body == {
        "tools": [
            {
                "type": "function",
                "function": {"name": "f", "description": "d", "parameters": {"type": "object"}},
            }
        ],
        "tool_choice": {"type": "function", "function": {"name": "f"}},
    }
    assert losses == [("field.cache_control", "degraded"), ("tool.web_search_20250305", "meaning")]
    body, _ = settings(tools=(search,), tool_choice=ToolChoice("auto"), parallel_tool_calls=False)
    assert body == {}


def test_a_schema_needs_a_name_here() -> None:
    body, losses = settings(output=OutputFormat("json_schema", {"type": "object"}, strict=True))
    assert body["response_format"]["json_schema"] == {
        "name": "answer",
        "schema": {"type": "object"},
        "strict": True,
    }
    assert [code for code, _ in losses] == []
    assert settings(output=OutputFormat("json_schema", {}))[1] == [("output.strict", "degraded")]
    assert settings(output=OutputFormat("json"))[0] == {"response_format": {"type": "json_object"}}


@pytest.mark.parametrize(
    ("asked", "model", "quirks", "body", "code"),
    [
        (ReasoningSettings("on", budget=1024), "gpt-5", (), {"reasoning_effort": "low"}, "reasoning.effort"),
        (
            ReasoningSettings("on", budget=5000),
            "gpt-5",
            (),
            {"reasoning_effort": "medium"},
            "reasoning.effort",
        ),
        (ReasoningSettings("on", budget=32000), "o3", (), {"reasoning_effort": "high"}, "reasoning.effort"),
        (
            ReasoningSettings("adaptive", "max"),
            "openai/gpt-5",
            (),
            {"reasoning_effort": "high"},
            "reasoning.effort",
        ),
        (ReasoningSettings("adaptive"), "gpt-5", (), {}, "reasoning.effort"),
        (ReasoningSettings("on", budget=1024), "gpt-4o", (), {}, "reasoning.unavailable"),
        (
            ReasoningSettings("on", effort="low"),
            "x",
            ("reasoning_effort",),
            {"reasoning_effort": "low"},
            "reasoning.effort",
        ),
        (
            ReasoningSettings("on", effort="low"),
            "gpt-5",
            ("no_reasoning_effort",),
            {},
            "reasoning.unavailable",
        ),
        (
            ReasoningSettings("on", budget=2000),
            "x",
            ("reasoning_object",),
            {"reasoning": {"max_tokens": 2000}},
            "reasoning.effort",
        ),
        (
            ReasoningSettings("on", effort="low"),
            "x",
            ("reasoning_object",),
            {"reasoning": {"effort": "low"}},
            "reasoning.effort",
        ),
        (ReasoningSettings("off"), "gpt-5", (), {}, "reasoning.off"),
    ],
)
def test_how_much_to_think(asked: Any, model: str, quirks: Any, body: Any, code: str | None) -> None:
    assert settings(*quirks, model=model, reasoning=asked) == (
        body,
        [] if code is None else [(code, "degraded")],
    )


def test_a_model_that_is_never_told_to_think_needs_not_be_told_not_to() -> None:
    assert settings(model="gpt-4o", reasoning=ReasoningSettings("off")) == (
        {},
        [("reasoning.off", "cosmetic")],
    )
