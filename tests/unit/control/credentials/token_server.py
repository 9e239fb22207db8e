"""A token server in this process that is as strict as those of the clouds: it checks what is asked of it."""

import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Reply = tuple[int, Any]
Answering = Callable[["Asked"], Reply]


class Asked:
    """One question that came."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("content-length") or 0)
        self.method = handler.command
        self.path = parts.path
        self.raw_query = parts.query
        self.query = dict(parse_qsl(parts.query))
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(length)
        self.form = dict(parse_qsl(self.body.decode()))


class TokenServer:
    """`url`: where it is. `asked`: all questions so far."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.place = url.removeprefix("http://")
        self.asked: list[Asked] = []


@contextmanager
def token_server(answering: Answering) -> Iterator[TokenServer]:
    """Runs until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            asked = Asked(self)
            server.asked.append(asked)
            status, body = answering(asked)
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = TokenServer(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


def claims_of(jwt: str) -> dict[str, Any]:
    """What a JWT says, after its signature has been checked with the public key (raises if it does not fit)."""
    head, body, signature = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in jwt.split("."))
    signed = jwt.rpartition(".")[0].encode()
    KEY.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    return {**json.loads(head), **json.loads(body)}
