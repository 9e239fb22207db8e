"""Tools and the choice among them: `toolConfig`.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Tool.html. A tool is the client's own (`toolSpec`),
one that the host runs (`systemTool`), or a cache point, which is kept with the tool before it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.dialects.bedrock_converse.names import CACHE, NAME
from counterpoint.dialects.bedrock_converse.objects import left_in, put_back, rest, spelled
from counterpoint.dialects.bedrock_converse.parts import POINT, marked, point_of
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields

NO_SCHEMA: dict[str, Any] = {"type": "object", "properties": {}}
"""The schema of a tool without parameters: this dialect must have one."""

_CHOICES: dict[str, Any] = {"auto": "auto", "any": "required", "tool": "tool"}
_WORDS = {mode: word for word, mode in _CHOICES.items()}

Tools = tuple[Tool | OpaqueTool, ...]


def decode_tools(fields: Fields) -> tuple[Tools, ToolChoice | None, Any]:
    """Tools, the choice, and the spelling of a `toolConfig` that has none of them."""
    written = fields.left.get("toolConfig")
    config = fields.inner("toolConfig")
    if config is None:
        return (), None, None
    listed = config.left.get("tools")
    tools: list[Tool | OpaqueTool] = []
    for item in config.each("tools"):
        tool = _marked(tools, item)
        if tool is not None:
            tools[-1] = tool
        else:
            tools.append(_decode_tool(item))
    choice = _decode_choice(config)
    left_in(fields, "toolConfig", config)
    bare = "empty" if listed == [] else "absent" if not tools else None
    return tuple(tools), choice, None if written is None else bare


def _marked(tools: list[Tool | OpaqueTool], item: Fields) -> Tool | None:
    point, last = item.left.get(POINT), tools[-1] if tools else None
    if type(point) is not dict or len(item.left) > 1 or not isinstance(last, Tool):
        return None
    if CACHE in last.extensions.get(NAME, {}):
        return None
    return msgspec.structs.replace(last, extensions=marked(last.extensions, point))


def _decode_tool(fields: Fields) -> Tool | OpaqueTool:
    if "toolSpec" not in fields:
        kind = next(iter(fields.whole), "")
        named = fields.whole.get(kind)
        name = named.get("name") if type(named) is dict else None
        return OpaqueTool(NAME, name if kind == "systemTool" and type(name) is str else kind, fields.whole)
    inner = fields.needed("toolSpec", fields.inner)
    name, description = inner.needed("name", inner.text), inner.text("description")
    holder = inner.inner("inputSchema")
    parameters = None if holder is None else holder.object("json")
    if holder is not None and (holder.left or parameters is None):
        inner.left["inputSchema"] = holder.left
    strict = inner.boolean("strict")
    left_in(fields, "toolSpec", inner)
    return Tool(name, description, parameters, strict, extensions=rest(fields))


def _decode_choice(config: Fields) -> ToolChoice | None:
    holder = config.inner("toolChoice")
    if holder is None:
        return None
    word = next((name for name in _CHOICES if name in holder), None)
    if word is None:
        config.left["toolChoice"] = holder.left
        return None
    inner = holder.needed(word, holder.inner)
    name = inner.needed("name", inner.text) if word == "tool" else None
    return ToolChoice(_CHOICES[word], name, extras(NAME, {**inner.left, **holder.left}))


def encode_tools(tools: Sequence[Tool | OpaqueTool], choice: ToolChoice | None, how: Any) -> dict[str, Any]:
    """The `toolConfig`; empty where there is nothing to say."""
    config: dict[str, Any] = {}
    listed: list[dict[str, Any]] = []
    for tool in tools:
        if isinstance(tool, OpaqueTool):
            if tool.dialect == NAME:
                listed.append(tool.value)
            continue
        said = _encode_tool(tool)
        mark = said.pop(CACHE, None)
        listed.append(said)
        if mark is not None:
            listed.append({POINT: spelled(tool.extensions, "point") or point_of(mark)})
    if listed or how == "empty":
        config["tools"] = listed
    if choice is not None and choice.mode in _WORDS:
        inner = put_back(choice.extensions)
        if choice.name is not None:
            inner["name"] = choice.name
        config["toolChoice"] = {_WORDS[choice.mode]: inner}
    return config


def _encode_tool(tool: Tool) -> dict[str, Any]:
    fields = put_back(tool.extensions)
    inner: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        inner["description"] = tool.description
    if tool.parameters is not None:
        inner["inputSchema"] = {"json": tool.parameters}
    if tool.strict is not None:
        inner["strict"] = tool.strict
    left = dict(fields.pop("toolSpec", None) or {})
    if "inputSchema" in left and "inputSchema" in inner:
        inner["inputSchema"] = {**inner["inputSchema"], **left.pop("inputSchema")}
    return {"toolSpec": {**inner, **left}, **fields}
