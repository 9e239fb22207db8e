"""Requests to canonical: settings, tools, and words for what is wrong."""

from typing import Any

import pytest

from counterpoint.canonical import OpaqueTool, OutputFormat, ReasoningSettings, Tool, ToolChoice
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.extensions import fields_of
from counterpoint.dialects.openai_chat.requests import decode_request
from tests.unit.dialects.openai_chat.bodies import asked, decoded

FUNCTION = {"name": "f", "description": "d", "parameters": {"type": "object"}, "strict": True}


def test_settings_have_their_canonical_names() -> None:
    request = decoded(
        max_completion_tokens=5,
        temperature=1,
        top_p=0.5,
        top_k=3,
        frequency_penalty=0.1,
        presence_penalty=0.2,
        stop=["a", "b"],
        seed=7,
        n=2,
        logprobs=True,
        top_logprobs=3,
        stream=True,
        stream_options={"include_usage": True},
        user="u",
        service_tier="flex",
        metadata={"a": "b"},
        parallel_tool_calls=False,
    )
    assert (request.max_output, request.temperature, request.top_p, request.top_k) == (5, 1, 0.5, 3)
    assert (request.frequency_penalty, request.presence_penalty, request.stop) == (0.1, 0.2, ("a", "b"))
    assert (request.seed, request.n, request.logprobs, request.top_logprobs) == (7, 2, True, 3)
    assert (request.stream, request.include_usage, request.user) == (True, True, "u")
    assert (request.service_tier, request.metadata, request.parallel_tool_calls) == (
        "flex",
        {"a": "b"},
        False,
    )
    assert request.extensions == {}


def test_options_of_the_stream_beside_usage_stay_extensions() -> None:
    request = decoded(stream=True, stream_options={"include_usage": True, "include_obfuscation": False})
    assert request.include_usage
    assert fields_of(request.extensions, "openai-chat") == {"stream_options": {"include_obfuscation": False}}


def test_older_and_shorter_words_mean_the_same() -> None:
    assert decoded(max_tokens=5).max_output == 5
    assert decoded(max_tokens=5, max_completion_tokens=6).max_output == 6
    assert decoded(stop="x").stop == ("x",)
    assert decoded(stop=[]).stop == ()
    legacy = decoded(functions=[FUNCTION], function_call={"name": "f"})
    assert isinstance(legacy.tools[0], Tool)
    assert legacy.tools[0].name == "f"
    assert legacy.tool_choice is not None
    assert (legacy.tool_choice.mode, legacy.tool_choice.name) == ("tool", "f")
    assert decoded(function_call="auto").tool_choice is not None


def test_tools_of_every_kind() -> None:
    custom = {"name": "g", "description": "d", "format": {"type": "text"}}
    search = {"type": "web_search", "x": 1}
    tools = decoded(
        tools=[{"type": "function", "function": FUNCTION}, {"type": "custom", "custom": custom}, search]
    ).tools
    assert tools[0] == Tool("f", "d", {"type": "object"}, True)
    assert isinstance(tools[1], Tool)
    assert (tools[1].kind, tools[1].name, tools[1].extensions) == (
        "custom",
        "g",
        {"openai-chat": {"custom.format": {"type": "text"}}},
    )
    assert tools[2] == OpaqueTool("openai-chat", "web_search", search)


@pytest.mark.parametrize(
    ("value", "mode", "name"),
    [
        ("auto", "auto", None),
        ("none", "none", None),
        ("required", "required", None),
        ("any", "required", None),
        ({"type": "function", "function": {"name": "f"}}, "tool", "f"),
        ({"type": "custom", "custom": {"name": "g"}}, "tool", "g"),
        ({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": []}}, "required", None),
    ],
)
def test_choices_of_tools(value: Any, mode: str, name: str | None) -> None:
    choice = decoded(tool_choice=value).tool_choice
    assert isinstance(choice, ToolChoice)
    assert (choice.mode, choice.name) == (mode, name)


def test_output_formats() -> None:
    schema = {"type": "object"}
    assert decoded(response_format={"type": "text"}).output == OutputFormat("text")
    assert decoded(response_format={"type": "json_object"}).output == OutputFormat("json")
    form = {
        "type": "json_schema",
        "json_schema": {"name": "n", "description": "d", "schema": schema, "strict": True},
    }
    assert decoded(response_format=form).output == OutputFormat("json_schema", schema, "n", "d", True)
    unusual = {"type": "grammar", "grammar": "x"}
    request = decoded(response_format=unusual)
    assert request.output is None
    assert fields_of(request.extensions, "openai-chat") == {"response_format": unusual}


@pytest.mark.parametrize(
    ("fields", "mode", "effort", "budget", "display"),
    [
        ({"reasoning_effort": "low"}, None, "low", None, None),
        ({"reasoning_effort": "none"}, "off", "none", None, None),
        ({"reasoning": {"effort": "high", "exclude": True}}, None, "high", None, "omitted"),
        ({"reasoning": {"max_tokens": 99}}, None, None, 99, None),
        ({"reasoning": {"enabled": True}}, "on", None, None, None),
        ({"reasoning": {"enabled": False}}, "off", None, None, None),
        ({"thinking": {"type": "enabled", "budget_tokens": 9}}, "on", None, 9, None),
        ({"thinking": {"type": "disabled", "clear_thinking": False}}, "off", None, None, None),
        ({"enable_thinking": False}, "off", None, None, None),
    ],
)
def test_how_much_to_think_in_every_hosts_words(
    fields: Any, mode: str | None, effort: str | None, budget: int | None, display: str | None
) -> None:
    settings = decoded(**fields).reasoning
    assert isinstance(settings, ReasoningSettings)
    assert (settings.mode, settings.effort, settings.budget, settings.display) == (
        mode,
        effort,
        budget,
        display,
    )


def test_what_the_hub_has_no_word_for_is_kept() -> None:
    request = decoded(prediction={"type": "content"}, logit_bias={"1": 2}, web_search_options={}, logprobs=1)
    assert fields_of(request.extensions, "openai-chat") == {
        "prediction": {"type": "content"},
        "logit_bias": {"1": 2},
        "web_search_options": {},
        "logprobs": 1,
    }


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"model": 3}, "model"),
        ({"model": ""}, "model"),
        ({"messages": "Hi"}, "messages"),
        ({"messages": None}, "messages"),
        ({"max_tokens": "5"}, "max_tokens"),
        ({"max_completion_tokens": 1.5}, "max_completion_tokens"),
        ({"max_tokens": 10**30}, "max_tokens"),
        ({"temperature": "hot"}, "temperature"),
        ({"stop": 3}, "stop"),
        ({"stop": ["a", 3]}, "stop[1]"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": []}, "stream_options"),
        ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
        ({"tools": {}}, "tools"),
        ({"tools": [3]}, "tools[0]"),
        ({"tools": [{}]}, "tools[0].type"),
        ({"tools": [{"name": "f"}]}, "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        ({"tools": [{"type": "function", "function": {}}]}, "tools[0].function.name"),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": 3}}]},
            "tools[0].function.parameters",
        ),
        ({"functions": [{"name": 3}]}, "functions[0].name"),
        ({"tool_choice": 3}, "tool_choice"),
        ({"tool_choice": {"type": "function"}}, "tool_choice.function"),
        ({"function_call": 3}, "function_call"),
        ({"response_format": "json"}, "response_format"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
        ({"reasoning_effort": 3}, "reasoning_effort"),
        ({"n": "2"}, "n"),
        ({"logprobs": "yes"}, "logprobs"),
        ({"metadata": []}, "metadata"),
    ],
)
def test_what_is_wrong_is_named(fields: Any, param: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_request(asked(**fields))
    failure = caught.value.failure
    assert (failure.kind.value, failure.param) == ("bad_request", param)
    assert param in failure.message


def test_a_body_that_is_no_object_is_refused() -> None:
    for body in (b"", b"[]", b"{", b"\xff", b'{"messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}"):
        with pytest.raises(Refused):
            decode_request(body)
