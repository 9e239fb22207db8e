"""What came in another dialect, made into what Mistral takes: the shared grammar's rules, and its own.

Fields that it does not know are refused (https://docs.mistral.ai/api), so none are sent; ids of calls have nine letters
and digits; an answer begun by the caller is marked as one (`prefix`).
"""

import hashlib
import re
from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    Message,
    Part,
    Reasoning,
    ReasoningSettings,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.base import Target
from counterpoint.dialects.extensions import adopted, extras
from counterpoint.dialects.jsonio import compact
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.mistral_chat.names import NAME
from counterpoint.dialects.openai_chat.adapting import adapt_request
from counterpoint.dialects.openai_chat.quirks import (
    FILE_URLS,
    REASONING_CONTENT,
    REASONING_EFFORT,
    TOOL_IMAGES,
)

_ID = re.compile(r"[a-zA-Z0-9]{9}")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHARED = {"prediction": "prediction", "prompt_cache_key": "prompt_cache_key"}
_TOLD_TO_THINK = re.compile(r"mistral-(?:small|medium)|magistral")
"""Models that take `reasoning_effort`, as `high` or `none` (https://docs.mistral.ai/capabilities/reasoning)."""
_UNKNOWN = (
    ("logprobs", "degraded", "the target tells no probabilities"),
    ("top_logprobs", "degraded", "the target tells no probabilities"),
    ("user", "cosmetic", "the target does not know of users"),
    ("service_tier", "degraded", "the target has no tiers"),
)
_FREE_TEXT = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


def short_id(call_id: str) -> str:
    """The id as Mistral takes it: itself, or nine characters that follow from it."""
    if _ID.fullmatch(call_id):
        return call_id
    number = int.from_bytes(hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    letters = []
    for _ in range(9):
        number, place = divmod(number, len(_DIGITS))
        letters.append(_DIGITS[place])
    return "".join(letters)


def adapted_request(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request`, from another dialect, as Mistral can say it to `target`."""
    request = _told(request, losing)
    request = msgspec.structs.replace(request, extensions=adopted(request.extensions, NAME, _SHARED))
    told = frozenset({FILE_URLS, REASONING_CONTENT, TOOL_IMAGES})
    if _TOLD_TO_THINK.search(target.model):
        told |= {REASONING_EFFORT}
    metadata, settings = request.metadata, request.reasoning
    off = settings is not None and settings.mode == "off"
    if settings is not None and off:
        losing.fields(settings.extensions, "reasoning")
        losing.lose("reasoning.off", "reasoning", "cosmetic", "an effort of none, for models that take one")
        request = msgspec.structs.replace(request, reasoning=None)
    request = msgspec.structs.replace(request, metadata=None)
    request = adapt_request(request, Target(target.model, quirks=target.quirks | told), losing)
    reasoning = request.reasoning
    if reasoning is not None and reasoning.effort not in {None, "none"}:
        request = msgspec.structs.replace(
            request, reasoning=msgspec.structs.replace(reasoning, effort="high")
        )
    if off and REASONING_EFFORT in told:
        request = msgspec.structs.replace(request, reasoning=ReasoningSettings("off", "none"))
    kept = {name: held for name, held in request.extensions.items() if name == NAME}
    return msgspec.structs.replace(
        request, metadata=metadata, messages=_prefixed(request.messages), extensions=kept
    )


def _told(request: ChatRequest, losing: Losing) -> ChatRequest:
    """`request` without what Mistral refuses."""
    changes: dict[str, Any] = {}
    severity: Any
    for name, severity, detail in _UNKNOWN:
        if getattr(request, name) not in {None, False}:
            losing.lose(name, name, severity, detail)
        changes[name] = None
    changes["tools"] = tuple(
        _plain_tool(tool, f"tools[{index}]", losing) if isinstance(tool, Tool) else tool
        for index, tool in enumerate(request.tools)
    )
    changes["messages"] = tuple(
        _message(message, f"messages[{index}]", losing) for index, message in enumerate(request.messages)
    )
    return msgspec.structs.replace(request, **changes)


def _plain_tool(tool: Tool, path: str, losing: Losing) -> Tool:
    if tool.kind == "custom":
        losing.lose("tool.custom", path, "degraded", "a tool takes an object: its input is a field of one")
        return msgspec.structs.replace(tool, kind="function", parameters=_FREE_TEXT)
    if tool.parameters is None:
        return msgspec.structs.replace(tool, parameters={"type": "object", "properties": {}})
    return tool


def _message(message: Message, path: str, losing: Losing) -> Message:
    if message.name is not None and message.role != "tool":
        losing.lose("message.name", f"{path}.name", "cosmetic", "only tools have names")
    if message.role == "developer":
        losing.lose("message.role", f"{path}.role", "cosmetic", "what developers say is said by the system")
    parts = tuple(_part(part, f"{path}.parts[{place}]", losing) for place, part in enumerate(message.parts))
    name = message.name if message.role == "tool" else None
    return msgspec.structs.replace(message, parts=parts, name=name)


def _part(part: Part, path: str, losing: Losing) -> Part:
    match part:
        case Refusal(text):
            losing.lose("part.refusal", path, "degraded", "a refusal is said as text")
            return Text(text, extensions=part.extensions)
        case ToolCall():
            return _call(part, path, losing)
        case ToolResult():
            return msgspec.structs.replace(part, call_id=_id(part.call_id, path, losing))
        case _:
            return part


def _call(call: ToolCall, path: str, losing: Losing) -> ToolCall:
    call = msgspec.structs.replace(call, id=_id(call.id, path, losing))
    if call.kind != "custom":
        return call
    losing.lose("tool_call.custom", path, "degraded", "free-text input becomes an object")
    return msgspec.structs.replace(call, kind="function", arguments=compact({"input": call.arguments}))


def _id(call_id: str, path: str, losing: Losing) -> str:
    short = short_id(call_id)
    if short != call_id:
        losing.lose("tool_call.id", path, "cosmetic", "ids have nine letters and digits")
    return short


def _prefixed(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The last message marked as the beginning of the answer, where the assistant says it."""
    last = messages[-1] if messages else None
    if (
        last is None
        or last.role != "assistant"
        or not all(isinstance(part, Text | Reasoning) for part in last.parts)
    ):
        return messages
    return (*messages[:-1], msgspec.structs.replace(last, extensions=extras(NAME, {"prefix": True})))
