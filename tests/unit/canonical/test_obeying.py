"""Values against JSON schemas, beside a validator of the whole standard."""

import time
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical.obeying import fault

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "abc", 0.5, 1.0])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(["object", "array", "string", "boolean", "number", "integer", "null"])
SMALL = st.integers(0, 3)


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": KINDS | st.lists(KINDS, min_size=1, max_size=2, unique=True),
            "enum": st.lists(SCALARS, min_size=1, max_size=3),
            "const": SCALARS,
            "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "additionalProperties": inner,
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "minimum": st.integers(-2, 2),
            "maximum": st.integers(-2, 2),
            "exclusiveMinimum": st.integers(-2, 2),
            "exclusiveMaximum": st.integers(-2, 2),
            "minLength": SMALL,
            "maxLength": SMALL,
            "minItems": SMALL,
            "maxItems": SMALL,
            "minProperties": SMALL,
            "maxProperties": SMALL,
        },
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(st.booleans() | st.just({}), _deeper, max_leaves=5)


@given(SCHEMAS, VALUES)
def test_as_a_whole_validator_says(schema: Any, value: Any) -> None:
    assert (fault(schema, value) is None) == jsonschema_rs.is_valid(schema, value)


@pytest.mark.parametrize(
    ("schema", "value", "path"),
    [
        ({"required": ["city"]}, {}, "$.city"),
        (
            {"properties": {"days": {"type": "array", "items": {"type": "integer"}}}},
            {"days": [1, "2"]},
            "$.days[1]",
        ),
        ({"additionalProperties": False, "properties": {"a": {}}}, {"a": 1, "b": 2}, "$.b"),
        ({"$defs": {"n": {"type": "number"}}, "items": {"$ref": "#/$defs/n"}}, [1, True], "$[1]"),
        ({"type": "object"}, [], "$"),
    ],
)
def test_the_path_of_what_is_wrong(schema: Any, value: Any, path: str) -> None:
    assert fault(schema, value) == path


@pytest.mark.parametrize(
    "schema",
    [{"pattern": "(a+)+$"}, {"format": "email"}, {"$ref": "https://x.example/y"}, {"type": 7}, [], None],
)
def test_what_is_not_known_is_not_judged(schema: Any) -> None:
    assert fault(schema, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!") is None


def test_schemas_that_never_end_do() -> None:
    around: dict[str, Any] = {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}
    many: dict[str, Any] = {"items": {"anyOf": [{"allOf": [{"$ref": "#"}] * 9}] * 9}}
    value: Any = []
    for _ in range(60):
        value = [value, value]
    began = time.process_time()
    for schema in (around, many):
        fault(schema, value)
    assert time.process_time() - began < 20
