"""Where something in canonical form stood in a request whose messages hold one string, or that is one prompt.

See `counterpoint.dialects.paths`, of which this is the part for Ollama's API and for legacy completions.
"""

import re

from counterpoint.canonical import ChatRequest, Image, Message, Opaque, Reasoning, Text, ToolCall, ToolResult

_PART = re.compile(r"messages\[(\d+)\](?:\.parts\[(\d+)\])?(.*)", re.DOTALL)
_IN_RESULT = re.compile(r"\.content\[(\d+)\]")
_OLLAMA = {
    **{
        name: f"options.{name}"
        for name in (
            "temperature",
            "top_p",
            "top_k",
            "presence_penalty",
            "frequency_penalty",
            "seed",
            "stop",
        )
    },
    "max_output": "options.num_predict",
    "output": "format",
    "reasoning": "think",
}
_COMPLETIONS = {
    "max_output": "max_tokens",
    "top_logprobs": "logprobs",
    "include_usage": "stream_options.include_usage",
}


def ollama_chat(request: ChatRequest, path: str) -> str:
    """In a request of `/api/chat`."""
    match = _PART.fullmatch(path)
    if match is None:
        return _field(_OLLAMA, path)
    index, part, tail = int(match[1]), match[2], match[3]
    base = f"messages[{index}]"
    if part is None or index >= len(request.messages):
        return base + tail
    return base + _in_message(request.messages[index], int(part), tail)


def ollama_generate(request: ChatRequest, path: str) -> str:
    """In a request of `/api/generate`."""
    match = _PART.fullmatch(path)
    if match is None:
        return _field(_OLLAMA, path)
    index, part, tail = int(match[1]), match[2], match[3]
    if index >= len(request.messages) or request.messages[index].role == "system":
        return "system" + tail
    if part is None:
        return "prompt" + tail
    return _in_message(request.messages[index], int(part), tail).replace(".content", "prompt").lstrip(".")


def openai_completions(request: ChatRequest, path: str) -> str:
    """In a request for a legacy completion."""
    match = _PART.fullmatch(path)
    if match is None:
        return _field(_COMPLETIONS, path)
    tail = match[3]
    return "prompt" if tail in {"", ".prompt"} else f"prompt{tail}"


def _field(names: dict[str, str], path: str) -> str:
    name, dot, tail = path.partition(".")
    if name == "output" and tail == "schema" and names is _OLLAMA:
        return "format"  # it is the schema itself
    return names.get(path) or names.get(name, name) + dot + tail


def _in_message(message: Message, place: int, tail: str) -> str:
    """Words stand in `content`, pictures and calls in lists."""
    if place >= len(message.parts):
        return tail
    part, before = message.parts[place], message.parts[:place]
    match part:
        case ToolResult():
            inner = _IN_RESULT.match(tail)
            if inner is None:
                return tail
            return _in_message(Message("tool", part.parts), int(inner[1]), tail[inner.end() :])
        case Text():
            return ".content" + tail
        case Reasoning():
            return ".thinking" + tail
        case Image() | Opaque():
            return f".images[{sum(isinstance(other, Image | Opaque) for other in before)}]{tail}"
        case ToolCall():
            return f".tool_calls[{sum(isinstance(other, ToolCall) for other in before)}]{tail}"
        case _:
            return tail
