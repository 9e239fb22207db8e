"""Read models.dev: the widest consistent list of hosts, with capabilities, limits and dates."""

import gzip
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.catalog.values import Schedule
from scripts.catalog_build.claims import Claim, per_million, positive, tiers_of, without_empty_zeros
from scripts.catalog_build.rules import Rules

CLASSES = {
    "input": "input",
    "output": "output",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "reasoning": "reasoning",
    "input_audio": "audio_in",
    "output_audio": "audio_out",
}

READS = {"image": "images", "pdf": "documents", "audio": "audio", "video": "video_input"}
WRITES = {"image": "image_output", "audio": "audio_output"}


def read(folder: Path) -> dict[str, Any]:
    """Its providers, with their models."""
    with gzip.open(folder / "data.json.gz") as file:
        providers: dict[str, Any] = msgspec.json.Decoder(float_hook=Decimal).decode(file.read())
    return providers


def claims(providers: Mapping[str, Any], rules: Rules) -> Iterator[Claim]:
    """Every model of every provider that is a host of ours."""
    for provider in providers.values():
        host = rules.host_of("models.dev", provider["id"])
        if host:
            for model in provider["models"].values():
                yield _claim(host, model, rules)


def _claim(host: str, model: Mapping[str, Any], rules: Rules) -> Claim:
    capabilities, lacks = _capabilities(model, rules)
    return Claim(
        source="models.dev",
        host=host,
        id=model["id"],
        display=model["name"],
        schedules=_schedules(model, free=rules.is_free(host, model["id"])),
        capabilities=capabilities,
        lacks=lacks,
        context=positive(model["limit"].get("context")),
        max_output=positive(model["limit"].get("output")),
        open_weights=model["open_weights"],
        released=model["release_date"] or None,
        knowledge=model.get("knowledge") or None,
        family=model.get("family", ""),
        deprecated=model.get("status") == "deprecated",
    )


def _schedules(model: Mapping[str, Any], *, free: bool) -> tuple[Schedule, ...]:
    cost = model.get("cost")
    if not cost:
        return ()
    base = without_empty_zeros(_rates(cost), free=free)
    if not base:
        return ()
    above = {
        int(tier["tier"]["size"]): without_empty_zeros(_rates(tier), free=free)
        for tier in cost.get("tiers", ())
    }
    return (Schedule(tiers=tiers_of(base, above), web_search=0 if free else None),)


def _rates(cost: Mapping[str, Any]) -> dict[str, int | None]:
    return {name: per_million(cost.get(key)) for key, name in CLASSES.items()}


def _capabilities(model: Mapping[str, Any], rules: Rules) -> tuple[frozenset[str], frozenset[str]]:
    reads, writes = set(model["modalities"]["input"]), set(model["modalities"]["output"])
    operation = rules.operation_of(model["id"], model.get("family", ""))
    if operation is None:
        operation = (
            "chat"
            if "text" in writes
            else next(
                (
                    name
                    for kind, name in (("image", "image"), ("video", "video"), ("audio", "speak"))
                    if kind in writes
                ),
                "chat",
            )
        )
    has = {operation}
    has |= {name for kind, name in READS.items() if kind in reads}
    if operation == "chat":
        has |= {name for kind, name in WRITES.items() if kind in writes}
        stated = {"tools": "tool_call", "reasoning": "reasoning", "structured_output": "structured_output"}
        has |= {name for name, key in stated.items() if model.get(key)}
        lacks = {name for name, key in stated.items() if model.get(key) is False}
        if (model.get("cost") or {}).get("cache_read"):
            has.add("caching")
        return frozenset(has), frozenset(lacks | ({*READS.values(), *WRITES.values()} - has))
    return frozenset(has), frozenset()
