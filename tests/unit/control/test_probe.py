import socket
import ssl
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.probe import Outcome, model_ids, probe
from counterpoint.directory import Host, Signing
from tests.hosts import FakeHost, fake_host

CHAT = {"openai-chat": "/v1/chat/completions"}
SECRET = "sk-right"


def run(
    host: FakeHost, *, secret: str | None = None, models: str = "/v1/models", model: str | None = None
) -> Outcome:
    headers = (("authorization", f"Bearer {secret}"),) if secret else ()
    return probe(
        Host("h", host.url, CHAT, headers),
        models_url=host.url + models if models else "",
        secret_header="authorization" if secret else "",
        model=lambda: model,
        timeout=5,
    )


def test_a_host_that_lists_its_models() -> None:
    with fake_host(SECRET) as host:
        host.lists("a", "b")
        outcome = run(host, secret=SECRET)
        assert (outcome.verdict, outcome.models, outcome.ok) == ("ok", ("a", "b"), True)
        assert "lists 2 models" in outcome.sentence("en")
        assert "2 modèles" in outcome.sentence("fr")


def test_a_wrong_secret() -> None:
    with fake_host(SECRET) as host:
        host.lists("a")
        outcome = run(host, secret="sk-wrong")
        assert (outcome.verdict, outcome.status) == ("refused_secret", 401)
        assert "wrong key" in outcome.sentence("en")


def test_a_list_that_anybody_sees_proves_nothing_so_a_token_is_asked_for() -> None:
    with fake_host(SECRET) as host:
        host.lists("a")
        host.public = {"/v1/models"}
        assert run(host, secret="sk-wrong").verdict == "unproven"
        host.answers["POST", "/v1/chat/completions"] = (200, {})
        assert run(host, secret="sk-wrong", model="a").verdict == "refused_secret"
        outcome = run(host, secret=SECRET, model="a")
        assert (outcome.verdict, outcome.models) == ("ok", ("a",))
        _, _, body = host.seen[-1]
        assert body["model"] == "a"
        assert 1 in (body.get("max_tokens"), body.get("max_completion_tokens"))


def test_a_host_without_a_list_is_asked_for_a_token() -> None:
    with fake_host(SECRET) as host:
        host.answers["POST", "/v1/chat/completions"] = (200, {})
        assert run(host, secret=SECRET, models="", model="m").verdict == "ok"
        assert run(host, secret="sk-wrong", models="", model="m").verdict == "refused_secret"
        assert run(host, models="").verdict == "unverified"


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (403, {}, "refused_secret"),
        (404, {}, "not_found"),
        (429, {}, "rate_limited"),
        (500, {}, "host_failed"),
        (302, {}, "redirected"),
        (200, b"<html>", "not_understood"),
        (200, {"data": 5}, "not_understood"),
        (200, b"\xff", "not_understood"),
    ],
)
def test_what_stands_in_the_way_is_said(status: int, body: Any, verdict: str) -> None:
    with fake_host() as host:
        host.answers["GET", "/v1/models"] = (status, body)
        outcome = run(host)
        assert outcome.verdict == verdict
        assert outcome.sentence("en") != outcome.sentence("fr")


def test_addresses_that_lead_nowhere() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert probe(Host("h", url), models_url=f"{url}/models").verdict == "unreachable"
    assert probe(Host("h"), models_url="http://").verdict == "unreachable"
    assert probe(Host("h"), models_url="http://h:99999999/").verdict == "unreachable"


def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    outcome = probe(Host("h"), models_url="http://api.nowhere.invalid/models")
    assert outcome.verdict == "name_unknown"
    assert "api.nowhere.invalid" in outcome.sentence("en")


def test_silence_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert probe(Host("h", url), models_url=f"{url}/models", timeout=0.1).verdict == "timeout"


def test_tls_where_there_is_none() -> None:
    with fake_host() as host:
        url = host.url.replace("http://", "https://")
        assert probe(Host("h", url), models_url=f"{url}/models", timeout=5).verdict == "tls"


def test_a_certificate_that_nobody_vouches_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def untrusted(*_: object, **__: object) -> None:
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        error.verify_message = "self-signed certificate"
        raise error

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", untrusted)
    with fake_host() as host:
        url = host.url.replace("http://", "https://")
        outcome = probe(Host("h", url), models_url=f"{url}/models", timeout=5)
    assert outcome.verdict == "certificate"
    assert "self-signed" in outcome.sentence("en")


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'{"data": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}', ("a", "b")),
        (b'[{"id": "a", "name": "A"}]', ("a",)),
        (b'{"models": [{"name": "a"}]}', ("a",)),
        (b'["a"]', ("a",)),
        (b'{"data": [{"id": 5}, {}, null, {"id": "a\\nb"}]}', ()),
        (b"5", None),
        (b"{}", None),
    ],
)
def test_lists_of_models_in_every_form(body: bytes, ids: tuple[str, ...] | None) -> None:
    assert model_ids(body) == ids


@given(st.binary(max_size=40))
def test_any_answer_is_taken_calmly(body: bytes) -> None:
    model_ids(body)


def test_a_host_of_many_dialects_is_asked_in_the_one_that_serves_the_model() -> None:
    """And is signed for, where calls must be signed."""
    with fake_host() as host:
        host.answers["POST", "/model/claude-5/converse"] = (200, {"output": {}})
        signing = Signing("AKIA", "s", "eu-west-1", "bedrock")
        target = Host(
            "cloud",
            host.url,
            {"openai-chat": "/chat", "bedrock-converse": "/model/{model}/converse"},
            serves={"openai-chat": ("openai.*",)},
            body={"project_id": "p"},
            signing=signing,
        )
        outcome = probe(target, models_url="", model=lambda: "claude-5")
        assert outcome.ok
        assert host.seen[0][1] == "/model/claude-5/converse"
        assert host.seen[0][2]["project_id"] == "p"
