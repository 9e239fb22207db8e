"""Differences are found where they are, not where a list has shifted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.testing.alignment import Difference, differences, plain, tree

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("xy", max_size=2), inner, max_size=3),
    max_leaves=10,
)


def found(before: Any, after: Any) -> list[tuple[str, str]]:
    return [(one.path, one.kind) for one in differences(tree(before), tree(after))]


@given(JSON)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert found(value, value) == []
    assert plain(tree(value)) == value


@given(JSON, JSON)
def test_values_differ_exactly_where_they_are_not_equal(before: Any, after: Any) -> None:
    assert bool(found(before, after)) == (before != after)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ({"a": 1}, {"a": 2}, [("a", "changed")]),
        ({"a": 1}, {}, [("a", "missing")]),
        ({}, {"a": {"b": 1}}, [("a", "added")]),
        ({"m": [1, 2, 3]}, {"m": [2, 3]}, [("m[0]", "missing")]),
        ({"m": [1, 3]}, {"m": [1, 2, 3]}, [("m", "added")]),
        (
            {"m": [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b", "x": 1}]},
            {"m": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            [("m[1]", "missing"), ("m[2].x", "missing")],
        ),
        (
            {"m": [{"type": "a", "x": 1}]},
            {"m": [{"type": "b", "x": 1}]},
            [("m[0]", "missing"), ("m", "added")],
        ),
    ],
)
def test_lists_are_aligned(before: Any, after: Any, wanted: list[tuple[str, str]]) -> None:
    assert found(before, after) == wanted


def test_a_difference_shows_both_sides_in_short() -> None:
    (one,) = differences(tree({"a": "x" * 500}), tree({"a": None}))
    assert one == Difference("a", "changed", '"' + "x" * 119, "null")
