"""The one client for addresses that people give: it goes nowhere but to public ones, unless that is allowed.

A name is resolved once and the connection goes to the very address that was judged, so that no second answer of a name
server leads elsewhere (DNS rebinding). Redirects are not followed. Every call has an end, however slowly bytes come,
and an answer's body is not read beyond what a reason needs, or beyond what was said to be the most.
"""

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import msgspec

from counterpoint.transport import reach

MOST_READ = 2000
_PORTS = {"http": 80, "https": 443}
_PIECE = 1 << 14
"""As much as one record of TLS holds."""


class GuardedError(Exception):
    """Nothing was sent, or no answer came; the reason is a clause in English. `forbidden`: trying again is no use."""

    def __init__(self, reason: str, *, forbidden: bool = False) -> None:
        super().__init__(reason)
        self.forbidden = forbidden


class Answer(msgspec.Struct, frozen=True):
    """What came back. `retry_after`: as the header has it."""

    status: int
    begin: bytes
    retry_after: str = ""


class Fetched(msgspec.Struct, frozen=True):
    """What came back, but for the body. `headers`: by names in small letters."""

    status: int
    headers: Mapping[str, str]


class TooLargeError(GuardedError):
    """More came than was wanted."""


class _Deadline:
    """When a call has to be over. `silence`: seconds that one wait in it may take."""

    def __init__(self, seconds: float, silence: float) -> None:
        self._seconds = seconds
        self._silence = silence
        self._until = time.monotonic() + seconds

    def wait(self) -> float:
        """Seconds that may be waited from now on. Raises `GuardedError` when it is over."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise GuardedError(f"it took longer than {self._seconds:g} s")
        return min(left, self._silence)


class _Reading(io.RawIOBase):
    """What comes from a socket, each time for as long as there is time."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._coming = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """It is for nothing else."""
        return True

    def readinto(self, into: Any) -> int | None:
        """As a raw stream does."""
        self._sock.settimeout(self._deadline.wait())
        return self._coming.readinto(into)

    def close(self) -> None:
        """The socket goes with the last that reads from it."""
        self._coming.close()
        super().close()


class _Timed:
    """A socket as `http.client` uses one. A socket's own time-out begins anew with every byte, a deadline does not."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Piece by piece."""
        ahead = memoryview(data)
        while ahead:
            self._sock.settimeout(self._deadline.wait())
            ahead = ahead[self._sock.send(ahead[:_PIECE]) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """To read from."""
        return io.BufferedReader(_Reading(self._sock, self._deadline))

    def close(self) -> None:
        """As soon as nobody reads from it."""
        self._sock.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to one of these addresses, whatever the name resolves to by now."""

    def __init__(
        self, host: str, port: int, addresses: list[str], deadline: _Deadline, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port)
        self._addresses = addresses
        self._deadline = deadline
        self._tls = tls

    def connect(self) -> None:
        """With TLS in the name that was asked for."""
        reached = self._reached()
        if self._tls is not None:
            reached.settimeout(self._deadline.wait())
            reached = self._tls.wrap_socket(reached, server_hostname=self.host)
        self.sock = _Timed(reached, self._deadline)

    def _reached(self) -> socket.socket:
        """An address that is silent leaves the next ones their part of the time."""
        for ahead, address in enumerate(self._addresses[:-1]):
            with contextlib.suppress(OSError):
                wait = self._deadline.wait() / (len(self._addresses) - ahead)
                return socket.create_connection((address, self.port), wait)
        return socket.create_connection((self._addresses[-1], self.port), self._deadline.wait())


def is_public(address: str) -> bool:
    """Whether an address is one of the Internet: not of this machine, a private network, a link, or a group."""
    return reach.public(address)


class GuardedClient:
    """`allow_private`: whether addresses that are not public may be called; `networks`: or only those of these.
    `seconds`: within which a `post` is over, from the connection to the end of its answer; a `fetch` has its own time
    for all of that, and is not waited for in silence for longer than this. `tls`: the authorities to trust, by default
    the system's."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        networks: Iterable[str] = (),
        seconds: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._networks = reach.parse(networks)
        self._seconds = seconds
        self._tls = tls

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises `GuardedError`."""
        connection, target = self._connection(url, self._seconds)
        try:
            connection.request("POST", target, body, dict(headers))
            with connection.getresponse() as answer:
                later = answer.getheader("Retry-After", "") or ""
                return Answer(answer.status, answer.read(MOST_READ), later)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise GuardedError(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()

    def get(
        self, url: str, headers: Mapping[str, str], *, most: int, seconds: float = 60.0
    ) -> tuple[Fetched, bytes]:
        """With the body, of at most so many bytes and in that time. Raises `GuardedError`."""
        body = io.BytesIO()
        fetched = self.fetch("GET", url, headers, None, body, most=most, seconds=seconds)
        return fetched, body.getvalue()

    def fetch(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        into: BinaryIO,
        *,
        most: int,
        seconds: float,
    ) -> Fetched:
        """The body is written as it comes. `seconds`: for everything, from the connection to the last byte. Raises
        `GuardedError`."""
        connection, target = self._connection(url, seconds)
        try:
            connection.request(method, target, body, dict(headers))
            with connection.getresponse() as answer:
                while part := answer.read1(1 << 16):
                    most -= len(part)
                    if most < 0:
                        raise TooLargeError("it is larger than what was asked for may be")
                    into.write(part)
                if answer.length:
                    raise GuardedError("the answer broke off")
                told = {name.lower(): value for name, value in answer.getheaders()}
                return Fetched(answer.status, told)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise GuardedError(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()

    def _connection(self, url: str, seconds: float) -> tuple[_Pinned, str]:
        deadline = _Deadline(seconds, self._seconds)
        scheme, host, port, target = _parts(url)
        addresses = self._resolve(host, port)
        tls = (self._tls or ssl.create_default_context()) if scheme == "https" else None
        return _Pinned(host, port, addresses, deadline, tls), target

    def _resolve(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise GuardedError(f"{host} cannot be resolved: {error}") from error
        addresses = [str(entry[4][0]) for entry in found]
        addresses = [address for address in addresses if not reach.forbidden(address)]
        if not self._allow_private:
            addresses = [address for address in addresses if is_public(address) or self._named(address)]
        if not addresses:
            raise GuardedError(f"{host} is no public address", forbidden=True)
        return addresses

    def _named(self, text: str) -> bool:
        address = ipaddress.ip_address(text.partition("%")[0])
        return any(address.version == network.version and address in network for network in self._networks)


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise GuardedError(f"no address: {error}", forbidden=True) from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise GuardedError("it is no address of http or https without credentials", forbidden=True)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme], target
