"""What came in another dialect, made into what this one can say, every loss declared.

The API's rules (https://docs.cohere.com/reference/chat): the user says text and images, the assistant thoughts, text
and calls in that order, a tool text and documents; documents to be cited stand in a list of the request's own.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    ChatResponse,
    Choice,
    Document,
    Image,
    Loss,
    Media,
    Message,
    Opaque,
    OpaqueTool,
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
from counterpoint.dialects.cohere_chat.names import NAME, PLACE
from counterpoint.dialects.cohere_chat.usage import INEXACT
from counterpoint.dialects.extensions import extras, foreign_losses
from counterpoint.dialects.jsonio import compact
from counterpoint.dialects.losing import Losing

MOST_STOPS = 5
_RANGES: tuple[tuple[str, float, float], ...] = (
    ("top_p", 0.01, 0.99),
    ("top_k", 0, 500),
    ("frequency_penalty", 0.0, 1.0),
    ("presence_penalty", 0.0, 1.0),
)
"""What the API takes; a value outside is refused, so the nearest is sent."""
_THINKS = re.compile(r"reasoning|command-a-plus")
"""Models that take `thinking`."""
_FREE_TEXT = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


def adapted_request(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request`, from another dialect, as this one can say it to `target`."""
    losing.fields(request.extensions, "")
    messages = [
        turn for index, message in enumerate(request.messages) for turn in _turns(message, index, losing)
    ]
    changes: dict[str, Any] = {"messages": tuple(messages), "extensions": {}}
    changes |= _tools(request, losing)
    changes |= _numbers(request, losing)
    changes["reasoning"] = _reasoning(request.reasoning, target, losing)
    output = request.output
    if output is not None:
        losing.fields(output.extensions, "output")
        if output.kind == "json_schema" and (output.name or output.description or output.strict is not True):
            losing.lose(
                "output.name", "output", "cosmetic", "a schema has no name here, and is always kept to"
            )
        changes["output"] = msgspec.structs.replace(output, extensions={})
    return msgspec.structs.replace(request, **changes)


def _numbers(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, least, most in _RANGES:
        value = getattr(request, name)
        if value is not None and not least <= value <= most:
            losing.lose(f"{name}.range", name, "degraded", f"the target takes {least:g} to {most:g}")
            changes[name] = min(max(value, least), most)
    if len(request.stop) > MOST_STOPS:
        losing.lose("stop.count", "stop", "degraded", f"the target takes {MOST_STOPS} stop sequences")
        changes["stop"] = request.stop[:MOST_STOPS]
    if request.n is not None and request.n > 1:
        losing.lose("n", "n", "meaning", "the target gives one answer")
    if request.top_logprobs is not None:
        losing.lose("top_logprobs", "top_logprobs", "degraded", "the target tells no other tokens")
    if request.user is not None:
        losing.lose("user", "user", "cosmetic", "the target does not know of users")
    if request.metadata is not None:
        losing.lose("metadata", "metadata", "cosmetic", "the target keeps no metadata")
    if request.service_tier is not None:
        losing.lose("service_tier", "service_tier", "degraded", "the target has no tiers")
    if request.parallel_tool_calls is False:
        losing.lose(
            "parallel_tool_calls", "parallel_tool_calls", "degraded", "the target may call several tools"
        )
    return changes


def _reasoning(
    settings: ReasoningSettings | None, target: Target, losing: Losing
) -> ReasoningSettings | None:
    if settings is None:
        return None
    losing.fields(settings.extensions, "reasoning")
    if _THINKS.search(target.model) is None:
        if settings.mode != "off":
            losing.lose("reasoning.unavailable", "reasoning", "degraded", "the model cannot be told to think")
        else:
            losing.lose("reasoning.off", "reasoning", "cosmetic", "the model does not think")
        return None
    if settings.effort is not None or settings.budget is not None or settings.mode == "adaptive":
        losing.lose(
            "reasoning.effort", "reasoning", "degraded", "an amount of thinking differs from maker to maker"
        )
    if settings.display is not None:
        losing.lose("reasoning.display", "reasoning", "degraded", "thinking is always shown")
    return ReasoningSettings("off" if settings.mode == "off" else "on", budget=settings.budget)


def _tools(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    tools: list[Tool] = []
    for path, tool in ((f"tools[{index}]", tool) for index, tool in enumerate(request.tools)):
        if isinstance(tool, OpaqueTool):
            losing.lose(f"tool.{tool.kind}", path, "meaning", "only its own host can run it")
            continue
        losing.fields(tool.extensions, path)
        if tool.kind == "custom":
            losing.lose(
                "tool.custom", path, "degraded", "a tool takes an object: its input is a field of one"
            )
        parameters = tool.parameters if tool.kind == "function" else _FREE_TEXT
        tools.append(
            Tool(tool.name, tool.description, parameters or {"type": "object", "properties": {}}, tool.strict)
        )
    strict = bool(tools) and all(tool.strict for tool in tools)
    for index, tool in enumerate(request.tools):
        if isinstance(tool, Tool) and tool.strict and not strict:
            losing.lose("tool.strict", f"tools[{index}]", "degraded", "either all tools are strict or none")
    changes: dict[str, Any] = {"tools": tuple(tools), "tool_choice": _choice(request, tools, losing)}
    if strict:
        changes["extensions"] = extras(NAME, {"~strict_tools": True})
    return changes


def _choice(request: ChatRequest, tools: list[Tool], losing: Losing) -> Any:
    choice = request.tool_choice
    if choice is None:
        return None
    losing.fields(choice.extensions, "tool_choice")
    harmless = len(tools) == 1 if tools else choice.mode in {"auto", "none"}
    if choice.mode == "tool" or not tools:
        code = "tool_choice.name" if tools else "tool_choice"
        detail = "the target can be told to call a tool, not which" if tools else "there is no tool to choose"
        losing.lose(code, "tool_choice", "cosmetic" if harmless else "meaning", detail)
    return msgspec.structs.replace(choice, extensions={}) if tools else None


def _turns(message: Message, index: int, losing: Losing) -> Iterator[Message]:
    path = f"messages[{index}]"
    losing.fields(message.extensions, path)
    if message.name is not None:
        losing.lose("message.name", f"{path}.name", "cosmetic", "messages have no names")
    if message.role == "assistant":
        said = _assistant(message, path, losing)
        if said or not message.parts:
            yield Message("assistant", said)
        return
    moved: list[Part] = []
    results = 0
    for place, part in enumerate(message.parts):
        if isinstance(part, ToolResult):
            results += 1
            yield Message("tool", (_result(part, f"{path}.parts[{place}]", moved, losing),))
    rest = moved + [
        kept
        for place, part in enumerate(message.parts)
        if not isinstance(part, ToolResult)
        and (kept := _said(part, f"{path}.parts[{place}]", message.role, losing)) is not None
    ]
    if rest or not (results or all(isinstance(part, Opaque) for part in message.parts)) or not message.parts:
        role: Any = {"tool": "user", "developer": "system"}.get(message.role, message.role)
        if message.role == "developer":
            losing.lose(
                "message.role", f"{path}.role", "cosmetic", "what developers say is said by the system"
            )
        plain = len(rest) == 1 and isinstance(rest[0], Text)
        yield Message(role, tuple(rest), extensions=extras(NAME, {"~content": "string"} if plain else {}))


def _assistant(message: Message, path: str, losing: Losing) -> tuple[Part, ...]:
    parts: list[Part] = []
    called = ""
    for place, part in enumerate(message.parts):
        where = f"{path}.parts[{place}]"
        kept = _said(part, where, "assistant", losing)
        if kept is None:
            continue
        if called and isinstance(kept, Text):
            detail = "in the target, what the assistant says comes before its calls"
            losing.lose("message.order", where, "degraded", detail)
            losing.lose("message.order", called, "degraded", detail)
        called = where if isinstance(kept, ToolCall) else called
        parts.append(kept)
    return tuple(parts)


def _result(result: ToolResult, path: str, moved: list[Part], losing: Losing) -> ToolResult:
    """The result with its texts and documents; its images go to `moved`, for the user's message that follows."""
    losing.fields(result.extensions, path)
    if result.is_error:
        losing.lose(
            "tool_result.is_error",
            f"{path}.is_error",
            "degraded",
            "a tool's failure is told by its text alone",
        )
    kept: list[Part] = []
    for place, inner in enumerate(result.parts):
        where = f"{path}.content[{place}]"
        if isinstance(inner, Image):
            image = _said(inner, where, "user", losing)
            if image is not None:
                detail = "a tool's results hold no images: moved to a message of the user after them"
                losing.lose("tool_result.image", where, "degraded", detail)
                moved.append(image)
            continue
        part = _said(inner, where, "tool", losing)
        if part is not None:
            kept.append(part)
    return ToolResult(result.call_id, tuple(kept))


def _said(part: Part, path: str, role: str, losing: Losing) -> Part | None:
    """`part` as `role` may say it here; `None`: it is left out, and that is declared."""
    if not isinstance(part, Opaque):
        losing.fields(part.extensions, path)
    match part:
        case Text():
            if part.citations:
                losing.lose("text.citations", path, "cosmetic", "citations of another maker do not go back")
            return Text(part.text)
        case Refusal(text) if role == "assistant":
            losing.lose("part.refusal", path, "degraded", "a refusal is said as text")
            return Text(text)
        case ToolCall() if role == "assistant":
            return _call(part, path, losing)
        case Reasoning() if role == "assistant":
            if part.signature or part.encrypted:
                losing.lose(
                    "reasoning.signature", path, "degraded", "signed thinking is of use only to its maker"
                )
                return None
            if not part.text:
                losing.lose("reasoning.text", path, "cosmetic", "a thought that says nothing is left out")
                return None
            return Reasoning(part.text)
        case Image(source) if role == "user" and source.kind != "file":
            return Image(source, part.detail)
        case Document(source) if (words := _words_of(source)) is not None and role in {"user", "tool"}:
            return _document(msgspec.structs.replace(part, source=words), path, role, losing)
        case _:
            kind = part.kind if isinstance(part, Opaque) else str(part.__struct_config__.tag)
            losing.lose(f"part.{kind}", path, "meaning", f"the target takes none in a message of {role}")
            return None


def _words_of(source: Media) -> Media | None:
    """The source as text, if it is that."""
    if source.kind == "text":
        return source
    if source.kind != "data" or not (source.media_type or "").startswith("text/"):
        return None
    try:
        return Media(
            "text", b64decode(source.value, validate=True).decode(), source.media_type, source.filename
        )
    except ValueError:
        return None


def _call(part: ToolCall, path: str, losing: Losing) -> ToolCall:
    if part.kind == "custom":
        losing.lose("tool_call.custom", path, "degraded", "free-text input becomes an object")
        return ToolCall(part.id, part.name, compact({"input": part.arguments}))
    return ToolCall(part.id, part.name, part.arguments or "{}")


def _document(part: Document, path: str, role: str, losing: Losing) -> Document:
    about = {"title": part.title, "context": part.context, "text": part.source.value}
    marks: dict[str, Any] = {
        "~document": {"data": {name: value for name, value in about.items() if value is not None}}
    }
    if role == "user":
        detail = "documents are listed apart, and always cited"
        losing.lose("document.place", path, "degraded", detail)
        message, _, place = path.removesuffix("]").rpartition(".parts[")
        for before in range(int(place)):
            losing.lose("message.order", f"{message}.parts[{before}]", "degraded", "documents come first")
        marks["~" + PLACE] = True
    else:
        losing.lose("document.fields", path, "cosmetic", "a document is told by its text and title")
    return Document(part.source, part.title, extensions=extras(NAME, marks))


def adapted_answer(response: ChatResponse) -> tuple[ChatResponse, tuple[Loss, ...]]:
    """`response`, from another dialect, with parts that this one can say. Paths are canonical."""
    losses = list(foreign_losses(response.extensions, NAME, "", IN_ANSWERS))
    others = [f"choices[{choice.index}]" for choice in response.choices[1:]]
    losses.extend(Loss("n", path, "meaning", "the target has one answer") for path in others)
    choices = tuple(_adapted_choice(choice, losses) for choice in response.choices[:1])
    return msgspec.structs.replace(response, choices=choices), tuple(losses)


class _Severities(dict[str, Any]):
    """What an answer's own extra fields are worth to a client of another dialect: as a rule, little."""

    def get(self, key: str, default: Any = "cosmetic") -> Any:
        return super().get(key, "cosmetic")


IN_ANSWERS = _Severities(refusal="meaning", annotations="degraded")


def _adapted_choice(choice: Choice, losses: list[Loss]) -> Choice:
    path = f"choices[{choice.index}]"
    losses.extend(foreign_losses(choice.extensions, NAME, path, IN_ANSWERS))
    if choice.logprobs is not None:
        losses.append(Loss("logprobs", f"{path}.logprobs", "meaning", "probabilities have another form here"))
    finish = finish_loss(choice.index, choice.finish.reason if choice.finish is not None else None)
    if finish is not None:
        losses.append(finish)
    parts = [adapted_part(part, f"{path}.parts[{place}]", losses) for place, part in enumerate(choice.parts)]
    return msgspec.structs.replace(
        choice, parts=tuple(part for part in parts if part is not None), logprobs=None
    )


def finish_loss(index: int, reason: str | None) -> Loss | None:
    """What is lost of why an answer ended."""
    if reason not in INEXACT:
        return None
    return Loss(
        "finish.reason", f"choices[{index}].finish", "degraded", f"the target has no word for {reason}"
    )


def adapted_part(part: Part, path: str, losses: list[Loss]) -> Part | None:
    """One part of an answer; `None` (declared) if this dialect's clients have none for it."""
    if not isinstance(part, Opaque):
        losses.extend(foreign_losses(part.extensions, NAME, path, IN_ANSWERS))
    match part:
        case Text():
            return msgspec.structs.replace(part, extensions={}) if part.text or part.citations else None
        case Reasoning():
            if part.signature or part.encrypted:
                detail = "thinking is shown without what lets its maker verify it"
                losses.append(Loss("reasoning.signature", path, "degraded", detail))
            return Reasoning(part.text) if part.text else None
        case ToolCall(kind="custom"):
            losses.append(Loss("tool_call.custom", path, "degraded", "free-text input becomes an object"))
            return ToolCall(part.id, part.name, compact({"input": part.arguments}))
        case ToolCall():
            return ToolCall(part.id, part.name, part.arguments)
        case Refusal(text):
            return Text(text)
        case Audio(transcript=str(words)):
            losses.append(Loss("part.audio", path, "meaning", "speech becomes its transcript"))
            return Text(words)
        case _:
            kind = part.kind if isinstance(part, Opaque) else str(part.__struct_config__.tag)
            losses.append(Loss(f"part.{kind}", path, "meaning", "the target has no such part"))
            return None
