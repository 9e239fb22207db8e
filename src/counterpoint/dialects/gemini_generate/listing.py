"""The list of models (https://ai.google.dev/api/models)."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.dialects.jsonio import encode

PREFIX = "models/"
_METHODS = {
    "chat": ("generateContent", "streamGenerateContent", "countTokens"),
    "embed": ("embedContent", "batchEmbedContents"),
}


def encode_models(models: Sequence[Mapping[str, Any]]) -> bytes:
    """All models, in one page."""
    return encode({"models": [_model(model) for model in models]})


def encode_model(model: Mapping[str, Any]) -> bytes:
    """One model of the list."""
    return encode(_model(model))


def _model(model: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": PREFIX + model["id"],
        "version": "001",
        "displayName": model["name"],
    }
    for limit, field in (("context", "inputTokenLimit"), ("max_output", "outputTokenLimit")):
        if model.get(limit) is not None:
            shown[field] = model[limit]
    able = model.get("capabilities") or ("chat",)
    methods = [method for capability, listed in _METHODS.items() if capability in able for method in listed]
    return {**shown, "supportedGenerationMethods": methods}
