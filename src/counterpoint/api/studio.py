"""Serves the studio: the single page that the package build left in `counterpoint/studio`, and its assets.

It stands before the admin API, because a page and its scripts are the same for everybody and hold no secrets;
what they show comes from the API, which asks who is calling. Below the path of a reverse proxy everything works
as at the root: the page learns from a relative `<base>` how deep its address is.
"""

import mimetypes
import secrets
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PAGES: Final = frozenset(
    {
        "",
        "sign-in",
        "playground",
        "models",
        "providers",
        "routes",
        "keys",
        "budgets",
        "traffic",
        "health",
        "usage",
        "audit",
        "knowledge",
        "members",
        "search",
        "settings",
    }
)
"""First steps of the paths that are the studio's."""
_OTHERS: Final = frozenset(
    {"api", "assets", "healthz", "readyz", "sign-out", "set-up", "page.css", "favicon.svg", "robots.txt"}
)
"""First steps that are the API's to answer, whoever asks. What is neither is a wrong address: a person is shown
so by the studio, a program told so by the API."""
_ASSETS: Final = "/assets/"
_PACKED: Final = (("br", ".br"), ("gzip", ".gz"))
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def built(folder: Path | None = None) -> Path | None:
    """Where the built studio is; `None` in a source tree that it was not built in."""
    found = folder or Path(str(files("counterpoint"))) / "studio"
    return found if (found / "index.html").is_file() else None


class StudioPages:
    """The layer before `app`: answers for pages and assets, hands on everything else."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._page = (folder / "index.html").read_text("utf-8")
        # Listed once: nothing outside this list is ever opened, whatever a path says.
        self._assets = {path.name: path for path in (folder / "assets").iterdir() if path.is_file()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        answer = None
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            answer = await self._answer(Request(scope))
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        path: str = request.url.path
        if path.startswith(_ASSETS):
            found = self._assets.get(path.removeprefix(_ASSETS))
            return None if found is None else await _asset(request, found)
        steps = path.removeprefix("/").split("/")
        if steps[0] in PAGES and (steps[0] or len(steps) == 1):
            return self._index(len(steps) - 1)
        if steps[0] not in _OTHERS and "text/html" in request.headers.get("accept", ""):
            return self._index(len(steps) - 1, 404)
        return None

    def _index(self, depth: int, status: int = 200) -> Response:
        """The page. Its nonce lets the component library add the style sheets that it makes at run time."""
        nonce = secrets.token_urlsafe(16)
        base = "../" * depth or "./"
        headers = {
            **_HEADERS,
            "Cache-Control": "no-cache",
            "Content-Security-Policy": _POLICY.format(nonce=nonce),
        }
        page = self._page.replace("__BASE__", base).replace("__NONCE__", nonce)
        return Response(page, status, media_type="text/html", headers=headers)


async def _asset(request: Request, path: Path) -> Response:
    """A file whose name changes with its content, compressed where the build did so and the browser can read it."""
    headers = {**_HEADERS, "Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    read = request.headers.get("accept-encoding", "")
    for coding, suffix in _PACKED:
        packed = path.with_name(path.name + suffix)
        if coding in read and packed.is_file():
            headers["Content-Encoding"] = coding
            path = packed
            break
    return Response(await run_in_threadpool(path.read_bytes), media_type=media_type, headers=headers)
