"""Two ways to write the same request of Ollama's API, or of legacy completions, are no difference; others are."""

from typing import Any

import pytest

from counterpoint.testing.alignment import differences
from counterpoint.testing.same import normal_form

CALL = {"function": {"name": "f", "arguments": {"a": 1}}}


def differ(dialect: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(list(differences(normal_form(dialect, one), normal_form(dialect, other))))


def chat(*messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"model": "m", "messages": list(messages), **fields}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (chat(), chat(stream=True, format="", tools=[], options={"num_predict": -1, "stop": []})),
        (chat({"role": "user", "content": "a", "images": []}), chat({"role": "USER", "content": "a"})),
        (
            chat(
                {"role": "assistant", "content": "", "tool_calls": [CALL]},
                {"role": "tool", "tool_name": "f", "content": "r"},
            ),
            chat(
                {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "type": "function", **CALL}]},
                {"role": "tool", "tool_call_id": "c", "content": "r"},
            ),
        ),
    ],
)
def test_the_same_chat(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not differ("ollama-chat", one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (chat(stream=False), chat()),
        (chat(options={"num_ctx": 1}), chat()),
        (chat({"role": "user", "content": "a"}), chat({"role": "user", "content": "b"})),
        (chat({"role": "user", "content": "a", "images": ["x"]}), chat({"role": "user", "content": "a"})),
    ],
)
def test_another_chat(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert differ("ollama-chat", one, other)


def test_prompts() -> None:
    bare = {"model": "m", "prompt": "a"}
    assert not differ(
        "ollama-generate", bare, {**bare, "system": "", "raw": False, "context": [], "images": []}
    )
    assert differ("ollama-generate", bare, {**bare, "system": "s"})
    name = "openai-completions-legacy"
    long = {
        "model": "m",
        "prompt": ["a"],
        "n": 1,
        "best_of": 1,
        "stop": ["x"],
        "stream": False,
        "logit_bias": {},
    }
    assert not differ(name, {**bare, "stop": "x"}, long)
    assert differ(name, bare, {**bare, "prompt": ["a", "b"]})
    assert differ(name, bare, {**bare, "suffix": "s"})
