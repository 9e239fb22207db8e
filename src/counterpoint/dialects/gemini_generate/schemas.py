"""Schemas: this API's own form (a selection of OpenAPI 3.0, https://ai.google.dev/api/caching#Schema) as JSON Schema.

Only this way is needed: JSON Schema itself is taken in `parametersJsonSchema` and `responseJsonSchema`.
"""

from typing import Any

_NESTED = ("items",)
_LISTED = ("anyOf", "oneOf", "allOf", "prefixItems")
_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")

_TYPES = {1: "string", 2: "number", 3: "integer", 4: "boolean", 5: "array", 6: "object", 7: "null"}
"""Protocol buffers' JSON may have numbers for words."""


def json_schema(schema: Any) -> Any:
    """JSON Schema that accepts the same. What is no schema of this form stays as it is."""
    if type(schema) is not dict:
        return schema
    said = dict(schema)
    nullable = said.pop("nullable", None) is True
    order = said.pop("propertyOrdering", None)
    kind = said.get("type")
    if type(kind) is int:
        kind = said["type"] = _TYPES.get(kind, "TYPE_UNSPECIFIED")
    if type(kind) is str:
        said["type"] = kind.lower()
        if kind == "TYPE_UNSPECIFIED":
            del said["type"]
    for name in _NESTED:
        if name in said:
            said[name] = json_schema(said[name])
    for name in _LISTED:
        if type(said.get(name)) is list:
            said[name] = [json_schema(item) for item in said[name]]
    properties = said.get("properties")
    if type(properties) is dict:
        said["properties"] = {name: json_schema(properties[name]) for name in _ordered(properties, order)}
    for name in _COUNTS:  # 64-bit numbers are strings in protocol buffers' JSON
        if type(said.get(name)) is str and said[name].isdigit():
            said[name] = int(said[name])
    return _nullable(said) if nullable else said


def _ordered(properties: dict[str, Any], order: Any) -> list[str]:
    """JSON Schema has no word for the order of properties, but who reads one keeps to the order in which they stand."""
    if type(order) is not list:
        return list(properties)
    first = [name for name in order if type(name) is str and name in properties]
    return list(dict.fromkeys([*first, *properties]))


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if type(schema.get("type")) is not str:
        return {"anyOf": [schema, {"type": "null"}]}
    widened = {**schema, "type": [schema["type"], "null"]}
    if type(schema.get("enum")) is list and None not in schema["enum"]:
        widened["enum"] = [*schema["enum"], None]
    return widened
