"""Sampling, limits, thinking and the form of the answer, the same in both calls
(https://docs.ollama.com/api/generate, https://docs.ollama.com/modelfile#valid-parameters-and-values)."""

from typing import Any

from counterpoint.canonical import ChatRequest, OutputFormat, ReasoningSettings
from counterpoint.dialects.jsonio import Fields, refusal, wrong_type
from counterpoint.dialects.ollama.objects import spelled

OPTIONS = "options"
_NUMBERS = ("temperature", "top_p", "presence_penalty", "frequency_penalty")
_COUNTS = ("top_k", "seed")
_LIMIT = "num_predict"
"""Below zero: no limit."""


def decode_settings(fields: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arguments for `ChatRequest`, and spellings. What the hub has no word for stays in `fields`, options as
    `options.<name>`."""
    spellings: dict[str, Any] = {}
    found = _decode_options(fields, spellings)
    found["output"] = _decode_format(fields)
    found["reasoning"] = _decode_think(fields)
    found["logprobs"] = fields.boolean("logprobs")
    found["top_logprobs"] = fields.integer("top_logprobs")
    stream = fields.boolean("stream")
    if stream is None:
        spellings["stream"] = "absent"  # this API streams unless told not to
    found["stream"] = stream is not False
    found["include_usage"] = found["stream"]
    return found, spellings


def _decode_options(fields: Fields, spellings: dict[str, Any]) -> dict[str, Any]:
    options = fields.inner(OPTIONS)
    if options is None:
        return {}
    found: dict[str, Any] = {name: options.number(name) for name in _NUMBERS}
    found |= {name: options.integer(name) for name in _COUNTS}
    limit = options.integer(_LIMIT)
    if limit is not None and limit > 0:
        found["max_output"] = limit
    elif limit is not None:
        spellings["limit"] = limit
    found["stop"] = options.texts("stop") or ()
    if options.whole.get("stop") == []:
        spellings["stop"] = "empty"
    fields.left.update({f"{OPTIONS}.{name}": value for name, value in options.left.items()})
    if not options.whole:
        spellings["options"] = "empty"
    return found


def _decode_format(fields: Fields) -> OutputFormat | None:
    wanted = fields.left.get("format")
    if wanted is None:
        return None
    if wanted == "json":
        fields.any("format")
        return OutputFormat("json")
    if type(wanted) is dict:
        return OutputFormat("json_schema", fields.any("format"))
    if type(wanted) is str:
        raise refusal("dialects.field.value", "format", path="format", wanted="json, a schema", found=wanted)
    raise wrong_type("format", "string_or_object", wanted)


def _decode_think(fields: Fields) -> ReasoningSettings | None:
    wanted = fields.left.get("think")
    if type(wanted) is bool:
        return ReasoningSettings("on" if fields.any("think") else "off")
    effort = fields.text("think")
    return None if effort is None else ReasoningSettings(effort=effort)


def encode_settings(request: ChatRequest, left: dict[str, Any]) -> dict[str, Any]:
    """The fields of the settings; what the hub had no word for is taken out of `left`."""
    body: dict[str, Any] = {}
    if spelled(request.extensions, "stream") is None and "stream" not in left:
        body["stream"] = request.stream
    if request.output is not None and request.output.kind != "text":
        body["format"] = request.output.schema if request.output.schema is not None else "json"
    if request.reasoning is not None:
        body.update(_encode_think(request.reasoning))
    if request.logprobs is not None:
        body["logprobs"] = request.logprobs
    if request.top_logprobs is not None:
        body["top_logprobs"] = request.top_logprobs
    options = _encode_options(request, left)
    if options or spelled(request.extensions, "options") is not None:
        body[OPTIONS] = options
    return body


def _encode_think(settings: ReasoningSettings) -> dict[str, Any]:
    if settings.effort is not None:
        return {"think": settings.effort}
    return {} if settings.mode is None else {"think": settings.mode != "off"}


def _encode_options(request: ChatRequest, left: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: value for name in (*_NUMBERS, *_COUNTS) if (value := getattr(request, name)) is not None
    }
    limit = request.max_output if request.max_output is not None else spelled(request.extensions, "limit")
    if limit is not None:
        said[_LIMIT] = limit
    if request.stop or spelled(request.extensions, "stop") is not None:
        said["stop"] = list(request.stop)
    kept = [name for name in left if name.startswith(f"{OPTIONS}.")]
    return {**said, **{name.partition(".")[2]: left.pop(name) for name in kept}}
