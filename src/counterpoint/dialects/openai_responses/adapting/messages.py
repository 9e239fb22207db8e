"""Messages of another dialect as this one's items: what its items cannot hold is left out or becomes something else."""

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
from counterpoint.dialects.base import Target
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_responses.quirks import NO_DEVELOPER_ROLE


def adapt_messages(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with messages that this dialect can say."""
    adapting = _Messages(target, losing)
    messages = [adapting.message(message, f"messages[{at}]") for at, message in enumerate(request.messages)]
    kept = tuple(message for message in messages if message is not None)
    return msgspec.structs.replace(request, messages=kept)


class _Messages:
    def __init__(self, target: Target, losing: Losing) -> None:
        self._target = target
        self._losing = losing

    def message(self, message: Message, path: str) -> Message | None:
        """`None`: nothing of it is left, and that is declared."""
        self._losing.fields(message.extensions, path)
        if message.name is not None:
            self._losing.lose(
                "message.name", f"{path}.name", "degraded", "messages have no names in the target"
            )
        role: Role = message.role
        if role == "developer" and NO_DEVELOPER_ROLE in self._target.quirks:
            role = "system"
        parts = [
            self._part(part, f"{path}.parts[{place}]", message.role)
            for place, part in enumerate(message.parts)
        ]
        kept = tuple(part for part in parts if part is not None)
        if message.parts and not kept:
            return None
        return Message(role, kept)

    def _part(self, part: Part, path: str, role: Role) -> Part | None:
        """`part` as `role` may say it here; `None`: it is left out, and that is declared."""
        if not isinstance(part, Opaque):
            self._losing.fields(part.extensions, path)
        match part:
            case ToolResult() if role in {"user", "tool"}:
                return self._result(part, path)
            case Text():
                return self._text(part, path)
            case ToolCall() if role == "assistant":
                arguments = part.arguments or ("{}" if part.kind == "function" else "")
                return ToolCall(part.id, part.name, arguments, part.kind)
            case Refusal() if role == "assistant":
                return Refusal(part.text)
            case Reasoning() if role == "assistant":
                self._lose_reasoning(part, path)
                return None
            case Audio(transcript=str(words)) if role == "assistant":
                self._losing.lose("audio", path, "degraded", "speech becomes its transcript")
                return Text(words)
            case Image() | Document() if role in {"user", "tool"}:
                return self._media(part, path)
            case _:
                kind = part.kind if isinstance(part, Opaque) else str(part.__struct_config__.tag)
                detail = f"the target takes none in a message of {role}"
                self._losing.lose(f"part.{kind}", path, "meaning", detail)
                return None

    def _text(self, part: Text, path: str) -> Text:
        if part.citations:
            detail = "citations of another maker do not go back"
            self._losing.lose("text.citations", path, "cosmetic", detail)
        return Text(part.text)

    def _lose_reasoning(self, part: Reasoning, path: str) -> None:
        if part.signature or part.encrypted:
            detail = "signed thinking is of use only to its maker"
            self._losing.lose("reasoning.signature", path, "degraded", detail)
        else:
            detail = "the target takes only its own thinking back"
            self._losing.lose("reasoning.text", path, "degraded", detail)

    def _result(self, result: ToolResult, path: str) -> ToolResult:
        if result.is_error:
            detail = "a tool's failure is told by its text alone"
            self._losing.lose("tool_result.is_error", f"{path}.is_error", "degraded", detail)
        parts = [
            self._part(inner, f"{path}.content[{place}]", "tool") for place, inner in enumerate(result.parts)
        ]
        return ToolResult(result.call_id, tuple(part for part in parts if part is not None))

    def _media(self, part: Image | Document, path: str) -> Part | None:
        source = part.source
        kind = "image" if isinstance(part, Image) else "document"
        if source.kind == "file":
            self._losing.lose(f"{kind}.file", path, "meaning", "the file lies at another host")
            return None
        if isinstance(part, Image):
            return Image(source, part.detail or "auto")
        self._about_document(part, path)
        if source.kind == "text":
            self._losing.lose("document.text", path, "cosmetic", "a text document becomes text")
            return Text(source.value)
        if source.kind == "url":
            return Document(source)
        name = source.filename or part.title or "document.pdf"
        return Document(msgspec.structs.replace(source, filename=name))

    def _about_document(self, part: Document, path: str) -> None:
        named = part.source.kind == "data" and part.source.filename in {None, part.title}
        if part.title is not None and not named:
            self._losing.lose("document.title", path, "cosmetic", "documents have file names only")
        if part.context is not None:
            self._losing.lose("document.context", path, "degraded", "documents have no context")
        if part.cite:
            self._losing.lose("document.citations", path, "degraded", "documents are not cited")
