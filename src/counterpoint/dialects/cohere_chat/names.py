"""The dialect's name, and how this folder keeps what the hub has no word for."""

from typing import Any

from counterpoint.canonical import Extensions
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields

NAME = "cohere-chat"

PLAN = "plan"
"""Spelling of a thought: it stood in `tool_plan`."""
PLACE = "place"
"""Spelling of a document: it stood in the request's own list, not in a message."""
CITATION = "citation"
"""Spelling of a citation: all of it."""
UNPLACED = "citations"
"""Field of a choice: citations of what is no text of the answer (a plan, a thought)."""


def rest(fields: Fields, **spellings: Any) -> Extensions:
    """The extensions of what an object becomes: what nobody asked for. A spelling of `None` is not kept."""
    kept = {f"~{name}": value for name, value in spellings.items() if value is not None}
    return extras(NAME, {**fields.left, **kept})


def put_back(extensions: Extensions) -> dict[str, Any]:
    """The fields that the hub had no word for."""
    return fields_of(extensions, NAME)


def spelled(extensions: Extensions, name: str) -> Any:
    """How this dialect had written `name`; `None`: the usual way."""
    return spelling(extensions, NAME, name)
