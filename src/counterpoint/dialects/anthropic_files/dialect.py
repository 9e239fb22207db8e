"""The dialect as the gateway and the control process see it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from counterpoint.dialects.base import Door
from counterpoint.dialects.jsonio import Fields, decode_object, encode, refusal
from counterpoint.dialects.shelving import Batch, Line, Order, Result, StoredFile, Upload
from counterpoint.dialects.uploading import uploaded

HEADER = "anthropic-version"
ENDPOINT = "/v1/messages"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AnthropicFiles:
    """Files and batches as Anthropic's clients know them."""

    name = "anthropic-files"
    family = "anthropic-messages"
    doors = (
        Door("POST", "/v1/files", "files", HEADER),
        Door("GET", "/v1/files", "files", HEADER),
        Door("GET", "/v1/files/", "files", HEADER),
        Door("DELETE", "/v1/files/", "files", HEADER),
        Door("POST", "/v1/messages/batches", "batches"),
        Door("GET", "/v1/messages/batches", "batches"),
        Door("GET", "/v1/messages/batches/", "batches"),
        Door("POST", "/v1/messages/batches/", "batches"),
        Door("DELETE", "/v1/messages/batches/", "batches"),
    )
    forwarded: tuple[str, ...] = (HEADER, "anthropic-beta")
    file_prefix = "file_"
    batch_prefix = "msgbatch_"
    cursors = ("after_id", "before_id")
    splits = False

    def upload(self, body: bytes, media_type: str) -> Upload:
        """A form with `file`."""
        return uploaded(body, media_type)[0]

    def file(self, file: StoredFile) -> dict[str, Any]:
        """One file. Only what a tool or a batch made can be downloaded at Anthropic; ours all can."""
        return {
            "type": "file",
            "id": file.id,
            "filename": file.name,
            "mime_type": file.media_type,
            "size_bytes": file.size,
            "created_at": _moment(file.created),
            "downloadable": True,
        }

    def files(self, files: Sequence[dict[str, Any]], *, more: bool) -> bytes:
        """A page of them."""
        return _page(files, more=more)

    def deleted(self, file: str) -> bytes:
        """What is left of one, or of a batch."""
        kind = "message_batch_deleted" if file.startswith(self.batch_prefix) else "file_deleted"
        return encode({"id": file, "type": kind})

    def order(self, body: bytes) -> Order:
        """A batch that is asked for, its calls included."""
        fields = Fields(decode_object(body))
        calls: list[bytes] = []
        seen: set[str] = set()
        for call in fields.each("requests"):
            name = call.needed("custom_id", call.text)
            params = call.needed("params", call.object)
            if name in seen:
                raise refusal(
                    "dialects.field.twice",
                    call.at("custom_id"),
                    code="invalid_value",
                    path=call.at("custom_id"),
                )
            if params.get("stream"):
                raise refusal(
                    "dialects.field.value", call.at("params.stream"), code="invalid_value",
                    path=call.at("params.stream"), wanted="false", found="true",
                )  # fmt: skip
            seen.add(name)
            calls.append(encode({"id": name, "body": params}))
        if not calls:
            raise refusal("dialects.field.empty", "requests", code="invalid_value", path="requests")
        return Order(ENDPOINT, 24 * 3600, lines=b"\n".join(calls))

    def lines(self, content: bytes) -> Iterator[Line]:
        """As `order` wrote them."""
        for raw in content.splitlines():
            call = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
            yield Line(msgspec.json.decode(call["id"], type=str), ENDPOINT, bytes(call["body"]))

    def result(self, result: Result) -> bytes:
        """One line of the results."""
        told: dict[str, Any]
        if result.ended in ("expired", "cancelled"):
            told = {"type": "expired" if result.ended == "expired" else "canceled"}
        elif result.ended or not 200 <= result.status < 300:
            told = {"type": "errored", "error": result.body}
        else:
            told = {"type": "succeeded", "message": result.body}
        return encode({"custom_id": result.id, "result": told}) + b"\n"

    def batch(self, batch: Batch, address: str) -> dict[str, Any]:
        """One batch."""
        states = {"in_progress": "in_progress", "cancelling": "canceling"}
        done = batch.succeeded + batch.failed + batch.cancelled + batch.expired
        link = f"{address}/v1/messages/batches/{batch.id}/results"
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": states.get(batch.state, "ended"),
            "request_counts": {
                "processing": max(batch.total - done, 0),
                "succeeded": batch.succeeded,
                "errored": batch.failed,
                "canceled": batch.cancelled,
                "expired": batch.expired,
            },
            "ended_at": _moment(batch.ended),
            "created_at": _moment(batch.created),
            "expires_at": _moment(batch.expires),
            "archived_at": None,
            "cancel_initiated_at": _moment(batch.cancelling),
            "results_url": None if batch.ended is None else link,
        }

    def batches(self, batches: Sequence[dict[str, Any]], *, more: bool) -> bytes:
        """A page of them."""
        return _page(batches, more=more)

    def native(self, _operation: str, _shown: Mapping[str, Any]) -> tuple[str, ...]:
        """None: its results are fetched from the batch."""
        return ()


def _moment(micros: int | None) -> str | None:
    return (
        None
        if micros is None
        else (_EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")
    )


def _page(items: Sequence[dict[str, Any]], *, more: bool) -> bytes:
    first, last = (items[0]["id"], items[-1]["id"]) if items else (None, None)
    return encode({"data": list(items), "has_more": more, "first_id": first, "last_id": last})
