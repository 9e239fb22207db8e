"""Runs an exchange's commands on sockets and engines, and feeds it what comes back. The only impure part."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from counterpoint.canonical import EmbedResponse, Failure, StreamEvent
from counterpoint.directory import Host, Key
from counterpoint.gateway.commands import (
    BreakOff,
    Cancel,
    Command,
    LookUpKey,
    OpenEngine,
    OpenUpstream,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
)
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.ports import EngineCall, Engines, Keys, Ledger, Outlet
from counterpoint.transport import Origin, Pool, Sending
from counterpoint.transport.signing import sign

log = logging.getLogger(__name__)

USER_AGENT = b"user-agent: counterpoint\r\n"


class Plant:
    """What drivers share in one worker: the loop, connections out, engines, the ledger, heads already built."""

    def __init__(self, pool: Pool, engines: Engines, ledger: Ledger, keys: Keys) -> None:
        self.loop = asyncio.get_running_loop()
        self.pool = pool
        self.engines = engines
        self.ledger = ledger
        self.keys = keys
        self.drivers: set[Driver] = set()
        self._heads: dict[tuple[int, str, bool], tuple[Host, Origin, bytes]] = {}

    def head(self, host: Host, path: str, *, typed: bool = False) -> tuple[Origin, bytes]:
        """Where `host` is, and the request head for `path` up to the call's own headers; built once. `typed`: the
        call says itself what its body is."""
        key = (id(host), path, typed)
        known = self._heads.get(key)
        if known is None or known[0] is not host:
            if len(self._heads) > 4096:
                self._heads.clear()
            known = self._heads[key] = (host, *_build_head(host, path, _ANY if typed else _TYPES))
        return known[1], known[2]

    def sweep(self, now: float) -> None:
        """Once a second: time out what is silent."""
        for driver in list(self.drivers):
            driver.sweep(now)
        self.pool.sweep(now)


_TYPES = ("content-type: application/json", "accept: application/json, text/event-stream")
_ANY = ("accept: */*",)


def _build_head(host: Host, path: str, types: tuple[str, ...]) -> tuple[Origin, bytes]:
    url = urlsplit(host.base_url)
    tls = url.scheme == "https"
    origin = Origin(url.hostname or "", url.port or (443 if tls else 80), tls)
    authority = url.netloc.rpartition("@")[2]
    told = {name.lower() for name, _ in host.headers}
    lines = [
        f"POST {url.path.rstrip('/')}{path} HTTP/1.1",
        f"host: {authority}",
        *(line for line in types if line.partition(":")[0] not in told),
        "accept-encoding: identity",
        *(f"{name}: {value}" for name, value in host.headers),
    ]
    for line in lines:
        if "\r" in line or "\n" in line:
            raise ValueError(f"a line break in the address or headers of the host {host.name!r}")
    return origin, "\r\n".join(lines).encode() + b"\r\n" + USER_AGENT


def _signature(command: OpenUpstream) -> bytes:
    """The header lines that sign a call to a host which wants each one signed."""
    host = command.host
    assert host.signing is not None  # noqa: S101 - asked by who calls
    media_type = command.media_type.decode("latin-1") or "application/json"
    headers = [("content-type", media_type), *host.headers]
    headers += [(name.decode("latin-1"), value.decode("latin-1")) for name, value in command.headers]
    signed = sign(
        "POST", host.base_url.rstrip("/") + command.path, headers, command.body, time.time(), host.signing
    )
    return "".join(f"{name}: {value}\r\n" for name, value in signed).encode("latin-1")


class Driver:
    """One exchange under way. Implements the server's hold on it, the upstream's receiver, the engine's sink."""

    __slots__ = ("_connection", "_cors", "_engine_call", "_exchange", "_now", "_plant", "_sending", "_slow")

    def __init__(
        self, exchange: Exchange, connection: Outlet, plant: Plant, cors: tuple[tuple[bytes, bytes], ...]
    ) -> None:
        self._exchange = exchange
        self._connection: Outlet | None = connection
        self._plant = plant
        self._now = plant.loop.time
        self._cors = cors
        self._sending: Sending | None = None
        self._engine_call: EngineCall | None = None
        self._slow = False

    @property
    def exchange(self) -> Exchange:
        """What is answered."""
        return self._exchange

    def start(self) -> None:
        """Run the exchange's first commands."""
        self._plant.drivers.add(self)
        self._feed(self._exchange.start)

    def _feed(self, step: Callable[..., list[Command]], *event: Any) -> None:
        """Give the exchange an event and do what it says. A defect of ours must not leave the caller hanging."""
        try:
            for command in step(*event, self._now()):
                _ACTIONS[type(command)](self, command)
        except Exception:
            log.exception("exchange %s failed", self._exchange.call.id)
            self._break_off()

    def _break_off(self) -> None:
        self.do_cancel(_CANCEL)
        connection = self._done()
        if connection is not None:
            connection.abort()

    def do_open_upstream(self, command: OpenUpstream) -> None:
        """Send the request to a host."""
        origin, head = self._plant.head(command.host, command.path, typed=bool(command.media_type))
        if command.media_type:
            head += b"content-type: %b\r\n" % command.media_type
        own = b"".join([b"%s: %s\r\n" % header for header in command.headers]) if command.headers else b""
        if command.host.signing is not None:
            own += _signature(command)
        payload = b"%s%scontent-length: %d\r\n\r\n%s" % (head, own, len(command.body), command.body)
        self._sending = self._plant.pool.send(origin, payload, self, command.host.connect_timeout)

    def do_open_engine(self, command: OpenEngine) -> None:
        """Hand the request to a local model."""
        self._engine_call = self._plant.engines.call(
            command.model, command.operation, command.request, command.keep_alive, self
        )

    def do_cancel(self, _: Cancel) -> None:
        """Drop the attempt."""
        if self._sending is not None:
            self._sending.cancel()
        if self._engine_call is not None:
            self._engine_call.cancel()
        self._sending = self._engine_call = None

    def do_look_up_key(self, command: LookUpKey) -> None:
        """Ask the port for keys; the answer comes back as `key_found`."""
        self._plant.keys.look_up(command.digest, self._key_found)

    def _key_found(self, key: Key | None) -> None:
        if self._connection is not None:
            self._feed(self._exchange.key_found, key)

    def do_break_off(self, _: BreakOff) -> None:
        """End the answer so that it is seen to be no whole one."""
        connection = self._done()
        if connection is not None:
            connection.abort()

    def do_settle(self, command: Settle) -> None:
        """Write the entry; returns when it is safe."""
        self._plant.ledger.append(command.entry)

    def do_respond(self, command: Respond) -> None:
        """Answer whole."""
        if self._connection is not None:
            self._connection.respond(command.status, command.headers + self._cors, command.body)
        self._done()

    def do_respond_head(self, command: RespondHead) -> None:
        """Begin to answer."""
        if self._connection is not None:
            self._connection.begin(command.status, command.headers + self._cors)

    def do_respond_bytes(self, command: RespondBytes) -> None:
        """Answer on."""
        if self._connection is not None:
            self._connection.send(command.data)

    def do_respond_end(self, command: RespondEnd) -> None:
        """End the answer."""
        if self._connection is not None:
            self._connection.finish(command.data)
        self._done()

    def _done(self) -> Outlet | None:
        self._plant.drivers.discard(self)
        connection, self._connection = self._connection, None
        return connection

    def sweep(self, now: float) -> None:
        """Once a second."""
        deadline = self._exchange.deadline
        if deadline is not None and now > deadline and not self._slow:
            self._feed(self._exchange.timer)

    # The server's hold

    def client_gone(self) -> None:
        self._done()
        self._feed(self._exchange.client_gone)

    def client_slow(self) -> None:
        self._slow = True
        if self._sending is not None:
            self._sending.pause()

    def client_ready(self) -> None:
        self._slow = False
        self._feed(self._exchange.client_ready)
        if self._sending is not None:
            self._sending.resume()

    # The upstream's receiver

    def upstream_head(self, status: int, headers: Mapping[str, str]) -> None:
        self._feed(self._exchange.upstream_head, status, headers)

    def upstream_data(self, data: bytes) -> None:
        try:  # `_feed` written out: it runs for every event of every stream
            for command in self._exchange.upstream_data(data, self._now()):
                _ACTIONS[type(command)](self, command)
        except Exception:
            log.exception("exchange %s failed", self._exchange.call.id)
            self._break_off()

    def upstream_end(self) -> None:
        self._sending = None
        self._feed(self._exchange.upstream_end)

    def upstream_lost(self, reason: str, *, connecting: bool) -> None:
        self._sending = None
        self._feed(self._exchange.upstream_lost, reason)

    # The engine's sink

    def on_event(self, event: StreamEvent) -> None:
        self._feed(self._exchange.engine_event, event)

    def on_result(self, result: EmbedResponse | int) -> None:
        self._engine_call = None
        self._feed(self._exchange.engine_result, result)

    def on_done(self) -> None:
        self._engine_call = None
        self._feed(self._exchange.engine_done)

    def on_failure(self, failure: Failure) -> None:
        self._engine_call = None
        self._feed(self._exchange.engine_failed, failure)


_CANCEL = Cancel()
_ACTIONS: dict[type[Any], Callable[[Driver, Any], None]] = {
    LookUpKey: Driver.do_look_up_key,
    OpenUpstream: Driver.do_open_upstream,
    OpenEngine: Driver.do_open_engine,
    Cancel: Driver.do_cancel,
    Respond: Driver.do_respond,
    RespondHead: Driver.do_respond_head,
    RespondBytes: Driver.do_respond_bytes,
    RespondEnd: Driver.do_respond_end,
    BreakOff: Driver.do_break_off,
    Settle: Driver.do_settle,
}
