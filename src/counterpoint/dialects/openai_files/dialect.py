"""The dialect as the gateway and the control process see it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Door
from counterpoint.dialects.jsonio import Fields, decode_object, encode, refusal
from counterpoint.dialects.shelving import Batch, Line, Order, Result, StoredFile, Upload
from counterpoint.dialects.uploading import bracketed, uploaded

ENDPOINTS = (
    "/v1/responses",
    "/v1/chat/completions",
    "/v1/embeddings",
    "/v1/completions",
    "/v1/moderations",
    "/v1/images/generations",
    "/v1/images/edits",
)
WINDOW = "24h"
_ENDED_AS = {
    "expired": ("batch_expired", "This request could not be executed before the completion window expired."),
    "cancelled": ("batch_cancelled", "This request was not executed: the batch was cancelled."),
    "failed": ("batch_failed", "This request could not be executed."),
}
_seconds = 1_000_000


class OpenAIFiles:
    """Files and batches as OpenAI's clients know them."""

    name = "openai-files"
    family = "openai-chat"
    doors = (
        Door("POST", "/v1/files", "files"),
        Door("GET", "/v1/files", "files"),
        Door("GET", "/v1/files/", "files"),
        Door("DELETE", "/v1/files/", "files"),
        Door("POST", "/v1/batches", "batches"),
        Door("GET", "/v1/batches", "batches"),
        Door("GET", "/v1/batches/", "batches"),
        Door("POST", "/v1/batches/", "batches"),
    )
    forwarded: tuple[str, ...] = ("openai-beta",)
    file_prefix = "file-"
    batch_prefix = "batch_"
    cursors = ("after", "before")
    splits = True

    def upload(self, body: bytes, media_type: str) -> Upload:
        """A form with `file` and `purpose`."""
        upload, fields = uploaded(body, media_type)
        purpose = fields.get("purpose")
        if not purpose:
            raise refusal(
                "dialects.field.missing", "purpose", code="missing_required_parameter", path="purpose"
            )
        lifetime = bracketed(fields, "expires_after", "seconds")
        return msgspec.structs.replace(upload, purpose=purpose, lifetime=lifetime)

    def file(self, file: StoredFile) -> dict[str, Any]:
        """One file."""
        return {
            "id": file.id,
            "object": "file",
            "bytes": file.size,
            "created_at": file.created // _seconds,
            "expires_at": None if file.expires is None else file.expires // _seconds,
            "filename": file.name,
            "purpose": file.purpose,
            "status": "processed",
            "status_details": None,
        }

    def files(self, files: Sequence[dict[str, Any]], *, more: bool) -> bytes:
        """A page of them."""
        return _page(files, more=more)

    def deleted(self, file: str) -> bytes:
        """What is left of one."""
        return encode({"id": file, "object": "file", "deleted": True})

    def order(self, body: bytes) -> Order:
        """A batch that is asked for."""
        fields = Fields(decode_object(body))
        endpoint = fields.needed("endpoint", fields.text)
        if endpoint not in ENDPOINTS:
            raise _value("endpoint", ", ".join(ENDPOINTS), endpoint)
        window = fields.needed("completion_window", fields.text)
        if window != WINDOW:
            raise _value("completion_window", WINDOW, window)
        metadata = fields.object("metadata")
        for name, value in (metadata or {}).items():
            if not isinstance(value, str):
                raise _value(f"metadata.{name}", "a string", str(value))
        return Order(endpoint, 24 * 3600, fields.needed("input_file_id", fields.text), metadata=metadata)

    def lines(self, content: bytes) -> Iterator[Line]:
        """One call a line; what is no call has its fault."""
        seen: set[str] = set()
        for raw in content.splitlines():
            if raw.strip():
                line = _line(raw)
                if not line.fault and line.id in seen:
                    line = Line(line.id, fault="duplicate custom_id")
                seen.add(line.id)
                yield line

    def result(self, result: Result) -> bytes:
        """One line of the results."""
        body: dict[str, Any] = {"id": f"batch_req_{result.id}", "custom_id": result.id}
        if result.ended:
            code, message = _ENDED_AS[result.ended]
            body |= {"response": None, "error": {"code": code, "message": message}}
        else:
            response = {"status_code": result.status, "request_id": result.request_id, "body": result.body}
            body |= {"response": response, "error": None}
        return encode(body) + b"\n"

    def batch(self, batch: Batch, _address: str) -> dict[str, Any]:
        """One batch."""
        faults = [
            {"code": "invalid_line", "line": line, "message": text, "param": None}
            for line, text in batch.faults
        ]
        ended = {batch.state: batch.ended}
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": batch.endpoint,
            "errors": {"object": "list", "data": faults} if faults else None,
            "input_file_id": batch.input,
            "completion_window": WINDOW,
            "status": batch.state,
            "output_file_id": batch.output,
            "error_file_id": batch.errors,
            "created_at": batch.created // _seconds,
            "in_progress_at": batch.created // _seconds,
            "expires_at": batch.expires // _seconds,
            "finalizing_at": _moment(batch.finalizing),
            "completed_at": _moment(ended.get("completed")),
            "failed_at": _moment(ended.get("failed")),
            "expired_at": _moment(ended.get("expired")),
            "cancelling_at": _moment(batch.cancelling),
            "cancelled_at": _moment(ended.get("cancelled")),
            "request_counts": {
                "total": batch.total,
                "completed": batch.succeeded,
                "failed": batch.failed + batch.expired,
            },
            "metadata": batch.metadata,
        }

    def batches(self, batches: Sequence[dict[str, Any]], *, more: bool) -> bytes:
        """A page of them."""
        return _page(batches, more=more)

    def native(self, _operation: str, shown: Mapping[str, Any]) -> tuple[str, ...]:
        """Its results, as far as there are any."""
        found = (shown.get(name) for name in ("output_file_id", "error_file_id"))
        return tuple(value for value in found if isinstance(value, str))


def _line(raw: bytes) -> Line:
    try:
        fields = Fields(decode_object(raw))
        id_ = fields.needed("custom_id", fields.text)
        method, path = fields.text("method") or "POST", fields.needed("url", fields.text)
        body = fields.needed("body", fields.object)
    except Refused as refused:
        return Line("", fault=refused.failure.message)
    if method != "POST" or path not in ENDPOINTS:
        return Line(id_, fault=f"no call of a batch: {method} {path}")
    if body.get("stream"):
        return Line(id_, fault="the calls of a batch cannot be streamed")
    return Line(id_, path, encode(body))


def _moment(micros: int | None) -> int | None:
    return None if micros is None else micros // _seconds


def _page(items: Sequence[dict[str, Any]], *, more: bool) -> bytes:
    ends = (
        {"first_id": items[0]["id"], "last_id": items[-1]["id"]}
        if items
        else {"first_id": None, "last_id": None}
    )
    return encode({"object": "list", "data": list(items), **ends, "has_more": more})


def _value(path: str, wanted: str, found: str) -> Refused:
    return refusal("dialects.field.value", path, code="invalid_value", path=path, wanted=wanted, found=found)
