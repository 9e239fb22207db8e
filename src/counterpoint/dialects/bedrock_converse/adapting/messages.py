"""Messages of another dialect as this one wants them.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html and the errors of the API: the system
prompt apart and of text only; turns of user and assistant that alternate; no blank text; results in the user's turn.
"""

from collections.abc import Sequence

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
from counterpoint.canonical.parts import Extensions
from counterpoint.dialects.base import Target
from counterpoint.dialects.bedrock_converse.adapting.media import Files
from counterpoint.dialects.bedrock_converse.names import CACHE, NAME, call_id_of
from counterpoint.dialects.bedrock_converse.parts import arguments_object, is_own
from counterpoint.dialects.bedrock_converse.thinking import maker_of
from counterpoint.dialects.callids import original
from counterpoint.dialects.extensions import adopted, spelling
from counterpoint.dialects.jsonio import compact
from counterpoint.dialects.losing import Losing

_CLAUDES = "anthropic-messages"
"""The other dialect in which Claude speaks: its maker signs thinking alike wherever it is served
(https://platform.claude.com/docs/en/build-with-claude/extended-thinking, "Thinking encryption")."""


def with_mark(extensions: Extensions) -> Extensions:
    """`extensions`, a cache mark of another dialect made one of this."""
    return adopted(extensions, NAME, {CACHE: CACHE}) if extensions else extensions


def adapt_messages(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with one system prompt and turns that alternate."""
    adapting = _Parts(losing, claude=maker_of(target.model) == "claude")
    system: list[Part] = []
    turns: list[Message] = []
    for index, message in enumerate(request.messages):
        path = f"messages[{index}]"
        losing.fields(message.extensions, path)
        if message.name is not None:
            losing.lose("message.name", f"{path}.name", "degraded", "turns have no names in the target")
        if message.role == "developer":
            losing.lose(
                "message.role", f"{path}.role", "cosmetic", "a developer message becomes a system prompt"
            )
        role = _role(message.role)
        parts = adapting.all(message.parts, path, role)
        if role == "system":
            if turns and parts:
                detail = "the target has its system prompt before the conversation"
                losing.lose("system.position", path, "degraded", detail)
            system += parts
        elif not parts:
            losing.lose("message.empty", path, "cosmetic", "the target refuses messages without content")
        elif turns and turns[-1].role == role:
            turns[-1] = msgspec.structs.replace(turns[-1], parts=(*turns[-1].parts, *parts))
        else:
            turns.append(Message(role, tuple(parts)))
    if not turns and system:
        losing.lose("message.role", "messages[0]", "degraded", "the target needs a turn of the user")
        turns.append(Message("user", (system.pop(),)))
    if system:
        turns.insert(0, Message("system", tuple(system)))
    return msgspec.structs.replace(request, messages=tuple(turns))


def _role(role: Role) -> Role:
    if role in {"system", "developer"}:
        return "system"
    return "assistant" if role == "assistant" else "user"


class _Parts:
    """The parts of messages on their way."""

    def __init__(self, losing: Losing, *, claude: bool) -> None:
        self._losing = losing
        self._claude = claude
        self._files = Files(losing)

    def all(self, parts: Sequence[Part], path: str, role: Role) -> list[Part]:
        """Those that this dialect takes from that role."""
        adapted = [self._part(part, f"{path}.parts[{place}]", role) for place, part in enumerate(parts)]
        return [part for part in adapted if part is not None]

    def _part(self, part: Part, path: str, role: Role) -> Part | None:
        """`part` as this dialect takes it; `None`: it is left out, and that is declared."""
        if not isinstance(part, Opaque):
            part = msgspec.structs.replace(part, extensions=with_mark(part.extensions))
            self._losing.fields(part.extensions, path)
        match part:
            case Text():
                return self._text(part, path)
            case Refusal(text):
                self._losing.lose("refusal", path, "degraded", "a refusal becomes text")
                return Text(text) if text.strip() else None
            case ToolCall() if role == "assistant":
                return self._call(part, path)
            case ToolResult() if role == "user":
                return self._result(part, path)
            case Reasoning() if role == "assistant":
                return self._reasoning(part, path)
            case Image() | Document() | Video() if role == "user":
                adapted: Part | None = self._files.adapt(part, path)
                return adapted
            case Audio() if role == "user":
                heard: Part | None = self._files.adapt(part, path)
                return heard
            case Audio(transcript=str(words)) if words.strip() and role == "assistant":
                self._losing.lose("audio", path, "degraded", "speech becomes its transcript")
                return Text(words)
            case Opaque(dialect=dialect) if dialect == NAME:
                return part
            case _:
                kind = (part.kind or "unknown") if isinstance(part, Opaque) else type(part).__name__.lower()
                detail = f"the target takes none in a message of {role}"
                self._losing.lose(f"part.{kind}", path, "meaning", detail)
                return None

    def _text(self, part: Text, path: str) -> Text | None:
        if not part.text.strip():
            self._losing.lose("text.blank", path, "cosmetic", "the target refuses blank text")
            return None
        if part.citations:
            self._losing.lose("text.citations", path, "cosmetic", "citations of another maker do not go back")
        return Text(part.text, extensions=part.extensions)

    def _reasoning(self, part: Reasoning, path: str) -> Reasoning | None:
        if is_own(part):
            return part
        signed = part.signature and spelling(part.extensions, _CLAUDES, "maker") is True
        if signed and self._claude and part.encrypted is None:
            return part
        detail = "thinking goes back only to the maker that signed it"
        self._losing.lose("reasoning.unsigned", path, "degraded", detail)
        return None

    def _id(self, call_id: str, path: str) -> None:
        """Declare an id that is not told from the one that the target is given in its place."""
        if call_id and original(call_id_of(call_id)) != call_id:
            self._losing.lose(
                "tool_call.id", path, "cosmetic", "an id has 64 letters, digits, _ and - at most"
            )

    def _call(self, part: ToolCall, path: str) -> ToolCall:
        self._id(part.id, path)
        arguments = part.arguments
        if part.kind == "custom":
            self._losing.lose("tool_call.custom", path, "degraded", "free-text input becomes an object")
            arguments = compact({"input": part.arguments})
        elif not arguments_object(part.arguments)[1]:
            detail = "arguments that are not a JSON object are wrapped in one"
            self._losing.lose("tool_call.arguments", path, "degraded", detail)
        return ToolCall(part.id, part.name, arguments, extensions=part.extensions)

    def _result(self, part: ToolResult, path: str) -> ToolResult:
        self._id(part.call_id, path)
        kept: list[Part] = []
        for place, inner in enumerate(part.parts):
            where = f"{path}.content[{place}]"
            if isinstance(inner, Text):  # of a result, blank text is as good as none
                self._losing.fields(inner.extensions, where)
                kept.append(Text(inner.text))
                continue
            if isinstance(inner, Audio):
                self._losing.lose("part.audio", where, "meaning", "the target takes no sound from a tool")
                continue
            adapted = self._part(inner, where, "user")
            if adapted is not None:
                kept.append(adapted)
        return ToolResult(part.call_id, tuple(kept), part.is_error, part.extensions)
