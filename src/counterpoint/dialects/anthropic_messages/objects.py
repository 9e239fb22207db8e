"""Taking this dialect's JSON objects apart so that everything comes back: unknown fields and nulls included.

Why nulls: an explicit null means what an absent field means, but proof is easier to read when what goes out
is what came in. A null is never a loss for another dialect (see `extensions.foreign`).
"""

from typing import Any

from counterpoint.canonical import Extensions
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields


class Taken(Fields):
    """One object being taken apart; `rest` is what nobody asked for, nulls included."""

    __slots__ = ()

    def any(self, name: str) -> Any:
        """Whatever stands there; a null stays, so that it goes out as it came in."""
        return None if self.left.get(name) is None else self.left.pop(name)

    def inner(self, name: str) -> "Taken | None":
        """An object, to be taken apart too."""
        value = self.object(name)
        return None if value is None else Taken(value, self.at(name), strict=self._strict)

    def rest(self, **spellings: Any) -> Extensions:
        """The extensions of what this object becomes. A spelling of `None` is not kept."""
        kept = dict(self.left)
        kept.update({f"~{name}": value for name, value in spellings.items() if value is not None})
        return extras(NAME, kept)

    def rest_of(self, name: str, inner: "Taken") -> None:
        """What remains of an inner object goes back to its place."""
        if inner.left:
            self.left[name] = fields_of({NAME: inner.left}, NAME)


def put_back(extensions: Extensions) -> dict[str, Any]:
    """The fields that the hub had no word for, to begin an object with."""
    return fields_of(extensions, NAME) if extensions else {}


def spelled(extensions: Extensions, name: str) -> Any:
    """How this dialect had written `name`; `None`: the usual way."""
    return spelling(extensions, NAME, name) if extensions else None
