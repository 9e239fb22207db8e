"""The guard in conftest bites: nothing but loopback is reachable from a test."""

import socket
from pathlib import Path

import pytest

# A documentation address (RFC 5737): nobody is there even where the guard fails.
ELSEWHERE = "192.0.2.1"


@pytest.mark.parametrize("address", [(ELSEWHERE, 80), ("8.8.8.8", 53)])
def test_connecting_elsewhere_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as connection, pytest.raises(RuntimeError, match="network is off"):
        connection.connect(address)


def test_looking_a_name_up_is_refused() -> None:
    with pytest.raises(RuntimeError, match="network is off"):
        socket.getaddrinfo("example.invalid", 80)


def test_datagrams_elsewhere_are_refused() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as sender,
        pytest.raises(RuntimeError, match="network is off"),
    ):
        sender.sendto(b"x", (ELSEWHERE, 9))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_works(host: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1])) as client,
        server.accept()[0] as accepted,
    ):
        client.sendall(b"hello")
        assert accepted.recv(5) == b"hello"


def test_unix_sockets_work(tmp_path: Path) -> None:
    with (
        socket.socket(socket.AF_UNIX) as server,
        socket.socket(socket.AF_UNIX) as client,
    ):
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
