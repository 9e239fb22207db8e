"""Tools and the choice among them.

A tool here is an object that declares functions, or names something that the host runs (`googleSearch`,
`codeExecution`), or several of these at once: https://ai.google.dev/api/caching#Tool.
"""

from collections.abc import Sequence
from typing import Any

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.objects import put_back, rest, spelled
from counterpoint.dialects.gemini_generate.schemas import json_schema
from counterpoint.dialects.jsonio import Fields

_FUNCTIONS = "functionDeclarations"


def decode_tools(fields: Fields) -> tuple[tuple[Tool | OpaqueTool, ...], Any]:
    """The tools, and how they were written where `encode_tools` would write them otherwise."""
    raw = fields.left.get("tools")
    tools: list[Tool | OpaqueTool] = []
    for tool in fields.each("tools"):
        tools += [_decode_function(item) for item in tool.each(_FUNCTIONS)]
        tools += [
            OpaqueTool(NAME, name, {name: value}) for name, value in tool.left.items() if value is not None
        ]
    listed = tuple(tools)
    usual = raw is None or (listed and raw == encode_tools(listed))
    return listed, None if usual else raw


def _decode_function(fields: Fields) -> Tool:
    name, description = fields.needed("name", fields.text), fields.text("description")
    own, plain = fields.object("parameters"), fields.object("parametersJsonSchema")
    if plain is not None and own is not None:
        fields.left["parameters"] = own
    parameters = plain if plain is not None else None if own is None else json_schema(own)
    return Tool(
        name,
        description,
        parameters,
        extensions=rest(fields, parameters=own if plain is None else None),
    )


def encode_tools(tools: Sequence[Tool | OpaqueTool]) -> list[dict[str, Any]]:
    """Functions in one object, as the API's own clients write them; whatever the host runs after them."""
    functions = [_encode_function(tool) for tool in tools if isinstance(tool, Tool)]
    listed: list[dict[str, Any]] = [{_FUNCTIONS: functions}] if functions else []
    listed += [dict(tool.value) for tool in tools if isinstance(tool, OpaqueTool)]
    return listed


def _encode_function(tool: Tool) -> dict[str, Any]:
    said: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        said["description"] = tool.description
    own = spelled(tool.extensions, "parameters")
    if own is not None:
        said["parameters"] = own
    elif tool.parameters is not None:
        said["parametersJsonSchema"] = tool.parameters
    return {**said, **put_back(tool.extensions)}


_MODES: dict[str, Any] = {"AUTO": "auto", "ANY": "required", "NONE": "none", "VALIDATED": "auto"}
"""`VALIDATED` is `AUTO` whose calls obey their schemas."""
_NUMBERS = {1: "AUTO", 2: "ANY", 3: "NONE", 4: "VALIDATED"}
_WORDS = {"auto": "AUTO", "required": "ANY", "tool": "ANY", "none": "NONE"}


def decode_choice(fields: Fields) -> ToolChoice | None:
    """The choice in a `toolConfig`; what the hub has no word for stays where it was."""
    config = fields.inner("toolConfig")
    if config is None:
        return None
    calling = config.inner("functionCallingConfig")
    choice = _choice(calling) if calling is not None else None
    if calling is not None and (calling.left or choice is None):
        config.left["functionCallingConfig"] = calling.left
    if config.left or calling is None:
        fields.left["toolConfig"] = config.left
    return choice


def _choice(calling: Fields) -> ToolChoice | None:
    written = calling.left.get("mode")
    mode = _NUMBERS.get(written) if type(written) is int else written
    if type(mode) is not str or mode not in _MODES:
        return None
    calling.any("mode")
    names = calling.texts("allowedFunctionNames")
    kept: dict[str, Any] = {} if mode == written else {"~number": written}
    if mode == "ANY" and names is not None and len(names) == 1:
        return ToolChoice("tool", names[0], extras(NAME, kept))
    if names is not None:
        kept["allowedFunctionNames"] = list(names)
    if mode == "VALIDATED":
        kept["mode"] = written  # no other dialect has a word for it
    return ToolChoice(_MODES[mode], extensions=extras(NAME, kept))


def encode_choice(choice: ToolChoice | None, config: dict[str, Any]) -> dict[str, Any]:
    """The `toolConfig`, of which `config` is what the hub had no word for."""
    if choice is None:
        return config
    calling: dict[str, Any] = {"mode": spelled(choice.extensions, "number") or _WORDS[choice.mode]}
    if choice.mode == "tool" and choice.name is not None:
        calling["allowedFunctionNames"] = [choice.name]
    calling.update(put_back(choice.extensions))
    return {**config, "functionCallingConfig": {**(config.get("functionCallingConfig") or {}), **calling}}
