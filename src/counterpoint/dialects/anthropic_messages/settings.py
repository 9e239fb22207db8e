"""How much to think and what the answer must look like: `thinking`, `output_config`, `output_format`.

`output_format` at the top level is how structured output began (a beta of 2025); `output_config.format` is
how it is written now. Both are read; each goes back where it came from.
"""

from typing import Any

from counterpoint.canonical import OutputFormat, ReasoningSettings
from counterpoint.dialects.anthropic_messages.objects import Taken, put_back, spelled

_MODES: dict[str, Any] = {"enabled": "on", "disabled": "off", "adaptive": "adaptive"}
_TYPES = {mode: kind for kind, mode in _MODES.items()}


def decode_reasoning(thinking: Taken | None, effort: str | None) -> ReasoningSettings | None:
    """`thinking` and `output_config.effort`, which are one thing to the hub."""
    if thinking is None:
        return None if effort is None else ReasoningSettings(effort=effort)
    kind = thinking.needed("type", thinking.text)
    mode = _MODES.get(kind)
    if mode is None:
        thinking.left["type"] = kind
    budget, display = thinking.integer("budget_tokens"), thinking.text("display")
    return ReasoningSettings(mode, effort, budget, display, thinking.rest(written=True))


def encode_thinking(reasoning: ReasoningSettings) -> dict[str, Any] | None:
    """The `thinking` of a request; `None`: nothing to say."""
    if reasoning.mode is None and not spelled(reasoning.extensions, "written"):
        return None
    known = {
        "type": _TYPES.get(reasoning.mode or ""),
        "budget_tokens": reasoning.budget,
        "display": reasoning.display,
    }
    return {
        **put_back(reasoning.extensions),
        **{name: value for name, value in known.items() if value is not None},
    }


def decode_output(request: Taken, config: Taken | None) -> OutputFormat | None:
    """The format, wherever it stands. One that the hub has no word for stays where it was."""
    if config is not None and "format" in config:
        return _decode_format(config, "format", None)
    return _decode_format(request, "output_format", "output_format") if "output_format" in request else None


def _decode_format(holder: Taken, name: str, place: str | None) -> OutputFormat | None:
    raw = holder.object(name)
    if raw is None or raw.get("type") != "json_schema" or type(raw.get("schema")) is not dict:
        holder.left[name] = raw
        return None
    taken = Taken(raw, holder.at(name))
    taken.any("type")
    return OutputFormat("json_schema", taken.object("schema"), extensions=taken.rest(place=place))


def encode_format(output: OutputFormat) -> dict[str, Any]:
    """The format itself."""
    return {**put_back(output.extensions), "type": "json_schema", "schema": output.schema or {}}


def at_top_level(output: OutputFormat) -> bool:
    """Whether the caller wrote `output_format`."""
    return bool(spelled(output.extensions, "place") == "output_format")
