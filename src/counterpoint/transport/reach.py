"""Which addresses may be called: whoever may enter a provider's URL must not reach, through us, what only this machine
reaches.

Judged is what a name leads to at the moment of the call, and that very address is connected to: neither a name that
leads elsewhere the second time (DNS rebinding) nor another way to write an address (`2130706433`, `0x7f.1`,
`::ffff:10.0.0.1`) gets around it. Public addresses may always be called, private ones where the operator of the machine
says so (`[server] private_networks`; by default this machine itself, for local model servers), addresses at which
clouds hand out credentials never.
"""

import asyncio
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Iterator
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LOOPBACK = ("127.0.0.0/8", "::1/128")
_NEVER = tuple(
    map(
        ipaddress.ip_address,
        (
            "169.254.169.254",  # AWS, Azure, Google, Oracle, IBM, OpenStack
            "169.254.170.2",  # AWS, for containers
            "169.254.170.23",  # AWS, for pods
            "168.63.129.16",  # Azure's own wire server, which is no private address
            "100.100.100.200",  # Alibaba
            "fd00:ec2::254",  # AWS
            "fd00:ec2::23",
            "fd20:ce::254",  # Google
        ),
    )
)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052)."""


class OutOfReachError(OSError):
    """An address that must not be called; the message is a clause in English."""


def parse(networks: Iterable[str]) -> tuple[Network, ...]:
    """Addresses or networks as people write them. Raises `ValueError`."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in networks)


class _Reach:
    """Of this process."""

    networks: tuple[Network, ...] = parse(LOOPBACK)


def extend(networks: Iterable[str] | None) -> None:
    """Said once, when a process starts: the private networks that may be called (`None`: this machine alone)."""
    _Reach.networks = parse(LOOPBACK if networks is None else networks)
    permitted.cache_clear()


@lru_cache(4096)
def permitted(text: str) -> bool:
    """Whether that address may be called."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_permitted(each) for each in _meant(address))


def public(text: str) -> bool:
    """Whether it is an address of the Internet, in whatever way it is written."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(
        each.is_global and not each.is_multicast and each not in _NEVER
        for each in (address, *_meant(address))
    )


def forbidden(text: str) -> bool:
    """Whether nobody is ever led there."""
    return any(each in _NEVER for each in _meant(ipaddress.ip_address(text.partition("%")[0])))


def _meant(address: Address) -> Iterator[Address]:
    """The address, or that of IPv4 which it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _TRANSLATED:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is None and address.teredo is not None:
        yield from address.teredo
    elif inner is None and address != ipaddress.ip_address("::1") and int(address) >> 32 == 0:
        inner = ipaddress.IPv4Address(int(address))  # the old way to write IPv4 in IPv6
    yield inner or address


def _permitted(address: Address) -> bool:
    if address in _NEVER:
        return False
    if address.is_global and not address.is_multicast:
        return True
    return any(address.version == network.version and address in network for network in _Reach.networks)


def refusal(host: str, address: str) -> OutOfReachError:
    """Why `host`, which leads to `address`, is not called."""
    leads = f"{host} leads to {address}" if host != address else address
    return OutOfReachError(
        f"{leads}, a private address that this installation may not call: the operator of the machine can allow it "
        f"with private_networks in the section [server] of the configuration"
    )


def judged(host: str, found: Iterable[tuple[int, int, int, str, tuple[object, ...]]]) -> list[str]:
    """Of what a name leads to (`getaddrinfo`'s answer), the addresses that may be called, best first. Raises
    `OutOfReachError` when there is none: a name that leads also elsewhere is called where it may be."""
    addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
    good = [address for address in addresses if permitted(address)]
    if not good:
        raise refusal(host, addresses[0] if addresses else host)
    return good


async def addresses(host: str, port: int) -> list[str]:
    """Where to connect to reach `host`, best first. Raises `OSError`."""
    check(host)
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return judged(host, found)


def literal(host: str) -> str | None:
    """The address that `host` is, however it is written; `None`: it is a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))  # `127.1`, `0x7f000001`, `017700000001`
    except (OSError, ValueError):
        return None


def check(host: str) -> None:
    """Of what a proxy is asked to reach: what a name leads to is the proxy's to judge. Raises `OutOfReachError`."""
    address = literal(host)
    if address is not None and not permitted(address):
        raise refusal(host, address)


def connected(
    place: tuple[str, int], timeout: float | None = None, source: tuple[str, int] | None = None
) -> socket.socket:
    """As `socket.create_connection`, to where it may go."""
    host, port = place
    failed: OSError = OSError(f"{host} leads nowhere")
    for address in judged(host, socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)):
        try:
            return socket.create_connection((address, port), timeout, source)
        except OSError as error:
            failed = error
    raise failed


def http_connection(
    scheme: str, host: str, port: int | None, timeout: float, context: ssl.SSLContext | None = None
) -> http.client.HTTPConnection:
    """A connection of the standard library that goes only where it may."""
    connection: http.client.HTTPConnection
    if scheme == "https":
        trust = context or ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=trust)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection._create_connection = connected  # type: ignore[attr-defined]  # noqa: SLF001 - the one seam that http.client has (its own tests use it), since 3.2
    return connection
