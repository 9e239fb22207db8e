"""What remains of an object when everything known was taken from it, and what says nothing in it."""

from typing import Any

from counterpoint.dialects.jsonio import Fields, not_an_answer, parse
from counterpoint.dialects.leftovers import Leftovers
from counterpoint.dialects.ollama.names import NAME

_own = Leftovers(NAME)
rest, put_back, spelled = _own.rest, _own.put_back, _own.spelled


def blanks(fields: Fields, **blank: Any) -> dict[str, Any] | None:
    """The fields that say nothing, as the SDKs write them (`format: ""`, `images: []`), taken out."""
    found = {name: fields.any(name) for name, value in blank.items() if _is(fields.left.get(name), value)}
    return found or None


def _is(found: Any, value: Any) -> bool:
    return type(found) is type(value) and bool(found == value)


def answer_object(body: bytes) -> dict[str, Any]:
    """The object in an upstream's answer. Raises `Refused` for anything else."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    if type(value) is dict:
        return value
    raise not_an_answer("dialects.upstream.not_answer", reason="not an object")
