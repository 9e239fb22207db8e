"""The pages and their assets; signing in and out."""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from counterpoint.api.access import COOKIE, caller_of, require
from counterpoint.api.pages.home import Home, home_page
from counterpoint.api.pages.layout import asset
from counterpoint.api.pages.signing_in import (
    confirm_page,
    invitation_page,
    refusal_page,
    setup_page,
    welcome_page,
)
from counterpoint.api.routes.given import Given, Language, address_of
from counterpoint.api.routes.session import by_secret, with_cookie, without_cookie
from counterpoint.api.services import Services
from counterpoint.api.shapes.usage import entry_page
from counterpoint.control.roles import Right
from counterpoint.control.signin import TooManyAttempts
from counterpoint.control.usage import UsageQuery
from counterpoint.i18n.complaint import Complaint

router = APIRouter(include_in_schema=False)
LATEST = 10
_SHOWN: frozenset[Right] = frozenset({"status.read", "models.read", "usage.read", "providers.read"})
_LONGEST_FORM = 4096


@router.get("/")
async def home(request: Request, services: Given, lang: Language) -> Response:
    """How the platform is; to a stranger, how to sign in."""
    caller = caller_of(request.scope)
    if caller is None:
        return invitation_page(lang, with_token=services.admin_token is not None)
    if "setup" in caller.rights and caller.account is None and caller.kind == "session":
        return setup_page(lang)
    if not caller.rights >= _SHOWN:
        return welcome_page(lang, caller.name)
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
    with_token = services.admin_token is not None
    form = await _form(request)
    try:
        session = await run_in_threadpool(_open, services, form, address_of(request))
    except TooManyAttempts:
        return refusal_page(lang, "api.page.too_many_failures", 429, with_token=with_token)
    if session is None:
        sentence = "api.page.link_is_used"
        if "login" in form:
            sentence = "api.wrong_credentials"
        elif "admin_token" in form:
            sentence = "api.page.wrong_token"
        return refusal_page(lang, sentence, 403, with_token=with_token)
    before = request.cookies.get(COOKIE)
    if before:
        await run_in_threadpool(services.sign_in.end, before)
    return with_cookie(request, RedirectResponse(".", 303), session)


async def _form(request: Request) -> dict[str, str]:
    given = parse_qs((await request.body())[:_LONGEST_FORM].decode("utf-8", "replace"))
    return {name: values[0] for name, values in given.items()}


def _open(services: Services, form: dict[str, str], address: str) -> str | None:
    if "login" in form:
        return services.sign_in.sign_in(form["login"], form.get("password", ""), address)
    return by_secret(services, address, link=form.get("token", ""), operator=form.get("admin_token", ""))


@router.post("/set-up", dependencies=[require("setup")])
async def set_up(request: Request, services: Given, lang: Language) -> Response:
    """Makes the owner's account and signs in."""
    form = await _form(request)
    try:
        session = await run_in_threadpool(
            lambda: services.sign_in.set_up(
                services.accounts,
                login=form.get("login", ""),
                name=form.get("name", ""),
                password=form.get("password", ""),
            )
        )
    except Complaint as complaint:
        return setup_page(lang, complaint.text(lang), status=422)
    return with_cookie(request, RedirectResponse(".", 303), session)


@router.post("/sign-out", dependencies=[require("me")])
async def sign_out(request: Request, services: Given) -> Response:
    """Closes the session."""
    session = request.cookies.get(COOKIE)
    if session:
        await run_in_threadpool(services.sign_in.end, session)
    return without_cookie(request, RedirectResponse(".", 303))


@router.get("/page.css")
async def style() -> Response:
    """The pages' style."""
    return asset("page.css")


@router.get("/favicon.svg")
async def icon() -> Response:
    """The pages' icon."""
    return asset("favicon.svg")
