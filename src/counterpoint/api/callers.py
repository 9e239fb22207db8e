"""Who is calling the admin port: a program by the operator's token or one of its own, a person by his browser's
session. Asked at every request, and again and again while a stream of events lasts."""

import time
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from counterpoint.api.access import COOKIE, Caller, caller_of, is_token
from counterpoint.api.services import Services
from counterpoint.control.roles import OF_KEY, RIGHTS_OF, Role
from counterpoint.control.servicetokens import PREFIX
from counterpoint.control.signin import Signed
from counterpoint.directory.keytext import digest_of


async def caller_by(services: Services, request: Request) -> Caller | None:
    """Whoever the request's credentials are of, as of now; `None`: nobody's."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        # One who sends a token means it: a wrong one is not made good by a cookie.
        return await _program(services, given.strip())
    session = request.cookies.get(COOKIE)
    if not session:
        return None
    signed = await run_in_threadpool(services.sign_in.who, session)
    return None if signed is None else person(signed)


async def is_still(services: Services, request: Request) -> bool:
    """Whether the request would be let in as it was: its session or token stands, with the rights that it had."""
    before, now = caller_of(request.scope), await caller_by(services, request)
    return before is not None and now is not None and now.rights == before.rights


def person(signed: Signed) -> Caller:
    """Whose session it is."""
    account = signed.account
    if account is None:
        return Caller("session", "", signed.rights, needs_password=True)
    return Caller(
        "session",
        account.name,
        signed.rights,
        cast("Role", account.role),
        account.id,
        account.login,
        needs_password=signed.by_link,
    )


async def _program(services: Services, given: str) -> Caller | None:
    if is_token(given, services.admin_token):
        return Caller("token", "token")
    if not given.startswith(PREFIX):
        return _holder(services, given)
    token = await run_in_threadpool(services.tokens.find_valid, given)
    if token is None:
        return None
    role = cast("Role", token.role)
    return Caller("service", token.name, RIGHTS_OF[role], role, login=f"token {token.name}", token=token.id)


def _holder(services: Services, given: str) -> Caller | None:
    """Whoever holds a key of the gateway, as workers know it: by its digest, so that no time tells anything."""
    key = services.directory().keys.get(digest_of(given))
    if key is None or (key.expires is not None and key.expires <= time.time()):
        return None
    return Caller("service", key.name, OF_KEY, "user", key=key.id, login=f"key {key.name}")
