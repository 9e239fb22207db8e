"""Read genai-prices: the best prices, with dated and time-of-day schedules and rules for which ids they hold."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import yaml

from counterpoint.catalog.values import Clause, Schedule
from counterpoint.directory.values import PriceTier
from scripts.catalog_build.claims import per_million

CLASSES = {
    "input_mtok": "input",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "output_mtok": "output",
    "output_reasoning_mtok": "reasoning",
    "input_audio_mtok": "audio_in",
    "output_audio_mtok": "audio_out",
    "cache_audio_read_mtok": "audio_cache_read",
    "input_image_mtok": "image_in",
    "output_image_mtok": "image_out",
}

IGNORED = {"cache_image_read_mtok", "input_video_mtok", "output_video_mtok", "output_citation_mtok"}
"""Prices of token classes that canonical usage does not tell apart (no dialect reports them apart)."""


@dataclass(frozen=True)
class Entry:
    """One row of a provider: the ids it holds for, and what they cost."""

    id: str
    clause: Clause
    schedules: tuple[Schedule, ...]
    name: str = ""
    context: int | None = None
    checked: str = ""
    deprecated: bool = False


def read(folder: Path) -> dict[str, list[Entry]]:
    """Providers' rows in their order, which matters: the first that fits an id counts."""
    text = (folder / "prices" / "new_data" / "v2" / "data.json").read_bytes()
    providers = msgspec.json.Decoder(float_hook=Decimal).decode(text)
    checked = _checked(folder / "prices" / "providers")
    return {
        provider["id"]: [
            _entry(model, checked.get((provider["id"], model["id"]), "")) for model in provider["models"]
        ]
        for provider in providers
    }


def find(lists: Iterable[list[Entry]], model_id: str) -> Entry | None:
    """The row that prices an id: the first whose clause holds, in the first of the providers' lists."""
    text = model_id.lower()
    return next((entry for entries in lists for entry in entries if entry.clause.holds(text)), None)


def _checked(folder: Path) -> dict[tuple[str, str], str]:
    """When each price was last compared with the provider's page: only the YAML sources say."""
    dates = {}
    for path in sorted(folder.glob("*.yml")):
        provider = yaml.safe_load(path.read_text("utf-8"))
        for model in provider["models"]:
            if "prices_checked" in model:
                dates[provider["id"], model["id"]] = str(model["prices_checked"])
    return dates


def _entry(model: Mapping[str, Any], checked: str) -> Entry:
    prices = model["prices"]
    conditional = prices if isinstance(prices, list) else [{"prices": prices}]
    schedules = tuple(_schedule(row) for row in conditional)
    return Entry(
        id=model["id"],
        clause=clause_of(model["match"]),
        schedules=tuple(schedule for schedule in schedules if schedule.tiers or schedule.request),
        name=model.get("name", ""),
        context=model.get("context_window"),
        checked=checked,
        deprecated=model.get("deprecated", False),
    )


def _schedule(row: Mapping[str, Any]) -> Schedule:
    constraint, prices = row.get("constraint", {}), row["prices"]
    unknown = set(prices) - set(CLASSES) - IGNORED - {"requests_kcount", "web_searches_kcount"}
    if unknown:
        raise ValueError(f"genai-prices has price classes that this script does not know: {sorted(unknown)}")
    hours = ""
    if "start_time" in constraint:
        hours = f"{constraint['start_time'][:5]}-{constraint['end_time'][:5]}"
    web_search = prices.get("web_searches_kcount")
    return Schedule(
        tiers=_tiers(prices),
        since=constraint.get("start_date", ""),
        hours=hours,
        request=per_million(prices.get("requests_kcount", Decimal(0)) / 1000) or 0,
        web_search=None if web_search is None else per_million(web_search),
    )


def _tiers(prices: Mapping[str, Any]) -> tuple[PriceTier, ...]:
    rates = {name: prices[key] for key, name in CLASSES.items() if key in prices}
    if not rates:
        return ()
    thresholds = {
        tier["start"] for rate in rates.values() if isinstance(rate, dict) for tier in rate["tiers"]
    }
    return tuple(
        PriceTier(
            above=threshold, **{name: per_million(_rate_at(rate, threshold)) for name, rate in rates.items()}
        )
        for threshold in sorted({0} | thresholds)
    )


def _rate_at(rate: Any, threshold: int) -> Any:
    if not isinstance(rate, dict):
        return rate
    reached = [tier["price"] for tier in rate["tiers"] if tier["start"] <= threshold]
    return reached[-1] if reached else rate["base"]


def clause_of(match: Mapping[str, Any]) -> Clause:
    """Their condition as ours; their few regular expressions are all of the form "literal, then digits"."""
    ((kind, value),) = match.items()
    if kind in {"or", "and"}:
        parts = tuple(clause_of(part) for part in value)
        return Clause(any=parts) if kind == "or" else Clause(all=parts)
    if kind == "regex":
        return Clause(digits=_template(value))
    return Clause(**{kind: value.lower()})


def _template(regex: str) -> str:
    found = re.fullmatch(r"\^((?:[\w/-]|\\\.)+?)((?:\\d(?:\{\d\})?-?)+)(\$?)", regex)
    if not found:
        raise ValueError(
            f"genai-prices has a regular expression that this script cannot turn into digits: {regex}"
        )
    literal, digits, end = found.groups()
    digits = re.sub(r"\\d(?:\{(\d)\})?", lambda part: "#" * int(part.group(1) or 1), digits)
    return literal.replace("\\.", ".").lower() + digits + ("" if end else "*")
