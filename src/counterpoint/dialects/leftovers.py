"""What remains of an object when everything known was taken from it, and how it is put back: for one dialect."""

from collections.abc import Iterator
from typing import Any

from counterpoint.canonical import Extensions, Loss, Severity
from counterpoint.dialects.extensions import extras, fields_of, foreign, spelling
from counterpoint.dialects.jsonio import Fields

_IN_ANSWERS: dict[str, Severity] = {"refusal": "meaning", "annotations": "degraded"}
"""What an answer's own extra fields are worth to a client of another dialect: as a rule, little."""


def answer_losses(extensions: Extensions, dialect: str, path: str) -> Iterator[Loss]:
    """One loss for each field of an answer, or of a part of one, that an encoder of `dialect` leaves behind."""
    for name, _ in foreign(extensions, dialect):
        where = f"{path}.{name}" if path else name
        yield Loss(f"field.{name}", where, _IN_ANSWERS.get(name, "cosmetic"), "the target has no such field")


class Leftovers:
    """Of objects of `dialect`."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect

    def rest(self, fields: Fields, **spellings: Any) -> Extensions:
        """The extensions of what an object becomes. A spelling of `None` is not kept."""
        kept = {f"~{name}": value for name, value in spellings.items() if value is not None}
        return extras(self._dialect, {**fields.left, **kept})

    def put_back(self, extensions: Extensions) -> dict[str, Any]:
        """The fields that the hub had no word for."""
        return fields_of(extensions, self._dialect) if extensions else {}

    def spelled(self, extensions: Extensions, name: str) -> Any:
        """How the dialect had written `name`; `None`: the usual way."""
        return spelling(extensions, self._dialect, name) if extensions else None
