"""A ledger entry as spans, in OpenTelemetry's conventions for generative AI: one for the exchange, one below it for
each attempt. Pure, and without OpenTelemetry's libraries.

Ids follow from the entry's: whoever knows the id of a request finds its trace, and a call made for another one (a
judge, a shadow) stands below it without anybody having remembered anything.
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from uuid import UUID

import msgspec

from counterpoint.ledger import Attempt, Entry

Attribute = str | int | float | bool | tuple[str, ...]
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_OPERATIONS = {"embed": "embeddings"}
_READ = ("input", "cache_read", "cache_write", "cache_write_1h", "audio_in", "audio_cache_read", "image_in")
_WRITTEN = ("output", "reasoning", "audio_out", "image_out")


class Parent(msgspec.Struct, frozen=True):
    """What a span hangs below. `sampled`: whether its owner wants traces."""

    trace_id: int
    span_id: int
    sampled: bool = True
    remote: bool = False


class SpanFacts(msgspec.Struct, frozen=True):
    """One span. Times in nanoseconds since the epoch; `server`: of a call that came to us, not of one that we made;
    `error`: why it failed, `None` if it did not."""

    name: str
    trace_id: int
    span_id: int
    parent: Parent | None
    start: int
    end: int
    server: bool
    attributes: Mapping[str, Attribute]
    error: str | None = None


def spans_of(entry: Entry) -> Iterator[SpanFacts]:
    """The exchange's, then its attempts'."""
    above = parent_of(entry)
    trace_id = above.trace_id if above else _number(entry.id)
    span_id = _span_id(entry.id)
    start = entry.at * 1000
    end = start + entry.total_micros * 1000
    attributes = {**common(entry), **_usage(entry), **_own(entry)}
    error = entry.failure or (str(entry.status) if entry.status >= 400 else None)
    if error is not None:
        attributes["error.type"] = error
    yield SpanFacts(_name(entry), trace_id, span_id, above, start, end, not entry.purpose, attributes, error)
    sampled = above is None or above.sampled
    for number, attempt in enumerate(entry.attempts):
        parent = Parent(trace_id, span_id, sampled)
        yield _attempt(entry, attempt, number, parent)


def _attempt(entry: Entry, attempt: Attempt, number: int, parent: Parent) -> SpanFacts:
    host, _, model = attempt.offering.partition("/")
    begun = (entry.at + attempt.after) * 1000
    attributes: dict[str, Attribute] = {
        "gen_ai.operation.name": operation(entry),
        "gen_ai.provider.name": host,
        "gen_ai.request.model": model,
    }
    if attempt.status is not None:
        attributes["http.response.status_code"] = attempt.status
    if attempt.first_event_micros is not None and entry.stream:
        attributes["gen_ai.response.time_to_first_chunk"] = attempt.first_event_micros / 1e6
    if attempt.reason:
        attributes["counterpoint.attempt.reason"] = attempt.reason
    if attempt.failure is not None:
        attributes["error.type"] = attempt.failure
    return SpanFacts(
        f"{operation(entry)} {model}",
        parent.trace_id,
        _span_id(f"{entry.id}/{number}"),
        parent,
        begun,
        begun + attempt.micros * 1000,
        False,
        attributes,
        attempt.failure,
    )


def operation(entry: Entry) -> str:
    """As the conventions call it."""
    return _OPERATIONS.get(entry.operation, entry.operation)


def _name(entry: Entry) -> str:
    return f"{operation(entry)} {entry.requested or entry.model}".rstrip()


def common(entry: Entry) -> dict[str, Attribute]:
    """What spans and metrics of an exchange have alike: names of which there are few."""
    found: dict[str, Attribute] = {"gen_ai.operation.name": operation(entry)}
    if entry.host:
        found["gen_ai.provider.name"] = entry.host
    if entry.model:
        found["gen_ai.request.model"] = entry.offering.partition("/")[2] or entry.model
        found["gen_ai.response.model"] = entry.model
    return found


def tokens_read(entry: Entry) -> int:
    """All that the model read."""
    return sum(getattr(entry.usage, name) for name in _READ)


def tokens_written(entry: Entry) -> int:
    """All that it wrote."""
    return sum(getattr(entry.usage, name) for name in _WRITTEN)


def _usage(entry: Entry) -> dict[str, Attribute]:
    usage = entry.usage
    if not usage.reported:
        return {}
    told: dict[str, Attribute] = {
        "gen_ai.usage.input_tokens": tokens_read(entry),
        "gen_ai.usage.output_tokens": tokens_written(entry),
    }
    if usage.cache_read:
        told["gen_ai.usage.cache_read.input_tokens"] = usage.cache_read
    if usage.cache_write or usage.cache_write_1h:
        told["gen_ai.usage.cache_creation.input_tokens"] = usage.cache_write + usage.cache_write_1h
    if usage.reasoning:
        told["gen_ai.usage.reasoning.output_tokens"] = usage.reasoning
    return told


def _own(entry: Entry) -> dict[str, Attribute]:
    told: dict[str, Attribute] = {
        "gen_ai.response.id": entry.id,
        "gen_ai.request.stream": entry.stream,
        "http.response.status_code": entry.status,
        "counterpoint.project": entry.project,
        "counterpoint.key": entry.key,
        "counterpoint.offering": entry.offering,
        "counterpoint.client_dialect": entry.client_dialect,
        "counterpoint.attempts": len(entry.attempts),
        "counterpoint.losses": len(entry.losses),
    }
    told |= {f"counterpoint.{name}": getattr(entry, name) for name in ("user", "route", "purpose")}
    if entry.finish:
        told["gen_ai.response.finish_reasons"] = (entry.finish,)
    if entry.first_event_micros is not None and entry.stream:
        told["gen_ai.response.time_to_first_chunk"] = entry.first_event_micros / 1e6
    if entry.cost is not None:
        told["counterpoint.cost"] = float(entry.cost)
        told["counterpoint.currency"] = entry.currency
    return {name: value for name, value in told.items() if value != ""}


def parent_of(entry: Entry) -> Parent | None:
    """What the exchange hangs below: the call that it was made for, else the caller's own span."""
    found = _TRACEPARENT.fullmatch(entry.trace)
    caller = None
    if found is not None and not found[0].startswith("ff"):
        caller = Parent(int(found[1], 16), int(found[2], 16), bool(int(found[3], 16) & 1), remote=True)
        if not caller.trace_id or not caller.span_id:
            caller = None
    if not entry.parent:
        return caller
    trace_id = caller.trace_id if caller else _number(entry.parent)
    return Parent(trace_id, _span_id(entry.parent), caller is None or caller.sampled)


def _number(identifier: str) -> int:
    try:
        return UUID(identifier).int
    except ValueError:
        return int.from_bytes(blake2b(identifier.encode(), digest_size=16).digest())


def _span_id(identifier: str) -> int:
    return int.from_bytes(blake2b(identifier.encode(), digest_size=8).digest()) or 1
