"""A host that answers as a test wants it to, on a free port of this machine."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeHost:
    """`answers`: method and path to status and body. `secret`: the bearer token that it wants, `None`: none;
    `public`: paths that need no secret. `seen`: what was asked."""

    def __init__(self, secret: str | None = None) -> None:
        self.secret = secret
        self.public: set[str] = set()
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.seen: list[tuple[str, str, Any]] = []
        self.url = ""

    def lists(self, *models: str, path: str = "/v1/models") -> None:
        """Its models."""
        self.answers["GET", path] = (200, {"object": "list", "data": [{"id": model} for model in models]})


@contextmanager
def fake_host(secret: str | None = None) -> Iterator[FakeHost]:
    """A running one."""
    host = FakeHost(secret)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            host.seen.append((self.command, self.path, json.loads(body) if body else None))
            status, answer = host.answers.get((self.command, self.path), (404, {"error": "nothing here"}))
            wanted = f"Bearer {host.secret}"
            if host.secret and self.path not in host.public and self.headers.get("authorization") != wanted:
                status, answer = 401, {"error": "wrong key"}
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", "https://elsewhere.example/")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 - names that http.server wants

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server calls it
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
