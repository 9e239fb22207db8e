"""The OpenAPI description: what FastAPI gathers, completed with problems and with the ways to authenticate."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from counterpoint.api import problems
from counterpoint.api.access import COOKIE

_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The value of COUNTERPOINT_ADMIN_TOKEN.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "A browser that signed in; requests that change something must come from its own pages.",
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1."""
    described: dict[str, Any] = app.openapi()
    components = described.setdefault("components", {})
    components.setdefault("schemas", {}).update(problems.schema())
    components["securitySchemes"] = _SCHEMES
    described["security"] = [{name: []} for name in _SCHEMES]
    for path in ("/healthz", "/readyz"):
        for operation in described["paths"].get(path, {}).values():
            operation["security"] = []
    return described


def operation_id(route: APIRoute) -> str:
    """`keys_create`: the noun, then what is done to it. Clients that are made from the description are called so."""
    noun = str(route.tags[0]) if route.tags else "page"
    verb, _, rest = route.name.partition("_")
    return f"{noun}_{verb}" if rest.rstrip("s") in {"", noun.rstrip("s")} else f"{noun}_{route.name}"
