"""Requests come back as they came; elsewhere a prompt is declared to be a message."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Opaque, Refused, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_completions.requests import echoed
from counterpoint.dialects.registry import CHAT
from tests.unit.dialects.openai_completions.bodies import DIALECT, asked, dumped

WAYS: list[dict[str, Any]] = [
    {},
    {"prompt": ["Once"]},
    {"prompt": ["Once", "Twice"], "n": 2},
    {"prompt": [1, 2, 3]},
    {"prompt": [[1, 2], [3]]},
    {"prompt": None},
    {"prompt": ""},
    {"best_of": 3, "n": 2, "echo": True, "suffix": "end", "logprobs": 0, "logit_bias": {"1": 2}},
    {"best_of": 1, "echo": False, "suffix": "", "logprobs": None, "logit_bias": {}, "stop": [], "seed": None},
    {
        "stop": "x",
        "stream": False,
        "max_tokens": 0,
        "temperature": 0,
        "top_p": 1,
        "user": "u",
        "unknown": [1],
    },
    {"stop": ["x"], "stream": True, "stream_options": {"include_usage": True}, "echo": True},
    {"stream": True, "stream_options": {"include_usage": False}},
    {"stream": True, "stream_options": {"include_usage": True, "more": 1}},
]


@pytest.mark.parametrize("fields", WAYS)
def test_a_request_comes_back_as_it_came(fields: dict[str, Any]) -> None:
    body = asked(**fields)
    encoded = DIALECT.encode_request(DIALECT.decode_request(body), Target("m"), DIALECT.name)
    assert encoded.losses == ()
    assert json.loads(encoded.body) == json.loads(body)


def lost(name: str, **fields: Any) -> dict[str, str]:
    request = DIALECT.decode_request(asked(**fields))
    losses = CHAT[name].encode_request(request, Target("gpt-4o"), DIALECT.name).losses
    return {loss.code: loss.path for loss in losses}


def test_a_prompt_becomes_a_message_and_says_so() -> None:
    request = DIALECT.decode_request(asked())
    assert request.messages[0].parts == (Text("Once"),)
    encoded = CHAT["openai-chat"].encode_request(request, Target("gpt-4o"), DIALECT.name)
    assert json.loads(encoded.body)["messages"] == [{"role": "user", "content": "Once"}]
    assert lost("openai-chat") == {"field.prompt": "prompt"}


def test_what_a_chat_has_no_word_for_is_declared() -> None:
    found = lost("openai-chat", suffix="end", best_of=3, echo=True, logprobs=2)
    assert found == {
        "field.prompt": "prompt",
        "field.suffix": "suffix",
        "field.best_of": "best_of",
        "field.echo": "echo",
    }


def test_an_echo_is_ours_to_give_where_no_probabilities_are_asked_for() -> None:
    assert lost("openai-chat", echo=True) == {"field.prompt": "prompt"}
    assert echoed(DIALECT.decode_request(asked(echo=True))) == "Once"
    assert echoed(DIALECT.decode_request(asked())) == echoed(None) == ""


def test_tokens_and_several_prompts_stay_whole() -> None:
    for prompt in ([1, 2], ["Once", "Twice"]):
        (part,) = DIALECT.decode_request(asked(prompt=prompt)).messages[0].parts
        assert isinstance(part, Opaque)
        assert part.value == prompt


def test_a_question_of_another_dialect_is_the_prompt() -> None:
    body = dumped(
        {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9, "top_k": 4}
    )
    request = CHAT["anthropic-messages"].decode_request(body)
    encoded = DIALECT.encode_request(request, Target("b"), "anthropic-messages")
    assert json.loads(encoded.body) == {"model": "b", "prompt": "Hi", "max_tokens": 9}
    assert [loss.code for loss in encoded.losses] == ["top_k"]
    kept = DIALECT.encode_request(request, Target("b", quirks=frozenset({"top_k"})), "anthropic-messages")
    assert json.loads(kept.body)["top_k"] == 4


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"model": ""}, "model"),
        ({"prompt": 5}, "prompt"),
        ({"prompt": [{}]}, "prompt[0]"),
        ({"prompt": ["a", 1]}, "prompt[1]"),
        ({"prompt": ["a", ["b"]]}, "prompt[1]"),
        ({"logprobs": True}, "logprobs"),
        ({"stop": [1]}, "stop[0]"),
        ({"stream_options": 1}, "stream_options"),
        ({"n": "two"}, "n"),
    ],
)
def test_a_mistake_is_named_by_its_path(fields: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as refused:
        DIALECT.decode_request(asked(**fields))
    assert refused.value.failure.param == param


def test_a_request_without_a_prompt_is_refused() -> None:
    with pytest.raises(Refused, match="prompt"):
        DIALECT.decode_request(b'{"model":"m"}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["prompt", "stop", "logprobs", "echo", "best_of", "suffix", "stream_options", "n", "~x"]
)


@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_anything_is_taken_or_refused(fields: dict[str, Any]) -> None:
    body = asked(**fields)
    try:
        request = DIALECT.decode_request(body)
    except Refused:
        return
    assert json.loads(DIALECT.encode_request(request, Target("m"), DIALECT.name).body) == json.loads(body)
    CHAT["anthropic-messages"].encode_request(request, Target("m"), DIALECT.name)
