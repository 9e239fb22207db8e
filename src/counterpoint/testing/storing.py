"""Proof on recorded exchanges about files and batches: what clients ask is understood, and what we answer has every
field that the host's own answer has, so that no client misses one."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from counterpoint.dialects.registry import CHAT, SHELVES
from counterpoint.dialects.shelving import Batch, Result, ShelfDialect, StoredFile
from counterpoint.testing.conformance import NotHeld, Proof, error_fault
from counterpoint.testing.recordings import Recording
from counterpoint.testing.relaying import as_sent, media_type_of

UNKNOWN_TO_US = frozenset({"model", "usage"})
"""What a host's batch says that ours does not: a batch of ours may name many models."""
_FILE = StoredFile("id", "style", "o", "p", "name", "type", "purpose", 1, 1)
_BATCH = Batch("id", "style", "o", "p", "k", "/v1/x", 1, 2)


def shelf_dialect(recording: Recording) -> ShelfDialect | None:
    """The dialect by whose door this call would come in."""
    path = recording.endpoint.partition("?")[0]
    family = "anthropic-files" if recording.dialect.startswith("anthropic") else "openai-files"
    shelf = SHELVES[family]
    doors = [door.path for door in shelf.doors]
    known = any(path == door or (door.endswith("/") and path.startswith(door)) for door in doors)
    return shelf if known and recording.dialect.endswith(("-files", "-batches")) else None


def shelf_proofs(dialect: ShelfDialect, recording: Recording) -> Iterator[tuple[Proof, Callable[[], str]]]:
    """The proofs for one recording; each gives what is wrong, or nothing."""
    yield "request", lambda: request_fault(dialect, recording)
    if recording.status >= 400:
        yield "error", lambda: error_fault(CHAT[dialect.family], recording)
    else:
        yield "answer", lambda: answer_fault(dialect, recording)


def request_fault(dialect: ShelfDialect, recording: Recording) -> str:
    """A file or an order is found in it."""
    body, path = as_sent(recording.request_body), recording.endpoint.partition("?")[0]
    if not body.strip():
        raise NotHeld("the recording holds no request")
    if path.endswith("/files"):
        upload = dialect.upload(body, media_type_of(body))
        return "" if 0 < upload.start <= upload.end <= len(body) else "the file is not found in it"
    if path.endswith("/batches"):
        order = dialect.order(body)
        faults = [line.fault for line in dialect.lines(order.lines) if line.fault]
        return faults[0] if faults else ""
    return ""


def answer_fault(dialect: ShelfDialect, recording: Recording) -> str:
    """Its fields are ours too."""
    body, path = recording.response_body, recording.endpoint.partition("?")[0]
    if path.endswith(("/content", "/results")):
        return _results_fault(dialect, body)
    if not body.strip():
        raise NotHeld("the recording holds no answer")
    told = msgspec.json.decode(body)
    listed = isinstance(told.get("data"), list)
    ours = dialect.batch(_BATCH, "") if "batches" in path else dialect.file(_FILE)
    if listed:
        page = msgspec.json.decode(dialect.files([], more=False))
        return _lacking([told], page) or _lacking(told["data"], ours)
    if "deleted" in told or str(told.get("type", "")).endswith("_deleted"):
        return _lacking([told], msgspec.json.decode(dialect.deleted("id")))
    return _lacking([told], ours)


def _lacking(told: list[dict[str, Any]], ours: dict[str, Any]) -> str:
    fields = {name for each in told for name in each} - UNKNOWN_TO_US - set(ours)
    return f"ours lacks {', '.join(sorted(fields))}" if fields else ""


def _results_fault(dialect: ShelfDialect, body: bytes) -> str:
    if not body.startswith(b"{"):
        raise NotHeld("it is no batch's results")
    ours = msgspec.json.decode(dialect.result(Result("a", 200, msgspec.Raw(b"{}"))))
    told = [msgspec.json.decode(line) for line in body.splitlines() if line.strip()]
    return _lacking(told, ours)
