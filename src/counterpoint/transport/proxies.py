"""The way out through a company's proxy: `HTTPS_PROXY` and `NO_PROXY`, as every other tool reads them.

Only TLS goes through it, in a tunnel (RFC 9110, 9.3.6), so the proxy sees where to but not what. Plain HTTP is for
servers on one's own network, which are reached directly.
"""

import asyncio
from base64 import b64encode
from typing import cast
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined] # undocumented, not in typeshed

import msgspec

ANSWER_LIMIT = 16 * 1024


class Proxy(msgspec.Struct, frozen=True):
    """A proxy that is spoken to in plain HTTP. `authorization`: what it wants to be shown, if anything."""

    host: str
    port: int
    authorization: str | None = None

    def __repr__(self) -> str:
        return f"Proxy({self.host!r}, {self.port})"


class ProxyError(OSError):
    """The proxy did not let us through; the message says why."""


def proxy_for(host: str, port: int) -> Proxy | None:
    """The proxy through which to reach a TLS host, `None`: directly. Raises `ProxyError` for an address that is
    none."""
    proxies = getproxies_environment()
    url = proxies.get("https") or proxies.get("all")
    if not url or proxy_bypass_environment(f"{host}:{port}", proxies):
        return None
    parts = urlsplit(url if "//" in url else f"http://{url}")
    if parts.scheme != "http" or not parts.hostname:
        raise ProxyError("HTTPS_PROXY is not the address of an HTTP proxy")
    authorization = None
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + b64encode(user.encode()).decode()
    return Proxy(parts.hostname, parts.port or 3128, authorization)


class _Tunnel(asyncio.Protocol):
    """Asks for a tunnel and waits for the proxy's word."""

    def __init__(self, request: bytes, opened: "asyncio.Future[None]") -> None:
        self._request = request
        self._opened = opened
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if b"\r\n\r\n" not in self._answer and len(self._answer) < ANSWER_LIMIT:
            return
        if self._opened.done():
            return
        first = self._answer.partition(b"\r\n")[0].decode("latin-1")
        if first.startswith("HTTP/1.") and first[9:10] == "2":
            self._opened.set_result(None)
        else:
            self._opened.set_exception(ProxyError(f"the proxy refused: {first[:100]}"))

    def connection_lost(self, error: Exception | None) -> None:
        if not self._opened.done():
            self._opened.set_exception(ProxyError(f"the proxy hung up ({error or 'without a word'})"))


async def tunnel(proxy: Proxy, host: str, port: int) -> asyncio.Transport:
    """A connection through `proxy` that leads to `host`, in plain text still. Raises `OSError`."""
    loop = asyncio.get_running_loop()
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"host: {authority}"]
    if proxy.authorization is not None:
        lines.append(f"proxy-authorization: {proxy.authorization}")
    request = "\r\n".join([*lines, "", ""]).encode()
    opened: asyncio.Future[None] = loop.create_future()
    transport, _ = await loop.create_connection(lambda: _Tunnel(request, opened), proxy.host, proxy.port)
    try:
        await opened
    except BaseException:
        transport.abort()
        raise
    return transport
