"""Where something in canonical form stood in the JSON that the client sent.

Losses and refusals must point into what the caller wrote, not into the hub's form. Encoders know only
canonical positions (`messages[2].parts[0]`); each source dialect has a function here that maps one back.
Why all in one module: an encoder of one dialect must not import another dialect.
"""

import re
from collections.abc import Callable, Iterator

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Message,
    Opaque,
    Part,
    Reasoning,
    ReasoningSettings,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.extensions import fields_of, spelling

_OPENAI_CHAT = "openai-chat"
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
        if path == "max_output" and spelling(request.extensions, _OPENAI_CHAT, "max_output"):
            return "max_tokens"
        if path == "reasoning" and request.reasoning is not None:
            return next(_openai_chat_words(request.reasoning), "reasoning_effort")
        return _OPENAI_CHAT_FIELDS.get(path, path)
    index, part, tail = int(match[1]), match[2], match[3]
    message = f"messages[{index}]"
    if part is None or index >= len(request.messages):
        return message + tail
    turn = request.messages[index]
    if tail.startswith(".content[") and _is_openai_text_result(turn, int(part)):
        tail = ".content" + tail.partition("]")[2]
    return f"{message}{_openai_chat_part(turn, int(part))}{tail}"


def _is_openai_text_result(message: Message, index: int) -> bool:
    """Whether that part is a tool's result which was written as one string."""
    part = message.parts[index] if index < len(message.parts) else None
    if not isinstance(part, ToolResult) or spelling(message.extensions, _OPENAI_CHAT, "content") == "list":
        return False
    return len(part.parts) == 1 and isinstance(part.parts[0], Text)


def _openai_chat_words(settings: ReasoningSettings) -> Iterator[str]:
    """The field, other than `reasoning_effort`, in which a host is told how much to think."""
    for word in ("reasoning", "thinking", "enable_thinking"):
        if spelling(settings.extensions, _OPENAI_CHAT, word) is not None:
            yield word


def _openai_chat_part(message: Message, index: int) -> str:
    if index >= len(message.parts):
        return ""
    part = message.parts[index]
    before = message.parts[:index]
    if _in_openai_content(part):
        if not _is_openai_list(message):
            return ".content"
        return f".content[{sum(map(_in_openai_content, before))}]"
    match part:
        case ToolCall() if spelling(part.extensions, _OPENAI_CHAT, "legacy"):
            return ".function_call"
        case ToolCall() | Opaque():
            calls = [item for item in before if isinstance(item, ToolCall | Opaque)]
            return f".tool_calls[{sum(not _in_openai_content(item) for item in calls)}]"
        case Reasoning():
            return _openai_chat_reasoning(part)
        case Refusal():
            return ".refusal"
        case Audio():
            return ".audio"
        case _:
            return ""


def _in_openai_content(part: Part) -> bool:
    """Whether `part` stood in `content`, not in a field of its own."""
    match part:
        case ToolCall() | ToolResult():
            return False
        case Opaque(kind=kind):
            return kind != "tool_call"
        case Reasoning():
            return spelling(part.extensions, _OPENAI_CHAT, "part") is not None
        case Refusal():
            return bool(spelling(part.extensions, _OPENAI_CHAT, "in_content"))
        case Audio(id=None):
            return True
        case Audio():
            return False
        case _:
            return True


def _is_openai_list(message: Message) -> bool:
    """Whether `content` was a list: always, unless it is one plain text."""
    content = [part for part in message.parts if _in_openai_content(part)]
    if spelling(message.extensions, _OPENAI_CHAT, "content") == "list" or len(content) != 1:
        return True
    return not isinstance(content[0], Text) or bool(fields_of(content[0].extensions, _OPENAI_CHAT))


def _openai_chat_reasoning(part: Reasoning) -> str:
    if spelling(part.extensions, _OPENAI_CHAT, "detail") is not None:
        return ".reasoning_details"
    return f".{spelling(part.extensions, 'openai-chat', 'field') or 'reasoning_content'}"


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
