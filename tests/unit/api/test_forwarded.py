"""A known proxy is believed about the browser behind it; nobody else is believed anything."""

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from counterpoint.api.forwarded import Forwarded, mount_of, networks
from counterpoint.i18n.complaint import Complaint

HEADERS = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.1.2.3",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "ai.example.com",
    "X-Forwarded-Prefix": "/ai/counterpoint",
}


async def mirror(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    answer = {
        "client": request.client.host if request.client else None,
        "scheme": request.url.scheme,
        "host": request.headers["host"],
        "path": request.url.path,
        "mount": mount_of(scope),
    }
    await JSONResponse(answer)(scope, receive, send)


def seen(
    proxies: tuple[str, ...], headers: dict[str, str], path: str = "/keys", peer: str = "10.0.0.1"
) -> dict[str, str]:
    client = TestClient(
        Forwarded(mirror, networks(proxies)), base_url="http://inner:8601", client=(peer, 5000)
    )
    found: dict[str, str] = client.get(path, headers=headers).json()
    return found


PLAIN = {"client": "10.0.0.1", "scheme": "http", "host": "inner:8601", "path": "/keys", "mount": "/"}


def test_a_known_proxy_tells_who_calls_how_and_where() -> None:
    assert seen(("10.0.0.0/8",), HEADERS) == {
        "client": "203.0.113.7",
        "scheme": "https",
        "host": "ai.example.com",
        "path": "/keys",
        "mount": "/ai/counterpoint/",
    }


def test_nobody_else_is_believed() -> None:
    assert seen((), HEADERS) == PLAIN
    assert seen(("10.0.0.0/8",), HEADERS, peer="192.0.2.1") == {**PLAIN, "client": "192.0.2.1"}


def test_a_path_that_still_has_the_prefix_loses_it() -> None:
    assert seen(("10.0.0.1",), HEADERS, path="/ai/counterpoint/keys")["path"] == "/keys"
    assert seen(("10.0.0.1",), HEADERS, path="/ai/counterpoint/")["path"] == "/"
    assert seen(("10.0.0.1",), HEADERS, path="/ai/counterpoints/")["path"] == "/ai/counterpoints/"


@pytest.mark.parametrize("prefix", ["", "/", "ai", "/a b", "/a;b", "//evil.example", "/a,/b", "/a\\b"])
def test_a_prefix_that_is_no_path_is_none(prefix: str) -> None:
    assert seen(("10.0.0.1",), {"X-Forwarded-Prefix": prefix}) == PLAIN


@pytest.mark.parametrize("chain", ["", " , ", "10.0.0.1"])
def test_a_chain_of_nobody_leaves_the_proxy_itself(chain: str) -> None:
    assert seen(("10.0.0.1",), {"X-Forwarded-For": chain}) == PLAIN


def test_what_is_no_network_is_named() -> None:
    with pytest.raises(Complaint, match="localhost"):
        networks(["localhost"])
