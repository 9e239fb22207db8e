"""The request head that a host gets."""

import asyncio

import pytest

from counterpoint.directory import Host, Signing
from counterpoint.gateway.commands import OpenUpstream
from counterpoint.gateway.driver import Plant, _signature
from counterpoint.transport import Origin, Pool


class Nothing:
    """Ports that this test does not come to."""


def heads(*hosts: tuple[Host, str]) -> list[tuple[Origin, bytes]]:
    async def run() -> list[tuple[Origin, bytes]]:
        plant = Plant(Pool(), Nothing(), Nothing(), Nothing())  # type: ignore[arg-type]
        return [plant.head(host, path) for host, path in hosts]

    return asyncio.run(run())


def test_the_address_is_split_into_where_and_what() -> None:
    host = Host("a", "https://api.example:8443/openai/v1/", headers=(("authorization", "Bearer s"),))
    ((origin, head),) = heads((host, "/chat/completions"))
    assert origin == Origin("api.example", 8443, True)
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /openai/v1/chat/completions HTTP/1.1"
    assert {"host: api.example:8443", "authorization: Bearer s", "content-type: application/json"} <= set(
        lines
    )


def test_ports_are_what_the_scheme_says() -> None:
    found = heads((Host("a", "https://x"), "/p"), (Host("b", "http://x"), "/p"))
    assert [origin.port for origin, _ in found] == [443, 80]


def test_a_head_is_built_once_per_host_and_path() -> None:
    host = Host("a", "https://x")
    (_, one), (_, two), (_, other) = heads((host, "/p"), (host, "/p"), (Host("a", "https://y"), "/p"))
    assert one is two
    assert one != other


def test_a_line_break_in_a_credential_cannot_become_a_header() -> None:
    with pytest.raises(ValueError, match="line break"):
        heads((Host("a", "https://x", headers=(("authorization", "Bearer s\r\nx: y"),)), "/p"))


def test_a_call_is_signed_with_what_goes_with_it() -> None:
    """The judge of signatures themselves is tests/unit/transport/signing; here: what is signed is what is sent."""
    host = Host(
        "aws",
        "https://bedrock-runtime.eu-central-1.amazonaws.com",
        headers=(("x-amzn-bedrock-accept", "application/json"),),
        signing=Signing("AKIDEXAMPLE", "secret", "eu-central-1", "bedrock", "session"),
    )
    lines = _signature(OpenUpstream(host, "/model/a%3A0/converse", (), b"{}")).decode().split("\r\n")
    found = dict(line.split(": ", 1) for line in lines if line)
    assert found["x-amz-security-token"] == "session"
    signed = "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amzn-bedrock-accept"
    assert signed in found["authorization"]
