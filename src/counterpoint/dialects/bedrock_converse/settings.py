"""`inferenceConfig`, `outputConfig`, tier and labels, and what is in `additionalModelRequestFields`.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html.
"""

from typing import Any

from counterpoint.canonical import ChatRequest, OutputFormat
from counterpoint.dialects.bedrock_converse.objects import left_in, put_back, rest, spelled
from counterpoint.dialects.bedrock_converse.thinking import (
    decode_thinking,
    decode_top_k,
    encode_thinking,
    encode_top_k,
)
from counterpoint.dialects.jsonio import Fields, compact, parse

CONFIG, MORE, OUTPUT, TIER, LABELS = (
    "inferenceConfig",
    "additionalModelRequestFields",
    "outputConfig",
    "serviceTier",
    "requestMetadata",
)


def decode_settings(fields: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arguments for `ChatRequest`, and spellings. What the hub has no word for stays in `fields`."""
    empty: dict[str, Any] = {name: {} for name in (CONFIG, MORE) if fields.left.get(name) == {}}
    found = _decode_config(fields)
    more = fields.inner(MORE)
    where = None
    if more is not None:
        found["reasoning"] = decode_thinking(more)
        found["top_k"], where = decode_top_k(more)
        fields.left.update({f"{MORE}.{name}": value for name, value in more.left.items()})
    found["output"] = _decode_output(fields)
    tier = fields.inner(TIER)
    if tier is not None:
        found["service_tier"] = tier.text("type")
        left_in(fields, TIER, tier)
    found["metadata"] = fields.object(LABELS)
    return found, {"top_k": where, "empty": empty or None, "stop": found.pop("stop_how", None)}


def _decode_config(fields: Fields) -> dict[str, Any]:
    config = fields.inner(CONFIG)
    if config is None:
        return {}
    found: dict[str, Any] = {
        "max_output": config.integer("maxTokens"),
        "temperature": config.number("temperature"),
        "top_p": config.number("topP"),
    }
    stop = config.texts("stopSequences")
    found["stop"] = stop or ()
    found["stop_how"] = [] if stop == () else None
    left_in(fields, CONFIG, config)
    return found


def _decode_output(fields: Fields) -> OutputFormat | None:
    config: Any = fields.left.get(OUTPUT)
    form: Any = config.get("textFormat") if type(config) is dict else None
    structure: Any = form.get("structure") if type(form) is dict else None
    raw = structure.get("jsonSchema") if type(structure) is dict else None
    text = raw.get("schema") if type(raw) is dict else None
    schema = _schema(text)
    if schema is None or form.get("type") != "json_schema" or len(config) + len(structure) > 2:
        return None  # not as this API describes it: it stays as it is
    del fields.left[OUTPUT]
    inner = Fields(raw, f"{OUTPUT}.textFormat.structure.jsonSchema", strict=fields.strict)
    inner.text("schema")
    written = text if text != compact(schema) else None
    return OutputFormat(
        "json_schema",
        schema,
        inner.text("name"),
        inner.text("description"),
        extensions=rest(inner, schema=written),
    )


def _schema(text: Any) -> dict[str, Any] | None:
    try:
        value = parse(text) if type(text) is str else None
    except ValueError:
        value = None
    return value if type(value) is dict else None


def encode_settings(request: ChatRequest, left: dict[str, Any]) -> dict[str, Any]:
    """All of them; what the hub had no word for is taken out of `left`."""
    empty = spelled(request.extensions, "empty") or {}
    said: dict[str, Any] = {}
    config = _encode_config(request, left.pop(CONFIG, None) or {})
    if config or CONFIG in empty:
        said[CONFIG] = config
    more = {name: left.pop(f"{MORE}.{name}") for name in _named(left)}
    encode_thinking(request.reasoning, more)
    encode_top_k(request.top_k, spelled(request.extensions, "top_k"), more)
    if more or MORE in empty:
        said[MORE] = more
    if request.output is not None and request.output.kind == "json_schema":
        said[OUTPUT] = _encode_output(request.output)
    if request.service_tier is not None:
        said[TIER] = {"type": request.service_tier, **(left.pop(TIER, None) or {})}
    if request.metadata is not None:
        said[LABELS] = request.metadata
    return said


def _named(left: dict[str, Any]) -> list[str]:
    return [name.partition(".")[2] for name in left if name.startswith(f"{MORE}.")]


def _encode_config(request: ChatRequest, left: dict[str, Any]) -> dict[str, Any]:
    known = {
        "maxTokens": request.max_output,
        "temperature": request.temperature,
        "topP": request.top_p,
        "stopSequences": list(request.stop) or spelled(request.extensions, "stop"),
    }
    return {**{name: value for name, value in known.items() if value is not None}, **left}


def _encode_output(output: OutputFormat) -> dict[str, Any]:
    inner: dict[str, Any] = {"schema": spelled(output.extensions, "schema") or compact(output.schema or {})}
    if output.name is not None:
        inner["name"] = output.name
    if output.description is not None:
        inner["description"] = output.description
    inner |= put_back(output.extensions)
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": inner}}}
