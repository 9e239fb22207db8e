"""A month of a believable company's calls, and the keys and people behind them. The same at every run, but for the
moment at which it ends: now."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec

from counterpoint.canonical import Usage
from counterpoint.ledger import Attempt, Entry
from counterpoint.ledger.spool import SpoolWriter

DAYS = 34
BUSIEST_HOUR = 22
AFTERNOON, THURSDAY = 15, 3


class Model(NamedTuple):
    """`price`: micro-units for a token in and out. `seconds`: of a usual answer. `weight`: of it among all."""

    id: str
    host: str
    maker: str
    dialect: str
    price: tuple[float, float]
    seconds: float
    weight: float


MODELS = (
    Model("gpt-5-mini", "openai", "openai", "openai-chat", (0.25, 2.0), 2.1, 30),
    Model("claude-sonnet-4-5", "anthropic", "anthropic", "anthropic-messages", (3.0, 15.0), 4.4, 22),
    Model("mistral-medium-3.1", "mistral", "mistral", "openai-chat", (0.4, 2.0), 2.6, 16),
    Model("gpt-5", "openai", "openai", "openai-chat", (1.25, 10.0), 6.8, 9),
    Model("claude-haiku-4-5", "anthropic", "anthropic", "anthropic-messages", (1.0, 5.0), 1.7, 11),
    Model("qwen3-32b", "gpu-cluster", "alibaba", "openai-chat", (0.0, 0.0), 3.2, 12),
    Model("smollm2-135m-instruct", "local", "huggingface", "openai-chat", (0.0, 0.0), 0.9, 4),
)
KEYS = (
    "support-assistant",
    "support-evals",
    "contract-review",
    "search-answers",
    "release-notes",
    "coding-agents",
)
PREFERRED = {
    "contract-review": ("claude-sonnet-4-5", "mistral-medium-3.1"),
    "coding-agents": ("claude-sonnet-4-5", "gpt-5"),
    "search-answers": ("qwen3-32b", "gpt-5-mini", "mistral-medium-3.1"),
}
PEOPLE = (
    ("grace.hopper@example.com", "Grace Hopper", "admin"),
    ("alan.turing@example.com", "Alan Turing", "maker"),
    ("emmy.noether@example.com", "Emmy Noether", "user"),
    ("audit@example.com", "External audit", "auditor"),
)
FAILURES = (
    (429, "rate_limited", "Rate limit reached"),
    (503, "overloaded", "The host is overloaded"),
    (504, "timeout", "No answer in time"),
    (400, "bad_request", "The request was refused"),
)


def zone(now: datetime) -> int:
    """Hours east of Greenwich of a place where it is afternoon now: there the company is at work."""
    return (AFTERNOON - now.hour + 12) % 24 - 12


def month(now: datetime, keys: Mapping[str, str], project: str, seed: int = 7) -> Iterator[Entry]:
    """Growing week by week, quiet at night and at weekends; today is a Thursday. `keys`: ids by name."""
    chance = random.Random(seed)
    first = (now - timedelta(days=DAYS)).replace(minute=0, second=0, microsecond=0)
    number = 0
    for hour in range(DAYS * 24 + 1):
        begins = first + timedelta(hours=hour)
        there = begins + timedelta(hours=zone(now))
        today = (now + timedelta(hours=zone(now))).date()
        day = 1.0 if 8 <= there.hour < 19 else 0.12
        week = 0.18 if ((there.date() - today).days + THURSDAY) % 7 >= 5 else 1.0
        growth = 0.55 + 0.45 * hour / (DAYS * 24)
        for _ in range(round(BUSIEST_HOUR * day * week * growth * chance.uniform(0.7, 1.3))):
            at = begins + timedelta(seconds=chance.uniform(0, 3600))
            if at < now - timedelta(seconds=20):
                number += 1
                entry = exchange(at, number, chance)
                yield msgspec.structs.replace(entry, key=keys[entry.key], project=project)


def exchange(at: datetime, number: int, chance: random.Random) -> Entry:
    """One of them."""
    key = chance.choices(KEYS, (30, 6, 12, 26, 4, 22))[0]
    models = [model for model in MODELS if model.id in PREFERRED.get(key, (model.id,))]
    model = chance.choices(models, [model.weight for model in models])[0]
    failed = chance.random() < 0.014
    tokens_in, tokens_out = round(chance.lognormvariate(8.3, 0.8)), round(chance.lognormvariate(6.2, 0.7))
    cached = round(tokens_in * chance.choice((0, 0, 0.4, 0.75)))
    seconds = model.seconds * chance.lognormvariate(0, 0.4)
    cost = Decimal(str(round((tokens_in * model.price[0] + tokens_out * model.price[1]) / 1e6, 8)))
    status, kind, _ = chance.choice(FAILURES) if failed else (200, None, "")
    return Entry(
        id=identifier(at, number, chance),
        at=round(at.timestamp() * 1e6),
        operation="chat",
        client_dialect=chance.choice(("openai-chat", "openai-chat", "anthropic-messages")),
        key=key,
        requested=model.id,
        offering=f"{model.host}/{model.id}",
        host=model.host,
        model=model.id,
        maker=model.maker,
        upstream_dialect=model.dialect,
        stream=chance.random() < 0.7,
        status=status,
        failure=kind,
        finish=None if failed else chance.choices(("stop", "tool_use", "length"), (80, 17, 3))[0],
        usage=Usage(reported=False)
        if failed
        else Usage(input=tokens_in - cached, cache_read=cached, output=tokens_out),
        cost=Decimal(0) if failed else cost,
        first_event_micros=None if failed else round(seconds * 0.22e6),
        total_micros=round(seconds * 1e6),
        attempts=(Attempt(f"{model.host}/{model.id}", status, kind, round(seconds * 1e6)),),
        request_bytes=tokens_in * 4,
        response_bytes=0 if failed else tokens_out * 5,
    )


def identifier(at: datetime, number: int, chance: random.Random) -> str:
    """A UUIDv7 of that moment."""
    value = (
        (int(at.timestamp() * 1000) << 80)
        | (0x7 << 76)
        | (0b10 << 62)
        | chance.getrandbits(40) << 20
        | number
    )
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def lay(data: Path, keys: Mapping[str, str], project: str) -> int:
    """Leaves the month where a gateway worker would have left it; how many exchanges it has."""
    writer, count = SpoolWriter(data / "spool", "seed", max_age=3600, max_bytes=1 << 30), 0
    for entry in month(datetime.now(UTC), keys, project):
        writer.append(entry)
        count += 1
    writer.close()
    return count
