"""Which problems a route can answer, read off the route: off its method, what it is given and what it depends on.

Nobody lists them at a route, so none is forgotten. A test calls every route with generated requests, and fails on an
answer that is not described.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from fastapi.dependencies.models import Dependant

from counterpoint.api.access import SAFE_METHODS, Permission
from counterpoint.api.editing import edited, tagging
from counterpoint.api.routes.given import address_of

_ALWAYS: Final = frozenset({421, 503})
"""The name that it was called by; the database."""
_OF: Final[dict[Callable[..., Any], frozenset[int]]] = {
    edited: frozenset({412, 428}),
    address_of: frozenset({401, 429}),
}
"""By what a route depends on. Attempts are counted by the address that they come from."""
TAGGED: Final = {"description": "The version, for `If-Match` of an edit.", "schema": {"type": "string"}}


def problems_of(method: str, dependant: Dependant) -> frozenset[int]:
    """The statuses of the problems that may be the answer."""
    parts = list(_all(dependant))
    found = set(_ALWAYS)
    for part in parts:
        if isinstance(part.call, Permission):
            found |= {401, 403}
        elif part.call is not None:
            found |= _OF.get(part.call, frozenset())
    named = any(part.path_params or part.query_params or part.body_params for part in parts)
    if named or any(part.header_params for part in parts):
        found.add(422)
    if named:
        found.add(404)
    if method not in SAFE_METHODS:
        found |= {403, 413}
        if named:
            found.add(409)
    return frozenset(found)


def is_tagged(dependant: Dependant) -> bool:
    """Whether its answers have an ETag."""
    return any(part.call is tagging for part in _all(dependant))


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for part in dependant.dependencies:
        yield from _all(part)
