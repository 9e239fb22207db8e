"""The admin port under attack: names that lead elsewhere, requests within requests, ways out of folders, other
people's pages, guessed tokens."""

import json
import re

import pytest

from tests.security.conftest import ADMIN_TOKEN, Fort

KEYS = "/api/v1/keys"


def test_the_installation_answers_who_may_ask(fort: Fort) -> None:
    assert fort.ask("GET", KEYS).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8601",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "127.0.0.1:80:80",
        "127.0.0.1, evil.example",
        "127.0.0.1 evil.example",
        "evil.example#127.0.0.1",
        "2130706433.evil.example",
        "%31%32%37.0.0.1",
        "",
    ],
)
def test_a_name_that_others_can_point_at_us_opens_nothing(fort: Fort, host: str) -> None:
    answer = fort.ask("GET", KEYS, f"host: {host}")
    assert answer.status in (400, 421)
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "header", ["x-forwarded-host", "x-host", "forwarded", "x-original-url", "x-rewrite-url"]
)
def test_what_no_proxy_of_ours_said_is_not_believed(fort: Fort, header: str) -> None:
    value = "host=evil.example" if header == "forwarded" else "evil.example"
    answer = fort.ask("GET", "/nowhere", f"{header}: {value}", token="")
    assert "evil.example" not in json.dumps(dict(answer.headers)) + answer.body.decode()
    assert fort.ask("GET", "/", "x-original-url: /api/v1/keys", token="").status != 200 or (
        b'"items"' not in fort.ask("GET", "/", "x-original-url: /api/v1/keys", token="").body
    )


def _head(*lines: bytes, method: bytes = b"POST", path: bytes = b"/api/v1/keys") -> bytes:
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"host: 127.0.0.1", *lines, b"", b""])


INNER = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
SMUGGLED = {
    "both lengths": _head(b"content-length: %d" % (5 + len(INNER)), b"transfer-encoding: chunked")
    + b"0\r\n\r\n"
    + INNER,
    "both, the other way": _head(b"transfer-encoding: chunked", b"content-length: 4") + b"0\r\n\r\n" + INNER,
    "two lengths": _head(b"content-length: 0", b"content-length: %d" % len(INNER)) + INNER,
    "two lengths in one": _head(b"content-length: 0, %d" % len(INNER)) + INNER,
    "a signed length": _head(b"content-length: +%d" % len(INNER)) + INNER,
    "a length in hexadecimal": _head(b"content-length: 0x%x" % len(INNER)) + INNER,
    "two codings": _head(b"transfer-encoding: chunked", b"transfer-encoding: identity")
    + b"0\r\n\r\n"
    + INNER,
    "an unknown coding": _head(b"transfer-encoding: xchunked") + b"0\r\n\r\n" + INNER,
    "a coding behind a tab": _head(b"transfer-encoding:\x0bchunked") + b"0\r\n\r\n" + INNER,
    "a space before the colon": _head(b"transfer-encoding : chunked") + b"0\r\n\r\n" + INNER,
    "a folded line": _head(b"x: y", b" transfer-encoding: chunked") + b"0\r\n\r\n" + INNER,
    "bare line feeds": b"POST /api/v1/keys HTTP/1.1\nhost: 127.0.0.1\ncontent-length: 0\n\n" + INNER,
    "a bare line feed in the head": _head(b"x: y\ntransfer-encoding: chunked") + b"0\r\n\r\n" + INNER,
    "a bare carriage return": _head(b"x: y\rtransfer-encoding: chunked") + b"0\r\n\r\n" + INNER,
    "a chunk size beyond numbers": _head(b"transfer-encoding: chunked") + b"ffffffffffffffff1\r\n" + INNER,
    "a negative chunk": _head(b"transfer-encoding: chunked") + b"-1\r\n" + INNER,
    "a chunk longer than it says": _head(b"transfer-encoding: chunked") + b"1\r\nxx" + INNER,
}


@pytest.mark.parametrize("port", ["gateway", "admin"])
@pytest.mark.parametrize("trick", SMUGGLED)
def test_no_request_hides_in_another(fort: Fort, trick: str, port: str) -> None:
    """Either the whole is refused and the connection closed, or what follows the message stays unread."""
    found = (fort.gateway if port == "gateway" else fort.admin)(SMUGGLED[trick])
    assert len(found) <= 1, [answer.status for answer in found]
    for answer in found:
        assert 400 <= answer.status < 500


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../../../etc/passwd",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..\\..\\etc\\passwd",
        "/assets/....//....//etc/passwd",
        "/assets//etc/passwd",
        "/assets/%00index.html",
        "/assets/../index.html%00.js",
        "/api/v1/../../../../etc/passwd",
        "/..;/etc/passwd",
        "//etc/passwd",
        "/counterpoint.toml",
        "/data/master.key",
        "/assets/../../data/master.key",
    ],
)
def test_no_path_leads_out_of_the_folder(fort: Fort, path: str) -> None:
    for token in ("", "by token"):
        answer = fort.ask("GET", path, token="" if not token else "nobody's")
        assert answer.status in (400, 401, 404)
        assert b"root:" not in answer.body
        assert b"[[providers]]" not in answer.body


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_other_peoples_pages_may_read_nothing(fort: Fort, origin: str) -> None:
    asked = fort.ask("OPTIONS", KEYS, f"origin: {origin}", "access-control-request-method: POST", token="")
    read = fort.ask("GET", KEYS, f"origin: {origin}")
    for answer in (asked, read):
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
    (gateway,) = fort.gateway(
        f"OPTIONS /v1/chat/completions HTTP/1.1\r\nhost: x\r\norigin: {origin}\r\n"
        "access-control-request-method: POST\r\nconnection: close\r\n\r\n".encode()
    )
    assert "access-control-allow-origin" not in gateway.headers


@pytest.mark.parametrize("path", ["/sign-in", "/set-up", "/api/v1/session"])
def test_other_peoples_pages_may_send_nothing(fort: Fort, path: str) -> None:
    """A form on a page elsewhere, sent by the browser of somebody who is signed in here."""
    answer = fort.ask(
        "POST",
        path,
        "origin: https://evil.example",
        "sec-fetch-site: cross-site",
        "content-type: application/x-www-form-urlencoded",
        body=b"login=a&password=b",
        token="",
    )
    assert answer.status in (400, 401, 403, 404, 405, 415)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/healthz", "/sign-in", KEYS, "/nowhere"])
def test_browsers_are_told_to_allow_nothing_more_than_is_needed(fort: Fort, path: str) -> None:
    headers = fort.ask("GET", path, token="").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers or not re.search(r"\d", headers["server"])


def test_tokens_that_are_nearly_right_are_as_wrong_as_others(fort: Fort) -> None:
    near = (ADMIN_TOKEN[:-1], ADMIN_TOKEN + "x", ADMIN_TOKEN.upper(), ADMIN_TOKEN[:-1] + "é", " ", "", "null")
    told = {fort.ask("GET", KEYS, f"authorization: Bearer {token}").body[:60] for token in near}
    assert {fort.ask("GET", KEYS, f"authorization: Bearer {token}").status for token in near} == {401}
    assert len(told) == 1, "one guess is told apart from another"


@pytest.mark.parametrize(
    "language", ["fr\r\nset-cookie: a=b", "fr;q=1" + ",de" * 5000, "../../etc/passwd", "é\x7f"]
)
def test_a_language_is_a_word_and_nothing_else(fort: Fort, language: str) -> None:
    found = fort.admin(
        f"GET {KEYS} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\naccept-language: {language}\r\n\r\n".encode(
            "latin-1"
        )
    )
    assert len(found) == 1
    assert found[0].status in (400, 401, 431)
    assert "set-cookie" not in found[0].headers
