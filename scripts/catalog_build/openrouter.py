"""Read the snapshot of OpenRouter's own model list: which of its models have weights on a hub, and their limits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.catalog.values import Schedule
from scripts.catalog_build.claims import (
    Claim,
    per_million,
    per_token,
    positive,
    tiers_of,
    without_empty_zeros,
)
from scripts.catalog_build.rules import Rules

CLASSES = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "internal_reasoning": "reasoning",
}
READS = {"image": "images", "file": "documents", "audio": "audio", "video": "video_input"}
WRITES = {"image": "image_output", "audio": "audio_output"}
PARAMETERS = {
    "tools": "tools",
    "tool_choice": "tool_choice",
    "structured_outputs": "structured_output",
    "reasoning": "reasoning",
}


def claims(folder: Path, rules: Rules) -> Iterator[Claim]:
    """Every model of the list."""
    for model in msgspec.json.decode((folder / "models.json").read_bytes())["data"]:
        yield _claim(model, rules)


def _claim(model: dict[str, Any], rules: Rules) -> Claim:
    free = rules.is_free("openrouter", model["id"])
    prices = {key: Decimal(amount) for key, amount in model["pricing"].items()}
    # A negative price is the list's way to say that the router decides.
    rates = {name: per_token(prices[key]) for key, name in CLASSES.items() if prices.get(key, -1) >= 0}
    tiers = tiers_of(without_empty_zeros(rates, free=free), {})
    search = prices.get("web_search")
    shape, top = model["architecture"], model["top_provider"]
    has = {"chat" if "text" in shape["output_modalities"] else "image"}
    has |= {name for kind, name in READS.items() if kind in shape["input_modalities"]}
    has |= {name for kind, name in WRITES.items() if kind in shape["output_modalities"]}
    parameters = set(model.get("supported_parameters") or ())
    has |= {name for key, name in PARAMETERS.items() if key in parameters}
    lacks = {name for key, name in PARAMETERS.items() if key not in parameters} if parameters else set()
    hub = model.get("hugging_face_id") or ""
    return Claim(
        source="openrouter",
        host="openrouter",
        id=model["id"],
        display=model["name"],
        schedules=(Schedule(tiers=tiers, web_search=per_million(search * 1000) if search else None),)
        if tiers
        else (),
        capabilities=frozenset(has),
        lacks=frozenset(lacks),
        context=positive(model.get("context_length")),
        max_output=positive(top.get("max_completion_tokens")),
        open_weights=True if hub else None,
        weights=f"https://huggingface.co/{hub}" if hub else "",
        released=datetime.fromtimestamp(model["created"], UTC).date().isoformat()
        if model.get("created")
        else None,
        knowledge=model.get("knowledge_cutoff"),
        retires=model.get("expiration_date"),
    )
