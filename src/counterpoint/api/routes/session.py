"""Signing in and out, the first account, one's own password."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, SecretStr

from counterpoint.api.access import COOKIE, Caller, Permission, caller_of, is_token, require
from counterpoint.api.callers import person
from counterpoint.api.forwarded import mount_of
from counterpoint.api.problems import problem
from counterpoint.api.routes.given import Address, Given, Input
from counterpoint.api.routes.me import MeShape, me_shape
from counterpoint.api.services import Services
from counterpoint.api.shapes.common import Shape
from counterpoint.control.signin import SESSION_LIFE, TooManyAttempts
from counterpoint.i18n.complaint import Complaint

router = APIRouter(tags=["session"])
_me = Permission("me")


@dataclass(frozen=True)
class SessionShape(Shape):
    """What a sign-in page must know."""

    signed_in: bool
    set_up: bool
    """Whether there is an account; if not, the link that `counterpoint up` printed leads to making one."""
    admin_token: bool
    """Whether the operator set one, which signs in too."""


class Credentials(Input):
    """By which somebody signs in: a login and its password."""

    login: str = Field(default="", max_length=200)
    password: SecretStr = Field(default=SecretStr(""), max_length=1000)


class LinkInput(Input):
    """The token of a sign-in link."""

    token: SecretStr = Field(max_length=200)


class TokenInput(Input):
    """The operator's token."""

    token: SecretStr = Field(max_length=1000)


class Owner(Input):
    """The first account."""

    login: str = Field(max_length=200, examples=["ada@example.com"])
    name: str = Field(max_length=200, examples=["Ada Lovelace"])
    password: SecretStr = Field(max_length=1000)


class PasswordInput(Input):
    """A new password."""

    password: SecretStr = Field(max_length=1000)
    current: SecretStr | None = Field(
        default=None, max_length=1000, description="Not needed by whoever came by a link."
    )


class Myself(Input):
    """What one may change about oneself."""

    name: str = Field(max_length=200, examples=["Ada Lovelace"])


@router.get("/session", summary="Whether I am signed in")
def show_session(request: Request, services: Given) -> SessionShape:
    """For everybody."""
    return SessionShape(
        caller_of(request.scope) is not None, services.sign_in.is_set_up(), services.admin_token is not None
    )


@router.post("/session", summary="Sign in", response_model=MeShape)
def sign_in(request: Request, services: Given, address: Address, given: Credentials) -> Response:
    """The answer sets the session's cookie; a wrong login and a wrong password cannot be told apart."""
    session = services.sign_in.sign_in(given.login, given.password.get_secret_value(), address)
    if session is None:
        return problem(request, 401, "api.wrong_credentials")
    return opened(request, services, session)


@router.post("/session/link", summary="Sign in by a link", response_model=MeShape)
def sign_in_by_link(request: Request, services: Given, address: Address, given: LinkInput) -> Response:
    """A link works once. The first one leads to `POST /setup`."""
    session = by_secret(services, address, link=given.token.get_secret_value())
    if session is None:
        return problem(request, 401, "api.page.link_is_used")
    return opened(request, services, session)


@router.post("/session/token", summary="Sign in by the operator's token", response_model=MeShape)
def sign_in_by_token(request: Request, services: Given, address: Address, given: TokenInput) -> Response:
    """A browser's session for whoever has `COUNTERPOINT_ADMIN_TOKEN`: the first owner's, or that of the set-up."""
    session = by_secret(services, address, operator=given.token.get_secret_value())
    if session is None:
        return problem(request, 401, "api.page.wrong_token")
    return opened(request, services, session)


@router.delete("/session", status_code=204, summary="Sign out", dependencies=[require("me")])
def sign_out(request: Request, services: Given) -> Response:
    """This browser's session ends."""
    session = request.cookies.get(COOKIE)
    if session:
        services.sign_in.end(session)
    return without_cookie(request, Response(status_code=204))


@router.post(
    "/setup", summary="Make the owner's account", response_model=MeShape, dependencies=[require("setup")]
)
def set_up(request: Request, services: Given, owner: Owner) -> Response:
    """Once, by whoever came by the first start's link or has the operator's token. Signs in."""
    session = services.sign_in.set_up(
        services.accounts, login=owner.login, name=owner.name, password=owner.password.get_secret_value()
    )
    return opened(request, services, session)


@router.patch("/me", summary="Change my name", dependencies=[require("me")])
def change_myself(services: Given, caller: Annotated[Caller, Depends(_me)], given: Myself) -> MeShape:
    """As others see it. The role is for others to change."""
    account = services.accounts.rename(_own(caller), given.name)
    return me_shape(msgspec.structs.replace(caller, name=account.name))


@router.post(
    "/me/password", summary="Change my password", response_model=MeShape, dependencies=[require("me")]
)
def change_password(request: Request, services: Given, address: Address, given: PasswordInput) -> Response:
    """All other sessions end, and this one gets a new cookie."""
    session = services.sign_in.change_password(
        request.cookies.get(COOKIE, ""),
        current=given.current.get_secret_value() if given.current is not None else None,
        password=given.password.get_secret_value(),
        address=address,
    )
    return opened(request, services, session)


@router.post(
    "/me/sign-out-everywhere",
    status_code=204,
    summary="Sign out everywhere",
    dependencies=[require("me")],
)
def sign_out_everywhere(
    request: Request, services: Given, caller: Annotated[Caller, Depends(_me)]
) -> Response:
    """All of my sessions end, this one included."""
    services.sign_in.end_all(_own(caller))
    return without_cookie(request, Response(status_code=204))


def _own(caller: Caller) -> str:
    """The caller's account. Programs have none, nor has who is making the first."""
    if caller.account is None:
        raise Complaint("control.accounts.not_signed_in", kind="denied")
    return caller.account


def by_secret(services: Services, address: str, *, link: str = "", operator: str = "") -> str | None:
    """The secret of a new session for a link's token or the operator's. Raises `TooManyAttempts`."""
    # Neither can be guessed; counting keeps the attempts from costing anything.
    wait = services.sign_in.throttle.take("", address)
    if wait:
        raise TooManyAttempts(wait)
    if is_token(operator, services.admin_token):
        session = services.sign_in.redeem(services.sign_in.new_link())
    else:
        session = services.sign_in.redeem(link) if link else None
    if session is not None:
        services.sign_in.throttle.forget("", address)
    return session


def opened(request: Request, services: Services, session: str) -> Response:
    """Who signed in, with the cookie of the new session; the one before ends."""
    before = request.cookies.get(COOKIE)
    if before:
        services.sign_in.end(before)
    signed = services.sign_in.who(session)
    if signed is None:  # it was ended by somebody else in this very moment
        return problem(request, 401, "api.not_signed_in")
    return with_cookie(
        request,
        Response(msgspec.json.encode(me_shape(person(signed))), media_type="application/json"),
        session,
    )


def with_cookie(request: Request, answer: Response, session: str) -> Response:
    """Out of reach of scripts and of other sites' requests."""
    answer.set_cookie(
        COOKIE,
        session,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
        path=mount_of(request.scope),
    )
    return answer


def _is_secure(request: Request) -> bool:
    """Whether the browser came by TLS, be it to a proxy in front of us: it says so itself."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https://")


def without_cookie(request: Request, answer: Response) -> Response:
    """The browser forgets it."""
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", path=mount_of(request.scope))
    return answer
