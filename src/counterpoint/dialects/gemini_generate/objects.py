"""What remains of an object when everything known was taken from it, and how it is put back."""

from typing import Any

from counterpoint.canonical import Extensions
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.jsonio import Fields


def rest(fields: Fields, **spellings: Any) -> Extensions:
    """The extensions of what an object becomes. A spelling of `None` is not kept."""
    kept = {f"~{name}": value for name, value in spellings.items() if value is not None}
    return extras(NAME, {**fields.left, **kept})


def put_back(extensions: Extensions) -> dict[str, Any]:
    """The fields that the hub had no word for, to begin an object with."""
    return fields_of(extensions, NAME) if extensions else {}


def spelled(extensions: Extensions, name: str) -> Any:
    """How this dialect had written `name`; `None`: the usual way."""
    return spelling(extensions, NAME, name) if extensions else None
