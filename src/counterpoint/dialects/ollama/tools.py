"""Tools: functions with a JSON schema, as in OpenAI's chat API."""

from typing import Any

from counterpoint.canonical import OpaqueTool, Tool
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.ollama.names import NAME
from counterpoint.dialects.ollama.objects import put_back, rest, spelled

_OF_FUNCTION = "function."
"""Before the name of a field that stood in `function`."""


def decode_tools(fields: Fields) -> tuple[Tool | OpaqueTool, ...]:
    """The tools of a request."""
    return tuple(_decode_tool(item) for item in fields.each("tools"))


def _decode_tool(fields: Fields) -> Tool | OpaqueTool:
    kind = fields.text("type")
    if kind not in {None, "function"}:
        return OpaqueTool(NAME, str(kind), fields.whole)
    function = fields.needed("function", fields.inner)
    name = function.needed("name", function.text)
    described, parameters = function.text("description"), function.object("parameters")
    fields.left.update({_OF_FUNCTION + key: value for key, value in function.left.items()})
    return Tool(name, described, parameters, extensions=rest(fields, type=None if kind else "absent"))


def encode_tools(tools: tuple[Tool | OpaqueTool, ...]) -> list[Any]:
    """The `tools` of a request."""
    return [tool.value if isinstance(tool, OpaqueTool) else _encode_tool(tool) for tool in tools]


def _encode_tool(tool: Tool) -> dict[str, Any]:
    left = put_back(tool.extensions)
    function: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        function["description"] = tool.description
    if tool.parameters is not None:
        function["parameters"] = tool.parameters
    for name in [name for name in left if name.startswith(_OF_FUNCTION)]:
        function[name.removeprefix(_OF_FUNCTION)] = left.pop(name)
    kind = {} if spelled(tool.extensions, "type") else {"type": "function"}
    return {**kind, "function": function, **left}
