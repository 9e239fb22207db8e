"""What remains of an object when everything known was taken from it, and how it is put back: for one dialect."""

from typing import Any

from counterpoint.canonical import Extensions
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields


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
