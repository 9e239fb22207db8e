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


_LOCATORS: dict[str, Callable[[ChatRequest, str], str]] = {"openai-chat": _openai_chat}
