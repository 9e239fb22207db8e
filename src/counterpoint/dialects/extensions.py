"""What the hub has no word for: kept per dialect, put back by the same dialect, declared lost by any other.

A name that begins with `~` is a *spelling*: how the same meaning was written (`stop` as one string instead
of a list). Only its own dialect reads it, it is never sent as a field, and leaving it behind loses nothing.
A field of a caller that itself begins with `~` is kept with a second one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from counterpoint.canonical.losses import Loss, Severity
from counterpoint.canonical.parts import NO_EXTENSIONS, Extensions

_NOTHING: Mapping[str, Any] = {}

_SEVERITY: dict[str, Severity] = {
    # Labels, and what is asked to be reported or kept: the answer is the same.
    "avgLogprobs": "cosmetic",
    "billing": "cosmetic",
    "createTime": "cosmetic",
    "finishMessage": "cosmetic",
    "safetyRatings": "cosmetic",
    "content_filters": "cosmetic",
    "document": "cosmetic",
    "index": "cosmetic",
    "labels": "cosmetic",
    "metadata": "cosmetic",
    "name": "cosmetic",
    "title": "cosmetic",
    "tool_usage": "cosmetic",
    "safety_identifier": "cosmetic",
    "store": "cosmetic",
    "stream_options": "cosmetic",
    "usage": "cosmetic",
    "options.num_batch": "cosmetic",
    "options.num_gpu": "cosmetic",
    "options.num_thread": "cosmetic",
    "options.use_mmap": "cosmetic",
    "remote_host": "cosmetic",
    "remote_model": "cosmetic",
    # Caching, routing and speed; how much is said or shown.
    "background": "degraded",
    "cache_control": "degraded",
    "citationMetadata": "degraded",
    "clear_thinking": "degraded",
    "groundingMetadata": "degraded",
    "logprobsResult": "degraded",
    "promptFeedback": "degraded",
    "urlContextMetadata": "degraded",
    "context_management": "degraded",
    "defer_loading": "degraded",
    "citation_options": "degraded",
    "include": "degraded",
    "input_type": "degraded",
    "include_reasoning": "degraded",
    "item.phase": "degraded",
    "max_tool_calls": "degraded",
    "mode": "degraded",
    "models": "degraded",
    "moderation": "degraded",
    "prediction": "degraded",
    "priority": "degraded",
    "prompt_cache_breakpoint": "degraded",
    "prompt_cache_key": "degraded",
    "prompt_cache_options": "degraded",
    "prompt_cache_retention": "degraded",
    "prompt_mode": "degraded",
    "safe_prompt": "degraded",
    "safety_mode": "degraded",
    "generationConfig.mediaResolution": "degraded",
    "mediaResolution": "degraded",
    "provider": "degraded",
    "reasoning_format": "degraded",
    "safetySettings": "degraded",
    "service_tier": "degraded",
    "text.verbosity": "degraded",
    "thoughtSignature": "degraded",
    "transforms": "degraded",
    "truncation": "degraded",
    "verbosity": "degraded",
    "keep_alive": "degraded",
    "min_p": "degraded",
    "options.min_p": "degraded",
    "options.num_ctx": "degraded",
    "options.num_keep": "degraded",
    "options.repeat_last_n": "degraded",
    "options.repeat_penalty": "degraded",
    "options.typical_p": "degraded",
    "best_of": "degraded",
    "taskType": "degraded",
    "autoTruncate": "degraded",
    "prompt": "degraded",
    "inputText": "degraded",
    "shift": "degraded",
    "truncate": "degraded",
}
"""How much is lost with a field that the target has no place for; `meaning` where nothing is known of it."""


def extras(dialect: str, fields: Mapping[str, Any]) -> Extensions:
    """The extensions that hold `fields` of `dialect`."""
    return {dialect: fields} if fields else NO_EXTENSIONS


def fields_of(extensions: Extensions, dialect: str) -> dict[str, Any]:
    """The fields of `dialect` to put back into its JSON, spellings left out."""
    kept = extensions.get(dialect)
    if not kept:
        return {}
    return {
        name[1:] if name[:1] == "~" else name: value
        for name, value in kept.items()
        if name[:1] != "~" or name[:2] == "~~"
    }


def spelling(extensions: Extensions, dialect: str, name: str) -> Any:
    """How `dialect` had written something; `name` without its `~`. `None`: the usual way."""
    return extensions.get(dialect, _NOTHING).get("~" + name)


def spoken_in(extensions: Extensions, source: str) -> str:
    """The dialect whose words they are that came in `source`: its own, or those of the one whose bodies it wraps."""
    return spelling(extensions, source, INNER) or source


INNER = "inner"
"""Spelled by a dialect whose bodies are those of another in an envelope: the other's name."""


def foreign(extensions: Extensions, dialect: str) -> Iterator[tuple[str, Any]]:
    """Names and values of the fields of every dialect but `dialect`; nulls and spellings mean nothing."""
    for source, fields in extensions.items():
        if source == dialect:
            continue
        for name, value in fields.items():
            if value is not None and (name[:1] != "~" or name[:2] == "~~"):
                yield name.removeprefix("~"), value


def foreign_losses(
    extensions: Extensions, dialect: str, path: str, severities: Mapping[str, Severity] = _SEVERITY
) -> Iterator[Loss]:
    """One `field.<name>` loss for each field that an encoder of `dialect` leaves behind. `path`: the source
    path of what carries the extensions."""
    for name, _ in foreign(extensions, dialect):
        where = f"{path}.{name}" if path else name
        yield Loss(f"field.{name}", where, severities.get(name, "meaning"), "the target has no such field")


def adopted(extensions: Extensions, dialect: str, names: Mapping[str, str]) -> Extensions:
    """`extensions`, with those fields of other dialects made fields of `dialect` that mean the same there.
    `names`: theirs, and what `dialect` calls them."""
    own: dict[str, Any] = {}
    others: dict[str, Mapping[str, Any]] = {}
    for source, fields in extensions.items():
        if source == dialect:
            continue
        # In their order: a set's differs from process to process, and hosts keep what begins with the same bytes.
        taken = [name for name in fields if name in names and fields[name] is not None]
        own.update({names[name]: fields[name] for name in taken})
        others[source] = {name: value for name, value in fields.items() if name not in taken}
    if not own:
        return extensions
    return {**others, dialect: {**own, **extensions.get(dialect, _NOTHING)}}
