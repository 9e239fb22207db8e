"""Schemas are closed and within what the API takes, nothing said in them is forgotten."""

import json
from typing import Any

import pytest
from anthropic import transform_schema
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.anthropic_messages.schemas import obeyable

CLOSED = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
NESTED: dict[str, Any] = {
    "$defs": {"B": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}},
    "type": "object",
    "properties": {
        "b": {"$ref": "#/$defs/B"},
        "many": {"type": "array", "items": {"type": "object", "properties": {}}, "minItems": 2},
        "either": {"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "color"}]},
    },
    "required": ["b"],
}


def test_a_schema_that_is_fine_stays() -> None:
    schema = {**CLOSED, "title": "T", "required": ["a"], "$defs": {"X": {"enum": [1, None]}}}
    assert obeyable(schema) == schema


def test_rules_that_cannot_stay_are_described() -> None:
    assert obeyable({"type": "number", "minimum": 0, "maximum": 1, "description": "How sure."}) == {
        "type": "number",
        "description": "How sure.\n\n{minimum: 0, maximum: 1}",
    }
    assert obeyable({"type": "string", "pattern": "a+"})["description"] == "{pattern: a+}"


@pytest.mark.parametrize("value", [[], {}, None, 2, "x"])
def test_a_strange_value_of_a_keyword_is_described_too(value: Any) -> None:
    for keyword in ("format", "minItems"):
        assert keyword in obeyable({"type": "string", keyword: value})["description"]


def test_every_object_is_closed() -> None:
    schema = obeyable(NESTED)
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["B"]["additionalProperties"] is False
    assert schema["properties"]["many"]["items"]["additionalProperties"] is False
    assert "minItems" not in schema["properties"]["many"]
    assert [one.get("format") for one in schema["properties"]["either"]["anyOf"]] == ["date", None]
    assert obeyable({"type": ["object", "null"]})["additionalProperties"] is False


@pytest.mark.parametrize("schema", [CLOSED, NESTED, {"type": "number", "minimum": 0, "description": "d"}])
def test_the_makers_own_sdk_would_do_the_same(schema: dict[str, Any]) -> None:
    assert obeyable(schema) == transform_schema(json.loads(json.dumps(schema)))


@given(
    st.recursive(
        st.fixed_dictionaries(
            {"type": st.sampled_from(["string", "integer", "object"])},
            optional={"minimum": st.integers(0, 9), "pattern": st.text(max_size=4), "default": st.none()},
        ),
        lambda inner: st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(st.text(max_size=3), inner, max_size=3),
            },
            optional={"anyOf": st.lists(inner, max_size=2), "additionalProperties": st.booleans()},
        ),
        max_leaves=8,
    )
)
def test_once_is_enough(schema: dict[str, Any]) -> None:
    assert obeyable(obeyable(schema)) == obeyable(schema)
