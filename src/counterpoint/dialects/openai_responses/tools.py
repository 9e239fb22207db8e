"""Tools and the choice among them.

A tool of type `function` or `custom` is the client's own. Every other type is run or defined by the API's host
(searches, interpreters, MCP servers, namespaces, ...) and stays whole.
"""

from collections.abc import Sequence
from typing import Any

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields, wrong_type
from counterpoint.dialects.openai_responses.names import NAME, TYPE

Json = dict[str, Any]
_MODES = {"auto", "none", "required"}
_ABSENT = "absent"


def decode_tools(fields: Fields) -> tuple[Tool | OpaqueTool, ...]:
    """The `tools` of a request."""
    return tuple(_decode_tool(item) for item in fields.each("tools"))


def _decode_tool(fields: Fields) -> Tool | OpaqueTool:
    kind = fields.needed("type", fields.text)
    if kind not in {"function", "custom"}:
        return OpaqueTool(NAME, kind, fields.whole)
    name, description = fields.needed("name", fields.text), fields.text("description")
    if kind == "custom":
        return Tool(name, description, kind="custom", extensions=extras(NAME, fields.left))
    parameters, strict = fields.object("parameters"), fields.boolean("strict")
    marks: Json = {}
    for field, value in (("parameters", parameters), ("strict", strict)):
        if value is None and field not in fields.left:
            marks["~" + field] = _ABSENT
    return Tool(name, description, parameters, strict, extensions=extras(NAME, {**fields.left, **marks}))


def encode_tools(tools: Sequence[Tool | OpaqueTool]) -> list[Json]:
    """As this dialect has them; another dialect's own tools are left out (adapting has declared them)."""
    return [
        _encode_tool(tool) if isinstance(tool, Tool) else dict(tool.value)
        for tool in tools
        if isinstance(tool, Tool) or tool.dialect == NAME
    ]


def _encode_tool(tool: Tool) -> Json:
    body: Json = {**fields_of(tool.extensions, NAME), "type": tool.kind, "name": tool.name}
    if tool.description is not None:
        body["description"] = tool.description
    if tool.kind == "function":
        for name in ("parameters", "strict"):
            value = getattr(tool, name)
            if value is not None or (name not in body and spelling(tool.extensions, NAME, name) != _ABSENT):
                body[name] = value
    return body


def decode_tool_choice(fields: Fields) -> ToolChoice | None:
    """`tool_choice`. A tool of the host's, and what the hub has no word for, stays an extension."""
    value = fields.left.get("tool_choice")
    if type(value) is str:
        if value not in _MODES:
            return None
        return ToolChoice(fields.any("tool_choice"))
    if value is None:
        return None
    if type(value) is not dict:
        raise wrong_type("tool_choice", "string_or_object", value)
    choice = Fields(value, "tool_choice")
    kind = choice.text("type")
    if kind == "allowed_tools":
        mode: Any = "required" if value.get("mode") == "required" else "auto"
        choice.any("type")
        del fields.left["tool_choice"]
        return ToolChoice(mode, extensions=extras(NAME, {kind: value}))
    if kind not in {"function", "custom"}:
        return None
    name = choice.needed("name", choice.text)
    del fields.left["tool_choice"]
    marks = {"~" + TYPE: kind} if kind == "custom" else {}
    return ToolChoice("tool", name, extras(NAME, {**choice.left, **marks}))


def encode_tool_choice(choice: ToolChoice) -> Any:
    """The `tool_choice`."""
    rest = fields_of(choice.extensions, NAME)
    if "allowed_tools" in rest:
        return rest["allowed_tools"]
    if choice.mode != "tool":
        return choice.mode
    return {**rest, "type": spelling(choice.extensions, NAME, TYPE) or "function", "name": choice.name}
