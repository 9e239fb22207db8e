"""Whole requests to the hub and back; hostile ones refused."""

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical.errors import Refused
from tests.unit.dialects.bedrock_converse.bodies import CONVERSE, asked, decoded, home_again, user

INVOKED = base64.b64encode(b'{"anthropic_version":"bedrock-2023-05-31"}').decode()


@pytest.mark.parametrize(
    "body",
    [
        asked(system=[{"text": "Be brief."}, {"cachePoint": {"type": "default"}}]),
        asked(system=[]),
        {"messages": [user({"text": "a"}), {"role": "assistant", "content": [{"text": "b"}]}], "unknown": 1},
        {"messages": [{**user({"text": "a"}), "x": 1}]},
        {"promptVariables": {"a": {"text": "b"}}},
        {"input": {"converse": asked(system=[])}},
        {"input": {"invokeModel": {"body": INVOKED}}},
    ],
)
def test_every_request_comes_back(body: dict[str, Any]) -> None:
    assert home_again(body) == body


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": 5}, "messages"),
        ({"messages": [5]}, "messages[0]"),
        ({"messages": [{"role": "tool", "content": []}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [user(5)]}, "messages[0].content[0]"),
        ({"system": [{"text": 5}], "messages": []}, "system[0].text"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(body: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as refused:
        decoded(body)
    assert refused.value.failure.param == param


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["messages", "content", "role", "text", "toolUse", "system", "toolConfig", "tools"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_anything_is_understood_or_refused(value: Any) -> None:
    body = json.dumps(value).encode()
    with contextlib.suppress(Refused):
        assert CONVERSE.decode_request(body).model == ""


def test_nesting_without_end_is_refused() -> None:
    deep = b'{"messages":[{"role":"user","content":[' + b'{"toolResult":{"content":[' * 5000
    with pytest.raises(Refused):
        CONVERSE.decode_request(deep)
