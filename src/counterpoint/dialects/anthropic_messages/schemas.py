"""JSON schemas that this dialect accepts where it guarantees that the answer obeys them.

Its structured output and strict tools take a part of JSON Schema: every object closed, no numeric or length
limits, a few string formats (the maker's page "Structured outputs" lists them). What cannot stay as a rule is
moved into the description, so that the model still reads it, as the maker's own SDKs do.
"""

from collections.abc import Mapping
from typing import Any

_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
_KEPT = {
    "$defs",
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "default",
    "definitions",
    "description",
    "enum",
    "format",
    "items",
    "minItems",
    "properties",
    "required",
    "title",
    "type",
}
_NAMED = ("properties", "$defs", "definitions")
"""Keywords that hold schemas by name."""
_LISTED = ("anyOf", "allOf")
"""Keywords that hold lists of schemas."""


def obeyable(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` within what is accepted; equal to `schema` where it already was."""
    result: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "oneOf":
            result["anyOf"] = value
        elif keyword in _KEPT and not _beyond(keyword, value):
            result[keyword] = value
        elif not keyword.startswith("$"):
            hints[keyword] = value
    _descend(result)
    if _is_object(result):
        result["additionalProperties"] = False
    else:
        result.pop("additionalProperties", None)
    if hints:
        result["description"] = _described(result.get("description"), hints)
    return result


def _beyond(keyword: str, value: Any) -> bool:
    """Whether a keyword that is accepted has a value that is not."""
    if keyword == "format":
        return not isinstance(value, str) or value not in _FORMATS
    return keyword == "minItems" and not (isinstance(value, int) and 0 <= value <= 1)


def _descend(schema: dict[str, Any]) -> None:
    for keyword in _NAMED:
        inner = schema.get(keyword)
        if isinstance(inner, dict):
            schema[keyword] = {name: _inner(value) for name, value in inner.items()}
    for keyword in _LISTED:
        inner = schema.get(keyword)
        if isinstance(inner, list):
            schema[keyword] = [_inner(value) for value in inner]
    if "items" in schema:
        schema["items"] = _inner(schema["items"])


def _inner(schema: Any) -> Any:
    return obeyable(schema) if isinstance(schema, dict) else schema


def _is_object(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or "properties" in schema


def _described(description: Any, hints: Mapping[str, Any]) -> str:
    said = "{" + ", ".join(f"{keyword}: {value}" for keyword, value in hints.items()) + "}"
    return f"{description}\n\n{said}" if isinstance(description, str) and description else said
