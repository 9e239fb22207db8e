"""The pages and their assets; signing in and out."""

import time
from collections import deque
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from counterpoint.api.access import COOKIE, caller_of, is_token, require
from counterpoint.api.pages.home import Home, home_page
from counterpoint.api.pages.layout import asset
from counterpoint.api.pages.signing_in import confirm_page, invitation_page, refusal_page
from counterpoint.api.routes.given import Given, Language
from counterpoint.api.services import Services
from counterpoint.api.shapes.usage import entry_page
from counterpoint.control.signin import SESSION_LIFE
from counterpoint.control.usage import UsageQuery

router = APIRouter(include_in_schema=False)
LATEST = 10
MOST_FAILURES = 10
WITHIN_SECONDS = 60.0
MOST_ADDRESSES = 1000
_LONGEST_FORM = 4096


class Failures:
    """Sign-ins that failed lately, by address: past a limit that address may not try for a moment. A link or a
    token cannot be guessed; this keeps the attempts from costing anything."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}

    def note(self, address: str, now: float) -> None:
        """One more."""
        if address not in self._times and len(self._times) >= MOST_ADDRESSES:
            self._times.pop(next(iter(self._times)))
        self._times.setdefault(address, deque(maxlen=MOST_FAILURES)).append(now)

    def too_many(self, address: str, now: float) -> bool:
        """Whether to refuse a further attempt."""
        times = self._times.get(address)
        return times is not None and len(times) == MOST_FAILURES and now - times[0] < WITHIN_SECONDS


@router.get("/")
async def home(request: Request, services: Given, lang: Language) -> Response:
    """How the platform is; to a stranger, how to sign in."""
    if caller_of(request.scope) is None:
        return invitation_page(lang, with_token=services.admin_token is not None)
    return await run_in_threadpool(_home, services, lang)


def _home(services: Services, lang: str) -> Response:
    entries = services.usage.entries(UsageQuery(), limit=LATEST)
    home = Home(
        services.running.status(),
        services.models.list(),
        entry_page(entries).items,
        len(services.providers.list()),
    )
    return home_page(lang, home)


@router.get("/sign-in")
async def show_sign_in(services: Given, lang: Language, token: str = "") -> Response:
    """Asks whether to use the link."""
    if token:
        return confirm_page(lang, token)
    return invitation_page(lang, with_token=services.admin_token is not None)


@router.post("/sign-in")
async def sign_in(request: Request, services: Given, lang: Language) -> Response:
    """Opens a session for a link's token or the operator's."""
    failures: Failures = request.app.state.failures
    with_token = services.admin_token is not None
    address = request.client.host if request.client else ""
    if failures.too_many(address, time.monotonic()):
        return refusal_page(lang, "api.page.too_many_failures", 429, with_token=with_token)
    form = parse_qs((await request.body())[:_LONGEST_FORM].decode("utf-8", "replace"))
    session = await run_in_threadpool(_open, services, form)
    if session is None:
        failures.note(address, time.monotonic())
        sentence = "api.page.wrong_token" if "admin_token" in form else "api.page.link_is_used"
        return refusal_page(lang, sentence, 403, with_token=with_token)
    answer = RedirectResponse(".", 303)
    answer.set_cookie(
        COOKIE,
        session,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )
    return answer


def _is_secure(request: Request) -> bool:
    """Whether the browser came by TLS, be it to a proxy in front of us: it says so itself."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https://")


def _open(services: Services, form: dict[str, list[str]]) -> str | None:
    if is_token(form.get("admin_token", [""])[0], services.admin_token):
        return services.sign_in.redeem(services.sign_in.new_link())
    token = form.get("token", [""])[0]
    return services.sign_in.redeem(token) if token else None


@router.post("/sign-out", dependencies=[require("me")])
async def sign_out(request: Request, services: Given) -> Response:
    """Closes the session."""
    session = request.cookies.get(COOKIE)
    if session:
        await run_in_threadpool(services.sign_in.end, session)
    answer = RedirectResponse(".", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


@router.get("/page.css")
async def style() -> Response:
    """The pages' style."""
    return asset("page.css")


@router.get("/favicon.svg")
async def icon() -> Response:
    """The pages' icon."""
    return asset("favicon.svg")
