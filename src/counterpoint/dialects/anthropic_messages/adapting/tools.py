"""Tools of another dialect, and the choice among those that are left."""

from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, OpaqueTool, Tool
from counterpoint.dialects.anthropic_messages.adapting.caching import with_mark
from counterpoint.dialects.anthropic_messages.generations import Generation
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.schemas import obeyable
from counterpoint.dialects.anthropic_messages.tools import NO_SCHEMA
from counterpoint.dialects.losing import Losing


def adapt_tools(
    request: ChatRequest, generation: Generation, losing: Losing
) -> tuple[Tool | OpaqueTool, ...]:
    """The tools that this dialect can offer to the model."""
    adapted: list[Tool | OpaqueTool] = []
    for index, tool in enumerate(request.tools):
        path = f"tools[{index}]"
        if isinstance(tool, OpaqueTool):
            if tool.dialect == NAME:
                adapted.append(tool)
            else:
                losing.lose(f"tool.{tool.kind}", path, "meaning", "a tool that only its own host runs")
        elif tool.kind == "custom":
            losing.lose("tool.custom", path, "meaning", "the target has no tools with free-text input")
        else:
            adapted.append(_adapt_tool(tool, path, generation, losing))
    return tuple(adapted)


def _adapt_tool(tool: Tool, path: str, generation: Generation, losing: Losing) -> Tool:
    extensions = with_mark(tool.extensions)
    losing.fields(extensions, path)
    schema: dict[str, Any] = dict(tool.parameters or {})
    strict = None
    if tool.strict and generation.structured:
        schema, strict = obeyable(schema), True
        if schema != tool.parameters:
            detail = "rules that the target cannot hold to are in descriptions"
            losing.lose("tool.schema", path, "degraded", detail)
    elif tool.strict:
        losing.lose("tool.strict", path, "degraded", "the model cannot be held to a tool's schema")
    if schema.get("type") != "object":
        if schema:
            losing.lose("tool.schema", path, "cosmetic", "a tool's input is always an object")
        schema = {**schema, "type": "object"} if schema else NO_SCHEMA
    return msgspec.structs.replace(tool, parameters=schema, strict=strict, extensions=extensions)


def adapt_choice(request: ChatRequest, losing: Losing) -> ChatRequest:
    """The choice among the tools that are left; none where no tool is."""
    choice, parallel = request.tool_choice, request.parallel_tool_calls
    if choice is not None:
        losing.fields(choice.extensions, "tool_choice")
    names = {tool.name for tool in request.tools if isinstance(tool, Tool)}
    if choice is not None and not request.tools:
        severity: Any = "cosmetic" if choice.mode in {"auto", "none"} else "meaning"
        losing.lose("tool_choice", "tool_choice", severity, "there is no tool to choose")
        choice = None
    elif choice is not None and choice.mode == "tool" and choice.name not in names:
        losing.lose("tool_choice", "tool_choice", "meaning", "the chosen tool cannot be offered")
        choice = None
    silent = not request.tools or (choice is not None and choice.mode == "none")
    if parallel is False and silent:
        losing.lose("parallel_tool_calls", "parallel_tool_calls", "cosmetic", "no call can be made")
    if parallel or silent:
        parallel = None  # parallel calls are the target's default
    return msgspec.structs.replace(request, tool_choice=choice, parallel_tool_calls=parallel)
