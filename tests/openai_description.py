"""OpenAI's own description of its API, to hold against it what we send and answer."""

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

_PLACE = Path("data", "tools", "provider-api-specs", "openai", "openapi.json.gz")


class Description:
    """The schemas of an OpenAPI document. Its `oneOf` are read as the official SDKs read them, which choose by a
    discriminator: as any of them, since a message of the user fits two."""

    def __init__(self, document: Any) -> None:
        self._schemas = _any_of(document["components"]["schemas"])

    def accepts(self, name: str) -> Callable[[Any], str]:
        """What tells the first thing that is wrong with a value of the schema `name`; empty if nothing is."""
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": self._schemas}}
        validator = jsonschema_rs.Draft202012Validator(schema)

        def wrong(value: Any) -> str:
            return next(
                (f"{error.instance_path}: {error.message[:300]}" for error in validator.iter_errors(value)),
                "",
            )

        return wrong


def _any_of(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {"anyOf" if name == "oneOf" else name: _any_of(value) for name, value in schema.items()}
    return [_any_of(item) for item in schema] if isinstance(schema, list) else schema


@cache
def description(shared: Path) -> Description:
    """The one in the shared data."""
    with gzip.open(shared / _PLACE) as file:
        return Description(json.load(file))
