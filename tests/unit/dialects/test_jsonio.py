"""JSON in and out: hostile bytes are refused with words, fields are taken with their paths."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.jsonio import (
    MOST_OBJECTS,
    Fields,
    NotJsonError,
    compact,
    decode_object,
    encode,
    kind_of,
    parse,
    refusal,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a":1} x',
        b"[]",
        b"3",
        b"NaN",
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":[' + b"{}," * MOST_OBJECTS + b"{}]}",
    ],
)
def test_what_is_no_object_is_refused_with_words(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode_object(body)
    assert caught.value.failure.kind is FailureKind.bad_request
    assert caught.value.failure.code == "invalid_json"
    assert caught.value.failure.message.endswith(".")


def test_braces_in_a_text_are_no_objects() -> None:
    text = "{" * (MOST_OBJECTS + 1)
    assert decode_object(b'{"a":"%b"}' % text.encode()) == {"a": text}


def test_a_caller_hears_his_own_words_only_so_far() -> None:
    failure = refusal("dialects.field.missing", "x" * 10_000, path="y" * 10_000).failure
    assert len(failure.message) < 500
    assert failure.param is not None
    assert len(failure.param) < 500


def test_what_is_too_deep_to_write_is_refused() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Refused):
        encode(value)
    while value:  # taken apart by hand: freeing it at once would nest as deeply
        value = value.pop()


@given(JSON)
def test_what_is_written_reads_the_same(value: Any) -> None:
    assert parse(encode(value)) == value
    assert parse(compact(value)) == value


def test_halves_of_surrogate_pairs_from_an_upstream_are_replaced() -> None:
    assert parse(b'{"a":"\\ud83d"}') == {"a": "\ufffd"}
    assert parse(b'{"a":"\\ud83d\\ude00"}') == {"a": "\U0001f600"}
    assert parse(b'["\xff"]') == ["\ufffd"]


@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b"[" * 5000])
def test_what_is_no_json_at_all_is_told_apart(data: bytes) -> None:
    with pytest.raises(NotJsonError):
        parse(data)


def test_fields_are_taken_and_the_rest_is_left() -> None:
    fields = Fields(
        {"a": "x", "n": 3.0, "flag": True, "list": ["y"], "inner": {"b": 1}, "null": None, "other": 7}
    )
    assert fields.text("a") == "x"
    assert fields.integer("n") == 3
    assert fields.boolean("flag") is True
    assert fields.texts("list") == ("y",)
    inner = fields.inner("inner")
    assert inner is not None
    assert inner.integer("b") == 1
    assert fields.text("null") is None
    assert fields.text("absent") is None
    assert fields.left == {"null": None, "other": 7}
    assert "other" in fields
    assert "null" not in fields


@pytest.mark.parametrize(
    ("take", "value", "message"),
    [
        ("text", 3, "Invalid type for 'a.f': expected a string, but got an integer."),
        ("integer", "3", "Invalid type for 'a.f': expected an integer, but got a string."),
        ("integer", True, "Invalid type for 'a.f': expected an integer, but got a boolean."),
        (
            "integer",
            2**64,
            "Invalid type for 'a.f': expected an integer, but got a number that is too large.",
        ),
        ("number", "x", "Invalid type for 'a.f': expected a number, but got a string."),
        ("boolean", 1, "Invalid type for 'a.f': expected a boolean, but got an integer."),
        ("array", {}, "Invalid type for 'a.f': expected an array, but got an object."),
        ("object", [], "Invalid type for 'a.f': expected an object, but got an array."),
        ("texts", ["x", 1], "Invalid type for 'a.f[1]': expected a string, but got an integer."),
    ],
)
def test_a_wrong_type_is_refused_at_its_path(take: str, value: Any, message: str) -> None:
    with pytest.raises(Refused) as caught:
        getattr(Fields({"f": value}, "a"), take)("f")
    failure = caught.value.failure
    assert (failure.message, failure.code) == (message, "invalid_type")
    assert failure.param in {"a.f", "a.f[1]"}


@pytest.mark.parametrize(
    ("take", "value"), [("text", 3), ("integer", "3"), ("texts", ["x", 1]), ("object", [])]
)
def test_an_upstreams_wrong_type_is_left_as_it_is(take: str, value: Any) -> None:
    fields = Fields({"f": value}, strict=False)
    assert getattr(fields, take)("f") is None
    assert fields.left == {"f": value}


def test_what_is_needed_must_be_there() -> None:
    fields = Fields({"f": None}, "a[0]")
    with pytest.raises(Refused) as caught:
        fields.needed("f", fields.text)
    assert caught.value.failure.message == "Missing required parameter: 'a[0].f'."
    assert caught.value.failure.code == "missing_required_parameter"
    answer = Fields({}, strict=False)
    with pytest.raises(Refused) as caught:
        answer.needed("f", answer.text)
    assert caught.value.failure.kind is FailureKind.upstream_error


def test_objects_in_a_list_know_their_path() -> None:
    with pytest.raises(Refused) as caught:
        list(Fields({"items": [{}, 3]}).each("items"))
    assert caught.value.failure.param == "items[1]"
    with pytest.raises(Refused) as caught:
        list(Fields({"items": [3]}, strict=False).each("items"))
    assert caught.value.failure.from_upstream


def test_a_callers_own_tilde_is_kept_apart() -> None:
    assert Fields({"~a": 1, "b": 2}).left == {"~~a": 1, "b": 2}
    assert Fields({"~a": 1}).whole == {"~a": 1}


def test_kinds_have_names() -> None:
    values = ["", True, 1, 1.5, [], {}, None, msgspec.UNSET]
    names = [
        "a string",
        "a boolean",
        "an integer",
        "a number",
        "an array",
        "an object",
        "null",
        "something else",
    ]
    assert [kind_of(value) for value in values] == names
