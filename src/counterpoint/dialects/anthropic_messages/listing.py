"""The model list as this dialect's clients read it."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.dialects.jsonio import encode


def encode_models(models: Sequence[Mapping[str, Any]]) -> bytes:
    """All of them on one page."""
    data = [_model(model) for model in models]
    return encode(
        {
            "data": data,
            "has_more": False,
            "first_id": data[0]["id"] if data else None,
            "last_id": data[-1]["id"] if data else None,
        }
    )


def encode_model(model: Mapping[str, Any]) -> bytes:
    """One model."""
    return encode(_model(model))


def _model(model: Mapping[str, Any]) -> dict[str, Any]:
    created = datetime.datetime.fromtimestamp(model.get("created") or 0, datetime.UTC)
    encoded: dict[str, Any] = {
        "type": "model",
        "id": model["id"],
        "display_name": model.get("name") or model["id"],
        "created_at": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lifecycle": "active",
    }
    if model.get("context"):
        encoded["max_input_tokens"] = model["context"]
    return encoded
