"""`generationConfig`: sampling, limits, what the answer must look like, and how much to think.

https://ai.google.dev/api/generate-content#GenerationConfig and https://ai.google.dev/gemini-api/docs/thinking.
"""

from typing import Any

from counterpoint.canonical import ChatRequest, OutputFormat, ReasoningSettings
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.objects import put_back, rest, spelled
from counterpoint.dialects.gemini_generate.schemas import json_schema
from counterpoint.dialects.jsonio import Fields

CONFIG = "generationConfig"
_NUMBERS = {
    "temperature": "temperature",
    "top_p": "topP",
    "presence_penalty": "presencePenalty",
    "frequency_penalty": "frequencyPenalty",
}
_COUNTS = {
    "top_k": "topK",
    "n": "candidateCount",
    "max_output": "maxOutputTokens",
    "seed": "seed",
    "top_logprobs": "logprobs",
}
FIELDS = {**_NUMBERS, **_COUNTS, "logprobs": "responseLogprobs", "stop": "stopSequences"}
"""The hub's names to this dialect's."""
_JSON = "application/json"
_USUAL = (["TEXT"], ["Text"], ["text"])


def decode_settings(fields: Fields) -> tuple[dict[str, Any], Any]:
    """Arguments for `ChatRequest`, and the modalities where they are the usual ones. What the hub has no word
    for stays in `fields`, each under its own name."""
    config = fields.inner(CONFIG)
    if config is None:
        return {}, None
    found: dict[str, Any] = {name: config.number(field) for name, field in _NUMBERS.items()}
    found |= {name: config.integer(field) for name, field in _COUNTS.items()}
    found["logprobs"] = config.boolean("responseLogprobs")
    found["output"] = _decode_output(config)
    found["reasoning"] = _decode_thinking(config)
    if config.left.get("stopSequences") != []:
        found["stop"] = config.texts("stopSequences") or ()
    spoken = config.any("responseModalities") if config.left.get("responseModalities") in _USUAL else None
    fields.left.update({f"{CONFIG}.{name}": value for name, value in config.left.items()})
    return found, spoken


def _decode_output(config: Fields) -> OutputFormat | None:
    kind = config.left.get("responseMimeType")
    own, plain = config.left.get("responseSchema"), config.left.get("responseJsonSchema")
    if kind == "text/plain" and own is None and plain is None:
        config.any("responseMimeType")
        return OutputFormat("text")
    if kind != _JSON:
        return None
    if type(plain) is dict and own is None:
        config.any("responseMimeType")
        return OutputFormat("json_schema", config.any("responseJsonSchema"))
    if type(own) is dict and plain is None:
        config.any("responseMimeType")
        schema = config.any("responseSchema")
        return OutputFormat("json_schema", json_schema(schema), extensions=extras(NAME, {"~schema": schema}))
    if own is None and plain is None:
        config.any("responseMimeType")
        return OutputFormat("json")
    return None


def _decode_thinking(config: Fields) -> ReasoningSettings | None:
    thinking = config.inner("thinkingConfig")
    if thinking is None:
        return None
    budget, shown = thinking.integer("thinkingBudget"), thinking.boolean("includeThoughts")
    level = thinking.text("thinkingLevel")
    mode: Any = None if budget is None else "off" if budget == 0 else "adaptive" if budget < 0 else "on"
    return ReasoningSettings(
        mode,
        None if level is None else level.lower(),
        budget if mode == "on" else None,
        None if shown is None else "summarized" if shown else "omitted",
        rest(
            thinking,
            budget=budget if budget is not None and mode != "on" else None,
            level=level,
        ),
    )


def encode_settings(request: ChatRequest, left: dict[str, Any]) -> dict[str, Any]:
    """The `generationConfig`; what the hub had no word for is taken out of `left`."""
    config = {name: left.pop(f"{CONFIG}.{name}") for name in _named(left)}
    spoken = spelled(request.extensions, "modalities")
    if spoken is not None:
        config["responseModalities"] = spoken
    said: dict[str, Any] = {}
    for name, field in FIELDS.items():
        value = getattr(request, name)
        if value is not None and value != ():
            said[field] = list(value) if isinstance(value, tuple) else value
    if request.output is not None:
        said.update(_encode_output(request.output))
    thinking = None if request.reasoning is None else _encode_thinking(request.reasoning)
    if thinking is not None:
        said["thinkingConfig"] = thinking
    return {**said, **config}


def _named(left: dict[str, Any]) -> list[str]:
    return [name.partition(".")[2] for name in left if name.startswith(f"{CONFIG}.")]


def _encode_output(output: OutputFormat) -> dict[str, Any]:
    if output.kind == "text":
        return {"responseMimeType": "text/plain"}
    own = spelled(output.extensions, "schema")
    if own is not None:
        return {"responseMimeType": _JSON, "responseSchema": own}
    if output.kind == "json_schema" and output.schema is not None:
        return {"responseMimeType": _JSON, "responseJsonSchema": output.schema}
    return {"responseMimeType": _JSON}


def _encode_thinking(settings: ReasoningSettings) -> dict[str, Any] | None:
    said: dict[str, Any] = put_back(settings.extensions)
    if settings.display is not None:
        said["includeThoughts"] = settings.display == "summarized"
    own = spelled(settings.extensions, "budget")
    if own is not None:
        said["thinkingBudget"] = own
    elif settings.budget is not None:
        said["thinkingBudget"] = settings.budget
    if settings.effort is not None:
        said["thinkingLevel"] = spelled(settings.extensions, "level") or settings.effort.upper()
    return said
