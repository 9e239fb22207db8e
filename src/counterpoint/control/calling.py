"""One whole HTTP call from the control process: to a host that holds a file, or to our own gateway."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from counterpoint.transport import Origin, Pool

MOST = 512 * 1024 * 1024
"""Bytes of one answer: the results of a host's batch come whole."""


class CallError(Exception):
    """There is no answer; the reason is a clause in English."""


class Answered(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Whole:
    """Gathers one answer."""

    def __init__(self, future: "asyncio.Future[Answered]") -> None:
        self._future = future
        self._status = 0
        self._headers: Mapping[str, str] = {}
        self._pieces: list[bytes] = []
        self._size = 0

    def upstream_head(self, status: int, headers: Mapping[str, str]) -> None:
        self._status, self._headers = status, headers

    def upstream_data(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= MOST:
            self._pieces.append(data)
        else:
            self._fail("its answer is too large")

    def upstream_end(self) -> None:
        if not self._future.done():
            self._future.set_result(Answered(self._status, self._headers, b"".join(self._pieces)))

    def upstream_lost(self, reason: str, *, connecting: bool) -> None:
        self._fail(reason)

    def _fail(self, reason: str) -> None:
        if not self._future.done():
            self._future.set_exception(CallError(reason))


async def call(
    pool: Pool, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
) -> Answered:
    """Raises `CallError`."""
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    origin = Origin(parts.hostname or "", parts.port or (443 if tls else 80), tls)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    lines = [
        f"{method} {target} HTTP/1.1",
        f"host: {parts.netloc.rpartition('@')[2]}",
        "accept: */*",
        "accept-encoding: identity",
        "user-agent: counterpoint",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"content-length: {len(body)}",
    ]
    if any("\r" in line or "\n" in line for line in lines):
        raise CallError("a line break in its address or headers")
    future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
    payload = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body
    sending = pool.send(origin, payload, _Whole(future))
    try:
        async with asyncio.timeout(seconds):
            return await future
    except TimeoutError:
        raise CallError(f"it said nothing within {seconds:g} seconds") from None
    finally:
        sending.cancel()
