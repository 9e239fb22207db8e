"""Recorded exchanges with real providers, as proofs need them: raw bytes in, raw bytes out.

Why raw bytes: what is proven is that bytes from the world are understood, so nothing here interprets a body.
The folder holds five kinds of files (see its README); all become the same `Recording`. YAML is read with a
safe loader only: recordings are data, and tags that would construct objects are read as the text they hold.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.wire.eventstream import event_message
from counterpoint.wire.sse import sse_frame


class Row(msgspec.Struct, frozen=True):
    """One line of the index."""

    file: str
    dialect: str
    repo: str
    interaction: int = 0
    provider: str | None = None
    host: str | None = None
    endpoint: str = ""
    stream: bool = False
    status: int = 200
    model: str | None = None
    features: tuple[str, ...] = ()
    request_hash: str = ""

    @property
    def name(self) -> str:
        """What a report calls it."""
        return f"{self.file}#{self.interaction}"


class Recording(Row, frozen=True):
    """One exchange. `response_headers` has lower-case names; bodies are decompressed. A recording without a
    request (a provider's fixture) has an empty `request_body`."""

    request_body: bytes = b""
    response_headers: Mapping[str, str] = {}
    response_body: bytes = b""


def rows(folder: Path, dialect: str | None = None) -> list[Row]:
    """The index of the recordings in `folder`, all or those of one dialect, in the order of the files."""
    return _index(folder / "index.jsonl", dialect)


def recordings(folder: Path, dialect: str | None = None) -> Iterator[Recording]:
    """Every recorded exchange of `dialect`, in the order of the index; each file is parsed once in a row."""
    path, exchanges = "", Exchanges(())
    for row in rows(folder, dialect):
        if row.file != path:
            path, exchanges = row.file, read_file(folder / row.file)
        yield exchange(row, exchanges)


def exchange(row: Row, exchanges: "Exchanges") -> Recording:
    """That one of a file. Raises `IndexError` if the file has fewer."""
    request, headers, response = exchanges[row.interaction]
    return _recording(row, request, headers, response)


def answers(folder: Path, dialect: str | None = None) -> Iterator[Recording]:
    """Recorded answers without their requests: JSON bodies, SSE bodies, and one-event-per-line files, which
    become a stream of their dialect again."""
    for row in answer_rows(folder, dialect):
        yield answer(folder, row)


def answer_rows(folder: Path, dialect: str | None = None) -> list[Row]:
    """The index of the answers without requests."""
    return _index(folder / "index-responses-only.jsonl", dialect)


def answer(folder: Path, row: Row) -> Recording:
    """One answer without its request."""
    body = (folder / row.file).read_bytes()
    if row.file.endswith(".chunks.txt"):
        frame = _event if row.dialect.startswith("bedrock") else sse_frame
        body = b"".join(frame(line) for line in body.splitlines() if line.strip())
    return _recording(row, b"", {}, body)


def _event(line: bytes) -> bytes:
    """A line that holds an event under its name, as a message of Amazon's event streams."""
    ((name, value),) = json.loads(line).items()
    return event_message(name, json.dumps(value, separators=(",", ":")).encode())


def _index(path: Path, dialect: str | None) -> list[Row]:
    decode = msgspec.json.Decoder(Row).decode
    every = [decode(line) for line in path.read_bytes().splitlines() if line]
    return [row for row in every if dialect is None or row.dialect == dialect]


def _recording(row: Row, request: bytes, headers: Mapping[str, str], response: bytes) -> Recording:
    fields = msgspec.structs.asdict(row)
    return Recording(**fields, request_body=request, response_headers=headers, response_body=response)


Exchange = tuple[bytes, Mapping[str, str], bytes]


class Exchanges(Sequence[Exchange]):
    """The exchanges of one file, each taken apart when it is asked for."""

    def __init__(self, pairs: Sequence[tuple[Any, Any]]) -> None:
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Exchanges(self._pairs[index])
        request, response = self._pairs[index]
        return _body(request), _headers(response.get("headers")), _body(response)

    def call(self, index: int) -> tuple[str, str, int]:
        """Method, address and status of one."""
        request, response = self._pairs[index]
        status = response.get("status", response.get("code", response.get("status_code", 200)))
        if isinstance(status, dict):
            status = status.get("code", 200)
        address = request.get("uri") or request.get("url") or request.get("path") or ""
        number = str(status or "").partition(" ")[0]  # Go's recorders write `200 OK`
        return (
            _text(request.get("method") or "POST").upper(),
            _text(address),
            int(number) if number.isdecimal() else 200,
        )


def read_file(path: Path) -> Exchanges:
    """The exchanges in a file of any of the five kinds."""
    text = path.read_text("utf-8")
    document = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    if "request" in document:
        return Exchanges([(document["request"], document["response"])])
    if "requests" in document:
        return Exchanges(list(zip(document["requests"], document["responses"], strict=True)))
    interactions = document.get("interactions") or document["http_interactions"]
    return Exchanges([(item["request"], item["response"]) for item in interactions])


def _body(message: Mapping[str, Any]) -> bytes:
    """The body of a request or response: text, bytes, base64, or JSON that the recorder had parsed."""
    if "parsed_body" in message:
        return json.dumps(message["parsed_body"], ensure_ascii=False).encode()
    body = message["body"] if "body" in message else message.get("content")  # `content`: vcrpy over httpx
    if isinstance(body, dict):
        if "base64_string" in body:
            body = base64.b64decode(_bytes(body["base64_string"]))
        else:
            body = body.get("string")
    return _decompressed(_bytes(body))


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value, ensure_ascii=False).encode()


def _decompressed(body: bytes) -> bytes:
    if body.startswith(b"\x1f\x8b"):
        return gzip.decompress(body)
    if body[:2] in {b"x\x9c", b"x\xda", b"x\x01"}:
        return zlib.decompress(body)
    return body


def _headers(headers: Any) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, values in (headers or {}).items():
        value = values[0] if isinstance(values, list) and values else values
        found[_text(name).lower()] = _text(value or "")
    return found


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _yaml(text: str) -> Any:
    yaml = _pyyaml()
    return yaml.load(text, Loader=_loader())


def _pyyaml() -> Any:
    """PyYAML, which only who reads recordings needs."""
    try:
        return import_module("yaml")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("Reading recordings needs PyYAML: pip install pyyaml") from error


@cache
def _loader() -> Any:
    """A safe loader (in C where it is built in) that also reads the tags recorders leave behind."""
    yaml = _pyyaml()
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Dates stay the text they were in the JSON.
    resolvers = {
        first: [(tag, pattern) for tag, pattern in known if not tag.endswith(":timestamp")]
        for first, known in base.yaml_implicit_resolvers.items()
    }
    loader: Any = type("RecordingLoader", (base,), {"yaml_implicit_resolvers": resolvers})
    loader.add_constructor("!binary", lambda reader, node: base64.b64decode(reader.construct_scalar(node)))
    loader.add_multi_constructor("tag:yaml.org,2002:python/", _as_text)
    return loader


def _as_text(reader: Any, _suffix: str, node: Any) -> str:
    """The text inside a tag that would have built a Python object."""
    values = reader.construct_sequence(node) if node.id == "sequence" else [reader.construct_scalar(node)]
    return str(values[0])
