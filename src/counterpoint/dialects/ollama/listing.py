"""The list of models and what is known of one (https://docs.ollama.com/api/tags, https://docs.ollama.com/api-reference/show-model-details).

Clients made for this API want a digest and a size for each: a model of another host has no file here, so its digest is
that of its name and its size zero.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.ollama.moments import moment_of

_CAPABILITIES = {
    "chat": "completion",
    "tools": "tools",
    "images": "vision",
    "reasoning": "thinking",
    "embed": "embedding",
}
"""Ours, by what they are called here."""


def encode_models(models: Sequence[Mapping[str, Any]]) -> bytes:
    """All models."""
    return encode({"models": [_model(model) for model in models]})


def _model(model: Mapping[str, Any]) -> dict[str, Any]:
    weights = model.get("weights")
    digest = (weights and weights.digest) or hashlib.sha256(model["id"].encode()).hexdigest()
    return {
        "name": model["id"],
        "model": model["id"],
        "modified_at": moment_of(model.get("created") or 0),
        "size": weights.size if weights else 0,
        "digest": digest,
        "details": _details(model),
    }


def _details(model: Mapping[str, Any]) -> dict[str, Any]:
    weights = model.get("weights")
    family = weights.family if weights else ""
    return {
        "parent_model": "",
        "format": weights.format if weights else "",
        "family": family,
        "families": [family] if family else None,
        "parameter_size": _count(weights and weights.parameters),
        "quantization_level": weights.quantisation if weights else "",
    }


def _count(parameters: int | None) -> str:
    """As people write it: 135M, 7.6B."""
    for unit, letter in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        if parameters is not None and parameters >= unit:
            return f"{parameters / unit:.3g}{letter}"
    return ""


def encode_model(model: Mapping[str, Any]) -> bytes:
    """One model: what it can do and how much it reads."""
    details = _details(model)
    family = details["family"] or "model"
    info: dict[str, Any] = {
        "general.architecture": family,
        "general.basename": model.get("name") or model["id"],
    }
    if model.get("context"):
        info[f"{family}.context_length"] = model["context"]
    able = model.get("capabilities") or ("chat",)
    return encode(
        {
            "modelfile": "",
            "parameters": "",
            "template": "",
            "details": details,
            "model_info": info,
            "capabilities": [word for name, word in _CAPABILITIES.items() if name in able],
            "modified_at": moment_of(model.get("created") or 0),
        }
    )
