"""Amazon's own description of Bedrock's API (a service model, as its SDKs read it), to hold against it what we send and
answer."""

import base64
import binascii
import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_PLACE = Path("data", "tools", "provider-api-specs", "bedrock", "bedrock-runtime-service-2.json.gz")


class ServiceModel:
    """The shapes of a service model."""

    def __init__(self, document: Any) -> None:
        self._shapes = document["shapes"]

    def wrong(self, name: str, value: Any) -> str:
        """The first thing that is wrong with `value` as the shape `name`; empty if nothing is."""
        return next(self._faults(name, value, ""), "")

    def _faults(self, name: str, value: Any, path: str) -> Iterator[str]:
        shape = self._shapes[name]
        kind = shape["type"]
        if kind == "structure" and not shape.get("document"):
            yield from self._structure(shape, value, path)
        elif kind == "list":
            yield from self._list(shape, value, path)
        elif kind == "map" and not isinstance(value, dict):
            yield f"{path}: not a map"
        elif kind == "map":
            for key, item in value.items():
                yield from self._faults(shape["value"]["shape"], item, f"{path}.{key}")
        elif kind == "string":
            yield from _text(shape, value, path)
        elif kind in {"integer", "long", "float", "double"}:
            yield from _number(shape, value, path)
        elif kind == "boolean" and not isinstance(value, bool):
            yield f"{path}: not a boolean"
        elif kind == "blob":
            yield from _blob(value, path)

    def _structure(self, shape: Any, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: not an object"
            return
        members = {
            name: member for name, member in shape["members"].items() if member.get("location") is None
        }
        for name in shape.get("required", ()):
            if name in members and value.get(name) is None:
                yield f"{path}: lacks {name}"
        if shape.get("union") and len(value) != 1:
            yield f"{path}: a union of {len(value)}"
        for name, item in value.items():
            if name not in members:
                yield f"{path}: knows no {name}"
            else:
                yield from self._faults(members[name]["shape"], item, f"{path}.{name}")

    def _list(self, shape: Any, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list) or not shape.get("min", 0) <= len(value) <= shape.get("max", 10**9):
            yield f"{path}: not such a list"
            return
        for index, item in enumerate(value):
            yield from self._faults(shape["member"]["shape"], item, f"{path}[{index}]")


def _text(shape: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{path}: not a string"
    elif "enum" in shape and value not in shape["enum"]:
        yield f"{path}: {value!r} is none of {shape['enum']}"
    elif not shape.get("min", 0) <= len(value) <= shape.get("max", 10**9):
        yield f"{path}: a string of {len(value)}"
    elif "pattern" in shape and not re.fullmatch(shape["pattern"], value, re.DOTALL):
        yield f"{path}: {value[:80]!r} does not match {shape['pattern']}"


def _number(shape: Any, value: Any, path: str) -> Iterator[str]:
    whole = shape["type"] in {"integer", "long"}
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        yield f"{path}: not a number"
    elif not shape.get("min", -(10**18)) <= value <= shape.get("max", 10**18):
        yield f"{path}: {value} is out of range"


def _blob(value: Any, path: str) -> Iterator[str]:
    try:
        base64.b64decode(value, validate=True)
    except (TypeError, binascii.Error, ValueError):
        yield f"{path}: not base64"


@cache
def service_model(shared: Path) -> ServiceModel:
    """The one in the shared data."""
    with gzip.open(shared / _PLACE) as file:
        return ServiceModel(json.load(file))
