"""What a host is asked with, and what a client is told; tests/clients has both at work."""

from counterpoint.dialects.registry import REALTIME
from counterpoint.gateway.handshaking import fields_of, granted, wish
from counterpoint.serving import Request
from tests.unit.gateway.conversation import NAMES


def test_a_host_gets_its_own_credentials_and_none_of_ours() -> None:
    headers = {
        b"authorization": b"Bearer ours",
        b"openai-beta": b"realtime=v1",
        b"sec-websocket-protocol": b"realtime, openai-insecure-api-key.ours",
    }
    request = Request(
        "GET", b"/v1/realtime?model=fast&x=1", headers, b"", version="1.1", keep_alive=True, received=0.0
    )
    (candidate,) = NAMES.resolve("alpha/gpt-x", "chat", ("openai-chat",)).candidates
    lines = wish(request, REALTIME["openai-realtime"], candidate, b"key").decode().split("\r\n")
    assert lines[0] == "GET /v1/chat/completions?model=gpt-x&x=1 HTTP/1.1"
    told = fields_of("\r\n".join(lines).encode())
    assert (told["authorization"], told["openai-beta"]) == ("Bearer s", "realtime=v1")
    assert (told["sec-websocket-protocol"], told["sec-websocket-key"]) == ("realtime", "key")


def test_a_client_is_shown_that_its_key_was_read() -> None:
    headers = {b"sec-websocket-key": b"dGhlIHNhbXBsZSBub25jZQ=="}  # RFC 6455, section 1.3
    head = granted(Request("GET", b"/", headers, b"", version="1.1", keep_alive=True, received=0.0), "chat")
    told = fields_of(head.partition(b"\r\n\r\n")[0])
    assert told["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert told["sec-websocket-protocol"] == "chat"
