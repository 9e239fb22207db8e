"""What remains of an object when everything known was taken from it, and how it is put back."""

from typing import Any

from counterpoint.canonical import Extensions
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.ollama.names import NAME


def rest(fields: Fields, **spellings: Any) -> Extensions:
    """The extensions of what an object becomes. A spelling of `None` is not kept."""
    kept = {f"~{name}": value for name, value in spellings.items() if value is not None}
    return extras(NAME, {**fields.left, **kept})


def put_back(extensions: Extensions) -> dict[str, Any]:
    """The fields that the hub had no word for."""
    return fields_of(extensions, NAME) if extensions else {}


def spelled(extensions: Extensions, name: str) -> Any:
    """How this API had written `name`; `None`: the usual way."""
    return spelling(extensions, NAME, name) if extensions else None


def blanks(fields: Fields, **blank: Any) -> dict[str, Any] | None:
    """The fields that say nothing, as the SDKs write them (`format: ""`, `images: []`), taken out."""
    found = {name: fields.any(name) for name, value in blank.items() if _is(fields.left.get(name), value)}
    return found or None


def _is(found: Any, value: Any) -> bool:
    return type(found) is type(value) and bool(found == value)
