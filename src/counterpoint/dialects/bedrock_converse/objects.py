"""What remains of an object when everything known was taken from it, and how it is put back."""

from typing import Any

from counterpoint.canonical import Extensions
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields


def rest(fields: Fields, **spellings: Any) -> Extensions:
    """The extensions of what an object becomes. A spelling of `None` is not kept."""
    said = [(f"~{name}", value) for name, value in spellings.items() if value is not None]
    return extras(NAME, {**fields.left, **dict(said)})


def left_in(fields: Fields, name: str, inner: Fields) -> None:
    """What remains of an inner object goes back to its place."""
    if inner.left:
        fields.left[name] = inner.left


def put_back(extensions: Extensions) -> dict[str, Any]:
    """The fields that the hub had no word for."""
    return fields_of(extensions, NAME) if extensions else {}


def spelled(extensions: Extensions, name: str) -> Any:
    """How this dialect had written `name`; `None`: the usual way."""
    return spelling(extensions, NAME, name) if extensions else None
