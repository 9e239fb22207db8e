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

    __slots__ = ("_nulls",)

    def __init__(self, value: Any, path: str = "", *, strict: bool = True) -> None:
        super().__init__(value, path, strict=strict)
        self._nulls = {name: None for name, item in value.items() if item is None}

    @property
    def strict(self) -> bool:
        """Whether a wrong type is refused (a caller's request) or put up with (an upstream's answer)."""
        return self._strict

    def inner(self, name: str) -> "Taken | None":
        """An object, to be taken apart too."""
        value = self.object(name)
        return None if value is None else Taken(value, self.at(name), strict=self._strict)

    def rest(self, **spellings: Any) -> Extensions:
        """The extensions of what this object becomes. A spelling of `None` is not kept."""
        kept = {**self._nulls, **self.left}
        kept.update({f"~{name}": value for name, value in spellings.items() if value is not None})
        return extras(NAME, kept)

    def rest_of(self, name: str, inner: "Taken") -> None:
        """What remains of an inner object goes back to its place."""
        kept = {**inner._nulls, **inner.left}  # noqa: SLF001 - of its own kind
        if kept:
            self.left[name] = kept


def put_back(extensions: Extensions) -> dict[str, Any]:
    """The fields that the hub had no word for, to begin an object with."""
    return fields_of(extensions, NAME) if extensions else {}


def spelled(extensions: Extensions, name: str) -> Any:
    """How this dialect had written `name`; `None`: the usual way."""
    return spelling(extensions, NAME, name) if extensions else None
