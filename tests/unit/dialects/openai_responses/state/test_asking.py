"""What a call says about state."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_responses.state.asking import items_in, own_items, wish_of

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("store", "previous_response_id", "conversation", "background", "stream", "input", "model")


def body(**fields: Any) -> bytes:
    return json.dumps({"model": "m", **fields}).encode()


def test_an_answer_is_kept_unless_it_is_said_otherwise() -> None:
    assert wish_of(body(input="x")).store
    assert wish_of(body(input="x", store=None)).store
    wish = wish_of(body(input="x", store=False, stream=True))
    assert (wish.store, wish.stream, wish.recalls) == (False, True, False)


@pytest.mark.parametrize("conversation", ["conv_1", {"id": "conv_1"}])
def test_a_conversation_is_named_in_either_way(conversation: Any) -> None:
    wish = wish_of(body(conversation=conversation))
    assert (wish.conversation, wish.recalls) == ("conv_1", True)


def test_items_that_are_only_named_are_found() -> None:
    items = [
        {"type": "item_reference", "id": "msg_1"},
        {"type": "item_reference", "id": "msg_1"},
        {"type": "item_reference", "id": "not an id"},
        {"type": "message", "role": "user", "content": "item_reference"},
    ]
    assert wish_of(body(input=items)).references == ("msg_1",)
    assert wish_of(body(input="item_reference")).references == ()


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"store": 1}, "store"),
        ({"background": "x"}, "background"),
        ({"stream": 3}, "stream"),
        ({"previous_response_id": []}, "previous_response_id"),
        ({"conversation": {"id": 3}}, "conversation"),
        ({"conversation": "a", "previous_response_id": "b"}, "previous_response_id"),
        ({"background": True, "store": False}, "background"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(fields: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as refused:
        wish_of(body(**fields))
    assert refused.value.failure.param == param


@pytest.mark.parametrize("broken", [b"", b"[]", b"{", b"\xff", b'{"store":' + b"[" * 5000])
def test_what_is_no_object_is_refused(broken: bytes) -> None:
    with pytest.raises(Refused):
        wish_of(broken)


def test_a_text_is_the_users() -> None:
    (item,) = own_items(body(input="hé"))
    assert json.loads(item) == {"type": "message", "role": "user", "content": "hé"}
    assert own_items(body()) == []
    assert items_in(b"5") == items_in(b"{") == []


@given(st.dictionaries(st.sampled_from(FIELDS), values))
def test_hostile_calls_are_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        wish = wish_of(json.dumps(fields).encode())
    except Refused:
        return
    assert isinstance(wish.store, bool)
    own_items(json.dumps(fields).encode())
