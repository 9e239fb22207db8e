import asyncio

import pytest
from starlette.requests import Request

from counterpoint.api.access import COOKIE, admit
from counterpoint.api.callers import caller_by, is_still
from counterpoint.api.services import Services
from counterpoint.app.compose import Control
from counterpoint.control.accounts import AccountChange
from counterpoint.control.roles import RIGHTS_OF
from tests.unit.api.conftest import GOOD, TOKEN, set_up


def request(**headers: str) -> Request:
    return Request(
        {
            "type": "http",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )


def name_of(services: Services, **headers: str) -> str | None:
    caller = asyncio.run(caller_by(services, request(**headers)))
    return None if caller is None else f"{caller.kind} {caller.name}"


@pytest.fixture
def session(services: Services, control: Control) -> str:
    set_up(control)
    opened = services.sign_in.sign_in("ada", GOOD, "127.0.0.1")
    assert opened is not None
    return opened


def test_each_kind_of_credentials(services: Services, session: str) -> None:
    made = services.tokens.create("ci", "auditor", actor="owner", made_by="ada")
    assert name_of(services, authorization=f"Bearer {TOKEN}") == "token token"
    assert name_of(services, authorization=f"bearer  {made.text}") == "service ci"
    assert name_of(services, cookie=f"{COOKIE}={session}") == "session Ada"
    assert name_of(services, cookie=f"{COOKIE}={session}x") is None
    assert name_of(services, cookie=f"{COOKIE}=") is None
    assert name_of(services) is None


def test_a_wrong_token_is_not_made_good_by_a_cookie(services: Services, session: str) -> None:
    assert name_of(services, authorization="Bearer wrong", cookie=f"{COOKIE}={session}") is None
    assert name_of(services, authorization="Basic YTpi", cookie=f"{COOKIE}={session}") == "session Ada"


def test_what_was_let_in_stands_until_its_rights_change(services: Services, session: str) -> None:
    services.accounts.create(login="bob", name="Bob", role="owner", password=GOOD, actor="owner")
    asked = request(cookie=f"{COOKIE}={session}")
    admit(asked.scope, asyncio.run(caller_by(services, asked)))
    assert asyncio.run(is_still(services, asked))
    (ada,) = services.accounts.list(words="ada").items
    services.accounts.change(ada.id, AccountChange(role="user"), actor="owner")
    assert not asyncio.run(is_still(services, asked))


def test_a_revoked_token_stands_no_more(services: Services) -> None:
    made = services.tokens.create("ci", "auditor", actor="owner", made_by="ada")
    asked = request(authorization=f"Bearer {made.text}")
    caller = asyncio.run(caller_by(services, asked))
    assert caller is not None
    assert caller.rights == RIGHTS_OF["auditor"]
    admit(asked.scope, caller)
    assert asyncio.run(is_still(services, asked))
    services.tokens.revoke(made.token.id, actor="owner")
    assert not asyncio.run(is_still(services, asked))
