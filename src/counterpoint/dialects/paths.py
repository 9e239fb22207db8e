"""Where something in canonical form stood in the JSON that the client sent.

Losses and refusals must point into what the caller wrote, not into the hub's form. Encoders know only
canonical positions (`messages[2].parts[0]`); each source dialect has a function here that maps one back.
Why all in one module: an encoder of one dialect must not import another dialect.
"""

import re
from collections.abc import Callable

from counterpoint.canonical import ChatRequest, Message, Reasoning, Refusal, Text, ToolCall, ToolResult
from counterpoint.dialects.extensions import spelling

_PART = re.compile(r"messages\[(\d+)\](?:\.parts\[(\d+)\])?(.*)", re.DOTALL)


def locate(source: str, request: ChatRequest, path: str) -> str:
    """`path` in canonical form (`messages[i].parts[j]`, `tools[k]`, `max_output`, ..., with anything after
    it) as a path in the JSON of `source`. A source without a mapping of its own keeps the canonical path."""
    mapping = _LOCATORS.get(source)
    return mapping(request, path) if mapping else path


_OPENAI_CHAT_FIELDS = {
    "max_output": "max_completion_tokens",
    "output": "response_format",
    "reasoning.effort": "reasoning_effort",
    "reasoning": "reasoning_effort",
    "include_usage": "stream_options.include_usage",
}


def _openai_chat(request: ChatRequest, path: str) -> str:
    match = _PART.fullmatch(path)
    if match is None:
        if path == "max_output" and spelling(request.extensions, "openai-chat", "max_output"):
            return "max_tokens"
        return _OPENAI_CHAT_FIELDS.get(path, path)
    index, part, tail = int(match[1]), match[2], match[3]
    message = f"messages[{index}]"
    if part is None or index >= len(request.messages):
        return message + tail
    return f"{message}{_openai_chat_part(request.messages[index], int(part))}{tail}"


def _openai_chat_part(message: Message, index: int) -> str:
    if index >= len(message.parts):
        return ""
    part = message.parts[index]
    before = message.parts[:index]
    match part:
        case ToolCall():
            return f".tool_calls[{sum(isinstance(item, ToolCall) for item in before)}]"
        case ToolResult():
            return ""
        case Reasoning():
            return ".reasoning_content"
        case Refusal() if not spelling(part.extensions, "openai-chat", "in_content"):
            return ".refusal"
        case Text() if spelling(message.extensions, "openai-chat", "content"):
            return ".content"
        case _:
            apart = sum(isinstance(item, Reasoning | ToolCall) for item in before)
            return f".content[{index - apart}]"


_ANTHROPIC_MESSAGES_FIELDS = {
    "max_output": "max_tokens",
    "stop": "stop_sequences",
    "user": "metadata.user_id",
    "parallel_tool_calls": "tool_choice.disable_parallel_tool_use",
    "reasoning.effort": "output_config.effort",
    "reasoning.budget": "thinking.budget_tokens",
    "reasoning.mode": "thinking.type",
}
_FIELD = re.compile(r"([a-z_.]+)(.*)", re.DOTALL)


def _anthropic_messages(request: ChatRequest, path: str) -> str:
    match = _PART.fullmatch(path)
    if match is None:
        return _anthropic_messages_field(request, path)
    index, part, tail = int(match[1]), match[2], match[3]
    message = request.messages[index] if index < len(request.messages) else Message("user")
    first = request.messages[0] if request.messages else message
    apart = first.role == "system" and not spelling(first.extensions, "anthropic-messages", "place")
    base = "system" if apart and index == 0 else f"messages[{index - apart}]"
    content = base if base == "system" else f"{base}.content"
    if part is None:
        return base + tail
    if spelling(message.extensions, "anthropic-messages", "content") == "string":
        return content + tail
    return f"{content}[{part}]{tail}"


def _anthropic_messages_field(request: ChatRequest, path: str) -> str:
    match = _FIELD.fullmatch(path)
    name, tail = (match[1], match[2]) if match else (path, "")
    output, reasoning = request.output, request.reasoning
    if name == "output" or name.startswith("output."):
        early = output is not None and spelling(output.extensions, "anthropic-messages", "place")
        return (early or "output_config.format") + path.removeprefix("output")
    if name == "reasoning":
        written = reasoning is not None and spelling(reasoning.extensions, "anthropic-messages", "written")
        return ("thinking" if written else "output_config.effort") + tail
    return _ANTHROPIC_MESSAGES_FIELDS.get(name, name) + tail


_LOCATORS: dict[str, Callable[[ChatRequest, str], str]] = {
    "openai-chat": _openai_chat,
    "anthropic-messages": _anthropic_messages,
}
