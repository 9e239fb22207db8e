"""The request head that a host gets, and several tries at a time."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from counterpoint.directory import Host, Offering, Signing
from counterpoint.directory.routes import Retrying, Route, Target, Timeouts
from counterpoint.gateway.commands import OpenUpstream
from counterpoint.gateway.driver import Plant, _signature
from counterpoint.gateway.purse import Purse
from counterpoint.ledger import Entry
from counterpoint.limits import Limit
from counterpoint.limits.claims import Claim, Grant
from counterpoint.transport import Origin, Pool
from tests.unit.gateway.conversation import CHAT_ANSWER, CHAT_STREAM, DIRECTORY, SECRET, chat
from tests.unit.gateway.front import Front, with_front


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


# Several tries at a time, over sockets


class Upstream:
    """A host on a socket: what each path does is told by the model that it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.reached = asyncio.Event()
        self.left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        model = json.loads(await reader.readexactly(length))["model"]
        self.asked.append(model)
        self.reached.set()
        try:
            if model == "resets" or (model == "once" and self.asked.count("once") == 1):
                writer.transport.abort()
            elif model == "hangs":
                await reader.read()
                self.left.set()
            elif model == "drips":
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + CHAT_STREAM[1])
                await reader.read()
                self.left.set()
            else:
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(CHAT_ANSWER) + CHAT_ANSWER
                )
        finally:
            writer.close()


def with_upstream(
    tmp_path: Path, routes: tuple[Route, ...], test: Callable[[Front, Upstream], Awaitable[None]]
) -> None:
    """Run `test` with a gateway before one host."""

    async def run(front: Front) -> None:
        upstream = Upstream()
        server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        host = Host("h", f"http://127.0.0.1:{port}", {"openai-chat": "/chat/completions"})
        models = ("resets", "once", "hangs", "drips", "works", "shadow")
        offerings = tuple(Offering("h", model, model) for model in models)
        front.gateway.publish(
            msgspec.structs.replace(DIRECTORY, hosts={"h": host}, offerings=offerings, routes=routes)
        )
        try:
            await test(front, upstream)
        finally:
            server.close()
            await server.wait_closed()

    with_front(tmp_path, run)


def test_what_resets_is_asked_again_and_then_somebody_else(tmp_path: Path) -> None:
    routes = (
        Route("r", targets=(Target("resets"), Target("works")), retrying=Retrying(base=0.01)),
        Route("o", targets=(Target("once"),), retrying=Retrying(base=0.01)),
    )

    async def test(front: Front, upstream: Upstream) -> None:
        status, headers, _ = await front.call("POST", "/v1/chat/completions", chat("r"))
        assert (status, headers["x-counterpoint-attempts"], upstream.asked) == (
            200,
            "3",
            ["resets", "resets", "works"],
        )
        status, headers, _ = await front.call("POST", "/v1/chat/completions", chat("o"))
        assert (status, headers["x-counterpoint-offering"]) == (200, "h/once")

    with_upstream(tmp_path, routes, test)


def test_who_is_outrun_is_hung_up_on(tmp_path: Path) -> None:
    routes = (Route("r", targets=(Target("hangs"), Target("works")), hedge_after=0.05),)

    async def test(front: Front, upstream: Upstream) -> None:
        status, headers, _ = await front.call("POST", "/v1/chat/completions", chat("r"))
        assert (status, headers["x-counterpoint-offering"]) == (200, "h/works")
        await asyncio.wait_for(upstream.left.wait(), 5)
        outrun, own = front.entries()
        assert (outrun.purpose, outrun.parent, outrun.offering, own.purpose) == (
            "outrun",
            own.id,
            "h/hangs",
            "",
        )

    with_upstream(tmp_path, routes, test)


def test_a_routes_total_holds(tmp_path: Path) -> None:
    routes = (Route("r", targets=(Target("hangs"),), timeouts=Timeouts(total=20.0)),)

    async def test(front: Front, upstream: Upstream) -> None:
        asking = asyncio.ensure_future(front.call("POST", "/v1/chat/completions", chat("r")))
        await asyncio.wait_for(upstream.reached.wait(), 5)
        front.plant.sweep(asyncio.get_running_loop().time() + 20.5)  # its clock counts milliseconds
        status, _, body = await asking
        assert (status, body["error"]["code"]) == (504, "out_of_time")
        await asyncio.wait_for(upstream.left.wait(), 5)

    with_upstream(tmp_path, routes, test)


def test_a_client_that_vanishes_takes_the_upstream_along(tmp_path: Path) -> None:
    async def test(front: Front, upstream: Upstream) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
        body = chat("drips", stream=True)
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SECRET}\r\n"
        writer.write(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
        await reader.readuntil(b"Hel")
        writer.transport.abort()
        await asyncio.wait_for(upstream.left.wait(), 5)
        (entry,) = front.entries()
        assert (entry.status, entry.usage.reported, entry.usage.output) == (499, False, 1)

    with_upstream(tmp_path, (), test)


def test_a_shadow_is_asked_for_nobody_and_accounted_for_apart(tmp_path: Path) -> None:
    routes = (Route("r", targets=(Target("works"),), shadows=("shadow",)),)

    async def test(front: Front, upstream: Upstream) -> None:
        assert (await front.call("POST", "/v1/chat/completions", chat("r")))[0] == 200
        for _ in range(500):
            if len(front.entries()) == 2:
                break
            await asyncio.sleep(0.01)
        assert sorted(upstream.asked) == ["shadow", "works"]
        entries = {entry.purpose: entry for entry in front.entries()}
        assert entries["shadow"].parent == entries[""].id
        assert entries["shadow"].usage.output == 5
        assert not front.plant.shadows

    with_upstream(tmp_path, routes, test)


class FullDisk:
    """A ledger that takes nothing."""

    def append(self, entry: Entry) -> None:
        raise OSError("no space left on device")


@pytest.mark.parametrize("fault", ["ledger", "head"])
def test_whatever_goes_wrong_with_us_nothing_stays_held(tmp_path: Path, fault: str) -> None:
    limit = Limit("l", "project", "p1", "concurrent", 1)

    def ask(claims: tuple[Claim, ...], answer: Callable[[tuple[Grant, ...] | None], None]) -> None:
        answer(tuple(Grant("l", 0, (1 - claim.holds) if claim.waiting else 0) for claim in claims))

    async def test(front: Front, upstream: Upstream) -> None:
        plant, ledger = front.plant, front.plant.ledger
        directory = front.gateway.names.directory
        host = directory.hosts["h"]
        good = msgspec.structs.replace(directory, limits=(limit,))
        bad = msgspec.structs.replace(host, headers=(("x", "a\r\nb"),))
        plant.purse = purse = Purse(ask)
        purse.publish(good)
        if fault == "head":
            front.gateway.publish(msgspec.structs.replace(good, hosts={"h": bad}))
        else:
            front.gateway.publish(good)
            plant.ledger = FullDisk()
        with pytest.raises(IndexError):
            await front.call("POST", "/v1/chat/completions", chat("works"))  # there is no answer
        if fault == "head":
            (entry,) = front.entries()
            assert (entry.status, entry.offering) == (500, "h/works")
        front.gateway.publish(good)
        plant.ledger = ledger
        status, _, body = await front.call("POST", "/v1/chat/completions", chat("works"))
        assert status == 200, body

    with_upstream(tmp_path, (), test)
