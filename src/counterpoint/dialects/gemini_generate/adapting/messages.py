"""Messages of another dialect as this one wants them.

Its rules: one system instruction, before the conversation; turns of user and model; results directly after the turn
that made the calls; a part that is about nothing (no text) is refused.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import TypeVar

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
    Video,
)
from counterpoint.canonical.parts import Media
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.generations import UNSIGNED, generation_of
from counterpoint.dialects.gemini_generate.names import NAME, SIGNATURE
from counterpoint.dialects.gemini_generate.parts import arguments_object, is_own
from counterpoint.dialects.losing import Losing


def adapt_messages(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with one system instruction and turns of user and model."""
    adapting = _Parts(signed=generation_of(target.model).signed, losing=losing)
    system: list[Part] = []
    turns: list[Message] = []
    for index, message in enumerate(request.messages):
        path = f"messages[{index}]"
        losing.fields(message.extensions, path)
        if message.name is not None:
            losing.lose("message.name", f"{path}.name", "degraded", "turns have no names in the target")
        role = _ROLES.get(message.role, "user")
        parts = adapting.all(message.parts, path, role)
        if role == "system":
            _system(message, parts, turns, path, losing)
            system += parts
        elif not parts:
            losing.lose("message.empty", path, "cosmetic", "the target refuses messages without content")
        else:
            _append(turns, role, parts)
    if not turns:  # the target wants one, but not that it says anything
        turns.append(Message("user", (Text(""),)))
    if system:
        turns.insert(0, Message("system", tuple(system)))
    return msgspec.structs.replace(request, messages=tuple(turns))


_ROLES: dict[str, Role] = {"system": "system", "developer": "system", "assistant": "assistant"}
"""Everybody else is the user."""


def _system(message: Message, parts: Sequence[Part], turns: list[Message], path: str, losing: Losing) -> None:
    if message.role == "developer":
        losing.lose("message.role", f"{path}.role", "cosmetic", "a developer message becomes a system prompt")
    if turns and parts:
        detail = "the target has its system prompt before the conversation"
        losing.lose("system.position", path, "degraded", detail)


def _append(turns: list[Message], role: Role, parts: Sequence[Part]) -> None:
    """Turns of one role that follow each other become one: so results stand together, after their calls."""
    if turns and turns[-1].role == role:
        turns[-1] = msgspec.structs.replace(turns[-1], parts=(*turns[-1].parts, *parts))
    else:
        turns.append(Message(role, tuple(parts)))


def _signed(parts: list[Part]) -> list[Part]:
    """`parts`, the first call of which has a signature: of calls made at once, only that one needs it."""
    first = next((place for place, part in enumerate(parts) if isinstance(part, ToolCall)), None)
    call = None if first is None else parts[first]
    if first is None or not isinstance(call, ToolCall) or SIGNATURE in call.extensions.get(NAME, {}):
        return parts
    own = {**call.extensions.get(NAME, {}), SIGNATURE: UNSIGNED}
    signed = msgspec.structs.replace(call, extensions={**call.extensions, NAME: own})
    return [*parts[:first], signed, *parts[first + 1 :]]


_Located = TypeVar("_Located", Audio, Document, Image, Video)


class _Parts:
    """The parts of messages on their way."""

    def __init__(self, *, signed: bool, losing: Losing) -> None:
        self._signed = signed
        self._losing = losing

    def all(self, parts: Sequence[Part], path: str, role: Role) -> list[Part]:
        """Those that this dialect takes from that role."""
        adapted = [self.part(part, f"{path}.parts[{place}]", role) for place, part in enumerate(parts)]
        kept = [part for part in adapted if part is not None]
        return _signed(kept) if self._signed else kept

    def part(self, part: Part, path: str, role: Role) -> Part | None:
        """`part` as this dialect takes it; `None`: it is left out, and that is declared."""
        if not isinstance(part, Opaque):
            self._losing.fields(part.extensions, path)
        match part:
            case Text():
                return self._text(part, path)
            case Refusal(text):
                self._losing.lose("refusal", path, "degraded", "a refusal becomes text")
                return Text(text) if text else None
            case ToolCall() if role == "assistant":
                return self._losing.call(part, path, arguments_object)
            case ToolResult() if role == "user":
                return self._result(part, path)
            case Reasoning() if role == "assistant":
                return self._reasoning(part, path)
            case Image() | Document() | Audio(source=Media()) | Video() if role == "user":
                return self._media(part, path)
            case Audio(transcript=str(words)) if words and role == "assistant":
                self._losing.lose("audio", path, "degraded", "speech becomes its transcript")
                return Text(words)
            case Opaque(dialect=dialect) if dialect == NAME:
                return part
            case _:
                self._losing.unplaced(part, path, role)
                return None

    def _text(self, part: Text, path: str) -> Text | None:
        if not part.text:
            self._losing.lose("text.blank", path, "cosmetic", "the target refuses parts without content")
            return None
        if part.citations:
            self._losing.lose("text.citations", path, "cosmetic", "citations of another maker do not go back")
        return Text(part.text, extensions=part.extensions)

    def _reasoning(self, part: Reasoning, path: str) -> Reasoning | None:
        if is_own(part):
            return part
        detail = "thinking goes back only to the maker that signed it"
        self._losing.lose("reasoning.unsigned", path, "degraded", detail)
        return None

    def _result(self, part: ToolResult, path: str) -> ToolResult:
        adapted = [self._told(inner, f"{path}.content[{place}]") for place, inner in enumerate(part.parts)]
        kept = tuple(inner for inner in adapted if inner is not None)
        return ToolResult(part.call_id, kept, part.is_error, part.extensions)

    def _told(self, part: Part, path: str) -> Part | None:
        """One part of a result. Its words are no parts of their own, so blank ones may stay."""
        if not isinstance(part, Text):
            return self.part(part, path, "user")
        self._losing.fields(part.extensions, path)
        return Text(part.text)

    def _media(self, part: Image | Document | Audio | Video, path: str) -> Part | None:
        match part:
            case Image():
                return self._image(part, path)
            case Document():
                return self._document(part, path)
            case Video(source):
                return self._located(part, source, path)
            case Audio(source=source):
                return None if source is None else self._located(part, source, path)

    def _image(self, part: Image, path: str) -> Image | None:
        if part.detail is not None:
            self._losing.lose("image.detail", path, "degraded", "the target chooses the resolution itself")
        source = part.source
        if source.media_type == "image/jpg":  # which is no media type, but widely written
            source = msgspec.structs.replace(source, media_type="image/jpeg")
        if source.media_type is None:
            source = msgspec.structs.replace(source, media_type="image/jpeg")
        return self._located(Image(source, extensions=part.extensions), source, path)

    def _document(self, part: Document, path: str) -> Part | None:
        for name in ("title", "context"):
            if getattr(part, name) is not None:
                self._losing.lose(
                    f"document.{name}", f"{path}.{name}", "degraded", f"a file has no {name} here"
                )
        if part.cite:
            self._losing.lose("document.citations", path, "degraded", "the target does not cite files")
        if part.source.kind == "text":
            source = part.source
            data = b64encode(source.value.encode("utf-8", "replace")).decode()
            plain = Media("data", data, source.media_type or "text/plain", source.filename)
            return Document(plain, extensions=part.extensions)
        return self._located(Document(part.source, extensions=part.extensions), part.source, path)

    def _located(self, part: _Located, source: Media, path: str) -> _Located | None:
        if source.kind == "file":
            reason = "a file id is known only to the host that issued it"
        elif source.kind == "data" and source.media_type is None:
            reason = "the target must be told what kind of file it is"
        else:
            return part
        self._losing.lose(f"part.{type(part).__name__.lower()}", path, "meaning", reason)
        return None
