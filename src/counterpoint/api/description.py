"""The OpenAPI description: what FastAPI gathers, completed with problems and with the ways to authenticate."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from counterpoint.api import problems
from counterpoint.api.access import COOKIE, is_public
from counterpoint.api.declaring import TAGGED, is_tagged, problems_of

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
    schemas = components.setdefault("schemas", {})
    schemas.update(problems.schema())
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["responses"] = {
        problems.name_of(status): answer for status, answer in problems.RESPONSES.items()
    }
    components["securitySchemes"] = _SCHEMES
    described["security"] = [{name: []} for name in _SCHEMES]
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            operation = described["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _complete(operation, route, method)
    return described


def _complete(operation: dict[str, Any], route: RouteContext, method: str) -> None:
    """The problems it can answer, and what its answers carry."""
    if is_public(method, route.path or ""):
        operation["security"] = []
    answers = {status: answer for status, answer in operation["responses"].items() if status != "422"}
    told: frozenset[int] = frozenset()
    if (route.path or "").startswith("/api/"):
        told = problems_of(method, route.dependant)
    elif route.path == "/metrics":  # which stands where Prometheus looks for it
        told = frozenset({401, 403})
    for status in told:
        answers[str(status)] = {"$ref": f"#/components/responses/{problems.name_of(status)}"}
    if is_tagged(route.dependant):
        for status, answer in answers.items():
            if status.startswith("2"):
                answer["headers"] = {"ETag": TAGGED}
    operation["responses"] = dict(sorted(answers.items()))


def operation_id(route: APIRoute) -> str:
    """`keys_create`: the noun, then what is done to it. Clients that are made from the description are called so."""
    noun = str(route.tags[0]) if route.tags else "page"
    verb, _, rest = route.name.partition("_")
    return f"{noun}_{verb}" if rest.rstrip("s") in {"", noun.rstrip("s")} else f"{noun}_{route.name}"
