"""Where something in canonical form stood in a request to Amazon Bedrock.

See `counterpoint.dialects.paths`, of which this is the part for Converse.
"""

import re

from counterpoint.canonical import ChatRequest, Extensions, ToolResult
from counterpoint.dialects.extensions import spelling

_CONVERSE = "bedrock-converse"
_CACHE = "cache_control"
_PART = re.compile(r"messages\[(\d+)\](?:\.parts\[(\d+)\])?(.*)", re.DOTALL)
_TOOL = re.compile(r"tools\[(\d+)\](.*)", re.DOTALL)
_IN_RESULT = re.compile(r"\.content\[(\d+)\](.*)", re.DOTALL)
_MARK = re.compile(r"(.*)\[(\d+)\]\.cache_control", re.DOTALL)
_POINT = re.compile(r"(.*)\[([1-9]\d*)\]\.cachePoint", re.DOTALL)
_MORE = "additionalModelRequestFields"
_FIELDS = {
    "max_output": "inferenceConfig.maxTokens",
    "temperature": "inferenceConfig.temperature",
    "top_p": "inferenceConfig.topP",
    "stop": "inferenceConfig.stopSequences",
    "tools": "toolConfig.tools",
    "tool_choice": "toolConfig.toolChoice",
    "output": "outputConfig.textFormat",
    "output.name": "outputConfig.textFormat.structure.jsonSchema.name",
    "output.description": "outputConfig.textFormat.structure.jsonSchema.description",
    "output.schema": "outputConfig.textFormat.structure.jsonSchema.schema",
    "top_k": f"{_MORE}.top_k",
    "service_tier": "serviceTier.type",
    "metadata": "requestMetadata",
}


def bedrock_converse(request: ChatRequest, path: str) -> str:
    """In a request to converse; a cache point is a block of its own, after the part that it is kept with."""
    match = _PART.fullmatch(path)
    if match is None:
        return _field(request, path)
    index, part, tail = int(match[1]), match[2], match[3]
    first = bool(request.messages) and request.messages[0].role == "system"
    base = "system" if first and index == 0 else f"messages[{index - first}]"
    if part is None or index >= len(request.messages):
        return base + tail
    parts, place = request.messages[index].parts, int(part)
    block = place + sum(_is_marked(getattr(item, "extensions", {})) for item in parts[:place])
    at = f"system[{block}]" if base == "system" else f"{base}.content[{block}]"
    value = parts[place] if place < len(parts) else None
    inner = _IN_RESULT.fullmatch(tail)
    if isinstance(value, ToolResult) and inner is not None:
        return f"{at}.toolResult.content[{inner[1]}]{_TAILS.get(inner[2], inner[2])}"
    return at + _TAILS.get(tail, tail)


_TAILS = {
    ".is_error": ".toolResult.status",
    ".title": ".document.name",
    ".context": ".document.context",
    ".citations": ".citationsContent.citations",
}
"""What the hub knows of a part, as this dialect's blocks have it."""


def _is_marked(extensions: Extensions) -> bool:
    return _CACHE in extensions.get(_CONVERSE, {})


def _field(request: ChatRequest, path: str) -> str:
    tool = _TOOL.fullmatch(path)
    if tool is not None:
        number = int(tool[1])
        shift = sum(_is_marked(getattr(item, "extensions", {})) for item in request.tools[:number])
        spec = ".toolSpec" if tool[2].startswith((".strict", ".description", ".name")) else ""
        return f"toolConfig.tools[{number + shift}]{spec}{tool[2]}"
    name, _, tail = path.partition(".")
    if name == "reasoning":
        settings = request.reasoning
        word = None if settings is None else spelling(settings.extensions, _CONVERSE, "field")
        if word is None or tail == "effort":
            word = word if word in {"reasoning_effort", "reasoning_config"} else word or "output_config"
        return f"{_MORE}.{word}"
    if path == "top_k" and spelling(request.extensions, _CONVERSE, "top_k") == "topK":
        return f"{_MORE}.inferenceConfig.topK"
    known = _FIELDS.get(path)
    if known is not None:
        return known
    return _FIELDS.get(name, name) + (f".{tail}" if tail else "")


def mark_path(path: str) -> str:
    """The other way round: the part whose cache point stood at `path`."""
    match = _POINT.fullmatch(path)
    return path if match is None else f"{match[1]}[{int(match[2]) - 1}].cache_control"


def point_path(path: str) -> str:
    """Where a cache mark stood that is kept at `path`; any other path as it is."""
    match = _MARK.fullmatch(path)
    return path if match is None else f"{match[1]}[{int(match[2]) + 1}].cachePoint"
