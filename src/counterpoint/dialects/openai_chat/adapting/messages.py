"""Messages of another dialect as this one wants them.

Its rules: a tool's result is a message of its own, directly after the calls, and holds text only; images,
sound and files come from the user alone; the assistant says text and calls, in that order.
"""

from collections.abc import Iterator
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
    Text,
    ToolCall,
    ToolResult,
    Video,
)
from counterpoint.dialects.base import Target
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_chat import quirks as quirk
from counterpoint.dialects.openai_chat.names import DETAIL, NAME


def adapt_messages(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with messages that this dialect can say."""
    adapting = _Messages(target, losing)
    adapted = [
        turn for index, message in enumerate(request.messages) for turn in adapting.adapt(message, index)
    ]
    return msgspec.structs.replace(request, messages=tuple(adapted))


class _Messages:
    def __init__(self, target: Target, losing: Losing) -> None:
        self._target = target
        self._losing = losing

    def adapt(self, message: Message, index: int) -> Iterator[Message]:
        path = f"messages[{index}]"
        self._losing.fields(message.extensions, path)
        if message.role == "assistant":
            said = self._assistant(message, path)
            if said or not message.parts:  # what only another host can read leaves no empty turn behind
                yield Message("assistant", said, message.name)
            return
        moved: list[Part] = []
        results = 0
        for place, part in enumerate(message.parts):
            if isinstance(part, ToolResult):
                yield Message("tool", (self._result(part, f"{path}.parts[{place}]", moved),))
                results += 1
        rest = moved + [
            kept
            for place, part in enumerate(message.parts)
            if not isinstance(part, ToolResult)
            and (kept := self._part(part, f"{path}.parts[{place}]", message.role)) is not None
        ]
        if rest or not (results or _is_strange(message)):
            role = "user" if message.role == "tool" else message.role
            yield Message(role, tuple(rest), message.name)

    def _assistant(self, message: Message, path: str) -> tuple[Part, ...]:
        parts: list[Part] = []
        called = ""
        for place, part in enumerate(message.parts):
            where = f"{path}.parts[{place}]"
            kept = self._part(part, where, "assistant")
            if kept is None:
                continue
            if called and isinstance(kept, Text | Refusal):
                detail = "in the target, what the assistant says comes before its calls"
                self._losing.lose("message.order", where, "degraded", detail)
                self._losing.lose("message.order", called, "degraded", detail)
            called = where if isinstance(kept, ToolCall) else called
            parts.append(kept)
        return tuple(parts)

    def _result(self, result: ToolResult, path: str, moved: list[Part]) -> ToolResult:
        """The result with its text; its images go to `moved`, for the user's message that follows."""
        self._losing.fields(result.extensions, path)
        if result.is_error:
            detail = "a tool's failure is told by its text alone"
            self._losing.lose("tool_result.is_error", f"{path}.is_error", "degraded", detail)
        kept: list[Part] = []
        for place, inner in enumerate(result.parts):
            where = f"{path}.content[{place}]"
            if isinstance(inner, Image | Document) and not _is_text(inner):
                media = self._part(inner, where, "user")
                if media is None:
                    continue
                if quirk.TOOL_IMAGES in self._target.quirks and isinstance(media, Image):
                    kept.append(media)
                    continue
                detail = "the target's tool results hold text: moved to a message of the user after them"
                self._losing.lose(f"tool_result.{_kind(inner)}", where, "degraded", detail)
                moved.append(media)
                continue
            part = self._part(inner, where, "tool")
            if part is not None:
                kept.append(part)
        return ToolResult(result.call_id, tuple(kept))

    def _part(self, part: Part, path: str, role: str) -> Part | None:
        """`part` as `role` may say it here; `None`: it is left out, and that is declared."""
        if not isinstance(part, Opaque):
            self._losing.fields(part.extensions, path)
        match part:
            case Text():
                return self._text(part, path)
            case Refusal() if role == "assistant":
                return Refusal(part.text)
            case ToolCall() if role == "assistant":
                arguments = part.arguments or ("{}" if part.kind == "function" else "")
                return ToolCall(part.id, part.name, arguments, part.kind)
            case Reasoning() if role == "assistant":
                return self._reasoning(part, path)
            case Document() if _is_text(part):
                return self._text_document(part, path)
            case Image() | Audio() | Document() | Video() if role == "user":
                return self._media(part, path)
            case _:
                detail = f"the target takes none in a message of {role}"
                self._losing.lose(f"part.{_kind(part)}", path, "meaning", detail)
                return None

    def _text(self, part: Text, path: str) -> Text:
        if part.citations:
            detail = "citations of another maker do not go back"
            self._losing.lose("text.citations", path, "cosmetic", detail)
        return Text(part.text)

    def _reasoning(self, part: Reasoning, path: str) -> Reasoning | None:
        """Thinking goes back only where the host takes it; what its maker signed, only to that maker."""
        quirks = self._target.quirks
        if quirk.REASONING_DETAILS in quirks and self._target.model.startswith("anthropic/"):
            return msgspec.structs.replace(part, extensions=extras(NAME, {"~" + DETAIL: _detail(part)}))
        kept = part.text and (quirk.REASONING_CONTENT in quirks or quirk.REASONING_DETAILS in quirks)
        if part.signature or part.encrypted:
            detail = "signed thinking is of use only to its maker"
            self._losing.lose("reasoning.signature", path, "degraded", detail)
        elif not kept:
            detail = "the target does not take thinking back"
            self._losing.lose("reasoning.text", path, "degraded", detail)
        return Reasoning(part.text) if kept else None

    def _media(self, part: Image | Audio | Document | Video, path: str) -> Part | None:
        source = part.source
        kind = _kind(part)
        if source is None or source.kind == "file":
            self._losing.lose(f"{kind}.file", path, "meaning", "the file lies at another host")
            return None
        match part:
            case Image():
                return Image(source, part.detail)
            case Audio() if source.kind == "data":
                return Audio(source)
            case Video() if quirk.VIDEO in self._target.quirks:
                return Video(source)
            case Document() if source.kind == "data" or quirk.FILE_URLS in self._target.quirks:
                return self._document(part, path)
            case _:
                detail = "the target takes only data" if source.kind == "url" else "the target takes none"
                self._losing.lose(f"{kind}.{source.kind}", path, "meaning", detail)
                return None

    def _document(self, part: Document, path: str) -> Document:
        self._about_document(part, path)
        name = part.source.filename or part.title or "document.pdf"
        return Document(msgspec.structs.replace(part.source, filename=name))

    def _text_document(self, part: Document, path: str) -> Text:
        self._about_document(part, path)
        self._losing.lose("document.text", path, "cosmetic", "a text document becomes text")
        return Text(part.source.value)

    def _about_document(self, part: Document, path: str) -> None:
        if part.title is not None and part.title != part.source.filename:
            self._losing.lose("document.title", path, "cosmetic", "documents have file names only")
        if part.context is not None:
            self._losing.lose("document.context", path, "degraded", "documents have no context")
        if part.cite:
            self._losing.lose("document.citations", path, "degraded", "documents are not cited")


def _is_strange(message: Message) -> bool:
    """Whether it is nothing but what only another host can read: no turn that must be answered."""
    return bool(message.parts) and all(isinstance(part, Opaque) for part in message.parts)


def _is_text(part: Part) -> bool:
    return isinstance(part, Document) and part.source.kind == "text"


def _kind(part: Part) -> str:
    return part.kind if isinstance(part, Opaque) else str(part.__struct_config__.tag)


def _detail(part: Reasoning) -> dict[str, Any]:
    """An entry of OpenRouter's `reasoning_details` for thinking that Anthropic signed."""
    if part.encrypted is not None:
        return {"type": "reasoning.encrypted", "data": part.encrypted, "format": "anthropic-claude-v1"}
    return {
        "type": "reasoning.text",
        "text": part.text,
        "signature": part.signature,
        "format": "anthropic-claude-v1",
    }
