"""How much to think, and `top_k`: what models take in `additionalModelRequestFields`, each maker in words of its own.

Claude: `thinking` and `output_config.effort`
(https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html; `reasoning_config` is its
older name). Nova 2: `reasoningConfig` (https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html).
gpt-oss: `reasoning_effort`. Others: `reasoning_config` as one word. `top_k`: Claude at the top, Nova within its own
`inferenceConfig` (https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html).
"""

import re
from typing import Any, Literal

import msgspec

from counterpoint.canonical import ReasoningSettings
from counterpoint.canonical.parts import NO_EXTENSIONS
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.bedrock_converse.objects import left_in, put_back, rest, spelled
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields

Maker = Literal["claude", "nova", "nova2", "gpt-oss", "other"]

_MODES: dict[str, Any] = {"enabled": "on", "disabled": "off", "adaptive": "adaptive"}
_TYPES = {mode: kind for kind, mode in _MODES.items()}
_BLOCKS = ("thinking", "reasoning_config", "reasoningConfig")
_WORDS = ("reasoning_effort", "reasoning_config")


def maker_of(model: str) -> Maker:
    """Whose words a model takes, by its id (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`)."""
    name = model.lower()
    if "claude" in name:
        return "claude"
    if "nova-2" in name:
        return "nova2"
    if "nova" in name:
        return "nova"
    return "gpt-oss" if "gpt-oss" in name else "other"


def decode_thinking(more: Fields) -> ReasoningSettings | None:
    """The settings, in whichever words; what is in none of them stays in `more`."""
    for name in _BLOCKS:
        if type(more.left.get(name)) is dict:
            inner = Fields(more.left.pop(name), more.at(name), strict=more.strict)
            return _decode_block(name, inner, _decode_effort(more))
    for name in _WORDS:
        if type(more.left.get(name)) is str:
            return ReasoningSettings(effort=more.text(name), extensions=extras(NAME, {"~field": name}))
    effort = _decode_effort(more)
    return None if effort is None else ReasoningSettings(effort=effort)


def _decode_block(name: str, inner: Fields, effort: str | None) -> ReasoningSettings:
    kind = inner.left.get("type")
    mode = _MODES.get(kind) if type(kind) is str else None
    if mode is not None:
        inner.any("type")
    within = inner.text("maxReasoningEffort")
    return ReasoningSettings(
        mode,
        effort if within is None else within,
        inner.integer("budget_tokens"),
        inner.text("display"),
        rest(inner, field=name),
    )


def _decode_effort(more: Fields) -> str | None:
    config = more.left.get("output_config")
    if type(config) is not dict or type(config.get("effort")) is not str:
        return None
    inner = Fields(more.left.pop("output_config"), more.at("output_config"), strict=more.strict)
    effort = inner.text("effort")
    left_in(more, "output_config", inner)
    return effort


def decode_top_k(more: Fields) -> tuple[int | None, str | None]:
    """The number, and where it stood."""
    if type(more.left.get("top_k")) is int:
        return more.integer("top_k"), "top_k"
    config = more.left.get("inferenceConfig")
    if type(config) is dict and type(config.get("topK")) is int:
        inner = Fields(more.left.pop("inferenceConfig"), more.at("inferenceConfig"), strict=more.strict)
        number = inner.integer("topK")
        left_in(more, "inferenceConfig", inner)
        return number, "topK"
    return None, None


def encode_top_k(top_k: int | None, where: str | None, more: dict[str, Any]) -> None:
    """Put it where the model looks for it."""
    if top_k is None:
        return
    if where == "topK":
        more["inferenceConfig"] = {"topK": top_k, **(more.get("inferenceConfig") or {})}
    else:
        more["top_k"] = top_k


def encode_thinking(settings: ReasoningSettings | None, more: dict[str, Any]) -> None:
    """Put the settings where the model looks for them; `field` (a spelling) names the place."""
    if settings is None:
        return
    field = spelled(settings.extensions, "field")
    if field in _WORDS and settings.mode is None and settings.budget is None:
        more[field] = settings.effort
        return
    known: dict[str, Any] = {
        "type": _TYPES.get(settings.mode or ""),
        "budget_tokens": settings.budget,
        "display": settings.display,
    }
    if field == "reasoningConfig":
        known["maxReasoningEffort"] = settings.effort
    elif settings.effort is not None:
        more["output_config"] = {**(more.get("output_config") or {}), "effort": settings.effort}
    block = {
        **{name: value for name, value in known.items() if value is not None},
        **put_back(settings.extensions),
    }
    if block or field is not None:
        more[field or "thinking"] = block


_SHOWS = re.compile(r"claude-(?:3|[a-z]+-4-(?:[0-6](?!\d)|\d{8}))")
"""Models that show what they think unasked; later ones omit it
(https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-7, "Thinking content omitted by
default")."""


def shown_by(model: str, settings: ReasoningSettings) -> ReasoningSettings:
    """`settings` without the wish to be shown what the model shows anyway."""
    if settings.display == "summarized" and _SHOWS.search(model.lower()):
        return msgspec.structs.replace(settings, display=None)
    return settings


def in_words_of(maker: Maker, settings: ReasoningSettings) -> ReasoningSettings | None:
    """`settings` of another dialect, marked with the field that models of `maker` take; `None`: they have none."""
    field = {"claude": "thinking", "nova2": "reasoningConfig", "gpt-oss": "reasoning_effort"}.get(maker)
    if field is None:
        return None
    return ReasoningSettings(
        settings.mode,
        settings.effort,
        settings.budget,
        settings.display,
        extras(NAME, {"~field": field}) if field else NO_EXTENSIONS,
    )
