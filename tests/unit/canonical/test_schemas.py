"""Schemas that are judged whole, beside a validator of the whole standard."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given

from counterpoint.canonical.obeying import unproven
from counterpoint.canonical.schemas import unreadable
from tests.unit.canonical.test_obeying import SCHEMAS, VALUES


@given(SCHEMAS, VALUES)
def test_what_is_proven_obeys_and_known_schemas_are_judged_whole(schema: Any, value: Any) -> None:
    assert unreadable(schema) is None
    assert (unproven(schema, value) is None) == jsonschema_rs.is_valid(schema, value)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"pattern": "a"}, "$.pattern"),
        ({"properties": {"a": {"uniqueItems": True}}}, "$.properties.a.uniqueItems"),
        ({"not": {"pattern": "a"}}, "$.not.pattern"),
        ({"anyOf": [{}, {"if": {}}]}, "$.anyOf[1].if"),
        ({"anyOf": []}, "$.anyOf"),
        ({"type": "date"}, "$.type"),
        ({"type": [{}]}, "$.type"),
        ({"minimum": "3"}, "$.minimum"),
        ({"maxLength": True}, "$.maxLength"),
        ({"required": "a"}, "$.required"),
        ({"properties": []}, "$.properties"),
        ({"items": [{}]}, "$.items"),
        ({"$ref": "https://example.com/schema"}, "$.$ref"),
        ({"$ref": "#/$defs/a"}, "$.$ref"),
        ({"$ref": "#/examples/0", "examples": [False]}, "$.$ref"),
        ("nonsense", "$"),
    ],
)
def test_what_is_not_judged_is_named_and_proves_nothing(schema: Any, path: str) -> None:
    assert unreadable(schema) == path
    assert unproven(schema, "a") == path


@pytest.mark.parametrize(
    ("schema", "value", "path"),
    [
        ({"$defs": {"n": {"$ref": "#/$defs/n"}}, "$ref": "#/$defs/n"}, 1, "$"),  # round and round
        ({"items": {"anyOf": [{"const": 0}, {"const": 1}]}}, [1] * 30_000, "$"),  # more than there are steps
        ({"const": [True]}, [1], "$"),
        ({"enum": [{"a": 1}]}, {"a": True}, "$"),
        ({"$defs": {"n": {"type": "integer"}}, "items": {"$ref": "#/$defs/n"}}, [1, "2"], "$[1]"),
        ({"title": "T", "format": "date", "type": "string"}, "today", None),
        ({"$defs": {"n": {"items": {"$ref": "#/$defs/n"}}}, "$ref": "#/$defs/n"}, [[[]]], None),
    ],
)
def test_nothing_is_taken_on_trust(schema: Any, value: Any, path: str | None) -> None:
    assert unproven(schema, value) == path


def test_comparisons_deeper_than_the_stack_prove_nothing() -> None:
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    assert unproven({"const": deep}, deep) in ("$", None)  # whatever the stack allows, it ends
