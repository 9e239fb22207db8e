"""The guard in conftest bites: nothing but loopback is reachable from a test."""

import os
import socket
import subprocess
import sys
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


@pytest.mark.parametrize(
    ("ci", "said"), [("", "1 passed, 3 skipped"), ("true", "1 failed, 1 passed, 2 errors")]
)
def test_what_is_missing_skips_but_fails_in_ci(repository: Path, tmp_path: Path, ci: str, said: str) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_runs(): pass\n"
        "def test_skips(): pytest.skip('no luck')\n"
        "@pytest.mark.skip(reason='never')\n"
        "def test_is_marked(): pass\n"
        "def test_wants_data(shared): pass\n"
    )
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.conftest",
            "-c",
            os.devnull,
            "--rootdir",
            tmp_path,
            tmp_path,
        ],
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(repository), "COUNTERPOINT_SHARED": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said in ran.stdout.splitlines()[-1], ran.stdout
    # What is missing is said wherever it is.
    assert not ci or ("no luck" in ran.stdout and "COUNTERPOINT_SHARED" in ran.stdout)
    # A run that is cut off has said what failed until then.
    assert ("test_it.py::test_skips (call, 0 s; load" in ran.stdout) is bool(ci)
