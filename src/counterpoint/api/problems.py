"""Every error of the admin API as a problem (RFC 9457), in the caller's language where he asked for one.

`type` is a URN that ends in the id of the sentence: stable, so a program can tell errors apart without reading.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from counterpoint.api.editing import Unconditional
from counterpoint.api.flaws import flaw
from counterpoint.api.shapes.common import Flaw, Shape
from counterpoint.canonical.errors import FailureKind, Refused
from counterpoint.control.signin import TooManyAttempts
from counterpoint.i18n import negotiate, say
from counterpoint.i18n.complaint import Complaint, ComplaintKind
from counterpoint.storage.database import is_away

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final[dict[ComplaintKind, int]] = {
    "invalid": 422,
    "not_found": 404,
    "conflict": 409,
    "denied": 403,
    "stale": 412,
    "unavailable": 503,
}
TITLES: Final = {
    401: "api.title.not_signed_in",
    403: "api.title.not_permitted",
    404: "api.title.not_found",
    405: "api.title.wrong_method",
    409: "api.title.conflict",
    412: "api.title.stale",
    413: "api.title.too_large",
    421: "api.title.unknown_host",
    422: "api.title.not_valid",
    428: "api.title.unconditional",
    429: "api.title.too_many",
    500: "api.title.defect",
    503: "api.title.unavailable",
}


@dataclass(frozen=True)
class Problem(Shape):
    """What went wrong (RFC 9457)."""

    type: str
    """A URN that names the kind of problem; stable."""
    title: str
    status: int
    detail: str
    """One sentence: what, and what to do about it."""
    flaws: list[Flaw] | None = None
    """For a request that is not valid: each flaw."""


_TOLD: Final = {
    401: {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}
RESPONSES: Final[dict[int, dict[str, Any]]] = {
    status: {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        **({"headers": _TOLD[status]} if status in _TOLD else {}),
    }
    for status, description in (
        (401, "No valid credentials."),
        (403, "The credentials do not permit this."),
        (404, "There is no such thing."),
        (409, "It conflicts with what is there."),
        (412, "It was changed meanwhile."),
        (413, "The request is too large."),
        (421, "The port was called by a name that it does not know."),
        (422, "The request is not valid."),
        (428, "An edit says in `If-Match` what it edits."),
        (429, "Too many requests."),
        (503, "Something that is needed cannot be reached."),
    )
}
"""The problems by their status, for the OpenAPI description."""


def name_of(status: int) -> str:
    """Of that response in the description."""
    return TITLES[status].rpartition(".")[2]


def schema() -> dict[str, Any]:
    """Of `Problem`, with what it refers to within it."""
    described: dict[str, Any] = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    return {**described.pop("$defs", {}), "Problem": described}


def problem(
    request: Request,
    status: int,
    sentence: str,
    *,
    headers: Mapping[str, str] | None = None,
    flaws: Sequence[Flaw] = (),
    faulty_at: str = "",
    **values: Any,
) -> Response:
    """The answer for that sentence. `faulty_at`: the field that it is about."""
    lang = language(request)
    told = say(sentence, lang=lang, **values)
    shape = {
        "type": f"urn:counterpoint:problem:{sentence}",
        "title": say(TITLES[status], lang=lang),
        "status": status,
        "detail": f"{faulty_at}: {told}" if faulty_at else told,
        **({"flaws": list(flaws)} if flaws else {}),
    }
    sent = {**(headers or {}), "Content-Language": lang}
    return Response(msgspec.json.encode(shape), status, headers=sent, media_type=MEDIA_TYPE)


def language(request: Request) -> str:
    """That of the reader: English unless `Accept-Language` prefers another of ours."""
    return negotiate(request.headers.get("accept-language", ""))


def install(app: FastAPI) -> None:
    """Has the framework's own errors, and complaints, answered as problems."""
    app.add_exception_handler(Complaint, _complaint)
    app.add_exception_handler(TooManyAttempts, _too_many)
    app.add_exception_handler(Unconditional, _unconditional)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(IntegrityError, _collided)
    app.add_exception_handler(DataError, _unstorable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def of_complaint(request: Request, error: Complaint) -> Response:
    """A service refused."""
    return problem(request, STATUS[error.kind], error.sentence, faulty_at=error.place, **error.values)


def defect(request: Request, error: Exception) -> Response:
    """We failed: logged in full, told without details."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(request, 500, "api.defect")


async def _complaint(request: Request, error: Exception) -> Response:
    return of_complaint(request, error) if isinstance(error, Complaint) else defect(request, error)


async def _collided(request: Request, error: Exception) -> Response:
    """Two requests made the same thing at the same moment; the other one was first."""
    return problem(request, 409, "control.changed_meanwhile")


async def _unconditional(request: Request, error: Exception) -> Response:
    return problem(request, 428, "api.unconditional")


async def _too_many(request: Request, error: Exception) -> Response:
    if not isinstance(error, TooManyAttempts):
        return defect(request, error)
    minutes = (error.seconds + 59) // 60
    headers = {"Retry-After": str(error.seconds)}
    return problem(request, 429, "api.too_many_attempts", headers=headers, minutes=minutes)


async def _refused(request: Request, error: Exception) -> Response:
    """A local model could not be started."""
    if not isinstance(error, Refused):
        return defect(request, error)
    status = 404 if error.failure.kind is FailureKind.not_found else 503
    return problem(request, status, "api.model_refused", reason=error.failure.message)


async def _database(request: Request, error: Exception) -> Response:
    if not isinstance(error, OperationalError) or not is_away(error):
        return defect(request, error)
    log.error("%s %s: the database failed: %s", request.method, request.url.path, error)
    return problem(request, 503, "api.database_away")


async def _unstorable(request: Request, error: Exception) -> Response:
    """Text or a number that the database cannot hold, such as a NUL; the message would quote the statement."""
    return problem(request, 422, "api.unstorable")


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        return defect(request, error)
    lang = language(request)
    flaws = [flaw(item, lang) for item in error.errors()]
    return problem(request, 422, "api.invalid", flaws=flaws, where=flaws[0].where, reason=flaws[0].reason)


def allowed(request: Request) -> list[str]:
    """What the path does take, whichever of its routes does (RFC 9110, 10.2.1). A path that is written out counts
    before one with a variable in its place."""
    found = [
        route
        for route in iter_route_contexts(request.app.routes)
        if route.methods and route.path_regex.match(request.url.path)
    ]
    best = min((route.path.count("{") for route in found if route.path), default=0)
    of_path = [route.methods or set() for route in found if (route.path or "").count("{") == best]
    return sorted(set().union(*of_path))


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return defect(request, error)
    path = request.url.path
    if error.status_code == 404:
        return problem(request, 404, "api.unknown_path", path=path)
    if error.status_code == 405:
        takes = ", ".join(allowed(request))
        return problem(
            request,
            405,
            "api.wrong_method",
            headers={"Allow": takes},
            method=request.method,
            path=path,
            takes=takes,
        )
    if error.status_code == 413:
        return problem(request, 413, "api.too_large", most=error.detail)
    status = error.status_code if error.status_code in TITLES else 422
    return problem(request, status, "api.unreadable", reason=error.detail)
