"""What is the same in two requests to Converse."""

from typing import Any

import pytest

from counterpoint.testing.alignment import differences
from counterpoint.testing.same import normal_form


def asked(*blocks: Any, **fields: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": list(blocks)}], **fields}


def result(*content: Any, **fields: Any) -> dict[str, Any]:
    return asked({"toolResult": {"toolUseId": "t", "content": list(content), **fields}})


SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (asked({"text": "a"}, system=[]), asked({"text": "a"}, {"text": " "})),
    (asked({"text": "a"}, inferenceConfig={"stopSequences": []}), asked({"text": "a"}, inferenceConfig={})),
    (asked(toolConfig={"tools": [], "toolChoice": {"auto": {}}}), asked()),
    (result({"json": {"b": 1, "a": 2}}), result({"text": '{"a": 2, "b": 1}'}, status="success")),
    ({"input": {"converse": asked({"text": "a"})}}, asked({"text": "a"})),
    (
        asked({"document": {"name": "n", "source": {"text": "a"}}}),
        asked({"document": {"name": "n", "source": {"bytes": "YQ=="}, "citations": {"enabled": False}}}),
    ),
    (
        asked({"toolUse": {"toolUseId": "f.1", "name": "f", "input": {}, "type": "tool_use"}}),
        asked({"toolUse": {"toolUseId": "cpx_662e31", "name": "f", "input": {}}}),
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ways_to_write_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (
        list(differences(normal_form("bedrock-converse", one), normal_form("bedrock-converse", other))) == []
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (asked({"text": "a"}), asked({"text": "b"})),
        (asked({"text": "a"}, {"cachePoint": {"type": "default"}}), asked({"text": "a"})),
        (result({"text": "a"}, status="error"), result({"text": "a"})),
    ],
)
def test_what_means_something_is_a_difference(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert list(differences(normal_form("bedrock-converse", one), normal_form("bedrock-converse", other)))


def test_the_older_name_of_thinking_is_the_same() -> None:
    block = {"type": "enabled", "budget_tokens": 1024}
    older = {"messages": [], "additionalModelRequestFields": {"reasoning_config": block}}
    newer = {"messages": [], "additionalModelRequestFields": {"thinking": block}}
    assert _differ(older, newer) == []
    word = {"messages": [], "additionalModelRequestFields": {"reasoning_config": "high"}}
    assert _differ(word, newer)


def _differ(one: Any, other: Any) -> list[Any]:
    return list(differences(normal_form("bedrock-converse", one), normal_form("bedrock-converse", other)))


INVOKED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        asked({"text": "a"}, inferenceConfig={"max_new_tokens": 5}, schemaVersion="messages-v1"),
        asked({"text": "a"}, inferenceConfig={"maxTokens": 5}),
    ),
    ({"prompt": "a", "p": 1, "k": 0, "stop_sequences": [], "num_generations": 1}, {"prompt": "a", "p": 1}),
    ({"inputText": "a", "textGenerationConfig": {"stopSequences": []}}, {"inputText": "a"}),
    (
        {"prompt": "a", "max_tokens_to_sample": 5},
        {
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 5,
            "messages": [{"role": "user", "content": "a"}],
        },
    ),
]


@pytest.mark.parametrize(("one", "other"), INVOKED)
def test_ways_to_invoke_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert list(differences(normal_form("bedrock-invoke", one), normal_form("bedrock-invoke", other))) == []


def test_another_limit_of_an_invoked_model_is_a_difference() -> None:
    one, other = ({"prompt": "a", "max_tokens_to_sample": number} for number in (5, 6))
    found = differences(normal_form("bedrock-invoke", one), normal_form("bedrock-invoke", other))
    assert [(each.path, each.kind) for each in found] == [("max_tokens_to_sample", "changed")]
