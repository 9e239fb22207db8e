"""Sockets of our own, of the init system, and as many of them as there are workers."""

import os
import socket
import sys

import pytest

from counterpoint.app.listening import enough, given_sockets, opened, told_to_others, url_of
from counterpoint.i18n.complaint import Complaint

CHILD = """
import os
from counterpoint.app.listening import enough, given_sockets
os.environ["LISTEN_PID"], os.environ["LISTEN_FDS"] = str(os.getpid()), "1"
(given,) = enough(given_sockets(os.environ), 3)
accepted, _ = given.accept() if given.setblocking(True) is None else (None, None)
accepted.sendall(b"hello")
raise SystemExit("LISTEN_FDS" in os.environ)
"""


def test_each_worker_has_a_queue_of_its_own_at_one_address() -> None:
    sockets = opened("127.0.0.1", 0, "--port", 3)
    try:
        assert len({sock.getsockname() for sock in sockets}) == 1
        assert len({sock.fileno() for sock in sockets}) == 3
        assert len(enough(sockets, 2)) == 3
        port = sockets[0].getsockname()[1]
        with pytest.raises(Complaint, match="--port"):
            opened("127.0.0.1", port, "--port")
    finally:
        for sock in sockets:
            sock.close()


def test_a_socket_that_the_init_system_opened_is_used_as_it_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", CHILD],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, listener.fileno(), 3)],
        )
        with socket.create_connection(listener.getsockname()) as caller:
            assert caller.recv(9) == b"hello"
        assert os.waitpid(child, 0)[1] == 0


def test_sockets_for_another_process_are_left_alone() -> None:
    assert given_sockets({"LISTEN_PID": "1", "LISTEN_FDS": "2"}) == []
    assert given_sockets({}) == []


def test_addresses_are_such_that_somebody_can_go_there() -> None:
    assert url_of("http", ("0.0.0.0", 8600)) == "http://127.0.0.1:8600"
    assert url_of("https", ("::1", 1)) == "https://[::1]:1"
    assert told_to_others("http", ("10.0.0.1", 2)) == "http://10.0.0.1:2"
    assert told_to_others("http", ("0.0.0.0", 2)) == f"http://{socket.gethostname()}:2"
