"""Private addresses are called where the operator says so, in whatever way they are written."""

import socket
from collections.abc import Iterator

import pytest

from counterpoint.transport import reach

PUBLIC = ("1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::808:808")
LOOPBACK = ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")
PRIVATE = (
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "169.254.1.1",
    "198.18.0.1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "not an address",
    "",
)
NEVER = (
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "::a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "fd00:ec2::254",
)


@pytest.fixture(autouse=True)
def default() -> Iterator[None]:
    reach.extend(None)
    yield
    reach.extend(None)


@pytest.mark.parametrize("address", [*PUBLIC, *LOOPBACK])
def test_by_default_the_world_and_this_machine_may_be_called(address: str) -> None:
    assert reach.permitted(address)


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER])
def test_by_default_nothing_else_may(address: str) -> None:
    assert not reach.permitted(address)


def test_the_operator_may_allow_more_or_less() -> None:
    reach.extend(["10.0.0.0/8", "fd00::/8"])
    assert reach.permitted("10.1.2.3")
    assert reach.permitted("::ffff:10.1.2.3")
    assert reach.permitted("fd00::7")
    assert not reach.permitted("192.168.1.1")
    assert not reach.permitted("127.0.0.1")


@pytest.mark.parametrize("address", NEVER)
def test_where_clouds_hand_out_credentials_nobody_is_ever_led(address: str) -> None:
    reach.extend(["0.0.0.0/0", "::/0"])
    assert reach.permitted("10.0.0.1")
    assert not reach.permitted(address)


@pytest.mark.parametrize("address", NEVER)
def test_not_even_who_may_call_private_addresses_is_led_there(address: str) -> None:
    assert reach.forbidden(address)
    assert not reach.public(address)


def test_the_internet_is_public_and_nothing_else() -> None:
    assert all(map(reach.public, PUBLIC))
    assert not any(map(reach.public, [*LOOPBACK, *PRIVATE[:-2]]))
    assert not any(map(reach.forbidden, [*PUBLIC, *LOOPBACK, "10.0.0.1"]))


def test_what_is_no_network_is_said() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0"):
        reach.parse(["10.0.0.x"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("localhost", None),
        ("api.example", None),
        ("", None),
    ],
)
def test_an_address_is_known_however_it_is_written(written: str, meant: str | None) -> None:
    assert reach.literal(written) == meant


def _found(*addresses: str) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


def test_a_name_is_called_where_it_may_be() -> None:
    assert reach.judged("x.example", _found("10.0.0.1", "1.1.1.1", "1.1.1.1")) == ["1.1.1.1"]


def test_a_name_that_leads_inside_is_not_called() -> None:
    with pytest.raises(
        reach.OutOfReachError, match=r"x\.example leads to 10\.0\.0\.1, a private.*private_networks"
    ):
        reach.judged("x.example", _found("10.0.0.1", "169.254.169.254"))


def test_blocking_callers_go_where_they_may() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        reach.connected(("127.0.0.1", port), 5).close()
        connection = reach.http_connection("http", "127.0.0.1", port, 5)
        connection.connect()
        connection.close()
        reach.extend([])
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(reach.OutOfReachError):
                reach.connected((host, port), 5)
        with pytest.raises(reach.OutOfReachError):
            reach.http_connection("https", "127.0.0.1", port, 5).connect()


def test_no_connection_is_made_where_none_may_be() -> None:
    reach.extend([])
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        with pytest.raises(reach.OutOfReachError):
            reach.connected(("127.0.0.1", server.getsockname()[1]), 5)
        with pytest.raises(BlockingIOError):
            server.accept()
