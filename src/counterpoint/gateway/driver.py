"""Runs an exchange's commands on sockets and engines, and feeds it what comes back. The only impure part."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from counterpoint.canonical import EmbedResponse, Failure, StreamEvent
from counterpoint.directory import Directory, Host, Key
from counterpoint.gateway.commands import (
    BreakOff,
    Cancel,
    Command,
    LookUpKey,
    OpenEngine,
    OpenUpstream,
    Release,
    Reserve,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
    Shadow,
    Wake,
)
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.health import Health
from counterpoint.gateway.heldback import HeldBack
from counterpoint.gateway.names import Names
from counterpoint.gateway.ports import Commits, EngineCall, Engines, Keys, Ledger, Outlet, Purse
from counterpoint.gateway.shadows import MOST_SHADOWS, Nowhere
from counterpoint.limits import Denied, Hold
from counterpoint.transport import Origin, Pool, Sending
from counterpoint.transport.signing import sign

log = logging.getLogger(__name__)

USER_AGENT = b"user-agent: counterpoint\r\n"


class Plant:
    """What drivers share in one worker: the loop, connections out, engines, the ledger, heads already built. `names`:
    the directory at hand."""

    def __init__(
        self,
        pool: Pool,
        engines: Engines,
        ledger: Ledger,
        keys: Keys,
        commits: Commits | None = None,
        purse: Purse | None = None,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.purse = purse
        self.commits = commits
        self.pool = pool
        self.engines = engines
        self.ledger = ledger
        self.keys = keys
        self.health = Health()
        self.names = Names(Directory())
        self.drivers: set[Driver] = set()
        self.shadows: set[Nowhere] = set()
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

    def forsake(self) -> None:
        """End what nobody waits for; what it has used is accounted for."""
        for driver in [each for each in self.drivers if each.unread]:
            driver.client_gone()

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


class Line:
    """One try under way: what comes of it is told to the exchange with its number. Implements the upstream's receiver
    and the engine's sink."""

    __slots__ = ("_driver", "_number", "call")

    def __init__(self, driver: "Driver", number: int) -> None:
        self._driver = driver
        self._number = number
        self.call: Sending | EngineCall | None = None

    def cancel(self) -> None:
        """Drop it."""
        call, self.call = self.call, None
        if call is not None:
            call.cancel()

    # The upstream's receiver

    def upstream_head(self, status: int, headers: Mapping[str, str]) -> None:
        driver = self._driver
        driver.feed(driver.exchange.upstream_head, self._number, status, headers)

    def upstream_data(self, data: bytes) -> None:
        driver = self._driver
        try:  # `feed` written out: it runs for every event of every stream
            for command in driver.exchange.upstream_data(self._number, data, driver.now()):
                _ACTIONS[type(command)](driver, command)
        except Exception:
            log.exception("exchange %s failed", driver.exchange.call.id)
            driver.break_off()

    def upstream_end(self) -> None:
        self.call = None
        driver = self._driver
        driver.feed(driver.exchange.upstream_end, self._number)

    def upstream_lost(self, reason: str, *, connecting: bool) -> None:
        self.call = None
        driver = self._driver
        driver.feed(driver.exchange.upstream_lost, self._number, reason)

    # The engine's sink

    def on_event(self, event: StreamEvent) -> None:
        driver = self._driver
        driver.feed(driver.exchange.engine_event, self._number, event)

    def on_result(self, result: EmbedResponse | int) -> None:
        self.call = None
        driver = self._driver
        driver.feed(driver.exchange.engine_result, self._number, result)

    def on_done(self) -> None:
        self.call = None
        driver = self._driver
        driver.feed(driver.exchange.engine_done, self._number)

    def on_failure(self, failure: Failure) -> None:
        self.call = None
        driver = self._driver
        driver.feed(driver.exchange.engine_failed, self._number, failure)


class Driver:
    """One exchange under way. Implements the server's hold on it."""

    __slots__ = ("_alarms", "_connection", "_cors", "_lines", "_plant", "_slow", "exchange", "now")

    def __init__(
        self, exchange: Exchange, connection: Outlet, plant: Plant, cors: tuple[tuple[bytes, bytes], ...]
    ) -> None:
        self.exchange = exchange
        self.now = plant.loop.time
        self._connection: Outlet | None = connection
        self._plant = plant
        self._cors = cors
        self._lines: dict[int, Line] = {}
        self._alarms: list[asyncio.TimerHandle] = []
        self._slow = False

    def start(self) -> None:
        """Run the exchange's first commands."""
        self._plant.drivers.add(self)
        self.feed(self.exchange.start)

    def feed(self, step: Callable[..., list[Command]], *event: Any) -> None:
        """Give the exchange an event and do what it says. A defect of ours must not leave the caller hanging."""
        try:
            for command in step(*event, self.now()):
                _ACTIONS[type(command)](self, command)
        except Exception:
            log.exception("exchange %s failed", self.exchange.call.id)
            self.break_off()

    def break_off(self) -> None:
        """End the answer, if there is one, so that it is seen to be no whole one."""
        connection = self._done()
        try:
            for command in self.exchange.broken_off(self.now()):
                _ACTIONS[type(command)](self, command)
        except Exception:
            log.exception("exchange %s could not be accounted for", self.exchange.call.id)
            for command in self.exchange.given_up():
                _ACTIONS[type(command)](self, command)
        if connection is not None:
            connection.abort()

    def do_open_upstream(self, command: OpenUpstream) -> None:
        """Send the request to a host."""
        host = command.host
        origin, head = self._plant.head(host, command.path, typed=bool(command.media_type))
        if command.media_type:
            head += b"content-type: %b\r\n" % command.media_type
        own = b"".join([b"%s: %s\r\n" % header for header in command.headers]) if command.headers else b""
        if host.signing is not None:
            own += _signature(command)
        payload = b"%s%scontent-length: %d\r\n\r\n%s" % (head, own, len(command.body), command.body)
        seconds = host.connect_timeout if command.connect is None else command.connect
        line = self._lines[command.number] = Line(self, command.number)
        line.call = self._plant.pool.send(origin, payload, line, seconds)
        if self._slow:
            line.call.pause()

    def do_open_engine(self, command: OpenEngine) -> None:
        """Hand the request to a local model."""
        line = self._lines[command.number] = Line(self, command.number)
        line.call = self._plant.engines.call(
            command.model, command.operation, command.request, command.keep_alive, line
        )

    def do_cancel(self, command: Cancel) -> None:
        """Drop a try."""
        line = self._lines.pop(command.number, None)
        if line is not None:
            line.cancel()

    def do_wake(self, command: Wake) -> None:
        """Call the exchange's timer at a moment."""
        self._alarms.append(self._plant.loop.call_at(command.at, self._wake, command.at))

    def _wake(self, at: float) -> None:
        now = max(at, self.now())  # a loop's clock may be a little behind its own alarm
        self.feed(lambda _: self.exchange.timer(now))

    def do_reserve(self, command: Reserve) -> None:
        """Ask the purse; the answer comes back as `reserved`, maybe at once."""
        if self._plant.purse is None:
            self._reserved(Hold())
        else:
            self._plant.purse.reserve(command.wanted, self._reserved)

    def _reserved(self, answer: Hold | Denied) -> None:
        self.feed(self.exchange.reserved, answer)

    def do_release(self, command: Release) -> None:
        """Give back what was held."""
        if self._plant.purse is not None:
            self._plant.purse.settle(command.hold, ())

    def do_shadow(self, command: Shadow) -> None:
        """Ask another one the same, later and for nobody."""
        plant = self._plant
        if len(plant.shadows) < MOST_SHADOWS:
            shadow = self.exchange.shadow(command.candidate, self.now())
            plant.loop.call_soon(Driver(shadow, Nowhere(plant.shadows), plant, ()).start)

    def do_look_up_key(self, command: LookUpKey) -> None:
        """Ask the port for keys; the answer comes back as `key_found`."""
        self._plant.keys.look_up(command.digest, self._key_found)

    def _key_found(self, key: Key | None) -> None:
        if self._connection is not None:
            self.feed(self.exchange.key_found, key, self._plant.names)

    def do_break_off(self, _: BreakOff) -> None:
        """End the answer so that nobody takes it for whole."""
        self.break_off()

    def do_settle(self, command: Settle) -> None:
        """Write the entry; returns when it is safe. What follows of the answer may have to wait for more."""
        try:
            self._plant.ledger.append(command.entry)
        finally:  # a full disk must not keep the key's other calls waiting
            if command.hold is not None and self._plant.purse is not None:
                self._plant.purse.settle(command.hold, command.taken)
        commits = self._plant.commits
        if commits is not None and self._connection is not None and not command.entry.purpose:
            held = HeldBack(self._connection)
            if commits.wait(held.release):
                self._connection = held

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
        """Nothing more is to come: whatever is still under way is dropped."""
        self._plant.drivers.discard(self)
        for line in self._lines.values():
            line.cancel()
        self._lines.clear()
        for alarm in self._alarms:
            alarm.cancel()
        self._alarms.clear()
        connection, self._connection = self._connection, None
        return connection

    def sweep(self, now: float) -> None:
        """Once a second."""
        deadline = self.exchange.deadline
        if deadline is not None and now > deadline and not self._slow:
            self.feed(lambda _: self.exchange.timer(now))

    @property
    def unread(self) -> bool:
        """Whether nobody reads the answer."""
        return isinstance(self._connection, Nowhere)

    # The server's hold

    def client_gone(self) -> None:
        if self._connection is not None:
            self.feed(self.exchange.client_gone)
        self._done()

    def client_slow(self) -> None:
        self._slow = True
        for line in self._lines.values():
            if isinstance(line.call, Sending):
                line.call.pause()

    def client_ready(self) -> None:
        self._slow = False
        self.feed(self.exchange.client_ready)
        for line in self._lines.values():
            if isinstance(line.call, Sending):
                line.call.resume()


_ACTIONS: dict[type[Any], Callable[[Driver, Any], None]] = {
    LookUpKey: Driver.do_look_up_key,
    OpenUpstream: Driver.do_open_upstream,
    OpenEngine: Driver.do_open_engine,
    Cancel: Driver.do_cancel,
    Wake: Driver.do_wake,
    Reserve: Driver.do_reserve,
    Release: Driver.do_release,
    Shadow: Driver.do_shadow,
    Respond: Driver.do_respond,
    RespondHead: Driver.do_respond_head,
    RespondBytes: Driver.do_respond_bytes,
    RespondEnd: Driver.do_respond_end,
    BreakOff: Driver.do_break_off,
    Settle: Driver.do_settle,
}
