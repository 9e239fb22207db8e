"""The API's own schemas as JSON Schema."""

from typing import Any

import pytest

from counterpoint.dialects.gemini_generate.schemas import json_schema


@pytest.mark.parametrize(
    ("own", "plain"),
    [
        ({"type": "STRING"}, {"type": "string"}),
        ({"type": 6}, {"type": "object"}),
        ({"type": "TYPE_UNSPECIFIED", "format": "x"}, {"format": "x"}),
        (
            {"type": "ARRAY", "items": {"type": "NUMBER"}, "minItems": "2"},
            {"type": "array", "items": {"type": "number"}, "minItems": 2},
        ),
        ({"type": "STRING", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "STRING", "nullable": False}, {"type": "string"}),
        (
            {"type": "STRING", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"anyOf": [{"type": "STRING"}], "nullable": True},
            {"anyOf": [{"anyOf": [{"type": "string"}]}, {"type": "null"}]},
        ),
        ({"properties": {"type": {"type": "STRING"}}}, {"properties": {"type": {"type": "string"}}}),
        (3, 3),
    ],
)
def test_it_accepts_the_same(own: Any, plain: Any) -> None:
    assert json_schema(own) == plain


def test_properties_come_in_the_order_that_is_asked_for() -> None:
    schema = json_schema(
        {"properties": {"a": {}, "b": {}, "c": {}}, "propertyOrdering": ["c", "a", "gone", "c", 3]}
    )
    assert list(schema["properties"]) == ["c", "a", "b"]
    assert "propertyOrdering" not in schema
