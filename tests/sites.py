"""A web site for tests: what is in a dictionary, on a free port of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import msgspec


class Reply(msgspec.Struct):
    """To a request for a path."""

    body: bytes = b""
    media_type: str = "text/html"
    status: int = 200
    headers: dict[str, str] = {}


class Site:
    """`pages`: by path, with its query. `asked`: what was asked for so far; `headers`: of the last request. One whose
    etag is known gets 304."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        self.url = ""

    def put(self, path: str, body: str | bytes, media_type: str = "text/html", **headers: str) -> None:
        """A page."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Reply(data, media_type, headers=named)


@contextmanager
def site() -> Iterator[Site]:
    """One that answers until the end."""
    told = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.headers = {name.lower(): value for name, value in self.headers.items()}
            reply = told.pages.get(self.path, Reply(b"nothing here", status=404))
            etag = reply.headers.get("etag")
            same = etag is not None and self.headers.get("if-none-match") == etag
            self.send_response(304 if same else reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not same:
                self.send_header("Content-Type", reply.media_type)
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if not same:
                self.wfile.write(reply.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
