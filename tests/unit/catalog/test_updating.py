"""Newer data is fetched and checked; whatever goes wrong, the catalogue stays as it was."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from counterpoint.catalog.archive import pack
from counterpoint.catalog.loading import bundled, load
from counterpoint.catalog.updating import UpdateError, update

NEWER = pack(msgspec.structs.replace(bundled(), date="2099-12-31"))


class Server:
    """A web server on this machine that serves what it is given, and some misbehaviour."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.answer(self)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path
        if path == "/moved":
            handler.send_response(302)
            handler.send_header("location", "/models.json.gz")
            handler.end_headers()
        elif path == "/cut":
            handler.send_response(200)
            handler.send_header("content-length", str(len(NEWER)))
            handler.end_headers()
            handler.wfile.write(NEWER[:1000])
        elif path == "/endless":
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b"\0" * 1_000_000)
            except OSError:
                pass
        elif path in self.files:
            handler.send_response(200)
            handler.send_header("content-length", str(len(self.files[path])))
            handler.end_headers()
            handler.wfile.write(self.files[path])
        else:
            handler.send_error(404)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.files["/models.json.gz"] = NEWER
    yield server
    server.close()


@pytest.mark.parametrize("path", ["/models.json.gz", "/moved"])
def test_newer_data_is_fetched_and_used(server: Server, tmp_path: Path, path: str) -> None:
    seen: list[tuple[int, int | None]] = []
    digest = hashlib.sha256(NEWER).hexdigest()
    updated = update(server.url + path, tmp_path, sha256=digest.upper(), progress=lambda *at: seen.append(at))
    assert (updated.date, updated.sha256, updated.changed) == ("2099-12-31", digest, True)
    assert updated.models == len(bundled().models)
    assert seen[-1] == (len(NEWER), len(NEWER))
    assert load(tmp_path).origin == str(updated.path)
    assert load(tmp_path).date == "2099-12-31"
    # A second time there is nothing to do, and nothing is left lying about.
    assert not update(server.url + path, tmp_path).changed
    assert [entry.name for entry in updated.path.parent.iterdir()] == ["models.json.gz"]


def test_a_file_does_as_well(tmp_path: Path) -> None:
    file = tmp_path / "from-a-stick.gz"
    file.write_bytes(NEWER)
    assert update(str(file), tmp_path / "data").changed
    assert not update(f"file://{file}", tmp_path / "data").changed


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "404"),
        ("/cut", f"1000 of {len(NEWER)}|1000 bytes read"),
        ("/endless", "larger than"),
        ("/garbage", "not a gzip file"),
        ("/older", "2000-01-01"),
    ],
)
def test_what_must_not_be_used_changes_nothing(
    server: Server, tmp_path: Path, path: str, reason: str
) -> None:
    server.files["/garbage"] = b"<html>sign in to the network</html>"
    server.files["/older"] = pack(msgspec.structs.replace(bundled(), date="2000-01-01"))
    with pytest.raises(UpdateError, match=reason):
        update(server.url + path, tmp_path)
    assert list(tmp_path.rglob("*.gz")) == []
    assert load(tmp_path).origin == "bundled"


def test_another_hash_than_the_one_asked_for_is_refused(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UpdateError, match="SHA-256"):
        update(server.url + "/models.json.gz", tmp_path, sha256="0" * 64)
    assert list(tmp_path.rglob("*.gz")) == []


@pytest.mark.parametrize("source", ["/no/such/file", "ftp://example.org/x", ""])
def test_a_source_that_is_none_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(UpdateError):
        update(source, tmp_path)


def test_a_server_that_is_not_there_is_said_so(server: Server, tmp_path: Path) -> None:
    server.close()
    with pytest.raises(UpdateError, match=server.url):
        update(server.url + "/models.json.gz", tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterpoint.catalog.updating.MAX_PACKED", 10)
    file = tmp_path / "large"
    file.write_bytes(b"x" * 11)
    with pytest.raises(UpdateError, match="larger than 10"):
        update(str(file), tmp_path / "data")
