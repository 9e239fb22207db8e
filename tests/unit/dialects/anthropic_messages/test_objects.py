"""What nobody asks for comes back, nulls included."""

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.objects import Taken, put_back, spelled


def test_unknown_fields_and_nulls_are_kept() -> None:
    taken = Taken({"known": "a", "gone": None, "new": {"x": 1}}, "at")
    assert taken.text("known") == "a"
    assert taken.text("gone") is None
    extensions = taken.rest(shape="list", unsaid=None)
    assert extensions == {NAME: {"gone": None, "new": {"x": 1}, "~shape": "list"}}
    assert put_back(extensions) == {"gone": None, "new": {"x": 1}}
    assert spelled(extensions, "shape") == "list"
    assert spelled({}, "shape") is None


def test_the_rest_of_an_inner_object_stays_in_its_place() -> None:
    taken = Taken({"inner": {"a": 1, "b": None, "c": 2}}, "at")
    inner = taken.inner("inner")
    assert inner is not None
    assert inner.integer("a") == 1
    taken.rest_of("inner", inner)
    assert taken.rest() == {NAME: {"inner": {"b": None, "c": 2}}}


def test_a_name_that_reads_as_a_spelling_is_none() -> None:
    value = {"~shape": "mine", "~~x": 1, "inner": {"~y": 2}}
    taken = Taken(value)
    inner = taken.inner("inner")
    assert inner is not None
    taken.rest_of("inner", inner)
    extensions = taken.rest(shape="ours")
    assert spelled(extensions, "shape") == "ours"
    assert put_back(extensions) == value


def test_an_inner_object_knows_its_path() -> None:
    inner = Taken({"inner": {"a": 1}}, "at").inner("inner")
    assert inner is not None
    with pytest.raises(Refused) as caught:
        inner.text("a")
    assert caught.value.failure.param == "at.inner.a"
