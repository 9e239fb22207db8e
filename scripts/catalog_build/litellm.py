"""Read litellm's JSON: the newest and widest list, and the only one with the prices of batch, flex and priority
service and with dates of retirement; also the least consistent, so nothing is taken from it that others say."""

import gzip
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.catalog.values import Schedule
from counterpoint.directory.values import PriceTier
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
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_reasoning_token": "reasoning",
    "input_cost_per_audio_token": "audio_in",
    "output_cost_per_audio_token": "audio_out",
    "cache_read_input_audio_token_cost": "audio_cache_read",
    "input_cost_per_image_token": "image_in",
    "output_cost_per_image_token": "image_out",
}
_KEY = re.compile(
    rf"({'|'.join(sorted(CLASSES, key=len, reverse=True))})(?:_above_(\d+)k_tokens)?(?:_(batches|flex|priority))?"
)
SERVICES = {None: "standard", "batches": "batch", "flex": "flex", "priority": "priority"}

OPERATIONS = {
    "chat": "chat",
    "responses": "chat",
    "completion": "chat",
    "embedding": "embed",
    "rerank": "rerank",
    "image_generation": "image",
    "image_edit": "image",
    "video_generation": "video",
    "audio_transcription": "transcribe",
    "audio_speech": "speak",
    "moderation": "moderate",
    "ocr": "ocr",
    "realtime": "realtime",
}

SUPPORTS = {
    "supports_function_calling": "tools",
    "supports_parallel_function_calling": "parallel_tools",
    "supports_tool_choice": "tool_choice",
    "supports_response_schema": "structured_output",
    "supports_reasoning": "reasoning",
    "supports_vision": "images",
    "supports_pdf_input": "documents",
    "supports_audio_input": "audio",
    "supports_video_input": "video_input",
    "supports_audio_output": "audio_output",
    "supports_prompt_caching": "caching",
    "supports_web_search": "web_search",
    "supports_computer_use": "computer_use",
    "supports_native_streaming": "streaming",
}

# A key may carry a picture's size, quality or number of steps, or a commitment: prices of a use, not models.
_USE = re.compile(
    r"(^|/)(\d+-x-\d+|\d+-steps|max-steps|low|medium|high|xhigh|max|standard|hd|auto|\d-month-commitment)/"
)
_REGION = re.compile(r"^((?:us|eu|ap|sa|ca|me|af|il|mx)-(?:gov-)?[a-z]+-\d|us|eu|global|global-standard)/")


def read(folder: Path) -> dict[str, Any]:
    """Its entries, by key."""
    with gzip.open(folder / "model_prices_and_context_window.json.gz") as file:
        entries: dict[str, Any] = msgspec.json.Decoder(float_hook=Decimal).decode(file.read())
    return entries


def claims(entries: Mapping[str, Any], rules: Rules) -> Iterator[Claim]:
    """Every entry that is a model at a host of ours."""
    for key, entry in entries.items():
        provider = entry.get("litellm_provider") or ""
        host = rules.host_of("litellm", provider)
        if not host or entry.get("mode") not in OPERATIONS or _USE.search(key) or rules.skips_id(key):
            continue
        model_id, region = _place(key, provider)
        if model_id:
            yield _claim(host, model_id, region, entry, rules)


def _place(key: str, provider: str) -> tuple[str, str]:
    """The host's own id and the region in a key like `bedrock/eu-west-1/anthropic.claude-v2:1`."""
    head, _, rest = key.partition("/")
    family = provider.partition("-")[0].removesuffix("_converse").removesuffix("_chat")
    names = {provider, family, provider.removesuffix("_chat"), provider.removesuffix("_converse")}
    model_id = rest if rest and head in names else key
    found = _REGION.match(model_id)
    if not found:
        return model_id, ""
    region = found.group(1)
    return model_id[found.end() :], "" if region.startswith("global") else region


def _claim(host: str, model_id: str, region: str, entry: Mapping[str, Any], rules: Rules) -> Claim:
    free = rules.is_free(host, model_id)
    capabilities, lacks = _capabilities(entry)
    modes = {"embedding", "rerank", "audio_transcription"}
    window = entry.get("max_input_tokens") or (entry.get("max_tokens") if entry["mode"] in modes else None)
    return Claim(
        source="litellm",
        host=host,
        id=model_id,
        region=region,
        schedules=_schedules(entry, free=free),
        capabilities=capabilities,
        lacks=lacks,
        context=positive(window),
        max_output=positive(entry.get("max_output_tokens")),
        retires=_date(entry.get("deprecation_date")),
    )


def _date(text: object) -> str | None:
    return text if isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _capabilities(entry: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    has = {OPERATIONS[entry["mode"]]}
    has |= {name for key, name in SUPPORTS.items() if entry.get(key) is True}
    if "image" in entry.get("supported_output_modalities", ()) and "chat" in has:
        has.add("image_output")
    return frozenset(has), frozenset(name for key, name in SUPPORTS.items() if entry.get(key) is False)


def _schedules(entry: Mapping[str, Any], *, free: bool) -> tuple[Schedule, ...]:
    if isinstance(entry.get("tiered_pricing"), list):
        return _ranges(entry["tiered_pricing"])
    rates: dict[str, dict[int, dict[str, int | None]]] = {}
    for key, amount in entry.items():
        found = _KEY.fullmatch(key)
        if found and isinstance(amount, Decimal | int):
            name, threshold, service = CLASSES[found[1]], int(found[2] or 0) * 1000, SERVICES[found[3]]
            rates.setdefault(service, {}).setdefault(threshold, {})[name] = per_token(amount)
    standard = _schedule(rates.pop("standard", {}), entry, service="standard", free=free)
    if not standard:
        return ()
    others = (_schedule(rates[service], entry, service=service, free=free) for service in sorted(rates))
    peak = entry.get("off_peak_pricing")
    off_peak = _off_peak(peak, standard) if isinstance(peak, dict) else ()
    return (standard, *off_peak, *(schedule for schedule in others if schedule))


def _schedule(
    rates: Mapping[int, Mapping[str, int | None]], entry: Mapping[str, Any], *, service: str, free: bool
) -> Schedule | None:
    base = without_empty_zeros(rates.get(0, {}), free=free)
    above = {at: without_empty_zeros(rows, free=free) for at, rows in rates.items() if at}
    request = per_million(entry.get("input_cost_per_request")) if service == "standard" else None
    tiers = tiers_of(base, above)
    counted = _counted(entry) if service == "standard" and not tiers else {}
    if not tiers and not request and not counted:
        return None
    return Schedule(
        tiers=tiers,
        service=service,
        request=request or 0,
        web_search=0 if free else _web_search(entry),
        **counted,
    )


def _counted(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What is charged by the piece, the hour or the character, of models that have no price for tokens. A second of
    recordings stands on both sides for some hosts, and is charged once."""
    mode = OPERATIONS[entry["mode"]]
    hour = per_million((entry.get("input_cost_per_second") or 0) * 3600) if mode == "transcribe" else None
    letters = per_token(entry.get("input_cost_per_character")) if mode == "speak" else None
    picture = entry.get("output_cost_per_image") or entry.get("input_cost_per_image")
    piece = per_million(picture) if mode == "image" else None
    found = {"audio_hour": hour, "characters": letters, "images": {"": piece} if piece else None}
    return {name: value for name, value in found.items() if value}


def _web_search(entry: Mapping[str, Any]) -> int | None:
    """Micro-units per thousand searches; where the price depends on how much context is asked for, unknown."""
    cost = entry.get("search_context_cost_per_query")
    if not isinstance(cost, dict) or len(set(cost.values())) != 1:
        return None
    amount = per_million(next(iter(cost.values())))
    return amount * 1000 if amount else None


def _ranges(rows: list[dict[str, Any]]) -> tuple[Schedule, ...]:
    """Prices by ranges of input tokens: the range that the whole input falls into prices everything."""
    tiers = []
    for row in rows:
        rates = {name: per_token(row.get(key)) for key, name in CLASSES.items() if row.get(key)}
        if not rates or "range" not in row:
            return ()
        tiers.append(PriceTier(above=int(row["range"][0]), **rates))
    return (Schedule(tiers=tuple(tiers)),)


def _off_peak(peak: Mapping[str, Any], standard: Schedule) -> tuple[Schedule, ...]:
    """One schedule per window, with the classes that it lists at their lower price."""
    lower = {name: per_token(peak[key]) for key, name in CLASSES.items() if key in peak}
    tiers = tuple(msgspec.structs.replace(tier, **lower) for tier in standard.tiers)
    schedules = []
    for window in peak.get("windows", ()):
        hours = window["hours_utc"]
        spans = [hours] if isinstance(hours, str) else hours
        whole_day = spans == ["00:00-00:00"]
        schedules.append(
            Schedule(
                tiers=tiers,
                hours="" if whole_day else ",".join(spans),
                days="".join(str(day) for day in window.get("weekdays", ())),
                web_search=standard.web_search,
            )
        )
    return tuple(schedules)
