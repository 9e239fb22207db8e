"""A request in canonical words."""

from typing import Any

import pytest

from counterpoint.canonical import Message, Text
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_responses.requests import decode_request
from tests.unit.dialects.openai_responses.bodies import asked, back, decoded


def test_settings_have_their_words() -> None:
    request = decoded(
        instructions="be brief",
        max_output_tokens=9,
        temperature=0.5,
        top_p=0.9,
        parallel_tool_calls=False,
        stream=True,
        user="u",
        service_tier="flex",
        metadata={"a": "b"},
        include=["message.output_text.logprobs", "reasoning.encrypted_content"],
        top_logprobs=2,
    )
    assert request.messages[0].role == "system"
    assert request.messages[1] == Message("user", (Text("Hi"),))
    assert (request.max_output, request.temperature, request.top_p) == (9, 0.5, 0.9)
    assert (request.parallel_tool_calls, request.stream, request.include_usage) == (False, True, True)
    assert (request.user, request.service_tier, request.metadata) == ("u", "flex", {"a": "b"})
    assert (request.logprobs, request.top_logprobs) == (True, 2)
    assert request.extensions["openai-responses"]["include"] == ["reasoning.encrypted_content"]


@pytest.mark.parametrize(
    "fields",
    [
        {"instructions": "", "stream": False},
        {"instructions": None, "temperature": 1},
        {"tools": [], "include": [], "background": True, "store": False},
        {"previous_response_id": "resp_0", "truncation": "auto", "safety_identifier": "s"},
        {"conversation": {"id": "c"}, "prompt_cache_key": "k", "max_tool_calls": 3, "of_tomorrow": [1]},
        {"include": ["message.output_text.logprobs"], "top_logprobs": 0, "~odd": 1},
    ],
)
def test_a_request_comes_back(fields: Any) -> None:
    assert back(asked(**fields)) == {"model": "m", "input": "Hi", **fields}


def test_a_stored_prompt_needs_neither_model_nor_input() -> None:
    assert back(b'{"prompt":{"id":"p"}}') == {"prompt": {"id": "p"}}
    assert back(b'{"model":"m","input":null}') == {"model": "m"}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b'{"model":"m","input":5}', "input"),
        (b'{"model":"","input":"x"}', "model"),
        (b'{"model":"m","input":"x","instructions":[]}', "instructions"),
        (b'{"model":"m","input":"x","include":[5]}', "include[0]"),
        (b'{"model":"m","input":"x","text":"json"}', "text"),
        (b'{"model":"m","input":"x","max_output_tokens":"9"}', "max_output_tokens"),
        (b"[]", None),
    ],
)
def test_mistakes_are_refused_with_their_path(body: bytes, param: str | None) -> None:
    with pytest.raises(Refused) as refused:
        decode_request(body)
    assert refused.value.failure.param == param
