"""What every request to the admin port passes first: known host, own origin, credentials; and what every
answer gets: headers that tell a browser to allow nothing that our pages do not need.
"""

import ipaddress
import re
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterpoint.api.access import SAFE_METHODS, admit, caller_of, is_public
from counterpoint.api.auditing import act_of, note_rest
from counterpoint.api.callers import caller_by
from counterpoint.api.problems import defect, problem
from counterpoint.api.services import Services
from counterpoint.storage.audit.acting import Act, acting

_CONTENT_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PROBES: Final = ("/healthz", "/readyz")
"""Asked under whatever name an orchestrator has for us; they tell nobody anything."""
LARGEST_BODY: Final = 1024 * 1024
LARGEST_RELAYED: Final = 32 * 1024 * 1024
LARGEST_FILE: Final = 100 * 1024 * 1024
"""As much as is read of a document, wherever it comes from."""
_FILES: Final = re.compile(r"/api/v1/sources/[^/]+/files")
RELAYED: Final = "/api/v1/gateway/"
_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
"""RFC 9110, 7.2, less what no browser sends."""
HEADERS: Final = (
    ("Content-Security-Policy", _CONTENT_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cache-Control", "no-store"),
)
"""OWASP's list for an application that loads nothing from elsewhere; an answer may set its own `Cache-Control`."""


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services
        self._hosts = frozenset(name.lower() for name in services.admin_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        started = False
        status = 500
        act: Act | None = None

        async def dressed(message: Message) -> None:
            nonlocal started, status
            if message["type"] == "http.response.start":
                started = True
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    headers.setdefault(name, value)
            await send(message)

        try:
            refusal = await self._refusal(request)
            act = act_of(request, caller_of(scope))
            with acting(act) if act is not None else nullcontext():
                await (refusal or self._app)(scope, _limited(receive, largest_body(scope)), dressed)
        except Exception as error:
            if started:
                raise
            await defect(request, error)(scope, receive, dressed)
        finally:
            if act is not None:
                await note_rest(self._services.audit, act, status)

    async def _refusal(self, request: Request) -> Response | None:
        """Why the request goes no further; `None` if it does."""
        named = request.headers.getlist("host")
        host = named[0] if len(named) == 1 else ""  # of two names, a proxy may have read the other one
        if request.url.path not in _PROBES and not is_known_host(host, self._hosts):
            return problem(request, 421, "api.unknown_host", host=host[:100])
        caller = await caller_by(self._services, request)
        admit(request.scope, caller)
        most = largest_body(request.scope)
        if int_or_zero(request.headers.get("content-length", "")) > most:
            return problem(request, 413, "api.too_large", most=most >> 20)
        if is_public(request.method, request.url.path):
            by_cookie = True
        elif caller is None:
            return unauthenticated(request)
        else:
            by_cookie = caller.kind == "session"
        if by_cookie and request.method not in SAFE_METHODS and not is_own_origin(request, host):
            return problem(request, 403, "api.other_origin")
        return None


def largest_body(scope: Scope) -> int:
    """What is relayed to the gateway may hold images, and documents are large, if somebody sends them who may."""
    caller = caller_of(scope)
    if caller is not None and scope["path"].startswith(RELAYED):
        return LARGEST_RELAYED
    if caller is not None and _FILES.fullmatch(scope["path"]) and "knowledge.write" in caller.rights:
        return LARGEST_FILE
    return LARGEST_BODY


def _limited(receive: Receive, most: int) -> Receive:
    """A body that comes without a length is counted."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(
                413, str(most >> 20)
            )  # the framework passes these, and only these, on to their handler
        return message

    return counted


def unauthenticated(request: Request) -> Response:
    """How to become known."""
    return problem(
        request, 401, "api.not_signed_in", headers={"WWW-Authenticate": 'Bearer realm="counterpoint"'}
    )


def int_or_zero(text: str) -> int:
    """A length that a client claims; what is no number is left to the server."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def is_known_host(host: str, names: Iterable[str] = ()) -> bool:
    """Whether a `Host` is one that an attacker cannot point at us by DNS: an IP address, `localhost`, or a
    name that the operator listed (DNS rebinding)."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found[1].strip("[]").lower()
    if name in names or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_own_origin(request: Request, host: str) -> bool:
    """Whether a browser sent this from a page of ours. Every browser says where a `POST` comes from (Fetch
    standard, `Origin`); the scheme may differ behind a proxy that ends TLS."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return site is not None
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False
