"""Which kind of call a recording holds, where no index says so: told by its address, or by what was answered."""

import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import msgspec

UNKNOWN = "unknown"
"""The name under which calls are counted that nothing is known of."""


class _Address(msgspec.Struct, frozen=True):
    name: str
    path: str
    host: str = ""


class _Answer(msgspec.Struct, frozen=True):
    name: str
    has: Mapping[str, str]


class _Rows(msgspec.Struct, frozen=True):
    address: tuple[_Address, ...]
    answer: tuple[_Answer, ...]


@cache
def _rows() -> _Rows:
    text = (files("counterpoint.testing") / "deduced.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Rows)


def by_address(url: str) -> str | None:
    """What is called at `url`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = parts.path.rstrip("/") + (f"#{parts.fragment}" if parts.fragment else "")
    for row in _rows().address:
        if re.search(row.path, path) and (not row.host or re.search(row.host, parts.netloc)):
            return row.name
    return None


def by_answer(body: bytes) -> str | None:
    """What gives an answer like that; the first event tells it of a stream."""
    value = _first(body)
    if isinstance(value, dict):
        for row in _rows().answer:
            if all(_is(value, name, wanted) for name, wanted in row.has.items()):
                return row.name
    return None


def _is(value: dict[str, Any], name: str, wanted: str) -> bool:
    return name in value and wanted in {"*", value[name] if isinstance(value[name], str) else "*"}


def _first(body: bytes) -> Any:
    """The JSON of a whole answer, or of the first event or line that has some."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    for line in body[:65536].splitlines():
        data = line.removeprefix(b"data:").strip()
        if data.startswith(b"{"):
            try:
                return json.loads(data)
            except (ValueError, RecursionError):
                return None
    return None
