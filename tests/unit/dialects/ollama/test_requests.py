"""Requests come back as they came, whatever way they were written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Image, Refused, Text
from counterpoint.dialects.base import ChatDialect, Target
from counterpoint.dialects.registry import CHAT
from tests.unit.dialects.ollama.bodies import CALL, DIALECT, PNG, PROMPTED, TOOL, asked, dumped, prompted

WAYS: list[tuple[ChatDialect, bytes]] = [
    (DIALECT, asked()),
    (DIALECT, asked(stream=False, format="", options={}, keep_alive=None, tools=[])),
    (DIALECT, asked(stream=True, format="json", think="high", options={"num_ctx": 9, "stop": []})),
    (DIALECT, asked(think=False, format={"type": "object"}, options={"num_predict": -1, "stop": ["x"]})),
    (DIALECT, asked(logprobs=True, top_logprobs=3, unknown={"a": 1}, tools=[TOOL])),
    (DIALECT, asked(messages=[])),
    (DIALECT, dumped({"model": "m"})),
    (DIALECT, dumped({"model": "m", "keep_alive": 0})),
    (PROMPTED, prompted()),
    (PROMPTED, prompted(system="", template="", context=[], raw=False, images=[], suffix="")),
    (
        PROMPTED,
        prompted(system="Be brief.", context=[1, 2], raw=True, template="{{ .Prompt }}", suffix="end"),
    ),
    (PROMPTED, prompted(images=[PNG], options={"seed": 1}, stream=False, think=True)),
    (PROMPTED, prompted(prompt="", keep_alive="5m")),
    (PROMPTED, dumped({"model": "m"})),
    (PROMPTED, dumped({"model": "m", "images": [PNG]})),
]


@pytest.mark.parametrize(("dialect", "body"), WAYS)
def test_a_request_comes_back_as_it_came(dialect: ChatDialect, body: bytes) -> None:
    encoded = dialect.encode_request(dialect.decode_request(body), Target("m"), dialect.name)
    assert encoded.losses == ()
    assert json.loads(encoded.body) == json.loads(body)


def test_it_streams_unless_told_not_to() -> None:
    assert DIALECT.decode_request(asked()).stream
    assert not DIALECT.decode_request(asked(stream=False)).stream


def test_a_prompt_is_what_the_user_says() -> None:
    request = PROMPTED.decode_request(prompted(system="Be brief.", images=[PNG]))
    assert [message.role for message in request.messages] == ["system", "user"]
    text, image = request.messages[1].parts
    assert isinstance(text, Text)
    assert isinstance(image, Image)
    assert image.source.media_type == "image/png"


def test_a_prompt_becomes_a_message_without_loss_and_what_only_it_has_is_declared() -> None:
    request = PROMPTED.decode_request(prompted(raw=True, options={"num_ctx": 9}))
    encoded = DIALECT.encode_request(request, Target("m"), PROMPTED.name)
    assert json.loads(encoded.body) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "options": {"num_ctx": 9},
    }
    assert [(loss.code, loss.path) for loss in encoded.losses] == [("field.raw", "raw")]


def test_a_conversation_becomes_one_prompt_and_says_so() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "Bye"},
    ]
    request = DIALECT.decode_request(asked(messages=messages, tools=[TOOL]))
    encoded = PROMPTED.encode_request(request, Target("m"), DIALECT.name)
    body = json.loads(encoded.body)
    assert body["system"] == "Be brief."
    assert body["prompt"] == "User: Hi\n\nAssistant: Hello\n\nUser: Bye\n\nAssistant:"
    assert {loss.code for loss in encoded.losses} == {"messages.transcript", "tools"}


def test_to_load_a_model_is_no_question() -> None:
    for dialect, body in ((DIALECT, asked(messages=[])), (PROMPTED, prompted(prompt=""))):
        request = dialect.decode_request(body)
        assert request.messages == ()
        assert request.extensions["ollama-chat"]["~load"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"model": 5}, "model"),
        ({"model": ""}, "model"),
        ({"messages": 5}, "messages"),
        ({"messages": [5]}, "messages[0]"),
        ({"messages": [{"role": "robot", "content": ""}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": "", "images": [5]}]}, "messages[0].images[0]"),
        (
            {"messages": [{"role": "assistant", "content": "", "tool_calls": [{}]}]},
            "messages[0].tool_calls[0].function",
        ),
        ({"options": {"temperature": "hot"}}, "options.temperature"),
        ({"options": []}, "options"),
        ({"format": "xml"}, "format"),
        ({"format": 5}, "format"),
        ({"think": 5}, "think"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        ({"stream": "yes"}, "stream"),
    ],
)
def test_a_mistake_is_named_by_its_path(fields: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as refused:
        DIALECT.decode_request(asked(**fields))
    assert refused.value.failure.param == param


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["messages", "prompt", "system", "images", "options", "format", "think", "tools", "stream", "keep_alive"]
)


@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_anything_is_taken_or_refused(fields: dict[str, Any]) -> None:
    for dialect in (DIALECT, PROMPTED):
        try:
            request = dialect.decode_request(dumped({"model": "m", **fields}))
        except Refused:
            continue
        again = dialect.encode_request(request, Target("m"), dialect.name)
        assert json.loads(again.body) == json.loads(dumped({"model": "m", **fields}))
        for other in ("openai-chat", "anthropic-messages"):
            CHAT[other].encode_request(request, Target("m"), dialect.name)


def test_calls_go_there_and_back() -> None:
    messages = [
        {"role": "assistant", "content": "", "tool_calls": [CALL, {**CALL, "id": "c1"}]},
        {"role": "tool", "tool_name": "weather", "content": "21"},
        {"role": "tool", "tool_call_id": "c1", "content": "22", "images": [PNG]},
    ]
    body = asked(messages=messages)
    request = DIALECT.decode_request(body)
    assert json.loads(DIALECT.encode_request(request, Target("m"), DIALECT.name).body) == json.loads(body)
