"""What remains of an object when everything known was taken from it, and how it is put back."""

from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.leftovers import Leftovers

_LEFTOVERS = Leftovers(NAME)
rest, put_back, spelled = _LEFTOVERS.rest, _LEFTOVERS.put_back, _LEFTOVERS.spelled


def left_in(fields: Fields, name: str, inner: Fields) -> None:
    """What remains of an inner object goes back to its place."""
    if inner.left:
        fields.left[name] = inner.left
