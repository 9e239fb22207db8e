"""Tools and the choice among them.

A tool without a `type`, or of type `custom`, is the client's own and described by a schema. Every other type
is one that the API's maker defines (web search, bash, computer use, ...) and stays whole.
"""

from collections.abc import Sequence
from typing import Any

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.objects import Taken, put_back, spelled
from counterpoint.dialects.jsonio import refusal

_MODES: dict[str, Any] = {"auto": "auto", "any": "required", "tool": "tool", "none": "none"}
_TYPES = {mode: kind for kind, mode in _MODES.items()}
NO_SCHEMA: dict[str, Any] = {"type": "object", "properties": {}}
"""The schema of a tool without parameters: this dialect must have one."""


def decode_tools(values: Sequence[Any], path: str) -> tuple[Tool | OpaqueTool, ...]:
    """The `tools` of a request."""
    return tuple(_decode_tool(value, f"{path}[{index}]") for index, value in enumerate(values))


def _decode_tool(value: Any, path: str) -> Tool | OpaqueTool:
    taken = Taken(value, path)
    kind = taken.text("type")
    if kind not in {None, "custom"}:
        return OpaqueTool(NAME, str(kind), value)
    return Tool(
        taken.needed("name", taken.text),
        taken.text("description"),
        taken.object("input_schema"),
        taken.boolean("strict"),
        extensions=taken.rest(type=kind),
    )


def encode_tools(tools: Sequence[Tool | OpaqueTool]) -> list[dict[str, Any]]:
    """As this dialect has them; another dialect's own tools are left out (adapting has declared them)."""
    return [
        _encode_tool(tool) if isinstance(tool, Tool) else tool.value
        for tool in tools
        if isinstance(tool, Tool) or tool.dialect == NAME
    ]


def _encode_tool(tool: Tool) -> dict[str, Any]:
    known = {
        "type": spelled(tool.extensions, "type"),
        "name": tool.name,
        "description": tool.description,
        "input_schema": tool.parameters,
        "strict": tool.strict,
    }
    return {
        **put_back(tool.extensions),
        **{name: value for name, value in known.items() if value is not None},
    }


def decode_tool_choice(taken: Taken | None) -> tuple[ToolChoice | None, bool | None]:
    """The choice, and whether calls may be parallel (`None`: not said)."""
    if taken is None:
        return None, None
    kind = taken.needed("type", taken.text)
    mode = _MODES.get(kind)
    if mode is None:
        raise refusal(
            "dialects.field.value",
            taken.at("type"),
            path=taken.at("type"),
            wanted=", ".join(_MODES),
            found=kind,
        )
    name = taken.needed("name", taken.text) if mode == "tool" else None
    disabled = None if mode == "none" else taken.boolean("disable_parallel_tool_use")
    return ToolChoice(mode, name, taken.rest()), None if disabled is None else not disabled


def encode_tool_choice(choice: ToolChoice | None, parallel: bool | None) -> dict[str, Any] | None:
    """The `tool_choice`; one of `auto` where only parallel calls must be forbidden."""
    if choice is None:
        return {"type": "auto", "disable_parallel_tool_use": True} if parallel is False else None
    encoded = {**put_back(choice.extensions), "type": _TYPES[choice.mode]}
    if choice.name is not None:
        encoded["name"] = choice.name
    if parallel is not None and choice.mode != "none":
        encoded["disable_parallel_tool_use"] = not parallel
    return encoded
