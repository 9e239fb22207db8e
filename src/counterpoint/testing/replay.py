"""A host that answers with what was recorded, as a real one does: in the pieces of the wire, at a pace, with faults.

Each recording has a name, and the host knows it as a model: whoever asks for that model, in the body or in the
address, gets the recorded answer. So any client can be tried on any recorded answer, its own dialect's or another's.
"""

import json
import re
import socket
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import unquote

import msgspec

from counterpoint.testing.recordings import Recording
from counterpoint.wire.eventstream import MessageCutter

FaultKind = Literal["reset", "mute", "stall", "cut", "garbage"]
_GARBAGE = b"\x00\xff<html>\r\n\r\n{]"
_STALL_SECONDS = 60.0


class Fault(msgspec.Struct, frozen=True):
    """What goes wrong. `reset`: the connection is reset before the head; `mute`: no head comes; `stall`: nothing
    comes any more after `after` pieces; `cut`: the connection ends there, `garbage`: with bytes that nobody
    expects."""

    kind: FaultKind
    after: int = 1


class Replayed(msgspec.Struct, frozen=True):
    """A request that came in, and the model it asked for (`None`: none that is known)."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    model: str | None


class ReplayHost:
    """`recordings`: by the model's name. `faults`: by it too. `pace`: seconds between pieces. `seen`: what was
    asked."""

    def __init__(self, recordings: Mapping[str, Recording], pace: float = 0.0) -> None:
        self.recordings = recordings
        self.faults: dict[str, Fault] = {}
        self.pace = pace
        self.seen: list[Replayed] = []
        self.url = ""
        self.ending = threading.Event()

    def asked(self, path: str, body: bytes) -> str | None:
        """The model that a request asks for."""
        with suppress(ValueError):
            found = json.loads(body) if body else None
            if isinstance(found, dict) and found.get("model") in self.recordings:
                return str(found["model"])
        parts = (unquote(part) for part in re.split(r"[/:?]", path))
        return next((part for part in parts if part in self.recordings), None)


def pieces(recording: Recording) -> Sequence[bytes]:
    """The body as it came: events, messages or lines of a stream one by one, anything else whole."""
    body = recording.response_body
    if not recording.stream:
        return (body,)
    media_type = _media_type(recording)
    if media_type == "application/vnd.amazon.eventstream":
        return MessageCutter().feed(body)
    ends = rb"(?<=\n\n)|(?<=\r\n\r\n)" if media_type == "text/event-stream" else rb"(?<=\n)"
    return [piece for piece in re.split(ends, body) if piece]


def _media_type(recording: Recording) -> str:
    stated = recording.response_headers.get("content-type", "").partition(";")[0].strip().lower()
    if stated:
        return stated
    body = recording.response_body.lstrip()
    if not recording.stream:
        return "application/json"
    if body.startswith((b"{", b"[")):
        return "application/x-ndjson" if body.startswith(b"{") else "application/json"
    return "application/vnd.amazon.eventstream" if body.startswith(b"\0") else "text/event-stream"


@contextmanager
def replay(recordings: Mapping[str, Recording], pace: float = 0.0) -> Iterator[ReplayHost]:
    """A running host, on a free port of this machine."""
    host = ReplayHost(recordings, pace)

    class Handler(_Handler):
        played = host

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host
    finally:
        host.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    played: ReplayHost

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        model = self.played.asked(self.path, body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.played.seen.append(Replayed(self.command, self.path, headers, body, model))
        if model is None:
            self._whole(404, b'{"error":{"message":"nothing was recorded under that name"}}')
            return
        fault = self.played.faults.get(model)
        if fault is not None and fault.kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif fault is not None and fault.kind == "mute":
            self._wait()
        else:
            self._play(self.played.recordings[model], fault)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - names that http.server wants

    def _whole(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _play(self, recording: Recording, fault: Fault | None) -> None:
        self.send_response(recording.status)
        self.send_header("content-type", _media_type(recording))
        for name in ("retry-after", "x-amzn-errortype"):
            if name in recording.response_headers:
                self.send_header(name, recording.response_headers[name])
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # the client left: its right
            for number, piece in enumerate(pieces(recording)):
                if fault is not None and number == fault.after:
                    self._fail(fault)
                    return
                if number and self.played.pace:
                    self.played.ending.wait(self.played.pace)
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")

    def _fail(self, fault: Fault) -> None:
        self.close_connection = True
        if fault.kind == "stall":
            self._wait()
        elif fault.kind == "garbage":
            self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(_GARBAGE), _GARBAGE))

    def _wait(self) -> None:
        self.close_connection = True
        self.played.ending.wait(_STALL_SECONDS)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server calls it
        """What came in stands in `seen`."""
