"""Messages of another dialect as this one wants them.

Its rules: one system prompt, before the conversation; then turns of user and assistant only; tool results at
the head of the user turn that answers the calls; no blank text; nothing but text, thinking and calls from the
assistant. Turns of one role that follow each other become one, which the API would do itself.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Document,
    Image,
    Message,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Role,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.anthropic_messages.adapting.caching import with_mark
from counterpoint.dialects.anthropic_messages.adapting.media import adapt_document, adapt_image
from counterpoint.dialects.anthropic_messages.content import arguments_object
from counterpoint.dialects.anthropic_messages.generations import generation_of
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.quirks import SYSTEM_MESSAGES
from counterpoint.dialects.base import Target
from counterpoint.dialects.jsonio import compact
from counterpoint.dialects.losing import Losing


def without_unsigned(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` without the thinking that this dialect showed to a client on behalf of another model."""
    if not generation_of(target).verifies:
        return request
    messages: list[Message] = []
    for index, message in enumerate(request.messages):
        kept = tuple(part for part in message.parts if not is_unsigned(part))
        if len(kept) < len(message.parts):
            for place, part in enumerate(message.parts):
                if is_unsigned(part):
                    _lose_reasoning(losing, f"messages[{index}].parts[{place}]")
            message = msgspec.structs.replace(message, parts=kept)  # noqa: PLW2901 - the same, less one part
            if not kept:
                continue
        messages.append(message)
    if len(messages) == len(request.messages) and not losing.losses:
        return request
    return msgspec.structs.replace(request, messages=tuple(messages))


def is_unsigned(part: Part) -> bool:
    """Whether `part` is thinking that no maker can verify."""
    return isinstance(part, Reasoning) and part.encrypted is None and not part.signature


def _lose_reasoning(losing: Losing, path: str) -> None:
    losing.lose("reasoning.unsigned", path, "degraded", "thinking goes back only to the maker that signed it")


class _Turn:
    """One turn while it grows."""

    def __init__(self, role: Role, parts: Sequence[Part]) -> None:
        self.role = role
        self.parts = list(parts)

    def message(self) -> Message:
        results: list[Part] = [part for part in self.parts if isinstance(part, ToolResult)]
        others: list[Part] = [part for part in self.parts if not isinstance(part, ToolResult)]
        place: Any = {NAME: {"~place": "messages"}} if self.role == "system" else {}
        return Message(self.role, tuple(results + others), extensions=place)


def adapt_messages(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with one system prompt and turns that alternate."""
    system: list[Part] = []
    turns: list[_Turn] = []
    for index, message in enumerate(request.messages):
        path = f"messages[{index}]"
        parts = _adapt_message(message, path, target, losing)
        role = _role(message.role)
        if role == "system" and (not turns or SYSTEM_MESSAGES not in target.quirks):
            if turns and parts:
                detail = "the target has its system prompt before the conversation"
                losing.lose("system.position", path, "degraded", detail)
            system += parts
        elif not parts:
            losing.lose("message.empty", path, "cosmetic", "the target refuses messages without content")
        elif turns and turns[-1].role == role:
            _note_order(turns[-1].parts, parts, path, losing)
            turns[-1].parts += parts
        else:
            turns.append(_Turn(role, parts))
    if not turns and system:
        system, turns = _as_question(request, system, losing)
    _trim_end(turns, request, losing)
    messages = [turn.message() for turn in turns]
    if system:
        messages.insert(0, Message("system", tuple(system)))
    return msgspec.structs.replace(request, messages=tuple(messages))


def _note_order(before: Sequence[Part], parts: Sequence[Part], path: str, losing: Losing) -> None:
    """Results go to the head of their turn: one that followed other words there changes its place."""
    results = any(isinstance(part, ToolResult) for part in parts)
    if results and not all(isinstance(part, ToolResult) for part in before):
        detail = "results come before everything else in the user's turn"
        losing.lose("tool_result.order", path, "degraded", detail)


def _role(role: Role) -> Role:
    if role in {"system", "developer"}:
        return "system"
    return "assistant" if role == "assistant" else "user"


def _as_question(request: ChatRequest, system: list[Part], losing: Losing) -> tuple[list[Part], list[_Turn]]:
    """With system messages only, the last thing said there becomes the user's: there must be a turn."""
    index = max(index for index, message in enumerate(request.messages) if _role(message.role) == "system")
    losing.lose("message.role", f"messages[{index}]", "degraded", "the target needs a turn of the user")
    return system[:-1], [_Turn("user", system[-1:])]


def _trim_end(turns: list[_Turn], request: ChatRequest, losing: Losing) -> None:
    """An answer that the model is to continue must not end in white space (the API refuses it)."""
    if not turns or turns[-1].role != "assistant" or not turns[-1].parts:
        return
    last = turns[-1].parts[-1]
    if isinstance(last, Text) and last.text != last.text.rstrip():
        turns[-1].parts[-1] = msgspec.structs.replace(last, text=last.text.rstrip())
        path = f"messages[{len(request.messages) - 1}]"
        losing.lose("text.trailing_space", path, "cosmetic", "a prefilled answer must not end in white space")


def _adapt_message(message: Message, path: str, target: Target, losing: Losing) -> list[Part]:
    losing.fields(message.extensions, path)
    if message.name is not None:
        losing.lose("message.name", f"{path}.name", "degraded", "turns have no names in the target")
    if message.role == "developer":
        losing.lose("message.role", f"{path}.role", "cosmetic", "a developer message becomes a system prompt")
    adapting = _Parts(message.role, target, losing)
    parts = [
        adapting.part(part, f"{path}.parts[{place}]", alone=len(message.parts) == 1)
        for place, part in enumerate(message.parts)
    ]
    return [part for part in parts if part is not None]


class _Parts:
    """The parts of one message on their way."""

    def __init__(self, role: Role, target: Target, losing: Losing) -> None:
        self._role = role
        self._target = target
        self._losing = losing

    def part(self, part: Part, path: str, *, alone: bool = False) -> Part | None:
        """`part` as this dialect takes it from that role; `None`: it is left out, and that is declared."""
        if not isinstance(part, Opaque):
            marked = with_mark(part.extensions)
            if marked is not part.extensions:
                part = msgspec.structs.replace(part, extensions=marked)
            self._losing.fields(part.extensions, path)
        match part:
            case Text():
                return self._text(part, path, alone=alone)
            case Refusal(text):
                self._losing.lose("refusal", path, "degraded", "a refusal becomes text")
                return Text(text) if text.strip() else None
            case ToolCall() if self._role == "assistant":
                return self._tool_call(part, path)
            case ToolResult() if self._role in {"user", "tool"}:
                return self._tool_result(part, path)
            case Reasoning() if self._role == "assistant":
                return self._reasoning(part, path)
            case Image() if self._role in {"user", "tool"}:
                return adapt_image(part, path, self._losing)
            case Document() if self._role in {"user", "tool"}:
                return adapt_document(part, path, self._losing)
            case Opaque(dialect=dialect) if dialect == NAME:
                return part
            case Audio(transcript=str(words)) if words.strip() and self._role == "assistant":
                self._losing.lose("audio", path, "degraded", "speech becomes its transcript")
                return Text(words)
            case _:
                kind = (part.kind or "unknown") if isinstance(part, Opaque) else type(part).__name__.lower()
                detail = f"the target takes none in a message of {self._role}"
                self._losing.lose(f"part.{kind}", path, "meaning", detail)
                return None

    def _text(self, part: Text, path: str, *, alone: bool) -> Text | None:
        if not part.text.strip():
            # A message that is only a blank goes as a whole, see `message.empty`.
            if not alone:
                self._losing.lose("text.blank", path, "cosmetic", "the target refuses blank text")
            return None
        if part.citations:
            self._losing.lose("text.citations", path, "cosmetic", "citations of another maker do not go back")
            return msgspec.structs.replace(part, citations=())
        return part

    def _reasoning(self, part: Reasoning, path: str) -> Reasoning | None:
        if part.text and not generation_of(self._target).verifies:
            return Reasoning(part.text, part.signature or "")
        _lose_reasoning(self._losing, path)
        return None

    def _tool_call(self, part: ToolCall, path: str) -> ToolCall:
        if part.kind == "custom":
            self._losing.lose("tool_call.custom", path, "degraded", "free-text input becomes an object")
            wrapped = compact({"input": part.arguments})
            return ToolCall(part.id, part.name, wrapped, extensions=part.extensions)
        if not arguments_object(part.arguments)[1]:
            detail = "arguments that are not a JSON object are wrapped in one"
            self._losing.lose("tool_call.arguments", path, "degraded", detail)
        return part

    def _tool_result(self, part: ToolResult, path: str) -> ToolResult:
        if len(part.parts) == 1 and isinstance(part.parts[0], Text):
            return msgspec.structs.replace(part, parts=(self._only_text(part.parts[0], path),))
        adapted = [self.part(inner, f"{path}.content[{place}]") for place, inner in enumerate(part.parts)]
        return msgspec.structs.replace(part, parts=tuple(inner for inner in adapted if inner is not None))

    def _only_text(self, part: Text, path: str) -> Text:
        """A result may be blank when it is one text: it is then written as a string."""
        if part.text.strip():
            return part
        self._losing.fields(part.extensions, path)
        return Text(part.text)
