import io
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from counterpoint.transport.guarded import GuardedClient, GuardedError, TooLargeError, is_public
from tests.certificates import make_certificates


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((self.path, self.headers["x-mark"], body))  # type: ignore[attr-defined]
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(b"x" * 5000)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def hook(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[tuple[str, str, bytes]]]]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    seen: list[tuple[str, str, bytes]] = []
    server.seen = seen  # type: ignore[attr-defined]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port, seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1", "ff02::1"),
    ],
)
def test_addresses_that_are_not_of_the_internet(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_internet() -> None:
    assert all(is_public(address) for address in ("93.184.216.34", "2606:2800:220:1::1"))


def test_nothing_private_is_called_unless_it_is_allowed() -> None:
    with hook() as (port, seen):
        for host in ("127.0.0.1", "localhost", "[::1]"):
            with pytest.raises(GuardedError, match="no public address") as raised:
                GuardedClient().post(f"http://{host}:{port}/in", {}, b"")
            assert raised.value.forbidden
        assert seen == []
        answer = GuardedClient(allow_private=True).post(
            f"http://localhost:{port}/in?a=1", {"x-mark": "m"}, b"body"
        )
        assert (answer.status, len(answer.begin), seen) == (200, 2000, [("/in?a=1", "m", b"body")])


def test_redirects_are_not_followed() -> None:
    with hook() as (port, _):
        answer = GuardedClient(allow_private=True).post(f"http://127.0.0.1:{port}/elsewhere", {}, b"")
    assert answer.status == 302


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://user:word@example.org/",
        "http:///x",
        "http://x:99999/",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(GuardedError) as raised:
        GuardedClient(allow_private=True).post(url, {}, b"")
    assert raised.value.forbidden


def test_a_server_that_cannot_prove_its_name_gets_nothing(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificates.authority))
    with hook(certificates.server()) as (port, seen):
        with pytest.raises(GuardedError, match="certificate"):
            GuardedClient(allow_private=True).post(f"https://localhost:{port}/", {}, b"secret")
        assert seen == []
        client = GuardedClient(allow_private=True, tls=trusting)
        assert client.post(f"https://localhost:{port}/", {"x-mark": "m"}, b"").status == 200


def test_nobody_there_may_be_tried_again() -> None:
    with pytest.raises(GuardedError) as raised:
        GuardedClient(allow_private=True, seconds=1).post("http://127.0.0.1:1/", {}, b"")
    assert not raised.value.forbidden


def test_a_header_is_one_line() -> None:
    with hook() as (port, seen):
        with pytest.raises(GuardedError):
            GuardedClient(allow_private=True).post(f"http://127.0.0.1:{port}/", {"x-mark": "a\r\nb: c"}, b"")
        assert seen == []


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        long = {"/large": b"x" * 3000, "/page": b"hello"}.get(self.path, b"short")
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(long) + (5 if self.path == "/broken" else 0)))
        self.end_headers()
        self.wfile.write(long)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def pages() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_is_got_with_its_body(pages: str) -> None:
    fetched, body = GuardedClient(allow_private=True).get(f"{pages}/page", {}, most=1000)
    assert (fetched.status, fetched.headers["etag"], body) == (200, '"1"', b"hello")


def test_networks_may_be_called_that_were_named_and_no_others(pages: str) -> None:
    assert GuardedClient(networks=["127.0.0.0/8"]).get(f"{pages}/page", {}, most=1000)[1] == b"hello"
    with pytest.raises(GuardedError, match="no public address"):
        GuardedClient(networks=["10.0.0.0/8"]).get(f"{pages}/page", {}, most=1000)


def test_no_more_is_taken_than_was_asked_for(pages: str) -> None:
    with pytest.raises(TooLargeError):
        GuardedClient(allow_private=True).get(f"{pages}/large", {}, most=2999)
    assert len(GuardedClient(allow_private=True).get(f"{pages}/large", {}, most=3000)[1]) == 3000


def test_a_page_that_breaks_off_is_none(pages: str) -> None:
    with pytest.raises(GuardedError, match="broke off"):
        GuardedClient(allow_private=True).get(f"{pages}/broken", {}, most=1000)


def test_no_page_takes_longer_than_it_may(pages: str) -> None:
    with pytest.raises(GuardedError, match="longer than"):
        GuardedClient(allow_private=True).get(f"{pages}/page", {}, most=1000, seconds=-1)


@contextmanager
def endless(begin: bytes, more: bytes) -> Iterator[str]:
    """A server that never comes to an end, until it is left."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        caller, _ = server.accept()
        with caller:
            try:
                caller.sendall(begin)
                while True:
                    caller.sendall(more)
            except OSError:
                return

    thread = Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        thread.join()
        server.close()


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TRAILERS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"


@pytest.mark.parametrize(("begin", "more"), [(b"", CONTINUE), (TRAILERS, b"a: b\r\n")])
def test_a_call_ends_although_bytes_come_all_the_time(begin: bytes, more: bytes) -> None:
    with endless(begin, more) as url, pytest.raises(GuardedError, match=r"longer than 0\.2 s|timed out"):
        GuardedClient(allow_private=True, seconds=0.2).post(url, {}, b"body")
    with endless(begin, more) as url, pytest.raises(GuardedError, match=r"longer than 0\.2 s|timed out"):
        GuardedClient(allow_private=True).get(url, {}, most=1000, seconds=0.2)


def test_who_is_silent_is_not_waited_for_as_long_as_a_body_may_take() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(GuardedError, match="timed out"):
            GuardedClient(allow_private=True, seconds=0.1).get(url, {}, most=1000, seconds=600)


def test_much_is_sent_and_read_through_tls(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    client = GuardedClient(
        allow_private=True, tls=ssl.create_default_context(cafile=str(certificates.authority))
    )
    with hook(certificates.server()) as (port, seen):
        body, into = b"much" * 100_000, io.BytesIO()
        fetched = client.fetch(
            "POST", f"https://localhost:{port}/", {"x-mark": "m"}, body, into, most=5000, seconds=30
        )
    assert (fetched.status, seen, len(into.getvalue())) == (200, [("/", "m", body)], 5000)
