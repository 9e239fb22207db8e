"""What a reverse proxy in front of the admin port says about the browser behind it, if that proxy is known.

Anybody can send these headers. They are believed from the addresses that the operator listed, and from nobody
else: else a caller could choose the address that his failed sign-ins are counted by.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final, cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from counterpoint.i18n.complaint import Complaint

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MOUNT: Final = "counterpoint.mount"
_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)+/?")


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """`10.0.0.1`, `10.0.0.0/8`, `::1`. Raises `Complaint`."""
    found = []
    for name in names:
        try:
            found.append(ipaddress.ip_network(name.strip(), strict=False))
        except ValueError:
            raise Complaint("app.settings.no_network", value=name) from None
    return tuple(found)


def mount_of(scope: Scope) -> str:
    """The path below which the browser sees the admin port: what its cookies are for."""
    return cast("str", scope.get(_MOUNT, "/"))


class Forwarded:
    """The layer before everything else. `X-Forwarded-For` and `-Proto` are who calls and how; `-Host` is the name
    he used, `-Prefix` the path below which the studio stands (whether or not the proxy takes it off the path)."""

    def __init__(self, app: ASGIApp, proxies: Iterable[Network]) -> None:
        self._app = app
        self._proxies = tuple(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        client = scope.get("client")
        if scope["type"] == "http" and client and self._is_proxy(client[0]):
            scope = self._believed(dict(scope))
        await self._app(scope, receive, send)

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address.strip().strip("[]"))
        except ValueError:
            return False
        return any(found in network for network in self._proxies)

    def _believed(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        caller = self._caller(headers.getlist("x-forwarded-for"))
        if caller is not None:
            scope["client"] = (caller, 0)
        if headers.get("x-forwarded-proto") in {"http", "https"}:
            scope["scheme"] = headers["x-forwarded-proto"]
        prefix = headers.get("x-forwarded-prefix", "")
        if _PATH.fullmatch(prefix):
            scope[_MOUNT] = prefix.rstrip("/") + "/"
            path = scope["path"]
            if path.startswith(scope[_MOUNT]):
                scope["path"] = path[len(scope[_MOUNT]) - 1 :]
        name = headers.get("x-forwarded-host")
        if name:
            scope["headers"] = list(scope["headers"])
            MutableHeaders(scope=scope)["host"] = name
        return scope

    def _caller(self, chain: list[str]) -> str | None:
        """The last address that no proxy of ours has: what stands before it, the caller may have made up."""
        for address in reversed(",".join(chain).split(",")):
            if address.strip() and not self._is_proxy(address):
                return address.strip()
        return None
