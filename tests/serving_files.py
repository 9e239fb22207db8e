"""An HTTP server on this machine that gives out files as hubs, registries and indexes do: with ranges, validators,
redirects, and the misbehaviour a test asks for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]


class Reply(NamedTuple):
    """One answer. `cut`: hang up after so many bytes of the body. `ranges`: honour `Range`. `gate`: until it
    is set, half of the body comes byte by byte."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    ranges: bool = True
    gate: threading.Event | None = None


class FileHost:
    """`replies`: path to a reply, or to a function that makes one. `seen`: every request, in order."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply | Callable[[Asked], Reply]] = {}
        self.seen: list[Asked] = []
        self.port = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def other_name(self) -> str:
        """The same server, as another host."""
        return f"http://localhost:{self.port}"


@contextmanager
def file_host() -> Iterator[FileHost]:
    """A running one."""
    host = FileHost()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = Asked(
                self.command, self.path, {name.lower(): value for name, value in self.headers.items()}
            )
            host.seen.append(asked)
            reply = host.replies.get(self.path, Reply(b"not here", 404))
            reply = reply(asked) if callable(reply) else reply
            body, status, extra = reply.body, reply.status, list(reply.headers)
            wanted = asked.headers.get("range")
            etag = dict(reply.headers).get("ETag")
            if wanted and status == 200 and reply.ranges and asked.headers.get("if-range") in {None, etag}:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(body):
                    status, body = 416, b""
                else:
                    extra.append(("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}"))
                    status, body = 206, body[start:]
            self.send_response(status)
            for name, value in extra:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "HEAD":
                return
            if reply.cut is not None and reply.cut < len(body):
                self.wfile.write(body[: reply.cut])
                self.close_connection = True
                return
            sent = 0 if reply.gate is None else len(body) // 2
            self.wfile.write(body[:sent])
            while reply.gate is not None and not reply.gate.wait(0.05) and sent < len(body):
                self.wfile.write(body[sent : sent + 1])
                sent += 1
            self.wfile.write(body[sent:])

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
