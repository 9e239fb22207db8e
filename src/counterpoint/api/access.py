"""Who may do what: the one place that decides access to the admin port. Deny by default.

A caller is known by the operator's token (`Authorization: Bearer`) or by the session of a browser that signed
in. Every route either declares its permission or stands in `PUBLIC`; `unguarded` finds those that do neither,
and the application refuses to be built with one.
"""

import hmac
from collections.abc import Iterator
from typing import Final, Literal

import msgspec
from fastapi import FastAPI, Request
from fastapi.params import Depends
from fastapi.routing import iter_route_contexts
from starlette.types import Scope

from counterpoint.control.roles import RIGHTS, Right, Role
from counterpoint.i18n.complaint import Complaint

COOKIE: Final = "counterpoint_session"
PUBLIC: Final = frozenset(
    {
        ("GET", "/"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/api/v1/session"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/session/link"),
        ("POST", "/api/v1/session/token"),
        ("GET", "/page.css"),
        ("GET", "/favicon.svg"),
    }
)
"""What answers without credentials. `/` shows strangers how to sign in, and nothing else."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CALLER: Final = "counterpoint.caller"


class Caller(msgspec.Struct, frozen=True):
    """Who is calling. `kind`: how he proved so; `rights`: what he may do. `account`: the id of a person's, `None`
    for programs and while there is none; `token`, `key`: of the service token or the key that a program holds, if it
    came with one. `needs_password`: he came by a link, and may set one."""

    kind: Literal["token", "service", "session"]
    name: str
    rights: frozenset[Right] = RIGHTS
    role: Role = "owner"
    account: str | None = None
    login: str = ""
    needs_password: bool = False
    token: str = ""
    key: str = ""


class NotSignedIn(Exception):  # noqa: N818 - it is told to a person, it is no defect
    """No credentials, or none that are valid (any more)."""


class Permission:
    """The dependency by which a route says what its caller must be allowed to do."""

    def __init__(self, right: Right) -> None:
        self.right = right

    def __call__(self, request: Request) -> Caller:
        """The caller. Raises `NotSignedIn`, `Complaint`."""
        caller = caller_of(request.scope)
        if caller is None:
            raise NotSignedIn
        if self.right not in caller.rights:
            raise Complaint("api.not_permitted", kind="denied", right=self.right)
        return caller


def require(right: Right) -> Depends:
    """For a route's `dependencies`."""
    return Depends(Permission(right))


def caller_of(scope: Scope) -> Caller | None:
    """Who the guard found to be calling."""
    caller = scope.get(_CALLER)
    return caller if isinstance(caller, Caller) else None


def admit(scope: Scope, caller: Caller | None) -> None:
    """The guard's finding, for the routes."""
    scope[_CALLER] = caller


def is_token(given: str, token: str | None) -> bool:
    """Whether it is the operator's token, in a time that tells nothing about it."""
    return token is not None and hmac.compare_digest(given.encode(), token.encode())


def is_public(method: str, path: str) -> bool:
    """Whether strangers may ask this. `HEAD` is `GET` without a body."""
    return ("GET" if method == "HEAD" else method, path) in PUBLIC


def unguarded(app: FastAPI) -> Iterator[str]:
    """Routes that neither declare a permission nor are public."""
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or {"*"}):
            if not is_public(method, route.path or "") and permission_of(route) is None:
                yield f"{method} {route.path}"


def permission_of(route: object) -> Right | None:
    """The right that a route asks for."""
    for dependency in getattr(route, "dependencies", []):
        if isinstance(dependency, Depends) and isinstance(dependency.dependency, Permission):
            return dependency.dependency.right
    return None
