"""Everything of another dialect's request but its messages, as this one wants it."""

from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, OutputFormat
from counterpoint.dialects.anthropic_messages.adapting.thinking import adapt_thinking
from counterpoint.dialects.anthropic_messages.adapting.tools import adapt_choice, adapt_tools
from counterpoint.dialects.anthropic_messages.generations import Generation, generation_of
from counterpoint.dialects.anthropic_messages.schemas import obeyable
from counterpoint.dialects.base import Target
from counterpoint.dialects.losing import Losing

_TIERS = {"auto": "auto", "standard_only": "standard_only", "default": "standard_only"}
"""Service tiers that mean the same: `default` elsewhere is "no priority", which is `standard_only` here."""


def adapt_settings(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with settings that this dialect has for `target`."""
    generation = generation_of(target)
    losing.fields(request.extensions, "")
    _leave_out(request, losing)
    changes: dict[str, Any] = {
        "n": None,
        "seed": None,
        "logprobs": None,
        "top_logprobs": None,
        "frequency_penalty": None,
        "presence_penalty": None,
        "metadata": None,
        "max_output": _max_output(request, target, losing),
        "stop": _stop(request, losing),
        "service_tier": _tier(request, losing),
        "output": _output(request.output, generation, losing),
        "tools": adapt_tools(request, generation, losing),
    }
    request = msgspec.structs.replace(request, **changes)
    request = adapt_choice(request, losing)
    request = msgspec.structs.replace(request, **_sampling(request, generation, losing))
    return adapt_thinking(request, generation, losing)


def _leave_out(request: ChatRequest, losing: Losing) -> None:
    """Declare what this dialect has no setting for."""
    if request.n not in {None, 1}:
        losing.lose("n", "n", "meaning", "the target gives one answer")
    if request.seed is not None:
        losing.lose("seed", "seed", "degraded", "the target samples without a seed")
    if request.logprobs:
        losing.lose("logprobs", "logprobs", "meaning", "the target reports no probabilities")
    if request.top_logprobs is not None:
        losing.lose("logprobs", "top_logprobs", "meaning", "the target reports no probabilities")
    if request.frequency_penalty:
        losing.lose("frequency_penalty", "frequency_penalty", "degraded", "the target has no penalties")
    if request.presence_penalty:
        losing.lose("presence_penalty", "presence_penalty", "degraded", "the target has no penalties")
    if request.metadata is not None:
        losing.lose("metadata", "metadata", "cosmetic", "the target keeps no tags")


def _max_output(request: ChatRequest, target: Target, losing: Losing) -> int:
    if request.max_output is not None:
        return request.max_output
    detail = f"the target demands a limit: {target.max_output_default}"
    losing.lose("max_output.default", "max_output", "cosmetic", detail)
    return target.max_output_default


def _stop(request: ChatRequest, losing: Losing) -> tuple[str, ...]:
    for index, sequence in enumerate(request.stop):
        if not sequence.strip():
            losing.lose("stop.blank", f"stop[{index}]", "degraded", "a stop sequence must not be blank")
    return tuple(sequence for sequence in request.stop if sequence.strip())


def _tier(request: ChatRequest, losing: Losing) -> str | None:
    if request.service_tier is None:
        return None
    tier = _TIERS.get(request.service_tier)
    if tier != request.service_tier:
        losing.lose("service_tier", "service_tier", "degraded", "the target has other service tiers")
    return tier


def _output(output: OutputFormat | None, generation: Generation, losing: Losing) -> OutputFormat | None:
    if output is None:
        return None
    losing.fields(output.extensions, "output")
    if output.kind == "json":
        losing.lose("output.json", "output", "degraded", "the target has no JSON mode without a schema")
    if output.kind == "json_schema" and not generation.structured:
        losing.lose("output.json_schema", "output", "meaning", "the model cannot be held to a schema")
    if output.kind != "json_schema" or not generation.structured:
        return None
    for name in ("name", "description"):
        if getattr(output, name) is not None:
            losing.lose(f"output.{name}", f"output.{name}", "cosmetic", "a schema has no such label here")
    if output.strict is False:
        losing.lose("output.strict", "output.strict", "cosmetic", "the target always obeys a schema")
    schema = obeyable(output.schema or {})
    if schema != output.schema:
        detail = "rules that the target cannot hold to are in descriptions"
        losing.lose("output.schema", "output.schema", "degraded", detail)
    return OutputFormat("json_schema", schema)


def _sampling(request: ChatRequest, generation: Generation, losing: Losing) -> dict[str, Any]:
    """Temperature, `top_p` and `top_k` as far as the model takes them."""
    temperature, top_p, top_k = request.temperature, request.top_p, request.top_k
    if not generation.sampling:
        for name, value in (("temperature", temperature), ("top_p", top_p), ("top_k", top_k)):
            if value is not None:
                losing.lose(f"{name}.unsupported", name, "degraded", "the model takes no sampling parameters")
        return {"temperature": None, "top_p": None, "top_k": None}
    if temperature is not None and temperature > 1:
        losing.lose("temperature.range", "temperature", "degraded", "the target's highest is 1")
        temperature = 1.0
    if temperature is not None and top_p is not None and not generation.both_samplers:
        losing.lose("top_p.with_temperature", "top_p", "degraded", "the model takes one of the two")
        top_p = None
    return {"temperature": temperature, "top_p": top_p, "top_k": top_k}
