"""Where something in canonical form stood in a request to Cohere's chat.

See `counterpoint.dialects.paths`, of which this is a part.
"""

import re

from counterpoint.canonical import ChatRequest, Message, Part, Reasoning, ToolCall, ToolResult
from counterpoint.dialects.extensions import spelling

_PART = re.compile(r"messages\[(\d+)\](?:\.parts\[(\d+)\])?(.*)", re.DOTALL)
_COHERE = "cohere-chat"
_COHERE_FIELDS = {
    "max_output": "max_tokens",
    "top_p": "p",
    "top_k": "k",
    "stop": "stop_sequences",
    "output": "response_format",
    "reasoning": "thinking",
    "reasoning.effort": "thinking",
    "reasoning.budget": "thinking.token_budget",
    "reasoning.mode": "thinking.type",
}


def cohere_chat(request: ChatRequest, path: str) -> str:
    """`path`, in canonical form, as one in that request's JSON."""
    match = _PART.fullmatch(path)
    if match is None:
        name, dot, tail = path.partition(".")
        known = _COHERE_FIELDS
        return known.get(path) or known.get(name, name) + dot + tail
    index, part, tail = int(match[1]), match[2], match[3]
    base = f"messages[{index}]"
    if part is None or index >= len(request.messages) or int(part) >= len(request.messages[index].parts):
        return base + tail
    message = request.messages[index]
    value, before = message.parts[int(part)], message.parts[: int(part)]
    if _is_listed(value):
        earlier = [other for turn in request.messages[:index] for other in turn.parts]
        return f"documents[{sum(map(_is_listed, (*earlier, *before)))}]{tail}"
    match value:
        case ToolResult():
            return base + (".content" if tail.startswith(".content[") and _is_string(message) else tail)
        case ToolCall():
            return f"{base}.tool_calls[{sum(isinstance(other, ToolCall) for other in before)}]{tail}"
        case Reasoning() if spelling(value.extensions, _COHERE, "plan"):
            return f"{base}.tool_plan{tail}"
    if _is_string(message):
        return f"{base}.content{tail}"
    return f"{base}.content[{sum(map(_in_cohere_content, before))}]{tail}"


def _is_listed(part: Part) -> bool:
    """Whether it stood among the request's own documents."""
    return bool(spelling(getattr(part, "extensions", {}), _COHERE, "place"))


def _is_string(message: Message) -> bool:
    return bool(spelling(message.extensions, _COHERE, "content") == "string")


def _in_cohere_content(part: Part) -> bool:
    plan = isinstance(part, Reasoning) and spelling(part.extensions, _COHERE, "plan")
    return not (plan or isinstance(part, ToolCall) or _is_listed(part))
