"""Tools for models whose templates know none: described in the prompt, called in a form a grammar enforces.

The form is the one that many open models were trained on: `<tool_call>` around `{"name": ..., "arguments": ...}`,
`<tool_response>` around what came back. Neither the template nor the runtime enforces anything about it, so a
grammar does (`grammars`), and what the model writes is read back here.
"""

from typing import Final

import msgspec

from counterpoint.canonical import ChatRequest, OutputFormat, Tool, ToolCall

CALL_OPEN: Final = "<tool_call>\n"
CALL_CLOSE: Final = "\n</tool_call>"
RESULT_OPEN: Final = "<tool_response>"
CUSTOM_FIELD: Final = "input"
"""A tool that takes free text is called with an object that has this one string."""


def callable_tools(request: ChatRequest) -> tuple[Tool, ...]:
    """The tools that the model may call in this answer."""
    tools = tuple(tool for tool in request.tools if isinstance(tool, Tool))
    choice = request.tool_choice
    if choice is None or choice.mode in {"auto", "required"}:
        return tools
    if choice.mode == "tool":
        return tuple(tool for tool in tools if tool.name == choice.name)
    return ()


def describe_tools(request: ChatRequest) -> str:
    """What the model is told about its tools; nothing when it has none."""
    tools = callable_tools(request)
    if not tools:
        return ""
    lines = "\n".join(
        msgspec.json.encode(
            {"name": tool.name, "description": tool.description or "", "parameters": parameters_of(tool)}
        ).decode()
        for tool in tools
    )
    forced = request.tool_choice is not None and request.tool_choice.mode in {"required", "tool"}
    when = "Call one now." if forced else "Call one only when it helps; otherwise answer in plain words."
    return (
        f"You can call these tools:\n<tools>\n{lines}\n</tools>\n"
        f'To call a tool, write exactly:\n{CALL_OPEN}{{"name": "<tool name>", "arguments": {{...}}}}{CALL_CLOSE}\n'
        f"The result comes back in {RESULT_OPEN}. {when}"
    )


def describe_output(output: OutputFormat | None) -> str:
    """What the model is told about the form of its answer: a grammar forces the form, but only a model that
    knows it fills it sensibly."""
    if output is None or output.kind == "text":
        return ""
    if output.schema is None:
        return "Answer with one JSON object and nothing else."
    about = f" ({output.description})" if output.description else ""
    return f"Answer with JSON{about} that this schema accepts, and nothing else:\n" + (
        msgspec.json.encode(output.schema).decode()
    )


def parameters_of(tool: Tool) -> object:
    """The JSON schema of a tool's arguments."""
    if tool.kind == "custom":
        return {
            "type": "object",
            "properties": {CUSTOM_FIELD: {"type": "string"}},
            "required": [CUSTOM_FIELD],
            "additionalProperties": False,
        }
    return tool.parameters or {"type": "object", "properties": {}}


def call_text(call: ToolCall) -> str:
    """An earlier call, as the model would have written it."""
    arguments = call.arguments or "{}"
    if call.kind == "custom":
        arguments = msgspec.json.encode({CUSTOM_FIELD: call.arguments}).decode()
    name = msgspec.json.encode(call.name).decode()
    return f'{CALL_OPEN}{{"name": {name}, "arguments": {arguments}}}{CALL_CLOSE}'


def result_text(name: str, text: str, is_error: bool) -> str:
    """What a tool answered."""
    about = f"{name} failed:\n" if is_error else f"{name}:\n" if name else ""
    return f"{RESULT_OPEN}\n{about}{text}\n</tool_response>"
