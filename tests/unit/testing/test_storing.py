"""The proof about files and batches notices what a client would miss."""

import json
from typing import Any

from counterpoint.dialects.openai_files import OpenAIFiles
from counterpoint.testing.recordings import Recording
from counterpoint.testing.storing import shelf_dialect, shelf_proofs

FILE = {
    "id": "f",
    "object": "file",
    "bytes": 1,
    "created_at": 1,
    "filename": "a",
    "purpose": "batch",
    "status": "x",
}


def recording(endpoint: str, response: Any, request: bytes = b"", dialect: str = "openai-files") -> Recording:
    body = response if isinstance(response, bytes) else json.dumps(response).encode()
    return Recording(
        file="f", dialect=dialect, repo="r", endpoint=endpoint, request_body=request, response_body=body
    )


def faults(asked: Recording) -> list[str]:
    return [hold() for proof, hold in shelf_proofs(OpenAIFiles(), asked) if proof == "answer"]


def test_the_dialect_is_found_by_the_address() -> None:
    found = shelf_dialect(recording("/v1/files/f?x", FILE))
    assert found is not None
    assert found.name == "openai-files"
    messages = shelf_dialect(recording("/v1/messages/batches", {}, dialect="anthropic-batches"))
    assert messages is not None
    assert messages.name == "anthropic-files"
    assert shelf_dialect(recording("/else/batches", {}, dialect="openai-batches")) is None


def test_every_field_is_ours_or_missed() -> None:
    assert faults(recording("/v1/files/f", FILE)) == [""]
    assert faults(recording("/v1/files", {"object": "list", "data": [FILE], "has_more": False})) == [""]
    assert faults(recording("/v1/files/f", {**FILE, "shelf_mark": 1})) == ["ours lacks shelf_mark"]
    line = {"id": "x", "custom_id": "a", "response": None, "error": None}
    assert faults(recording("/v1/files/f/content", json.dumps(line).encode())) == [""]


def test_an_order_is_understood() -> None:
    order = {"input_file_id": "f", "endpoint": "/v1/embeddings", "completion_window": "24h"}
    asked = recording("/v1/batches", {}, json.dumps(order).encode(), "openai-batches")
    assert [hold() for proof, hold in shelf_proofs(OpenAIFiles(), asked) if proof == "request"] == [""]
